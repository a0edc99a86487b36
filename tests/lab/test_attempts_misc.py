"""MISC_CHECK: programs, their exit statuses, their weights and their ends."""

import asyncio
import errno
import os
import time
from pathlib import Path

import pytest
from attempting import LATE, Trier

from standfast.core.check.probes import MiscProbe
from standfast.linux import spawn
from standfast.model.kinds.scripts import Script


def sh(code: str) -> Script:
    return Script(("/bin/sh", "-c", code))


@pytest.mark.behaviour("HC-16")
@pytest.mark.parametrize(
    ("code", "dynamic", "phase", "says", "weight"),
    [
        pytest.param("exit 0", False, "", "", None, id="0 is good"),
        pytest.param("exit 1", False, "script", "exit status 1", None, id="1 is not"),
        pytest.param("exit 7", False, "script", "exit status 7", None, id="7 is not"),
        pytest.param("exit 7", True, "", "", 5, id="7 is weight 5, if it may say one"),
        pytest.param("exit 2", True, "", "", 0, id="2 is weight 0"),
        pytest.param("exit 255", True, "", "", 253, id="255 is weight 253"),
        pytest.param("exit 0", True, "", "", None, id="0 asks for no weight"),
        pytest.param("exit 1", True, "script", "exit status 1", None, id="1 has failed in any case"),
        pytest.param("kill -9 $$", True, "script", "killed by signal 9", None, id="killed"),
        pytest.param("echo no disk >&2; exit 3", False, "script", "3: no disk", None, id="it says why"),
    ],
)
def test_an_exit_status_means(
    tries: Trier, code: str, dynamic: bool, phase: str, says: str, weight: int | None
) -> None:
    outcome = tries.go(MiscProbe(sh(code), dynamic))

    assert (outcome.ok, outcome.phase, outcome.value) == (not phase, phase, weight), outcome.words
    assert says in outcome.detail


@pytest.mark.behaviour("HC-17")
def test_a_program_that_lasts_too_long_fails_and_is_ended(tries: Trier, tmp_path: Path) -> None:
    stubborn = f"trap 'echo term >{tmp_path}/said' TERM; echo $$ >{tmp_path}/pid; while :; do sleep 0.1; done"

    outcome = tries.go(MiscProbe(sh(stubborn)), 2.0)  # enough for it to begin
    process = int((tmp_path / "pid").read_text())
    end = time.monotonic() + 20
    while os.path.exists(f"/proc/{process}") and time.monotonic() < end:  # noqa: PTH110 (a process)
        tries.loop.run_until_complete(asyncio.sleep(0.05))

    assert (outcome.phase, "no end of the program within 2 s" in outcome.detail) == ("timeout", True), outcome
    assert outcome.took < (2.0 + LATE) * 1e6
    assert (tmp_path / "said").read_text() == "term\n"
    assert not Path(f"/proc/{process}").exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda path: None, "No such file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is not a file", id="a directory"),
        pytest.param(lambda path: path.write_text("#!/bin/sh\n"), "not executable", id="not executable"),
    ],
)
def test_a_program_that_cannot_run_says_why(tries: Trier, tmp_path: Path, make: "object", says: str) -> None:
    path = tmp_path / "check"
    assert callable(make)
    make(path)

    outcome = tries.go(MiscProbe(Script((str(path),))))

    assert (outcome.phase, says in outcome.detail) == ("cannot-run", True), outcome.words


def test_a_program_that_is_given_up_is_ended(tries: Trier, tmp_path: Path) -> None:
    number = tries.start(MiscProbe(sh(f"echo $$ >{tmp_path}/pid; exec sleep 30")), 20.0)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        tries.loop.run_until_complete(asyncio.sleep(0.01))
    process = int((tmp_path / "pid").read_text())

    tries.attempts.abandon("check", number)
    end = time.monotonic() + 20
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        tries.loop.run_until_complete(asyncio.sleep(0.02))

    assert not Path(f"/proc/{process}").exists()
    assert tries.told == []


def test_a_system_without_room_for_a_process_fails_the_check_and_nothing_else(
    tries: Trier, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        """The C library of a system that has as many processes as it may."""

        def __getattr__(self, name: str) -> object:
            return getattr(_libc, name)

        def posix_spawn(self, *_: object) -> int:
            return errno.EAGAIN

    _libc = spawn._libc
    monkeypatch.setattr(spawn, "_libc", Full())
    full = tries.go(MiscProbe(sh("exit 0")))
    monkeypatch.setattr(spawn, "_libc", _libc)
    later = tries.go(MiscProbe(sh("exit 0")))

    assert (full.phase, os.strerror(errno.EAGAIN) in full.detail) == ("cannot-run", True), full.words
    assert later.ok, later.words
