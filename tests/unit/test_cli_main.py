"""The command itself, before any verb."""

import pytest

from standfast.cli.main import VERBS, main


def test_the_name_alone_lists_the_verbs_and_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([])

    listed = capsys.readouterr().err
    assert status == 2
    assert [verb for verb in VERBS if f"\n    {verb}" not in listed] == []


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        pytest.param("statsu", "did you mean status?", id="one that is near"),
        pytest.param("zzz", "standfast --help lists them", id="one that is not"),
    ],
)
def test_a_verb_that_does_not_exist_is_answered_in_one_line(
    word: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([word])

    assert status == 2
    assert capsys.readouterr().err == f"standfast: there is no verb {word}; {advice}\n"


def test_help_shows_operands_as_the_manual_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["why", "--help"])

    assert "\n  NAME " in capsys.readouterr().out


def test_a_word_too_many_is_answered_with_what_its_verb_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["why", "shared", "--nope"])

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("usage: standfast why ")
    assert said.endswith("standfast why: error: unrecognized arguments: --nope\n")
