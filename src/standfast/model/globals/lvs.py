"""`global_defs`: virtual servers and checkers."""

from standfast.base.addresses import IpAddress
from standfast.model.declare import Reload, Repeat, argument, block, group, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.composed import OptionalChoice, OptionalWord
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.names import Boolean, Choice, Flag, InterfaceName, Word
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words


@block("lvs_timeouts")
class Timeouts:
    """Timeouts of IPVS connections in seconds; 0 leaves the kernel's."""

    tcp: int = kw(Whole(0, 2_678_400), default=0, doc="Of established TCP connections.")
    tcpfin: int = kw(Whole(0, 2_678_400), default=0, doc="Of TCP connections after a FIN.")
    udp: int = kw(Whole(0, 2_678_400), default=0, doc="Of UDP exchanges.")


class _TimeoutsEntry(Entry[Timeouts]):
    """At least one timeout."""

    def finish(self, words: Words, values: dict[str, object]) -> None:
        if not values:
            words.reject("empty-block", "lvs_timeouts needs a timeout", hint="write `lvs_timeouts tcp 900`")

    def write(self, value: Timeouts) -> tuple[str, ...]:
        """The timeouts; where all are the kernel's, one of them says so."""
        return super().write(value) or ("tcp", str(value.tcp))


@block("lvs_sync_daemon")
class SyncDaemon:
    """The kernel's synchronisation of IPVS connections with another host."""

    interface: str = argument(InterfaceName(), doc="Interface that it speaks through.")
    inst: str = kw(
        Word("INSTANCE"), default="", doc="Instance whose state says who is master.",
        default_words="none: both parts run",
    )  # fmt: skip
    id: int | None = kw(
        Whole(0, 255), default=None, doc="Number of the pair.", default_words="the VRID, else 0"
    )
    maxlen: int | None = kw(Whole(1, 65_507), default=None, doc="Longest packet in bytes.")
    port: int | None = kw(Whole(1, 65_535), default=None, doc="UDP port.")
    ttl: int | None = kw(Whole(1, 255), default=None, doc="TTL of the packets.")
    group: IpAddress | None = kw(Address(multicast=True), default=None, doc="Multicast group.")


class _SyncDaemonEntry(Entry[SyncDaemon]):
    """The instance may stand behind the interface without its word."""

    def other(self, word: str, words: Words, values: dict[str, object]) -> None:
        if "inst" in values:
            super().other(word, words, values)
        else:
            values["inst"] = word


@group(reload=Reload.LIVE)
class Lvs:
    """IPVS as a whole, and what does its work where there is none."""

    lvs_engine: str = kw(
        Choice("auto", "ipvs", "nftables"), default="auto", reload=Reload.DAEMON,
        because="services would be left to an engine that nobody tells anything any more",
        doc="What balances: the kernel's IPVS, or nftables (NAT only); auto: nftables where there is no IPVS.",
    )  # fmt: skip
    lvs_timeouts: Timeouts | None = kw(
        _TimeoutsEntry(Timeouts),
        default=None,
        doc="Timeouts of IPVS connections.",
        default_words="the kernel's",
    )
    lvs_flush: bool = kw(Flag(), default=False, doc="Empty the IPVS table at the start.")
    lvs_flush_on_stop: str = kw(
        OptionalChoice("VS", when_bare="all"), default="", aliases=("lvs_flush_onstop",), default_words="off",
        doc="Empty the IPVS table, or our own services in it, at the stop.",
    )  # fmt: skip
    lvs_sync_daemon: SyncDaemon | None = kw(
        _SyncDaemonEntry(SyncDaemon), default=None, repeat=Repeat.FIRST,
        doc="Have the kernel synchronise IPVS connections with another host.",
    )  # fmt: skip
    nftables_ipvs: str = kw(
        OptionalWord("TABLE", "keepalived_ipvs"), default="", repeat=Repeat.FIRST, default_words="off",
        reload=Reload.DAEMON,
        because="the table's name cannot change while it is in use",
        doc="Mark packets with nftables, so that a group of addresses is one service.",
    )  # fmt: skip
    nftables_ipvs_priority: int = kw(
        Whole(-0x7FFF_FFFF, 0x7FFF_FFFF),
        default=-1,
        doc="Priority of the chain that marks.",
    )
    nftables_ipvs_start_fwmark: int = kw(
        Whole(1, 0xFFFF_FFFF), default=1000, doc="First mark given to a group."
    )
    checker_log_all_failures: bool = kw(
        Boolean(), default=False, doc="Log each failed check, not only the change of state."
    )
    rs_init_notifies: bool = kw(
        Boolean(), default=False, doc="Notify of real servers that are up at the start."
    )
