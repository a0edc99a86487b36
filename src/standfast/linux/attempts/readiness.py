"""Sockets of attempts wait in an epoll set of their own, which the loop watches as one descriptor.

The loop's own bookkeeping for a descriptor costs 12 us a check; here it is one system call and one entry of a
dictionary. Sockets are watched edge-triggered: whoever waits once more has tried before, and tries again. To close
a socket takes it out of the set.
"""

import asyncio
import select
import socket
from collections.abc import Callable
from typing import Final

READABLE: Final = select.EPOLLIN | select.EPOLLRDHUP
WRITABLE: Final = select.EPOLLOUT
_BATCH: Final = 256  # events taken at once; what is left over makes the loop call again

Wake = Callable[[int], None]  # given the descriptor


def _nobody(_: int) -> None:
    """Wakes nobody."""


_UNWATCHED: Final = (_nobody, 0)


class Readiness:
    """Wakes whoever waits for a socket."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._watched: dict[int, tuple[Wake, int]] = {}  # by descriptor: whom to wake, and by which events
        loop.add_reader(self._epoll.fileno(), self._hear)

    def watch(self, sock: socket.socket, wake: Wake, events: int) -> int:
        """Call `wake` whenever one of these events happens, and instead of those that were waited for before.

        Events that are others than before are told, too, if they have happened already.

        Args:
            sock: to be connected before.
            wake: given the descriptor.
            events: `READABLE`, `WRITABLE` or both.

        Returns:
            The descriptor.
        """
        descriptor = sock.fileno()
        _, before = self._watched.get(descriptor, _UNWATCHED)
        if events != before:
            change = self._epoll.modify if before else self._epoll.register
            change(descriptor, events | select.EPOLLET)
            self._watched[descriptor] = wake, events
        return descriptor

    def forget(self, sock: socket.socket) -> None:
        """Call nobody; close the socket next. One that was never watched is fine."""
        self._watched.pop(sock.fileno(), None)

    def close(self) -> None:
        """Watch nothing any more."""
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        self._watched.clear()

    def _hear(self) -> None:
        # Who waits is looked up before anybody is woken: by then a number may be another socket's.
        watched = self._watched
        ready = [(watched.get(descriptor), descriptor) for descriptor, _ in self._epoll.poll(0, _BATCH)]
        for entry, descriptor in ready:
            if entry is not None and watched.get(descriptor) is entry:
                entry[0](descriptor)
