"""From the words of a configuration to rules as the kernel is told to have them (ip-rule(8))."""

from typing import Final

from standfast.base.addresses import Family, family_of
from standfast.base.route_names import RouteNames, number_of
from standfast.base.routes import HostRule, Mark, Network, RuleAction, Span
from standfast.core.vrrp.routes import network_of, protocol_of, realms_of
from standfast.model.kinds.prefixes import Prefix
from standfast.model.kinds.ranges import Range
from standfast.model.rules import Rule

FIRST_PREFERENCE: Final = 16_384  # of rules without one, then counting down (behaviour AD-06)
_U32: Final = 0xFFFF_FFFF
_ALONE: Final = ("nop", "blackhole", "prohibit", "unreachable")  # actions that are a word each
_OF_TYPE: Final = {
    "blackhole": RuleAction.BLACKHOLE,
    "unreachable": RuleAction.UNREACHABLE,
    "prohibit": RuleAction.PROHIBIT,
}


class Preferences:
    """Gives preferences to rules that have none: of each family one counting down (behaviour AD-06)."""

    def __init__(self) -> None:
        self._next = dict.fromkeys(Family, FIRST_PREFERENCE)

    def of(self, rule: Rule, family: Family) -> int:
        """The preference of the next rule of the configuration."""
        if rule.preference is not None:
            return rule.preference
        self._next[family] -= 1
        return self._next[family] + 1


def host_rule(rule: Rule, names: RouteNames, preferences: Preferences) -> HostRule:
    """The rule, with numbers for its names.

    Raises:
        ValueError: a name means nothing on this host; with words for people.
    """
    family = _family_of(rule)
    return HostRule(
        family=family,
        preference=preferences.of(rule, family),
        action=_action(rule),
        table=number_of(rule.table, names.tables, "routing table", most=_U32) if rule.table else 0,
        goto=rule.goto or 0,
        inverted=rule.not_,
        source=_network(rule.from_, family),
        destination=_network(rule.to, family),
        tos=number_of(rule.tos, names.fields, "type of service", most=0xFF) if rule.tos else 0,
        mark=_mark(rule.fwmark),
        realms=realms_of(rule.realms, names),
        input_interface=rule.dev,
        output_interface=rule.oif,
        suppressed_length=rule.suppress_prefixlength,
        suppressed_group=_group(rule.suppress_ifgroup, names),
        tunnel=rule.tunnel_id or 0,
        users=_span(rule.uidrange),
        l3mdev=rule.l3mdev,
        ip_protocol=number_of(rule.ipproto, names.ip_protocols, "IP protocol", most=0xFF)
        if rule.ipproto
        else 0,
        source_ports=_span(rule.sport),
        destination_ports=_span(rule.dport),
        protocol=protocol_of(rule.protocol, names),
    )


def _family_of(rule: Rule) -> Family:
    if rule.inet or rule.inet6:
        return Family.IPV6 if rule.inet6 else Family.IPV4
    for prefix in (rule.from_, rule.to):
        if prefix is not None and prefix.address is not None:
            return family_of(prefix.address)
        if prefix is not None and prefix.family:
            return Family(prefix.family)
    return Family.IPV4


def _action(rule: Rule) -> RuleAction:
    """The one action that it has (behaviour AD-07)."""
    if rule.goto is not None:
        return RuleAction.GOTO
    for word in _ALONE:
        if getattr(rule, word):
            return RuleAction[word.upper()]
    return _OF_TYPE.get(rule.type, RuleAction.TABLE)


def _network(prefix: Prefix | None, family: Family) -> Network | None:
    """The network; of `any` nothing need be said."""
    return None if prefix is None or prefix.length == 0 else network_of(prefix, family)


def _mark(word: str) -> Mark | None:
    if not word:
        return None
    value, slash, mask = word.partition("/")
    number = number_of(value, {}, "mark", most=_U32)
    return Mark(number, number_of(mask, {}, "mask of a mark", most=_U32) if slash else _U32)


def _group(word: str, names: RouteNames) -> int | None:
    return number_of(word, names.groups, "group of interfaces", most=_U32) if word else None


def _span(given: Range | None) -> Span | None:
    return None if given is None else Span(given.low, given.high)
