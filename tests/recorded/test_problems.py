"""Wrong configurations of problems/, each with what `standfast check` says about it, word for word.

`pytest tests/recorded --rewrite` writes down what is said now. Read the difference as the person who made the
mistake, at three in the morning: it must say what is wrong, where, why, and what to do.
"""

from pathlib import Path
from typing import Final

import pytest
from recorded_host import RecordedHost

from standfast.cli import check
from standfast.cli.main import main
from standfast.conf.meaning.host import ScriptState
from standfast.conf.read import read_config
from standfast.daemon.files import HostFiles

FOLDER: Final = Path(__file__).parent / "problems"
MISTAKES: Final = sorted(FOLDER.glob("*.conf"))
SECRETS: Final = ("correct-horse-battery", "correct-", "hunter2", "tooshort")
ON_A_HOST: Final = "# host: "  # the first line of a file whose mistake shows on the host that it is for


class SmallHost(RecordedHost):
    """A host with eth0 and two scripts, one of which anybody can change."""

    def __init__(self) -> None:
        super().__init__({"interfaces": ["eth0"], "scripts": ["/usr/local/bin/up.sh"]})

    def script(self, path: str, user: str) -> ScriptState:
        return ScriptState.INSECURE if path.startswith("/tmp/") else super().script(path, user)


def said_about(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a person is told."""
    if path.read_bytes().startswith(ON_A_HOST.encode()):
        check._print(path.name, read_config(path.name, HostFiles(), host=SmallHost()))
    else:
        main(["check", "--offline", "--config-id", "router-1", path.name])
    return capsys.readouterr().out


@pytest.mark.parametrize("path", MISTAKES, ids=[path.stem for path in MISTAKES])
def test_a_mistake_is_told(
    *, path: Path, rewrite: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER)
    recorded = path.with_suffix(".txt")

    said = said_about(path, capsys)

    assert [secret for secret in SECRETS if secret in said] == []
    if rewrite:
        recorded.write_text(said)
    else:
        assert said == recorded.read_text()


def test_there_are_enough_and_each_answer_belongs_to_a_mistake() -> None:
    assert len(MISTAKES) >= 80
    assert {path.stem for path in FOLDER.glob("*.txt")} == {path.stem for path in MISTAKES}


def test_every_mistake_has_its_story() -> None:
    without = [path.stem for path in MISTAKES if not path.read_bytes().startswith(b"# ")]

    assert without == []
