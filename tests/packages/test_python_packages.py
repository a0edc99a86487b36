"""The sdist and the wheel."""

import subprocess
import sys
import tarfile
import zipfile
from concurrent.futures import Future
from pathlib import Path

import pytest
from packages_made import made_of

from make_packages import build_python


@pytest.fixture(scope="session")
def sdist(dist: Future[list[Path]]) -> Path:
    return made_of(dist, ".tar.gz")


@pytest.fixture(scope="session")
def wheel(dist: Future[list[Path]]) -> Path:
    return made_of(dist, ".whl")


def test_the_sdist_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source")
    (source,) = (tmp_path / "source").iterdir()

    again = build_python("wheel", tmp_path, source)

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_wheel_brings_what_is_shared_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    shared = {name.partition("/data/share/")[2] for name in names if "/data/share/" in name}
    assert {
        "man/man8/standfastd.8",
        "systemd/standfast.service",
        "standfast/keepalived.conf.example",
    } <= shared
    assert {name.split("/")[0].split("-")[0] for name in names} == {"standfast"}
    assert not [name for name in names if "test_" in name or name.endswith(".pyc")]


def test_the_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    install = [
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        str(tmp_path),
    ]
    subprocess.run([sys.executable, *install, str(wheel)], check=True, capture_output=True)
    asked = (
        "import sys; sys.path.insert(0, sys.argv.pop()); "
        "from standfast.cli.main import main; main(['--version'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("standfast ")
