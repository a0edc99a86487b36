"""An entry of `virtual_routes` or `static_routes`: a route in the words of `ip route`."""

from typing import Any, Final

from standfast.base.addresses import IpAddress
from standfast.base.frozen import changed, frozen
from standfast.base.nearest import nearest
from standfast.base.times import MILLISECOND, Duration, seconds
from standfast.model.complaint import ErrorClass
from standfast.model.declare import Keyword, block, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Choice, Flag, InterfaceName, Word
from standfast.model.kinds.numbers import Whole
from standfast.model.kinds.prefixes import ANY, NameOrNumber, Prefix, PrefixKind, read_prefix
from standfast.model.words import Words

TYPES: Final = (
    "unicast", "local", "broadcast", "multicast", "throw", "unreachable", "prohibit", "blackhole", "nat",
)  # fmt: skip
_NUMBER: Final = Whole()
_ANYWHERE: Final = ("default", "any", "all")


@frozen
class Metric:
    """A metric of a route, perhaps locked."""

    value: int
    lock: bool = False


class MetricKind(Kind[Metric]):
    """`[lock] <INTEGER>`, or `[lock] <TIME>` with a unit."""

    def __init__(self, *, time: bool = False, lockable: bool = True, least: int = 0, parts: int = 1) -> None:
        self.time = time
        self.parts = parts  # of a millisecond: the unit of a time that is written without one
        self.lockable = lockable
        self.least = least

    @property
    def syntax(self) -> str:
        """`[lock] <INTEGER>`."""
        return ("[lock] " if self.lockable else "") + ("<TIME>" if self.time else "<INTEGER>")

    def read(self, words: Words) -> Metric:
        """A number, or a time in microseconds."""
        text = words.next("a number")
        lock = self.lockable and text == "lock"
        if lock:
            text = words.next("a number")
        value = _time(words, text, self.parts) if self.time else _NUMBER.number(words, text)
        if value < self.least:
            least = "".join(self.write(Metric(self.least)))
            words.complain("value-range", f"{text} is less than {least}, the least that counts; using that")
        return Metric(max(value, self.least), lock)

    def write(self, value: Metric) -> tuple[str, ...]:
        """The words."""
        text = f"{value.value}us" if self.time else str(value.value)
        return ("lock", text) if value.lock else (text,)

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "properties": {"value": {"type": "integer"}, "lock": {"type": "boolean"}}}


_UNITS: Final = (("ms", "0.001"), ("us", "0.000001"), ("s", "1"))


def _time(words: Words, text: str, parts: int) -> Duration:
    """A time with its unit; without one in the kernel's own, as `ip route` has it."""
    number, unit, divisor = text, "0.001", parts
    for suffix, size in _UNITS:
        if text.endswith(suffix):
            number, unit, divisor = text[: -len(suffix)], size, 1
            break
    try:
        return Duration(round(float(number) * seconds(unit) / divisor))
    except (ValueError, OverflowError):
        words.reject("not-a-number", f"{text!r} is no time", error_class=ErrorClass.GENERAL)


@block("encap")
class Encapsulation:
    """A lightweight tunnel."""

    type: str
    id: int | None = kw(_NUMBER, default=None, doc="Tunnel id.")
    dst: IpAddress | None = kw(Address(), default=None, doc="Far end.")
    src: IpAddress | None = kw(Address(), default=None, doc="Near end.")
    tos: str = kw(NameOrNumber("TOS"), default="", aliases=("tc",), doc="Type of service, or traffic class.")
    ttl: int | None = kw(Whole(0, 255), default=None, aliases=("hoplimit",), doc="TTL or hop limit.")
    flags: int | None = kw(_NUMBER, default=None, doc="Flags.")
    labels: str = ""  # mpls: LABEL[/LABEL...]
    locator: str = ""  # ila


