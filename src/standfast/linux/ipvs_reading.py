"""One reading of the kernel's table of services and destinations, on a socket of its own.

The services are read first, then the destinations of each. With 37,000 destinations that takes half a second of
our time: it is done in slices, so that checks get their turn in between.
"""

from standfast.base.errors import Malformed
from standfast.linux.dump import Dump, refusal_in
from standfast.linux.netlink import NetlinkSocket
from standfast.wire.genetlink import PROTOCOL
from standfast.wire.ipvs import (
    DestinationReport,
    ServiceReport,
    decode_destination_report,
    decode_service_report,
    request_destinations,
    request_services,
)
from standfast.wire.netlink import DONE, ERROR, Message


class TableReading(Dump):
    """What was found stands in `services` and `destinations` when `advance` says so."""

    def __init__(self, family: int, *, counters: bool = False) -> None:
        """Begin to read.

        Args:
            family: the number of IPVS's messages.
            counters: whether what was counted is wanted, too.

        Raises:
            OSError: no socket can be had.
        """
        super().__init__(NetlinkSocket(protocol=PROTOCOL))
        self.services: list[ServiceReport] = []
        self.destinations: list[list[DestinationReport]] = []  # of each service, in their order
        self.unreadable = 0  # services and destinations that we do not understand, and leave out
        self._family = family
        self._counters = counters
        self._in_services = True  # the table that is being read
        self._ask(lambda sequence: request_services(family, sequence=sequence))

    def _take(self, message: Message) -> bool:
        if message.kind in {DONE, ERROR}:
            if refusal := refusal_in(message):
                raise refusal
            return self._table_read()
        try:
            self._note(message)
        except Malformed:
            self.unreadable += 1
        return False

    def _note(self, message: Message) -> None:
        if self._in_services:
            self.services.append(decode_service_report(message, counters=self._counters))
        else:
            key = self.services[len(self.destinations) - 1].service.key
            report = decode_destination_report(message, key.family, counters=self._counters)
            self.destinations[-1].append(report)

    def _table_read(self) -> bool:
        """Ask for the destinations of the next service; whether there is none."""
        self._in_services = False
        if len(self.destinations) == len(self.services):
            return True
        key = self.services[len(self.destinations)].service.key
        self.destinations.append([])
        self._ask(lambda sequence: request_destinations(self._family, key, sequence=sequence))
        return False
