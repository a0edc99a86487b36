"""What `standfastd` says of itself, and to whom."""

import pytest

from standfast import __version__
from standfast.daemon.main import main


@pytest.mark.parametrize(
    ("words", "status", "stream", "said"),
    [
        pytest.param(["-h"], 0, "err", "Usage: standfastd", id="CLI-42: help, on standard error"),
        pytest.param(["-v"], 0, "err", f"Standfast v{__version__}", id="CLI-41: the version, there too"),
        pytest.param(["--signum", "STATS"], 0, "out", "12", id="CLI-32: a number, on standard output"),
        pytest.param(["--signum", "NONE"], 1, "err", "unknown signal NONE", id="CLI-32: no such signal"),
        pytest.param(["-Z"], 1, "err", "unknown option -Z", id="EX-02: no such option"),
        pytest.param(["-T", "-h"], 1, "out", "genhash", id="CLI-35, GH-21: genhash, and its own help"),
    ],
)
def test_a_command_line_that_starts_nothing(
    capsys: pytest.CaptureFixture[str], words: list[str], status: int, stream: str, said: str
) -> None:
    assert main(words) == status

    assert said in getattr(capsys.readouterr(), stream)
