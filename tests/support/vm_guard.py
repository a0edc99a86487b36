"""Stands between a virtual machine and who runs it, so that neither outlives the other.

    vm_guard.py FOLDER PROGRAM ARGUMENT...

Runs the program. When it has ended, or when our standard input is closed because whoever started us closed it or
died, all that came of the program is killed. That is more than its process group: User Mode Linux begins a session
of its own, and the processes of the machine are processes of this one. They all are below us, for those whose
parents end become our children. Only then do we end, so that who waits for us has waited for them.

If the other one has died nobody reads the machine's console any more, and the folder that it stands in is removed.
"""

import ctypes
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_ADOPT_ORPHANS: Final = 36  # PR_SET_CHILD_SUBREAPER
_PAUSE: Final = 0.005  # seconds between two looks
_libc = ctypes.CDLL(None)


def main() -> None:
    """Run the program to its end, or to ours."""
    folder, program = Path(sys.argv[1]), sys.argv[2:]
    _libc.prctl(_ADOPT_ORPHANS, 1)
    child = os.fork()
    if not child:
        _become(program)
    alone = _wait(child)
    _end_all()
    if alone:
        import shutil  # noqa: PLC0415 (the machine need not wait for it)

        shutil.rmtree(folder, ignore_errors=True)


def _become(program: list[str]) -> None:
    """Be the program, which ends when its guard is killed."""
    try:
        _libc.prctl(_DEATH_SIGNAL, signal.SIGKILL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.execvp(program[0], program)
    except OSError as problem:
        os.write(2, f"{program[0]}: {problem}\n".encode())
    finally:
        os._exit(127)


def _wait(child: int) -> bool:
    """Wait for the end of the child, or of whoever started us; whether it was the latter."""
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([0, ended], [], [])
    return 0 in ready


def _end_all() -> None:
    """Kill what is below us until nothing is."""
    while True:
        for pid in _below(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(_PAUSE)


def _below(top: int) -> set[int]:
    """All processes whose ancestor this one is."""
    parents = dict(_parents())
    below: set[int] = set()
    found = {top}
    while found:
        found = {pid for pid, parent in parents.items() if parent in found} - below
        below |= found
    return below


def _parents() -> list[tuple[int, int]]:
    """The parent of each process of this machine."""
    pairs = []
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            pairs.append((int(process.name), int(fields[1])))
    return pairs


if __name__ == "__main__":
    main()
