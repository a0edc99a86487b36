"""Which life of the daemon this is: the first one, or one that goes on where the program before stopped."""

import os
import signal
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.daemon.estate import TRIAL, VARIABLE, Estate, read_estate
from standfast.daemon.pidfile import PidFile
from standfast.daemon.program import Program

_FIRST: Final = 3  # descriptor behind the standard streams


@frozen
class Incarnation:
    """One life."""

    program: Program
    pid_file: PidFile
    estate: Estate | None = None
    loss: str = ""  # why what the program before left cannot be used


def is_trial(environment: MutableMapping[str, str]) -> bool:
    """Whether to say only whether a start would work."""
    if environment.get(VARIABLE) != TRIAL:
        return False
    del environment[VARIABLE]
    return True


def inherited(environment: MutableMapping[str, str]) -> tuple[Estate | None, str]:
    """What the program before left to this process, and why it cannot be used if that is so.

    Then the children of before are killed: nobody could tell them anything any more, and two of a kind on one
    host would contradict each other. What they held is adopted like that of any process that was killed.
    """
    try:
        return read_estate(environment), ""
    except Malformed as fault:
        _clear_up()
        return None, fault.reason


def _clear_up() -> None:
    task = os.getpid()
    with suppress(OSError, ValueError):
        for word in Path(f"/proc/self/task/{task}/children").read_text(encoding="ascii").split():
            with suppress(OSError):
                os.kill(int(word), signal.SIGKILL)
                os.waitpid(int(word), 0)
    os.closerange(_FIRST, os.sysconf("SC_OPEN_MAX"))
