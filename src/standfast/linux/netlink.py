"""rtnetlink sockets: requests and their answers, the kernel's news, and the reading of its tables (netlink(7)).

Three uses, three kinds of socket, so that none disturbs another: commands on one that only hears refusals, news
on one that hears the groups, and each reading of the tables on one of its own, closed when it is done.
"""

import errno
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.limits import NETLINK_CHUNK, NETLINK_RECEIVE_BUFFER
from standfast.linux.bpf import Code, attach
from standfast.wire.netlink import DONE, ERROR, Answer, Message, decode_answer, messages_in
from standfast.wire.rtnetlink import Report, decode_report

_SOL_NETLINK: Final = 270
_CAP_ACK, _EXT_ACK = 10, 11  # a refusal repeats only the header of its request; and says its reason in words
_STRICT: Final = 12  # NETLINK_GET_STRICT_CHK
_SO_RCVBUFFORCE: Final = 33
_MOST_UNREAD: Final = 0x3FFF_FFFF  # the kernel counts the double of it in 31 bits
_KERNEL: Final = 0  # the port number of what the kernel sends itself


class Overrun(Exception):
    """The kernel had more to tell than the socket could keep; what was told since is not complete."""


class NetlinkSocket:
    """One socket of netlink."""

    def __init__(
        self,
        groups: int = 0,
        *,
        strict: bool = False,
        protocol: int = socket.NETLINK_ROUTE,
        only: Code | None = None,
    ) -> None:
        """Open it, and hear these groups (`GROUP_*` bits of the protocol's messages).

        Args:
            groups: to hear.
            strict: a reading tells only what its request describes; kernels before 4.20 tell all.
            protocol: of netlink; rtnetlink if nothing else is said.
            only: hear what this program keeps, from the first message on.

        Raises:
            OSError: it cannot be had.
        """
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, protocol)
        try:
            self._socket.setsockopt(_SOL_NETLINK, _CAP_ACK, 1)
            self._socket.setsockopt(_SOL_NETLINK, _EXT_ACK, 1)
            if strict:
                with suppress(OSError):
                    self._socket.setsockopt(_SOL_NETLINK, _STRICT, 1)
            enlarge(self._socket, NETLINK_RECEIVE_BUFFER)
            if only is not None:
                attach(self._socket, only)
            self._socket.bind((0, groups))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[0]

    def fileno(self) -> int:
        """The descriptor, to wait for."""
        return self._socket.fileno()

    def keep_unread(self, size: int) -> None:
        """Let it keep that many bytes that were not received yet, but never fewer than is usual."""
        enlarge(self._socket, max(size, NETLINK_RECEIVE_BUFFER))

    def send(self, data: bytes) -> None:
        """Let the kernel do what these messages ask, one after the other; it is done on return.

        A message that it refuses does not keep it from doing the next; the refusals can be received then.

        Raises:
            OSError: nothing of it was done.
        """
        self._socket.send(data)

    def receive(self) -> Sequence[Message] | None:
        """The messages of one datagram; None if there is nothing to receive.

        Raises:
            Overrun: some were lost.
        """
        data = self.receive_bytes()
        return None if data is None else sound(data)

    def receive_bytes(self) -> bytes | None:
        """One datagram as it came; None if there is nothing to receive.

        Raises:
            Overrun: some were lost.
        """
        try:
            data, _, flags, (port, _) = self._socket.recvmsg(NETLINK_CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            raise Overrun from error
        if flags & socket.MSG_TRUNC:
            raise Overrun
        # Any process may send to our port; only the kernel is believed.
        return data if port == _KERNEL else b""

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()


def enlarge(sock: socket.socket, size: int) -> None:
    """Let the socket keep that many bytes that were not received yet; beyond the system's limit if permitted."""
    size = min(size, _MOST_UNREAD)
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, size)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def reports_in(messages: Iterable[Message]) -> Iterator[Report]:
    """What the messages report; what is about something else, or broken, is skipped."""
    for message in messages:
        try:
            report = decode_report(message)
        except Malformed:
            continue
        if report is not None:
            yield report


def answers_in(messages: Iterable[Message]) -> Iterator[Answer]:
    """What became of requests; what is about something else, or broken, is skipped."""
    for message in messages:
        if message.kind in {ERROR, DONE}:
            with suppress(Malformed):
                yield decode_answer(message)


def sound(data: bytes) -> Sequence[Message]:
    """The messages up to the first broken one; what follows that cannot be found."""
    messages: list[Message] = []
    with suppress(Malformed):
        messages.extend(messages_in(data))
    return messages
