"""One reading of tables that rtnetlink tells, on a socket of its own."""

from functools import partial
from typing import Final

from standfast.base.addresses import Family
from standfast.base.limits import READING_TRIES
from standfast.base.routes import OUR_ROUTING_PROTOCOL
from standfast.linux.dump import Dump, Request, refusal_in
from standfast.linux.netlink import NetlinkSocket, reports_in
from standfast.wire.netlink import DONE, ERROR, Message
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_address import request_addresses
from standfast.wire.rtnetlink_link import request_links
from standfast.wire.rtnetlink_route import request_routes
from standfast.wire.rtnetlink_rule import request_rules

Requests = tuple[Request, ...]  # of the tables, one after the other
SURROUNDINGS: Final[Requests] = (request_links, request_addresses)
ROUTING: Final[Requests] = (  # of routes only those with our mark: a host may have a million others
    *(partial(request_routes, family=family, protocol=OUR_ROUTING_PROTOCOL) for family in Family),
    *(partial(request_rules, family=family) for family in Family),
)


class Reading(Dump):
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
        super().__init__(NetlinkSocket(strict=strict))
        self.reports: list[Report] = []
        self._requests = requests
        self._tries = 0
        self._interrupted = False
        self._table = 0
        self._found: list[Report] = []
        self._request()

    def _take(self, message: Message) -> bool:
        self._interrupted |= message.interrupted
        if message.kind == ERROR and (refusal := refusal_in(message)):
            raise refusal
        if message.kind in {DONE, ERROR}:  # of a family that it does not know, the kernel has an empty table
            return self._table_read()
        self._found.extend(reports_in((message,)))
        return False

    def _table_read(self) -> bool:
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
        """Ask for the present table, from its beginning."""
        self._found = []
        self._interrupted = False
        self._ask(self._requests[self._table])
