"""Interfaces: `garp_group`, `linkbeat_interfaces`, `interface_up_down_delays`."""

from standfast.base.times import ZERO, Duration
from standfast.model.declare import Reload, Repeat, argument, block, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.names import Choice, InterfaceName
from standfast.model.kinds.numbers import Seconds
from standfast.model.words import Words


@block("garp_group", reload=Reload.LIVE)
class GarpGroup:
    """Interfaces that share one limit of announcements."""

    garp_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO, doc="Least time between two gratuitous ARP packets."
    )
    gna_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO, doc="Least time between two unsolicited neighbour advertisements."
    )
    interface: str = kw(InterfaceName(), default="", doc="The one interface.")
    interfaces: tuple[str, ...] = kw(
        Entries(InterfaceName(), several=True), default=(), repeat=Repeat.ALL, doc="The interfaces."
    )


@block("linkbeat_interfaces")
class Linkbeat:
    """An interface whose link is polled."""

    interface: str = argument(InterfaceName(), doc="Interface to poll.")
    method: str = argument(
        Choice("MII", "ETHTOOL", "IOCTL"),
        default="",
        doc="How it is asked; without a word, what works first.",
    )


@block("interface_up_down_delays")
class UpDownDelay:
    """How long a change of an interface must last before it counts."""

    interface: str = argument(InterfaceName(), doc="Interface.")
    down: Duration = argument(Seconds("0", "255"), doc="Time that it must be down.")
    up: Duration | None = argument(
        Seconds("0", "255"), default=None, doc="Time that it must be up; without one, as for down."
    )


class _UpDownEntry(Entry[UpDownDelay]):
    """Nothing follows the delays."""

    def other(self, word: str, words: Words, values: dict[str, object]) -> None:  # noqa: ARG002
        words.complain("unknown-word", f"unknown word {word!r} in interface_up_down_delays")


LINKBEATS = Entry(Linkbeat)
UP_DOWN_DELAYS = _UpDownEntry(UpDownDelay)
