"""One reading of tables of the kernel, on a socket of its own."""

import errno
import os
import select
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from standfast.base.addresses import Family
from standfast.base.limits import NEWS_BATCH, READING_TRIES
from standfast.base.routes import OUR_ROUTING_PROTOCOL
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.wire.netlink import DONE, ERROR, Message, decode_answer
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_address import request_addresses
from standfast.wire.rtnetlink_link import request_links
from standfast.wire.rtnetlink_route import request_routes
from standfast.wire.rtnetlink_rule import request_rules

_PATIENCE_MS: Final = 2_000  # the kernel answers at once; this is for one that never does

Requests = tuple[
    Callable[[int], bytes], ...
]  # of the tables, one after the other; each gets its sequence number
SURROUNDINGS: Final[Requests] = (request_links, request_addresses)
ROUTING: Final[Requests] = (  # of routes only those with our mark: a host may have a million others
    *(partial(request_routes, family=family, protocol=OUR_ROUTING_PROTOCOL) for family in Family),
    *(partial(request_rules, family=family) for family in Family),
)


class Reading:
    """One table after the other; what was found stands in `reports` when `advance` says so.

    A table that changed while it was read is read again, `READING_TRIES` times at most: then it is as good as it
    gets, and the news tell the rest.
    """

    def __init__(self, requests: Requests = SURROUNDINGS, *, strict: bool = False) -> None:
        """Begin to read.

        Args:
            requests: what is read.
            strict: only what the requests describe is told.

        Raises:
            OSError: no socket can be had.
        """
        self.reports: list[Report] = []
        self._requests = requests
        self._socket = NetlinkSocket(strict=strict)
        self._sequence = 0
        self._tries = 0
        self._interrupted = False
        self._table = 0
        self._received: deque[Message] = deque()
        self._found: list[Report] = []
        self._request()

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
            if message.sequence != self._sequence:
                continue
            self._interrupted |= message.interrupted
            if message.kind in {DONE, ERROR}:
                return self._table_read(message)
            self._found.extend(reports_in((message,)))
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

    def _messages(self) -> Sequence[Message]:
        try:
            return self._socket.receive() or ()
        except Overrun as overrun:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS), "netlink") from overrun

    def _table_read(self, message: Message) -> bool:
        if message.kind == ERROR:
            error = decode_answer(message).error
            raise OSError(error, os.strerror(error), "netlink")
        if self._interrupted and self._tries < READING_TRIES:
            self._tries += 1
            self._request()
            return False
        self.reports += self._found
        self._table += 1
        if self._table == len(self._requests):
            return True
        self._tries = 0
        self._request()
        return False

    def _request(self) -> None:
        """Ask for the present table, from its beginning; answers to earlier requests no longer count."""
        self._found = []
        self._interrupted = False
        self._sequence += 1
        self._socket.send(self._requests[self._table](self._sequence))
