"""Small blocks that stand alone: `track_group`, `garp_group`, link polling and debouncing, `SSL`."""

from typing import Final

from standfast.base.times import ZERO, Duration
from standfast.model.declare import Reload, Repeat, argument, block, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.names import Choice, InterfaceName, Word
from standfast.model.kinds.numbers import Seconds
from standfast.model.kinds.secrets import Passphrase, Secret
from standfast.model.words import Words

_NEW: Final = Repeat.REPLACED


@block("track_group", reload=Reload.LIVE)
class TrackGroup:
    """Instances that are at fault when a static address, route or rule cannot be kept."""

    name: str = argument(Word("NAME"), doc="Name that static entries use.")
    group: tuple[str, ...] = kw(
        Entries(Word("VRRP_INSTANCE"), several=True), default=(), repeat=Repeat.FIRST, doc="The instances."
    )


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


@block("SSL", reload=Reload.LIVE)
class Ssl:
    """Certificates of SSL_GET."""

    password: Secret | None = kw(Passphrase(), default=None, repeat=_NEW, doc="Passphrase of the key.")
    ca: str = kw(
        Word("PATH"), default="", repeat=_NEW,
        doc="File of the certification authority. It must be readable; no server is verified with it.",
    )  # fmt: skip
    certificate: str = kw(Word("PATH"), default="", repeat=_NEW, doc="Certificate that we show.")
    key: str = kw(Word("PATH"), default="", repeat=_NEW, doc="Key of the certificate.")
