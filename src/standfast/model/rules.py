"""An entry of `virtual_rules` or `static_rules`: a rule in the words of `ip rule`."""

from typing import Any, Final

from standfast.model.declare import Relation, block, kw
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.names import Choice, Flag, InterfaceName, Word
from standfast.model.kinds.numbers import Whole
from standfast.model.kinds.prefixes import NameOrNumber, Prefix, PrefixKind
from standfast.model.kinds.ranges import Range, RangeKind
from standfast.model.routes import TYPES, keep_protocol
from standfast.model.words import Words

_NUMBER: Final = Whole()
ACTIONS: Final = ("table", "goto", "nop", "blackhole", "prohibit", "unreachable", "l3mdev")


@block("rule")
class Rule:
    """A rule of policy routing."""

    inet: bool = kw(Flag(), default=False, doc="It is IPv4.")
    inet6: bool = kw(Flag(), default=False, doc="It is IPv6.")
    not_: bool = kw(Flag(), default=False, name="not", doc="Turn the match round.")
    from_: Prefix | None = kw(PrefixKind(), default=None, name="from", doc="Source.", default_words="any")
    to: Prefix | None = kw(PrefixKind(), default=None, doc="Destination.", default_words="any")
    table: str = kw(NameOrNumber("TABLE"), default="", aliases=("lookup",), doc="Table to look up.")
    preference: int | None = kw(
        _NUMBER, default=None, aliases=("order", "priority"), default_words="counting down from 16384",
        doc="Place among the rules.",
    )  # fmt: skip
    tos: str = kw(NameOrNumber("TOS"), default="", aliases=("dsfield",), doc="Type of service.")
    fwmark: str = kw(Word("VALUE[/MASK]"), default="", doc="Mark.")
    realms: str = kw(Word("[SRC/]DST"), default="", doc="Realms (IPv4).")
    suppress_prefixlength: int | None = kw(
        _NUMBER, default=None, aliases=("sup_pl",), doc="Ignore what matches with a shorter prefix."
    )
    suppress_ifgroup: str = kw(
        NameOrNumber("GROUP"),
        default="",
        aliases=("sup_group",),
        doc="Ignore what leads to these interfaces.",
    )
    dev: str = kw(InterfaceName(), default="", aliases=("iif",), doc="Input interface.", default_words="any")
    oif: str = kw(InterfaceName(), default="", doc="Output interface.", default_words="any")
    tunnel_id: int | None = kw(_NUMBER, default=None, name="tunnel-id", doc="Tunnel id.")
    uidrange: Range | None = kw(RangeKind(0xFFFF_FFFF), default=None, doc="User ids of the sender.")
    l3mdev: bool = kw(Flag(), default=False, doc="Look up the table of the VRF.")
    protocol: str = kw(
        NameOrNumber("PROTOCOL"), default="", doc="Who put it there.", default_words="keepalived"
    )
    ipproto: str = kw(
        NameOrNumber("PROTOCOL"),
        default="",
        aliases=("ip_proto",),
        unsupported={"ip_proto": "write ipproto"},
        doc="IP protocol.",
    )
    sport: Range | None = kw(
        RangeKind(65_535), default=None, relation=Relation.DIFFERS, doc="Source ports.", default_words="any",
        why="Keepalived 2.4.3 refuses a single port by mistake",  # AD-08
    )  # fmt: skip
    dport: Range | None = kw(
        RangeKind(65_535), default=None, relation=Relation.DIFFERS, doc="Destination ports.", default_words="any",
        why="Keepalived 2.4.3 refuses a single port by mistake",  # AD-08
    )  # fmt: skip
    type: str = kw(Choice(*TYPES), default="unicast", doc="Sort of the rule.")
    goto: int | None = kw(_NUMBER, default=None, doc="Go on at this rule.")
    nop: bool = kw(Flag(), default=False, doc="Do nothing.")
    blackhole: bool = kw(Flag(), default=False, doc="Drop silently.")
    prohibit: bool = kw(Flag(), default=False, doc="Refuse as prohibited.")
    unreachable: bool = kw(Flag(), default=False, doc="Refuse as unreachable.")
    no_track: bool = kw(Flag(), default=False, doc="Leave it away if somebody removes it.")
    track_group: str = kw(Word("NAME"), default="", doc="Static only: instances that fail when it is lost.")


class RuleEntry(Entry[Rule]):
    """A rule; it needs an action (behaviour AD-07)."""

    def __init__(self) -> None:
        super().__init__(Rule)

    def other(self, word: str, words: Words, values: dict[str, Any]) -> None:  # noqa: ARG002  (as inherited)
        """A rule that says what nobody understands is left out: without that word it would match more."""
        words.reject("unknown-word", f"unknown word {word!r} in a rule; the rule is left out")

    def finish(self, words: Words, values: dict[str, Any]) -> None:
        """A rule does something."""
        if not any(values.get(action) for action in ACTIONS) and values.get("goto") is None:
            words.reject("rule-action", "a rule needs an action", hint="write `table NAME`, for instance")
        keep_protocol(words, values)
        if values.get("preference") is None:
            words.complain(
                "rule-preference",
                "a rule without a preference gets one counting down from 16384",
                hint="give it a preference",
            )


RULES: Final = RuleEntry()
