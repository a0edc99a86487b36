"""The demo, as a person starts it."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from standfast.lab import demo

pytestmark = pytest.mark.usefixtures("lab_is_possible")


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standfast.lab.demo", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_demo_shows_the_address_moving(tmp_path: Path) -> None:
    result = run("--advert-int", "0.1", folder=tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    for words in ("a sends its last advert", "b holds the address", "the client is answered again"):
        assert words in result.stdout
    assert ET.parse(tmp_path / "failover.svg").getroot().tag.endswith("svg")
    if "This part is left out" in result.stdout:
        pytest.skip(result.stdout[result.stdout.index("This part") :])
    for words in ("w1 is killed", "w1 is started", "d1 is cut off", "visitors were answered."):
        assert words in result.stdout
    assert ET.parse(tmp_path / "balanced.svg").getroot().tag.endswith("svg")


def test_a_daemon_that_does_nothing_makes_the_demo_fail_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("standfast.lab.patience._MORE", 0.3)

    code = demo.main(["--daemon", "sleep", "--advert-int", "0.1", "--svg", str(tmp_path / "none.svg")])

    assert code == 1
    assert "The demo failed: a did not become master within 1 s." in capsys.readouterr().err
    assert not (tmp_path / "none.svg").exists()


@pytest.mark.parametrize(
    "interval", [pytest.param(text, id=f"an interval of {text}") for text in ("0", "0.005", "7", "soon")]
)
def test_wrong_arguments_are_refused(interval: str, tmp_path: Path) -> None:
    result = run("--advert-int", interval, folder=tmp_path)

    assert result.returncode == 2
    assert "argument --advert-int" in result.stderr


def test_a_machine_without_namespaces_is_told_what_to_do(tmp_path: Path) -> None:
    """Namespaces can be forbidden inside a user namespace: this one may have no others within."""
    forbid = 'echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"'
    shell = ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh"]
    if subprocess.run([*shell, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a test forbid namespaces")

    result = subprocess.run(
        [*shell, sys.executable, "-m", "standfast.lab.demo"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert result.returncode == 2
    assert result.stderr.startswith("The demo cannot run here: ")
    assert "max_net_namespaces" in result.stderr
