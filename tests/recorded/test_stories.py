"""Each story in stories/ is told again, word for word.

`pytest tests/recorded --rewrite` writes down what the core answers now. Keep it only if you can say why each line
changed.
"""

from pathlib import Path
from typing import Final

import pytest
from stories import told_again

FOLDER: Final = Path(__file__).parent / "stories"
STORIES: Final = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("story", STORIES, ids=[story.stem for story in STORIES])
def test_a_story_goes_as_recorded(*, story: Path, rewrite: bool) -> None:
    text = story.read_text()

    again = told_again(text)

    if rewrite:
        story.write_text(again)
    else:
        assert again == text


@pytest.mark.parametrize("story", STORIES, ids=[story.stem for story in STORIES])
def test_a_story_says_first_what_it_tells_and_then_what_it_proves(story: Path) -> None:
    lines = story.read_text().splitlines()
    proofs = [line for line in lines if line.startswith("# proves ")]

    assert lines[0].startswith("# ")
    assert len(proofs) == 1


def test_there_are_stories() -> None:
    assert len(STORIES) >= 15


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("at 0 sleep", id="an event that does not exist"),
        pytest.param("router VI_1 colour=red", id="a setting that does not exist"),
        pytest.param("after 3 due", id="no moment"),
    ],
)
def test_a_slip_of_the_pen_is_seen(line: str) -> None:
    with pytest.raises(AssertionError, match="story"):
        told_again(line)


def test_a_changed_answer_is_seen() -> None:
    text = STORIES[0].read_text()

    assert told_again(text.replace("backup until", "backup unto", 1)) == text