class EncapsulationKind(Kind[Encapsulation]):
    """`encap ip … | ip6 … | mpls LABELS | ila LOCATOR`."""

    types = ("ip", "ip6", "mpls", "ila")
    _options = Entry(Encapsulation)

    @property
    def syntax(self) -> str:
        """The forms."""
        return "ip | ip6 | mpls <LABEL[/LABEL...]> | ila <LOCATOR>"

    def read(self, words: Words) -> Encapsulation:
        """A tunnel and its parameters, up to the first word that is none of them."""
        sort = words.next(f"one of {', '.join(self.types)}")
        if sort == "mpls":
            return Encapsulation(type=sort, labels=words.next("labels"))
        if sort == "ila":
            return Encapsulation(type=sort, locator=words.next("a locator"))
        if sort not in self.types:
            words.reject("unknown-choice", f"encap must be one of {', '.join(self.types)}, not {sort!r}")
        values: dict[str, Any] = {"type": sort}
        by_word = self._options.declaration.by_word
        while (word := words.peek()) in by_word:
            words.next()
            keyword = by_word[str(word)]
            values[keyword.field] = keyword.value_kind.read(words)
        return Encapsulation(**values)

    def write(self, value: Encapsulation) -> tuple[str, ...]:
        """The words."""
        rest = tuple(part for part in (value.labels, value.locator) if part)
        return (value.type, *rest, *self._options.write(value))

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return {"type": "string"}


class Gateway(Kind[IpAddress]):
    """`[inet | inet6] <IPADDR>`."""

    @property
    def syntax(self) -> str:
        """`[inet | inet6] <IPADDR>`."""
        return "[inet | inet6] <IPADDR>"

    def read(self, words: Words) -> IpAddress:
        """An address, perhaps behind its family's name."""
        text = words.next("an address")
        if text in ("inet", "inet6"):
            text = words.next("an address")
        return Address().address(words, text)

    def write(self, value: IpAddress) -> tuple[str, ...]:
        """The address."""
        return (str(value),)

    def schema(self) -> Schema:
        """An address."""
        return Address().schema()


@block("nexthop")
class NextHop:
    """One way of a route that has several."""

    via: IpAddress | None = kw(Gateway(), default=None, doc="Gateway.")
    dev: str = kw(InterfaceName(), default="", aliases=("oif",), doc="Output interface.")
    weight: int = kw(Whole(1, 256), default=1, doc="Share of the traffic.")
    onlink: bool = kw(Flag(), default=False, doc="Treat the gateway as on the link.")
    encap: Encapsulation | None = kw(EncapsulationKind(), default=None, doc="Tunnel.")
    realms: str = kw(Word("[SRC/]DST"), default="", doc="Realms (IPv4).")


class NextHops(Kind[tuple[NextHop, ...]]):
    """`nexthop via ADDR [dev IF] [weight N] … nexthop …` to the end of the line."""

    _one = Entry(NextHop)

    @property
    def syntax(self) -> str:
        """One way, and further ones."""
        return f"{self._one.syntax} [nexthop ...]"

    def read(self, words: Words) -> tuple[NextHop, ...]:
        """All ways that follow."""
        hops: list[NextHop] = []
        values: dict[str, Any] = {}
        by_word = self._one.declaration.by_word
        while (word := words.peek()) is not None:
            if word == "nexthop":
                hops.append(NextHop(**values))
                values = {}
                words.next()
                continue
            if word not in by_word:
                words.next()
                rest = " ".join((word, *words.rest()))
                words.complain("after-nexthop", f"nothing may follow the next hops: {rest}")
                break
            words.next()
            values[by_word[word].field] = by_word[word].value_kind.read(words)
        return (*hops, NextHop(**values))

    def write(self, value: tuple[NextHop, ...]) -> tuple[str, ...]:
        """The words; the first `nexthop` is the keyword itself."""
        out: list[str] = []
        for number, hop in enumerate(value):
            out += (["nexthop"] if number else []) + list(self._one.write(hop))
        return tuple(out)

    def schema(self) -> Schema:
        """Strings in the notation of the file."""
        return {"type": "array", "items": {"type": "string"}}


