"""What bfd sessions say, between the processes: the end that tells, and the end that hears.

One message a packet. Where the other end does not read, the last word of each session waits, and no other.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.errors import Malformed
from standfast.core.supervise.watch import CHECKER, VRRP
from standfast.engine.bfd_ports import Tell
from standfast.wire.ipc import SessionTold, decode_told, encode_told

_PACKET: Final = 4096  # a name of 31 characters and a sentence
_GONE: Final = "the bfd process has ended"


class VerdictSender:
    """In the bfd process: the links to those who follow its sessions (`bfd_ports.VerdictPort`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, verdicts: Callable[[], Iterable[Tell]]) -> None:
        """Make it without links.

        Args:
            loop: waits until a link takes more.
            verdicts: gives what all sessions say now, for who begins to listen.
        """
        self._loop = loop
        self._verdicts = verdicts
        self._links: dict[str, _Link] = {}

    def connect(self, child: str, end: socket.socket) -> None:
        """From now on that child listens here; it is told how things stand."""
        if (before := self._links.pop(child, None)) is not None:
            before.close()
        link = self._links[child] = _Link(self._loop, end)
        for verdict in self._verdicts():
            if _is_for(child, verdict):
                link.tell(verdict)

    def tell(self, verdict: Tell) -> None:
        """A session says this from now on."""
        for child, link in self._links.items():
            if _is_for(child, verdict):
                link.tell(verdict)

    def close(self) -> None:
        """Close all links: who listens hears the end."""
        for link in self._links.values():
            link.close()
        self._links.clear()


def _is_for(child: str, verdict: Tell) -> bool:
    return {VRRP: verdict.vrrp, CHECKER: verdict.checker}.get(child, False)


class _Link:
    """One listener."""

    def __init__(self, loop: asyncio.AbstractEventLoop, end: socket.socket) -> None:
        self._loop = loop
        self._socket = end
        self._unsent: dict[str, bytes] = {}  # by session
        end.settimeout(0)

    def tell(self, verdict: Tell) -> None:
        told = SessionTold(verdict.session, verdict.up, verdict.reason)
        self._unsent.pop(verdict.session, None)  # it goes to the end of the row
        self._unsent[verdict.session] = encode_told(told)
        self._flush()

    def close(self) -> None:
        self._loop.remove_writer(self._socket)
        self._socket.close()

    def _flush(self) -> None:
        try:
            while self._unsent:
                name = next(iter(self._unsent))
                self._socket.send(self._unsent[name])
                del self._unsent[name]
        except BlockingIOError:
            self._loop.add_writer(self._socket, self._flush)
            return
        except OSError:
            self._unsent.clear()  # Nobody listens; a new link comes with the next one who does.
        self._loop.remove_writer(self._socket)


class VerdictReceiver:
    """In a process that follows sessions: the link to the bfd process."""

    def __init__(self, loop: asyncio.AbstractEventLoop, told: Callable[[SessionTold], None]) -> None:
        """Make it without a link.

        Args:
            loop: waits for words.
            told: gets what sessions say; when the bfd process ends, that none of them is up.
        """
        self._loop = loop
        self._told = told
        self._socket: socket.socket | None = None
        self._known: dict[str, bool] = {}  # session: up

    def connect(self, end: socket.socket) -> None:
        """From now on the bfd process speaks here."""
        self._hang_up()
        end.settimeout(0)
        self._socket = end
        self._loop.add_reader(end, self._hear)

    def close(self) -> None:
        """Listen no more."""
        self._hang_up()

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _hear(self) -> None:
        while self._socket is not None:
            try:
                packet = self._socket.recv(_PACKET)
            except BlockingIOError:
                return
            except OSError:
                packet = b""
            if not packet:
                self._lose()
                return
            self._take(packet)

    def _take(self, packet: bytes) -> None:
        try:
            told = decode_told(packet)
        except Malformed:
            self._lose()  # It has lost its mind, and cannot be believed.
            return
        self._known[told.session] = told.up
        self._told(told)

    def _lose(self) -> None:
        """Who cannot be asked is not good (fail closed)."""
        self._hang_up()
        for session, up in tuple(self._known.items()):
            self._known[session] = False
            if up:
                self._told(SessionTold(session, up=False, reason=_GONE))
