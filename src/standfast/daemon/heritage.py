"""In a child: what its predecessor left, if it has one, and what it leaves itself when it is asked to."""

import socket
from collections import deque
from typing import Final, TypeVar

from standfast.base.errors import Malformed
from standfast.base.limits import HANDOVER_BYTES, HANDOVER_PATIENCE
from standfast.base.times import SECOND
from standfast.conf.transport import make_ready
from standfast.daemon.bequest import decode_bequest, encode_bequest
from standfast.daemon.channel import Channel
from standfast.daemon.child_pid import ChildPid, Tell
from standfast.observe.facts import NothingInherited
from standfast.wire import ipc

_CHUNK: Final = 1 << 20

V = TypeVar("V")


class Heritage:
    """Comes with the pid file: that of a child says who does the work, and changes hands with the work."""

    def __init__(self, child: str, channel: Channel, pid: ChildPid, tell: Tell) -> None:
        """Make it.

        Args:
            child: whose it is.
            channel: to the parent, with the link to the predecessor if there is one.
            pid: the pid file, not taken yet.
            tell: is told what went wrong.
        """
        self._child = child
        self._channel = channel
        self._pid = pid
        self._tell = tell

    @property
    def is_due(self) -> bool:
        """Whether there is a predecessor."""
        return self._channel.elder is not None

    def receive(self, of: type[V]) -> V | None:
        """Wait for what the predecessor leaves, and do the work from now on; None: begin like a first process.

        A predecessor that dies closes the link, and one that does not answer is killed by the parent: this ends.
        """
        elder, self._channel.elder = self._channel.elder, None
        left: V | None = None
        if elder is not None:
            make_ready(of)
            self._channel.send(ipc.Awaiting())
            try:
                left = decode_bequest(of, self._child, _all_of(elder))
            except Malformed as fault:
                self._tell(NothingInherited(self._child, fault.reason))
        self._pid.take()
        return left

    def leave(self, value: object) -> None:
        """Give everything to the successor; from now on the work is its own."""
        self._pid.let_go()
        with self._channel.take_link() as successor:
            successor.settimeout(HANDOVER_PATIENCE / SECOND)
            try:
                successor.sendall(encode_bequest(self._child, value))
                successor.shutdown(socket.SHUT_WR)  # the parent, who is in no haste, may still hold a copy
            except OSError as error:  # it begins like a first process
                self._tell(NothingInherited(self._child, error.strerror or str(error)))


def _all_of(elder: socket.socket) -> bytes:
    """What it says until it hangs up."""
    parts: deque[bytes] = deque()
    room = HANDOVER_BYTES
    with elder:
        elder.settimeout(None)
        while room > 0:
            try:
                part = elder.recv(_CHUNK)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
            room -= len(part)
    return b"".join(parts)
