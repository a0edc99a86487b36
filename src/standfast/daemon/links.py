"""The socket pairs between children: the parent makes one when a child is born, for each living one it deals with.

A pair is never used again: when one end's process dies, the other hears the end, and gets a new one with the next
life. So nobody reads what was meant for an earlier one.
"""

import socket
from collections.abc import Callable, Iterable

from standfast.daemon.channel import Channel


class Links:
    """The pairs of one birth."""

    def __init__(self, *, shared: bool = False) -> None:
        """Have none yet; `shared`: the children and their parent are one process."""
        self._shared = shared
        self._pairs: dict[str, tuple[socket.socket, socket.socket]] = {}

    def make(self, others: Iterable[str]) -> None:
        """Make a pair for each of these children.

        Raises:
            OSError: there are no descriptors for one; `close` gives the others back.
        """
        for other in others:
            kind = socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK
            self._pairs[other] = socket.socketpair(socket.AF_UNIX, kind)

    def given_to(self, work: Callable[[Channel], int]) -> Callable[[Channel], int]:
        """The child's main function, which gets its ends with its channel."""

        def linked(channel: Channel) -> int:
            for _, far in () if self._shared else self._pairs.values():
                far.close()
            channel.links = {other: near for other, (near, _) in self._pairs.items()}
            return work(channel)

        return linked

    def left(self) -> dict[str, socket.socket]:
        """In the parent: the ends for the others, by their names; the child's own are closed here."""
        for near, _ in () if self._shared else self._pairs.values():
            near.close()
        return {other: far for other, (_, far) in self._pairs.items()}

    def close(self) -> None:
        """The child was not born."""
        for pair in self._pairs.values():
            for end in pair:
                end.close()
