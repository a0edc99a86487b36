"""The kernel's table as the balancer's port (`lvs_ports.TablePort`).

A kernel that has no IPVS at the moment is tried again with every change and reading: modules can be loaded later.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from standfast.base.errors import Refused
from standfast.base.services import DestinationKey, ServiceKey
from standfast.engine.lvs_ports import (
    BalancerTell,
    Refusal,
    Table,
    TableAnswered,
    TableCommand,
    TableRead,
    TableUnread,
    balanced,
    table_of,
)
from standfast.linux.connections import Connections
from standfast.linux.ipvs import Ipvs, Outcome
from standfast.linux.ipvs_reading import TableReading
from standfast.wire.ipvs import Timeouts


class IpvsTable:
    """IPVS of one network namespace."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tell: BalancerTell,
        complain: Callable[[str], None],
        *,
        place: str | None = None,
    ) -> None:
        """Make it; nothing is asked of the kernel yet.

        Args:
            loop: that answers are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
            place: the file of the namespace; None: that which the process runs in.
        """
        self._place = place
        self._unread = 0  # bytes of refusals that the socket may keep; 0: what is usual
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._ipvs: Ipvs | None = None
        self._why_not = ""  # why there is no IPVS, as it was said last
        self._reading: TableReading | None = None
        self._former: Timeouts | None = None  # timeouts that we have changed, as they were

    def lacking(self) -> str:
        """Why there is no IPVS; empty if there is one. Modules are loaded if they can be."""
        if self._ipvs is None:
            try:
                self._ipvs = Ipvs(self._loop, place=self._place)
            except Refused as refusal:
                return str(refusal)
            self._ipvs.keep_unread(self._unread)
        return ""

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of refusals, but never fewer than is usual."""
        self._unread = size
        if self._ipvs is not None:
            self._ipvs.keep_unread(size)

    def start(self) -> Table:
        """The table as it is at the start, waiting for it; empty where there is no IPVS."""
        ipvs = self._found()
        if ipvs is None:
            return {}
        try:
            reading = ipvs.read()
            try:
                reading.finish()
            finally:
                reading.close()
        except OSError as error:
            self._complain(f"cannot read the table of IPVS: {error}")
            return {}
        return _table(reading)

    def connections(self, keys: Iterable[ServiceKey]) -> Connections:
        """The active connections of each destination of these services.

        Raises:
            Refused: they cannot be counted.
        """
        ipvs = self._found()
        if ipvs is None:
            raise Refused("not-counted", self._why_not)
        counts: Counter[DestinationKey] = Counter()
        for key in keys:
            counts.update(ipvs.connections(key))
        return counts

    def change(self, commands: Sequence[TableCommand]) -> None:
        """Carry these out; what was refused or met another table is told."""
        ipvs = self._found()
        if ipvs is None:
            self._tell(TableAnswered(lost=True))
            return
        outcome = ipvs.apply(commands)
        if outcome != Outcome():
            refusals = tuple(
                Refusal(one.command, one.refused.reason, str(one.refused)) for one in outcome.refusals
            )
            self._tell(TableAnswered(refusals, outcome.surprises, outcome.lost))

    def read(self) -> None:
        """Read the whole table, in slices."""
        ipvs = self._found()
        if ipvs is None:
            self._loop.call_soon(self._tell, TableUnread(self._why_not))
            return
        self._end_reading()
        try:
            self._reading = ipvs.read()
        except OSError as error:
            self._loop.call_soon(self._tell, TableUnread(str(error)))
            return
        self._loop.add_reader(self._reading.fileno(), self._read_on)

    def flush(self) -> None:
        """Have no services at all."""
        ipvs = self._found()
        if ipvs is not None:
            self._try(ipvs.flush)

    # ---- timeouts (behaviour LV-15)

    def set_timeouts(self, tcp: int, tcpfin: int, udp: int) -> None:
        """Have these timeouts in seconds until the end; 0 leaves what is set."""
        ipvs = self._found()
        if ipvs is None:
            return
        if self._former is None:
            if not (tcp or tcpfin or udp):
                return
            self._try(lambda: self._remember(ipvs))
        former = self._former
        if former is not None:
            wanted = Timeouts(tcp or former.tcp, tcpfin or former.tcp_fin, udp or former.udp)
            self._try(lambda: ipvs.set_timeouts(wanted))

    def restore_timeouts(self) -> None:
        """Have the timeouts of before."""
        former, self._former = self._former, None
        if former is not None and self._ipvs is not None:
            ipvs = self._ipvs
            self._try(lambda: ipvs.set_timeouts(former))

    def _remember(self, ipvs: Ipvs) -> None:
        self._former = ipvs.timeouts()

    def close(self) -> None:
        """Give the descriptors back; the table stays."""
        self._end_reading()
        if self._ipvs is not None:
            self._ipvs.close()
            self._ipvs = None

    # ---- how

    def _found(self) -> Ipvs | None:
        if words := self.lacking():
            if words != self._why_not:
                self._complain(f"cannot balance: {words}")
            self._why_not = words
        return self._ipvs

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Refused as refusal:
            self._complain(str(refusal))

    def _read_on(self) -> None:
        reading = self._reading
        if reading is None:
            return
        try:
            done = reading.advance()
        except OSError as error:
            self._end_reading()
            self._tell(TableUnread(str(error)))
            return
        if done:
            table = _table(reading)
            self._end_reading()
            self._tell(TableRead(table))
        elif reading.waiting:  # the checks get their turn before more of it
            self._loop.remove_reader(reading.fileno())
            self._loop.call_soon(self._read_on)
        else:
            self._loop.add_reader(reading.fileno(), self._read_on)

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._loop.remove_reader(self._reading.fileno())
            self._reading.close()
            self._reading = None


def _table(reading: TableReading) -> Table:
    return table_of(
        balanced(report.service, (one.destination for one in destinations))
        for report, destinations in zip(reading.services, reading.destinations, strict=True)
    )
