"""Requests to the kernel by netlink whose refusals find back to whom they concern.

The kernel carries a request out before the send call returns, and answers a refusal with the request's sequence
number. So nothing need be awaited, no acknowledgement is asked for, and a thousand requests that succeed wake
nobody up. Whoever prepares messages reserves their sequence numbers once, and can send the same bytes again.
"""

import asyncio
import socket
from bisect import bisect_right, insort
from collections.abc import Callable
from typing import Final

from standfast.linux.netlink import NetlinkSocket, Overrun, answers_in
from standfast.wire.netlink import Answer

Refusal = Callable[[int, Answer], None]  # gets the place of the refused request among those reserved together

_SEQUENCES: Final = 1 << 32
_FIRST: Final = 1  # 0 is what the kernel's own news bear


class Requests:
    """The socket that requests go out on."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        lost: Callable[[], None],
        *,
        protocol: int = socket.NETLINK_ROUTE,
    ) -> None:
        """Open it.

        Args:
            loop: that refusals are waited for on.
            lost: called when refusals were lost: nobody knows what was done.
            protocol: of netlink; rtnetlink if nothing else is said.

        Raises:
            OSError: the socket cannot be had.
        """
        self._loop = loop
        self._lost = lost
        self._socket = NetlinkSocket(protocol=protocol)
        self._next = _FIRST
        self._starts: list[int] = []
        self._reserved: dict[int, tuple[int, Refusal]] = {}
        loop.add_reader(self._socket.fileno(), self._hear)

    @property
    def port(self) -> int:
        """What the kernel calls this socket; news of what it was asked for bear it."""
        return self._socket.port

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of refusals, but never fewer than is usual."""
        self._socket.keep_unread(size)

    def reserve(self, count: int, refusal: Refusal) -> int:
        """Sequence numbers for that many requests; the first of them.

        Args:
            count: of requests.
            refusal: called for each refused one, with its place: 0 for the first, less than `count`.
        """
        if self._next + count >= _SEQUENCES:
            self._next = _FIRST
        start = self._next
        self._next += count + 1
        self.give_back(start)  # it was reserved four thousand million requests ago
        insort(self._starts, start)
        self._reserved[start] = count, refusal
        return start

    def give_back(self, start: int) -> None:
        """Nobody wants to know any more what becomes of the requests reserved from here on."""
        if self._reserved.pop(start, None) is not None:
            self._starts.remove(start)

    def send(self, messages: bytes) -> None:
        """Let the kernel do this; refusals come later.

        Raises:
            OSError: nothing of it was done.
        """
        self._socket.send(messages)

    def settle(self) -> None:
        """Hand out the refusals of all that was sent so far: they are there as soon as it was sent."""
        while self._hear():
            pass

    def close(self) -> None:
        """Give the descriptor back."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _hear(self) -> bool:
        """Take the refusals of one datagram in; whether there was one."""
        try:
            messages = self._socket.receive()
        except (Overrun, OSError):
            self._lost()
            return False
        for answer in answers_in(messages or ()):
            if answer.error:
                self._refused(answer)
        return messages is not None

    def _refused(self, answer: Answer) -> None:
        at = bisect_right(self._starts, answer.sequence) - 1
        if at < 0:
            return
        start = self._starts[at]
        count, refusal = self._reserved[start]
        if answer.sequence < start + count:
            refusal(answer.sequence - start, answer)
