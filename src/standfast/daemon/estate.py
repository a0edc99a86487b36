"""What the parent leaves to itself when its program is replaced: a sealed file in memory.

Its number stands in the environment, which nobody but the next program sees.

The process stays the same one, with its pid, its descriptors and its children; the program begins anew.
"""

import fcntl
import os
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.base.limits import HANDOVER_BYTES
from standfast.daemon.bequest import decode_bequest, encode_bequest
from standfast.model.config import Config

VARIABLE: Final = "STANDFAST_RESTART"  # the number of the descriptor
TRIAL: Final = "trial"  # instead: read the configuration, say whether a start would work, and end

_PARENT: Final = "parent"
_SEALS: Final = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL


@frozen
class LeftChild:
    """A child that works on."""

    name: str
    pid: int
    channel: int  # descriptor
    stack: int  # descriptor
    rest: bytes  # what has arrived of a message


@frozen
class Estate:
    """What the program before left."""

    pid: int  # of this process: whom it is meant for
    pid_file: int  # descriptor
    path: str  # of the pid file
    config: Config  # that the children run on
    children: tuple[LeftChild, ...] = ()
    client: int = -1  # descriptor: who asked for the restart and waits for an answer; -1: nobody
    listening: int = -1  # descriptor of the control socket; -1: there is none
    control: str = ""  # its path

    @property
    def descriptors(self) -> tuple[int, ...]:
        """All that must stay open."""
        each = (one for child in self.children for one in (child.channel, child.stack))
        return tuple(one for one in (self.pid_file, *each, self.client, self.listening) if one >= 0)


def write_estate(estate: Estate) -> int:
    """A descriptor from which the next program reads it; nobody can change it any more.

    Raises:
        OSError: there is no room for it.
    """
    file = os.memfd_create("estate", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with open(file, "wb", closefd=False) as writer:
            writer.write(encode_bequest(_PARENT, estate))
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
    except OSError:
        os.close(file)
        raise
    return file


def read_estate(environment: MutableMapping[str, str]) -> Estate | None:
    """What was left to this process; None: this is a start like any other.

    Scripts and children of ours never see the variable.

    Raises:
        Malformed: `bequest-` and why: something was left, and cannot be used.
    """
    number = environment.pop(VARIABLE, "")
    if not number:
        return None
    try:
        file = int(number)
        sealed = fcntl.fcntl(file, fcntl.F_GET_SEALS) == _SEALS
        with open(file, "rb") as reader:
            reader.seek(0)
            document = reader.read(HANDOVER_BYTES) if sealed else b""
    except (OSError, ValueError, OverflowError):
        raise Malformed("bequest-none") from None
    estate = decode_bequest(Estate, _PARENT, document)
    if estate.pid != os.getpid():
        raise Malformed("bequest-none")
    for descriptor in estate.descriptors:
        with suppress(OSError):
            os.set_inheritable(descriptor, False)  # noqa: FBT003  (it has no other way)
    return estate
