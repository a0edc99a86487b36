"""One process of the daemon, as programs and people are told of it."""

from msgspec import Struct


class Firewall(Struct, frozen=True, kw_only=True, gc=False):
    """Rules that keep packets from addresses that do not accept."""

    tool: str  # nft, iptables
    addresses: int  # that accept nothing
    in_force: bool
    refusal: str = ""  # why they are not in force


class Process(Struct, frozen=True, kw_only=True, gc=False):
    """A child of the daemon."""

    name: str  # vrrp, checker, bfd, messenger
    state: str  # absent, starting, running, silent, waiting, leaving
    pid: int = 0
    since: float | None = None  # time of day, of this state
    restarts: int = 0  # in the present series of short lives
    unanswered: int = 0  # hellos
    late: float = 0  # seconds: how late its loop was at its worst between the last two hellos
    latest: float = 0  # seconds: at its worst since it began
    rings: int = 0  # how often its loop's alarm has rung, at the last hello
    answered: bool = True  # it told its state in time
    events_lost: int = 0  # that it could not tell
    firewall: Firewall | None = None  # its rules, if there are to be any
    balances: str = ""  # what the checker process balances with: ipvs, nftables
    unforwarded: tuple[str, ...] = ()  # settings of the kernel that NAT needs and that are off
    unknown_drops: dict[str, int] = {}  # packets for no router or session here, by reason
