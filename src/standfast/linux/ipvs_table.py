"""The kernel's table as the balancer's port (`lvs_ports.TablePort`).

A kernel that has no IPVS at the moment is tried again with every change and reading: modules can be loaded later.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from typing import Protocol

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
from standfast.linux.readings import Readings
from standfast.wire.ipvs import Timeouts


class FormerTimeouts(Protocol):
    """Where it is known how timeouts were before we changed them, also when this process has been killed."""

    def read(self) -> Timeouts | None:
        """Those of before; None: nobody has changed any."""
        ...

    def keep(self, former: Timeouts | None) -> None:
        """Those of before are these; None: they are back."""
        ...


class IpvsTable:
    """IPVS of one network namespace."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tell: BalancerTell,
        complain: Callable[[str], None],
        *,
        former: FormerTimeouts,
        place: str | None = None,
    ) -> None:
        """Make it; nothing is asked of the kernel yet.

        Args:
            loop: that answers are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
            former: where it is known how timeouts were before.
            place: the file of the namespace; None: that which the process runs in.
        """
        self._place = place
        self._unread = 0  # bytes of refusals that the socket may keep; 0: what is usual
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._ipvs: Ipvs | None = None
        self._why_not = ""  # why there is no IPVS, as it was said last
        self._readings = Readings[TableReading](loop, done=self._all_read, failed=self._not_read)
        self._former = former

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
            with closing(ipvs.read()) as reading:
                reading.finish()
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
        self._readings.begin(ipvs.read)

    def flush(self) -> None:
        """Have no services at all."""
        ipvs = self._found()
        if ipvs is not None:
            self._try(ipvs.flush)

    # ---- timeouts (behaviour LV-15)

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Have these until the end; 0 leaves what was before."""
        ipvs = self._found()
        if ipvs is not None:
            self._try(partial(self._change_timeouts, ipvs, timeouts))

    def restore_timeouts(self) -> None:
        """Have the timeouts of before."""
        former = self._former.read()
        ipvs = None if former is None else self._found()
        if former is not None and ipvs is not None:
            self._try(partial(ipvs.set_timeouts, former))
            self._former.keep(None)

    def _change_timeouts(self, ipvs: Ipvs, wanted: Timeouts) -> None:
        former = self._former.read()
        if former is None:
            former = ipvs.timeouts()
            self._former.keep(former)  # first: who is killed in between has changed nothing that is not known
        ipvs.set_timeouts(
            Timeouts(wanted.tcp or former.tcp, wanted.tcp_fin or former.tcp_fin, wanted.udp or former.udp)
        )

    def close(self) -> None:
        """Give the descriptors back; the table stays."""
        self._readings.end()
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

    def _all_read(self, reading: TableReading) -> None:
        self._readings.end()
        self._tell(TableRead(_table(reading)))

    def _not_read(self, error: OSError) -> None:
        self._loop.call_soon(self._tell, TableUnread(str(error)))


def _table(reading: TableReading) -> Table:
    return table_of(
        balanced(report.service, (one.destination for one in destinations))
        for report, destinations in zip(reading.services, reading.destinations, strict=True)
    )
