"""What balances on this host: IPVS, or nftables where there is none; one `TablePort` for either."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence

from standfast.base.addresses import Family
from standfast.base.services import DestinationKey, ServiceKey
from standfast.engine.lvs_ports import BalancerTell, EngineChosen, RemoveService, Table, TableCommand
from standfast.linux.connections import Connections, tracked_connections
from standfast.linux.forwarding import ForwardingSettings
from standfast.linux.ipvs_table import FormerTimeouts, IpvsTable
from standfast.linux.nft_services import TABLE
from standfast.linux.nft_table import NftTable
from standfast.linux.table_watch import is_ours
from standfast.wire.ipvs import Timeouts


class Balancing:
    """The table of services, whoever balances them."""

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
            former: where it is known how IPVS's timeouts were before.
            place: the file of the network namespace that IPVS is used in; None: that which the process runs in.
        """
        self._place = place
        self._complain = complain
        self._ipvs = IpvsTable(loop, tell, complain, former=former, place=place)
        self._nft = NftTable(loop, tell, complain)
        self._forwarding = ForwardingSettings(complain)
        self._by_nft = False

    def choose(self, engine: str) -> EngineChosen:
        """Decide who balances, for good.

        Args:
            engine: `auto`, `ipvs` or `nftables`.
        """
        if engine != "auto":
            self._by_nft = engine == "nftables"
            return EngineChosen(engine, "lvs_engine says so")
        why_not = self._ipvs.lacking()
        self._by_nft = bool(why_not)
        if self._by_nft:
            return EngineChosen("nftables", f"there is no IPVS: {why_not}")
        return EngineChosen("ipvs", "the kernel has it")

    @property
    def by_nft(self) -> bool:
        """Whether nftables balances."""
        return self._by_nft

    def start(self, former: Sequence[ServiceKey] = ()) -> Table:
        """The table as it is at the start, of what can be taken over.

        Args:
            former: services that a process which was killed may have left, to whichever engine it had.
        """
        if self._by_nft:
            if self._place is not None:
                self._complain("net_namespace_ipvs does nothing: nftables balances, where this process is")
            self._leave_ipvs(former)
            return self._nft.start()
        if any(is_ours(family, TABLE) for family in Family):
            self._nft.start()  # left by a process that was killed: nobody wants services of it, so they go
        return self._ipvs.start()

    def _leave_ipvs(self, former: Sequence[ServiceKey]) -> None:
        """IPVS takes a packet before nftables' translation has a say in what becomes of it: it must let go."""
        if not former or self._ipvs.lacking():
            return
        there = self._ipvs.start()
        if removals := tuple(RemoveService(key) for key in former if key in there):
            self._ipvs.change(removals)

    @property
    def looks(self) -> str:
        """Of tables of nftables: what the next process must know to leave them alone; the kernel tells of IPVS."""
        return self._nft.looks if self._by_nft else ""

    def trust(self, looks: str) -> None:
        """Before the start: another process of ours left the tables like this."""
        self._nft.trust(looks)

    def change(self, commands: Sequence[TableCommand]) -> None:
        """Carry these out in their order."""
        self._engine.change(commands)

    def connections(self, keys: Collection[ServiceKey], servers: Collection[DestinationKey]) -> Connections:
        """The active connections to servers behind these services.

        Raises:
            Refused: they cannot be counted.
        """
        return tracked_connections(keys, servers) if self._by_nft else self._ipvs.connections(keys)

    def translate(self, families: Iterable[Family]) -> None:
        """Services of these families are balanced by NAT from now on; see what the kernel must do for it."""
        self._forwarding.need(families, None if self._by_nft else self._place)

    @property
    def unforwarded(self) -> tuple[str, ...]:
        """Settings of the kernel that NAT needs and that are off, as `sysctl` calls them."""
        return self._forwarding.lacking

    def read(self) -> None:
        """Read the whole table back."""
        self._forwarding.look()
        self._engine.read()

    def keep_unread(self, size: int) -> None:
        """Let the socket of IPVS keep that many bytes of refusals, but never fewer than is usual."""
        self._ipvs.keep_unread(size)

    def flush(self) -> None:
        """Have no services at all."""
        self._engine.flush()

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Have these timeouts until the end."""
        if not self._by_nft:
            self._ipvs.set_timeouts(timeouts)
        else:
            self._complain("lvs_timeouts does nothing: nftables has the timeouts of connection tracking")

    def restore_timeouts(self) -> None:
        """Have the timeouts of before."""
        self._ipvs.restore_timeouts()

    @property
    def busy(self) -> bool:
        """Whether something is still being carried out."""
        return self._nft.busy

    def when_quiet(self, then: Callable[[], None]) -> None:
        """Call this when everything has been carried out."""
        self._nft.when_quiet(then)

    def close(self) -> None:
        """Give the descriptors back; the table stays."""
        self._ipvs.close()
        self._nft.close()

    @property
    def _engine(self) -> IpvsTable | NftTable:
        return self._nft if self._by_nft else self._ipvs
