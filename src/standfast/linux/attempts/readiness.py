"""Sockets of attempts wait in an epoll set of their own, which the loop watches as one descriptor.

The loop's own bookkeeping for a descriptor costs 12 us a check; here it is one system call and one entry of a
dictionary. Each socket is registered once, edge-triggered: whoever waits has tried before, and tries again. To
close a socket takes it out of the set.
"""

import asyncio
import select
import socket
from collections.abc import Callable
from typing import Final

_EVENTS: Final = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
_BATCH: Final = 256  # events taken at once; what is left over makes the loop call again

Wake = Callable[[int, int], None]  # given the descriptor, and what has happened in epoll's words


class Readiness:
    """Wakes whoever waits for a socket."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._wakes: dict[int, Wake] = {}
        loop.add_reader(self._epoll.fileno(), self._hear)

    def watch(self, sock: socket.socket, wake: Wake) -> None:
        """Call `wake` whenever something happens on the socket; connect it first."""
        descriptor = sock.fileno()
        self._wakes[descriptor] = wake
        self._epoll.register(descriptor, _EVENTS)

    def forget(self, sock: socket.socket) -> None:
        """Call nobody; close the socket next. One that was never watched is fine."""
        self._wakes.pop(sock.fileno(), None)

    def close(self) -> None:
        """Watch nothing any more."""
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()
        self._wakes.clear()

    def _hear(self) -> None:
        # Who waits is looked up before anybody is woken: by then a number may be another socket's.
        wakes = self._wakes
        heard = self._epoll.poll(0, _BATCH)
        ready = [(wakes.get(descriptor), descriptor, events) for descriptor, events in heard]
        for wake, descriptor, events in ready:
            if wake is not None and wakes.get(descriptor) is wake:
                wake(descriptor, events)
