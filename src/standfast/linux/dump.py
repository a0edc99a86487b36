"""What the kernel has in its tables, read a slice at a time on a socket of its own (netlink(7))."""

import errno
import os
import select
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from standfast.base.limits import NEWS_BATCH
from standfast.linux.netlink import NetlinkSocket, Overrun
from standfast.wire.netlink import Message, decode_answer

_PATIENCE_MS: Final = 2_000  # the kernel answers at once; this is for one that never does

Request = Callable[[int], bytes]  # gets the sequence number


class Dump(ABC):
    """One table after the other; whoever reads knows from `advance` when all is read."""

    def __init__(self, socket: NetlinkSocket) -> None:
        """Have this socket, and close it."""
        self._socket = socket
        self._sequence = 0
        self._received: deque[Message] = deque()

    def fileno(self) -> int:
        """The descriptor, to wait for."""
        return self._socket.fileno()

    def close(self) -> None:
        """Give the descriptor back, whether or not all was read."""
        self._socket.close()

    @property
    def waiting(self) -> bool:
        """Whether something was received that has not been looked at yet: advance without waiting."""
        return bool(self._received)

    def advance(self) -> bool:
        """Look at what is there now, at most `NEWS_BATCH` messages; whether all has been read.

        Raises:
            OSError: the kernel refuses to tell.
        """
        if not self._received:
            self._received.extend(self._messages())
        for _ in range(min(len(self._received), NEWS_BATCH)):
            message = self._received.popleft()
            if message.sequence == self._sequence and self._take(message):
                return True
        return False

    def finish(self) -> None:
        """Read all, waiting for it: at the start of the process there is nothing else to do.

        Raises:
            OSError: the kernel refuses to tell, or does not answer.
        """
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        while self.waiting or poll.poll(_PATIENCE_MS):
            if self.advance():
                return
        raise TimeoutError("the kernel does not tell its tables")

    def _ask(self, request: Request) -> None:
        """Ask for a table; answers to earlier requests no longer count."""
        self._sequence += 1
        self._socket.send(request(self._sequence))

    @abstractmethod
    def _take(self, message: Message) -> bool:
        """Look at a message that answers the last request; whether all has been read.

        Raises:
            OSError: it is a refusal.
        """

    def _messages(self) -> Sequence[Message]:
        try:
            return self._socket.receive() or ()
        except Overrun as overrun:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS), "netlink") from overrun


def refusal_in(message: Message) -> OSError | None:
    """Why the kernel does not tell (more), if a message says so."""
    error = decode_answer(message).error
    return OSError(error, os.strerror(error), "netlink") if error else None
