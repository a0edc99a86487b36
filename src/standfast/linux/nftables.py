"""The firewall's rules in the words of nft: one text, one transaction, and nobody else's tables in it.

Each family has a table of its own, named alike. It holds an empty chain by which we know it again after a crash: a
table of the same name without that chain belongs to somebody, and is left alone.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from standfast.base.addresses import Family
from standfast.engine.ports import RuleSet, Scoped, Vmac

MARK: Final = "standfast"  # the chain that says whose table it is

WORD: Final = {Family.IPV4: "ip", Family.IPV6: "ip6"}
_IGMP: Final = "ip protocol igmp"
_MLD: Final = "icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report }"
_DISCOVERY: Final = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }"

Rule = tuple[str, str]  # what it matches, and the verdict


def script(rules: RuleSet, families: Iterable[Family]) -> str:
    """The text that leads to these rules and no others of ours, from whatever of ours is there.

    Args:
        rules: what should be.
        families: those with rules, and those whose table may be there from before.
    """
    lines: list[str] = []
    for family in sorted(families):
        table = f"{WORD[family]} {rules.means.table}"
        lines += [f"add table {table}", f"delete table {table}"]  # to add what is there is no mistake
        if family in rules.families:
            lines += [f"table {table} {{", *_indented(_table(rules, family)), "}"]
    return "".join(f"{line}\n" for line in lines)


def _table(rules: RuleSet, family: Family) -> Iterator[str]:
    yield f"chain {MARK} {{ }}"
    incoming, outgoing = (_four if family is Family.IPV4 else _six)(rules)
    yield from _sets(rules, family)
    for name, hook, found in (("in", "input", incoming), ("out", "output", outgoing)):
        if found:
            yield f"chain {name} {{"
            yield f"  type filter hook {hook} priority {rules.means.priority}; policy accept;"
            yield from _indented(_written(rule, rules) for rule in found)
            yield "}"


def _four(rules: RuleSet) -> tuple[list[Rule], list[Rule]]:
    """The rules for what comes in and for what goes out."""
    incoming: list[Rule] = []
    outgoing: list[Rule] = []
    if rules.vmacs:
        outgoing.append((f"{_IGMP} dup to ip daddr device oifname map @bases", "drop"))
    if rules.ipv4:
        incoming.append(("ip daddr @vips", "drop"))
        outgoing.append(("ip saddr @vips", "drop"))
    return incoming, outgoing


def _six(rules: RuleSet) -> tuple[list[Rule], list[Rule]]:
    incoming: list[Rule] = []
    outgoing: list[Rule] = []
    if rules.vmacs:
        outgoing.append((f"{_MLD} dup to ip6 daddr device oifname map @bases", "drop"))
        outgoing.append(("icmpv6 type nd-router-solicit oifname @vmacs", "drop"))
    if any(vmac.link_local for vmac in rules.vmacs):
        outgoing.append(("icmpv6 type nd-neighbor-advert ip6 saddr . oifname @vmacs_link_local", "drop"))
    if rules.ipv6 or rules.link_local:
        for matches in (incoming, outgoing):
            matches.append((_DISCOVERY, "accept"))  # never dropped: RFC 9568, section 6.1
    if rules.ipv6:
        incoming.append(("ip6 daddr @vips", "drop"))
        outgoing.append(("ip6 saddr @vips", "drop"))
    if rules.link_local:
        way = "if" if rules.means.by_index else "ifname"
        incoming.append((f"ip6 daddr . i{way} @vips_link_local", "drop"))
        outgoing.append((f"ip6 saddr . o{way} @vips_link_local", "drop"))
    return incoming, outgoing


def _sets(rules: RuleSet, family: Family) -> Iterator[str]:
    vips = rules.ipv4 if family is Family.IPV4 else rules.ipv6
    if vips:
        yield from _set("set vips", f"ipv{family}_addr", map(str, vips))
    if family is Family.IPV6 and rules.link_local:
        key = "iface_index" if rules.means.by_index else "ifname"
        yield from _set("set vips_link_local", f"ipv6_addr . {key}", map(_scoped, rules.link_local))
    if rules.vmacs:
        yield from _set("map bases", "ifname : iface_index", map(_base, rules.vmacs))
    if family is Family.IPV6 and rules.vmacs:
        yield from _set("set vmacs", "ifname", (f'"{vmac.name}"' for vmac in rules.vmacs))
    shared = [f'{vmac.link_local} . "{vmac.name}"' for vmac in rules.vmacs if vmac.link_local]
    if family is Family.IPV6 and shared:
        yield from _set("set vmacs_link_local", "ipv6_addr . ifname", shared)


def _set(what: str, kind: str, elements: Iterable[str]) -> Iterator[str]:
    yield f"{what} {{"
    yield f"  type {kind}"
    yield f"  elements = {{ {', '.join(elements)} }}"
    yield "}"


def _scoped(one: Scoped) -> str:
    return f"{one.address} . {one.ifindex}" if one.ifindex else f'{one.address} . "{one.interface}"'


def _base(vmac: Vmac) -> str:
    return f'"{vmac.name}" : {vmac.base_index}'


def _written(rule: Rule, rules: RuleSet) -> str:
    match, verdict = rule
    return f"{match} counter {verdict}" if rules.means.counters else f"{match} {verdict}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