_LEAST: Final = 200 * MILLISECOND  # the kernel's own bound of a retransmission timeout (TCP_RTO_MIN)
_TIMEOUT: Final = MetricKind(time=True, least=_LEAST)


class LockableWord(Word):
    """`[lock] NAME`."""

    def read(self, words: Words) -> str:
        """The name, behind `lock` if that stands before it."""
        first = super().read(words)
        return f"lock {super().read(words)}" if first == "lock" else first

    def write(self, value: str) -> tuple[str, ...]:
        """The words."""
        return tuple(value.split())


_ROUND_TRIP: Final = MetricKind(time=True, least=_LEAST, parts=8)  # the kernel keeps eighths of a millisecond
_VARIANCE: Final = MetricKind(time=True, least=_LEAST, parts=4)  # and quarters
OURS: Final = ("", "keepalived", "18")  # protocols of what is kept (AD-03)


def keep_protocol(words: Words, values: dict[str, Any]) -> None:
    """What is put back when somebody removes it is recognised by our protocol."""
    if values.get("protocol", "") not in OURS and not values.get("no_track"):
        words.complain(
            "tracked-protocol",
            f"protocol {values['protocol']} does not go with tracking; using keepalived",
            hint="write no_track, or leave the protocol out",
        )
        del values["protocol"]


@block("route")
class Route:
    """A route."""

    destination: Prefix = kw(
        PrefixKind(), default=ANY, aliases=("to",), shown="[to] <PREFIX> | default",
        default_words="none, it must be given",
        doc="Where it leads; `any` and `all` are words for `default`.",
    )  # fmt: skip
    type: str = kw(Choice(*TYPES), default="unicast", shown=" | ".join(TYPES), doc="Sort of the route.")
    inet: bool = kw(Flag(), default=False, doc="It is IPv4.")
    inet6: bool = kw(Flag(), default=False, doc="It is IPv6.")
    src: IpAddress | None = kw(Address(), default=None, doc="Preferred source.")
    via: IpAddress | None = kw(
        Gateway(), default=None, aliases=("gw",), deprecated={"gw": "via"}, doc="Gateway."
    )
    or_: IpAddress | None = kw(
        Gateway(), default=None, name="or", deprecated={"or": "nexthop"}, doc="Second gateway."
    )
    from_: Prefix | None = kw(PrefixKind(), default=None, name="from", doc="Source that it is for (IPv6).")
    dev: str = kw(InterfaceName(), default="", aliases=("oif",), doc="Output interface.")
    table: str = kw(NameOrNumber("TABLE"), default="", doc="Routing table.", default_words="main")
    protocol: str = kw(
        NameOrNumber("PROTOCOL"), default="", doc="Who put it there.", default_words="keepalived"
    )
    scope: str = kw(NameOrNumber("SCOPE"), default="", doc="Scope.", default_words="as `ip route`")
    metric: int | None = kw(_NUMBER, default=None, aliases=("priority", "preference"), doc="Metric.")
    tos: str = kw(NameOrNumber("TOS"), default="", aliases=("dsfield",), doc="Type of service.")
    onlink: bool = kw(Flag(), default=False, doc="Treat the gateway as on the link.")
    encap: Encapsulation | None = kw(EncapsulationKind(), default=None, doc="Tunnel.")
    expires: int | None = kw(_NUMBER, default=None, doc="Lifetime in seconds (IPv6).")
    mtu: Metric | None = kw(MetricKind(), default=None, doc="MTU.")
    hoplimit: int | None = kw(Whole(0, 255), default=None, doc="Hop limit.")
    advmss: Metric | None = kw(MetricKind(), default=None, doc="MSS to announce.")
    rtt: Metric | None = kw(_ROUND_TRIP, default=None, doc="First round-trip time.")
    rttvar: Metric | None = kw(_VARIANCE, default=None, doc="First variance of it.")
    reordering: Metric | None = kw(MetricKind(), default=None, doc="TCP reordering.")
    window: int | None = kw(_NUMBER, default=None, doc="Most TCP window.")
    cwnd: Metric | None = kw(MetricKind(), default=None, doc="Most congestion window.")
    ssthresh: Metric | None = kw(MetricKind(), default=None, doc="Slow start threshold.")
    realms: str = kw(Word("[SRC/]DST"), default="", doc="Realms (IPv4).")
    rto_min: Metric | None = kw(_TIMEOUT, default=None, doc="Least retransmission timeout.")
    initcwnd: int | None = kw(_NUMBER, default=None, doc="First congestion window.")
    initrwnd: int | None = kw(_NUMBER, default=None, doc="First receive window.")
    features: str = kw(Choice("ecn"), default="", doc="Features.")
    quickack: int | None = kw(Whole(0, 1), default=None, doc="TCP quick acknowledgements.")
    congctl: str = kw(LockableWord("[lock] NAME"), default="", doc="Congestion control.")
    pref: str = kw(
        Choice("low", "medium", "high"), default="", doc="Router preference (IPv6).", default_words="medium"
    )
    ttl_propagate: str = kw(
        Choice("enabled", "disabled"), default="", name="ttl-propagate", doc="Copy the TTL into MPLS."
    )
    fastopen_no_cookie: int | None = kw(Whole(0, 1), default=None, doc="TCP fast open without a cookie.")
    add: bool = kw(Flag(), default=False, doc="Add it only if there is none like it.")
    prepend: bool = kw(Flag(), default=False, doc="Add it before others like it.", default_words="on")
    append: bool = kw(Flag(), default=False, doc="Add it behind others like it.")
    vrf: str = kw(Word("NAME"), default="", doc="Use the table of this VRF.")
    nexthop: tuple[NextHop, ...] = kw(NextHops(), default=(), doc="One way of several; must come last.")
    no_track: bool = kw(Flag(), default=False, doc="Leave it away if somebody removes it.")
    track_group: str = kw(Word("NAME"), default="", doc="Static only: instances that fail when it is lost.")


