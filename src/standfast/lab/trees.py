"""Process trees as the keeper sees them: only what runs in its own lab."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROUNDS: Final = 1000  # of killing what is left: only a process that the kernel itself holds survives one


def tell(pids: list[int], number: int) -> int:
    """Send a signal to processes, gone or not; nanoseconds of the real-time clock just before."""
    at = time.time_ns()
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return at


def destroy(pid: int) -> int:
    """Kill a process and all that belongs to it, so that none has time to say goodbye on the wire.

    The root is stopped first, so that it neither restarts nor signals its children, and killed last, because
    children may have asked to be told of its death. Gives nanoseconds of the real-time clock just before.
    """
    at = tell([pid], signal.SIGSTOP)
    for _ in range(_ROUNDS):
        if not (below := [each for each in tree(pid) if each != pid]):
            break
        tell(below[::-1], signal.SIGKILL)
    tell([pid], signal.SIGKILL)
    return at


def tree(root: int) -> list[int]:
    """The living processes that descend from `root` or share its session, parents before children."""
    relations = {int(path.name): _relations(path) for path in Path("/proc").glob("[0-9]*")}
    found = [pid for pid, (_, session) in relations.items() if session == root]
    for pid in found:
        found += [child for child, (parent, _) in relations.items() if parent == pid and child not in found]
    return sorted(found)


def _relations(process: Path) -> tuple[int, int]:
    """Parent and session of a process; zeros if it is dead."""
    try:
        state, parent, _, session = (process / "stat").read_text().rsplit(")", 1)[1].split()[:4]
    except OSError:
        return 0, 0
    return (0, 0) if state in "ZX" else (int(parent), int(session))


def command(pid: int) -> str:
    """The words of a process's command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
