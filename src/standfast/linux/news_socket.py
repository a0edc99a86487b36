"""News of the kernel, heard on the event loop: one socket of netlink, as long as there is something to follow."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from standfast.base.limits import NEWS_BATCH
from standfast.linux.netlink import NetlinkSocket
from standfast.wire.netlink import Message


class NewsSocket:
    """Has a socket from `open` to `close`, and can be opened again; without one there are no news."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hear: Callable[[], object]) -> None:
        """Make it; it hears nothing before `open`.

        Args:
            loop: that the news are waited for on.
            hear: called when there are some, until they have been taken from `batch` or `receive`.
        """
        self._loop = loop
        self._hear = hear
        self._socket: NetlinkSocket | None = None
        self._unread = 0  # bytes of news that a socket may keep; 0: what is usual

    @property
    def is_open(self) -> bool:
        """Whether news are heard."""
        return self._socket is not None

    def open(self, socket: NetlinkSocket) -> None:
        """Hear what this socket is told, and give it back at `close`; it takes the place of an earlier one."""
        self.close()
        self._socket = socket
        socket.keep_unread(self._unread)
        self._loop.add_reader(socket.fileno(), self._hear)

    def keep_unread(self, size: int) -> None:
        """Let it keep that many bytes of news, but never fewer than is usual; a later socket does so, too."""
        self._unread = size
        if self._socket is not None:
            self._socket.keep_unread(size)

    def batch(self) -> Iterator[Sequence[Message]]:
        """What has come, a datagram at a time, and at most `NEWS_BATCH` of them: others wait for their turn.

        Raises:
            Overrun: some were lost.
            OSError: the kernel tells no more.
        """
        for _ in range(NEWS_BATCH):
            messages = self.receive()
            if messages is None:
                return
            yield messages

    def receive(self) -> Sequence[Message] | None:
        """The messages of one datagram; None if there is nothing to receive.

        Raises:
            Overrun: some were lost.
            OSError: the kernel tells no more.
        """
        return None if self._socket is None else self._socket.receive()

    def close(self) -> None:
        """Hear nothing any more, and give the descriptor back."""
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None