class RouteEntry(Entry[Route]):
    """A route; its destination needs no word before it."""

    def __init__(self) -> None:
        super().__init__(Route)

    def known(self, keyword: Keyword, word: str, words: Words, values: dict[str, Any]) -> None:
        """A type and a destination stand without these words before them."""
        if word in ("type", "destination"):
            words.reject("unknown-word", f"unknown word {word!r} in a route", hint=f"write the {word} alone")
        else:
            super().known(keyword, word, words, values)

    def other(self, word: str, words: Words, values: dict[str, Any]) -> None:
        """A type, or the destination."""
        if word in TYPES:
            values["type"] = word
        elif word in (*_ANYWHERE, "default6") or word[:1].isdigit() or ":" in word:
            # A second destination replaces the first, as other words do (CF-03).
            values["destination"] = read_prefix(words, word)
        else:
            hint = nearest(word, self.declaration.by_word) or "remove it, or put it where it belongs"
            words.reject(
                "unknown-word", f"unknown word {word!r} in a route; the route is left out", hint=hint
            )

    def finish(self, words: Words, values: dict[str, Any]) -> None:
        """A route leads somewhere."""
        if "destination" not in values:
            words.reject(
                "route-destination", "a route needs a destination", hint="write a prefix or `default`"
            )
        keep_protocol(words, values)

    def write(self, value: Route) -> tuple[str, ...]:
        """The type and the destination, which stand without a word before them; then the other words."""
        type_ = () if value.type == "unicast" else (value.type,)
        rest = super().write(changed(value, destination=ANY, type="unicast"))
        return (*type_, str(value.destination), *rest)


ROUTES: Final = RouteEntry()
