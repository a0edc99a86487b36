"""One reading of the kernel's table of services and destinations, on a socket of its own.

The services are read first, then the destinations of each. With 37,000 destinations that takes half a second of
our time: it is done in slices, so that checks get their turn in between.
"""

import errno
import os
import select
from collections import deque
from collections.abc import Sequence
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.limits import NEWS_BATCH
from standfast.linux.netlink import NetlinkSocket, Overrun
from standfast.wire.genetlink import PROTOCOL
from standfast.wire.ipvs import (
    DestinationReport,
    ServiceReport,
    decode_destination_report,
    decode_service_report,
    request_destinations,
    request_services,
)
from standfast.wire.netlink import DONE, ERROR, Message, decode_answer

_PATIENCE_MS: Final = 2_000  # the kernel answers at once; this is for one that never does


class TableReading:
    """What was found stands in `services` and `destinations` when `advance` says so."""

    def __init__(self, family: int, *, counters: bool = False) -> None:
        """Begin to read.

        Args:
            family: the number of IPVS's messages.
            counters: whether what was counted is wanted, too.

        Raises:
            OSError: no socket can be had.
        """
        self.services: list[ServiceReport] = []
        self.destinations: list[list[DestinationReport]] = []  # of each service, in their order
        self.unreadable = 0  # services and destinations that we do not understand, and leave out
        self._family = family
        self._counters = counters
        self._socket = NetlinkSocket(protocol=PROTOCOL)
        self._sequence = 1
        self._received: deque[Message] = deque()
        self._socket.send(request_services(family, sequence=self._sequence))

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
            if message.kind in {DONE, ERROR}:
                if error := decode_answer(message).error:
                    raise OSError(error, os.strerror(error), "netlink")
                return self._read_on()
            self._take(message)
        return False

    def finish(self) -> None:
        """Read all, waiting for it.

        Raises:
            OSError: the kernel refuses to tell, or does not answer.
        """
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        while self.waiting or poll.poll(_PATIENCE_MS):
            if self.advance():
                return
        raise TimeoutError("the kernel does not tell its services")

    def _messages(self) -> Sequence[Message]:
        try:
            return self._socket.receive() or ()
        except Overrun as overrun:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS), "netlink") from overrun

    def _take(self, message: Message) -> None:
        try:
            if self._sequence == 1:
                self.services.append(decode_service_report(message, counters=self._counters))
            else:
                key = self.services[len(self.destinations) - 1].service.key
                report = decode_destination_report(message, key.family, counters=self._counters)
                self.destinations[-1].append(report)
        except Malformed:
            self.unreadable += 1

    def _read_on(self) -> bool:
        """Ask for the destinations of the next service; whether there is none."""
        if len(self.destinations) == len(self.services):
            return True
        key = self.services[len(self.destinations)].service.key
        self.destinations.append([])
        self._sequence += 1
        self._socket.send(request_destinations(self._family, key, sequence=self._sequence))
        return False
