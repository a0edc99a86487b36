"""What the rules of a configuration learn of a script on this host."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from standfast.conf.meaning.host import ScriptState
from standfast.daemon.host_scripts import state_of_script
from standfast.linux.script_paths import insecurity

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make files that only root can change")


@pytest.fixture
def place() -> Iterator[Path]:
    """Scripts and ways to them, in a directory that belongs to root all the way up."""
    with TemporaryDirectory(dir="/run") as name:
        made = Path(name)
        made.chmod(0o755)
        for folder, mode in (("safe", 0o755), ("sticky", 0o1777), ("open", 0o777), ("grouped", 0o775)):
            (made / folder).mkdir()
            script = made / folder / "script"
            script.write_text("#!/bin/sh\n")
            script.chmod(0o755)
            (made / folder).chmod(mode)
        (made / "plain").write_text("#!/bin/sh\n")
        (made / "to-open").symlink_to(made / "open" / "script")
        (made / "open" / "to-safe").symlink_to(made / "safe" / "script")
        (made / "linked").symlink_to("safe")
        (made / "linked-open").symlink_to("open")
        yield made


@root_only
@pytest.mark.parametrize(
    ("way", "state"),
    [
        pytest.param("safe/script", ScriptState.FINE, id="only root can change it"),
        pytest.param("sticky/script", ScriptState.FINE, id="all may add files beside it"),
        pytest.param("grouped/script", ScriptState.FINE, id="root's own group may change it"),
        pytest.param("open/script", ScriptState.INSECURE, id="all may exchange it"),
        pytest.param("to-open", ScriptState.INSECURE, id="all may exchange what it leads to"),
        pytest.param("open/to-safe", ScriptState.INSECURE, id="all may have it lead elsewhere"),
        pytest.param("linked/script", ScriptState.LINKED, id="a directory on the way is a link"),
        pytest.param("linked-open/script", ScriptState.INSECURE, id="all may exchange what a linked one has"),
        pytest.param("plain", ScriptState.MISSING, id="nobody may execute it"),
        pytest.param("absent", ScriptState.MISSING, id="it is not there"),
        pytest.param("safe", ScriptState.MISSING, id="it is a directory"),
    ],
)
def test_a_script_of_root_is(place: Path, way: str, state: ScriptState) -> None:
    assert state_of_script(str(place / way), "root") is state


@root_only
@pytest.mark.behaviour("SE-03")
@pytest.mark.parametrize("way", ["safe/script", "sticky/script", "grouped/script", "open/script", "to-open"])
def test_what_is_read_and_what_is_run_are_judged_alike(place: Path, way: str) -> None:
    path = str(place / way)

    assert (state_of_script(path, "root") is ScriptState.FINE) == (insecurity(path) == "")


@root_only
def test_who_else_could_change_it_matters_to_root_alone(place: Path) -> None:
    assert state_of_script(str(place / "open" / "script"), "nobody") is ScriptState.FINE


def test_a_name_is_looked_up_in_the_path() -> None:
    assert state_of_script("true", "nobody") is ScriptState.FINE
    assert state_of_script("no-such-program-anywhere", "nobody") is ScriptState.MISSING
