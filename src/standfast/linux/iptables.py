"""The firewall's rules by iptables and ipset, for hosts whose firewall is built that way.

Our rules stand in chains of our own; the configured chains only jump there. `iptables-restore` changes a family's
rules in one transaction, and a set is replaced by swapping it with one that was filled before. What VMACs must not
say is dropped; iptables cannot hand it to the interface below, as nftables does.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.engine.ports import Means, RuleSet, SetNames
from standfast.linux.commands import Command, Ended, Plan

_PROGRAM: Final = {Family.IPV4: "iptables", Family.IPV6: "ip6tables"}
_LOCK_WAIT: Final = "5"  # seconds for another iptables to finish
CHAIN_IN, CHAIN_OUT = "standfast-in", "standfast-out"
_MLD: Final = (131, 132, 143)  # report and done of version 1, report of version 2
_SOLICIT, _ADVERTISE, _ROUTER_SOLICIT = 135, 136, 133
_SPARE: Final = "standfast-spare"  # the set that is filled, whichever it replaces


def put(rules: RuleSet, families: Iterable[Family]) -> Plan:
    """Lead to these rules and no others of ours, from whatever of ours is there.

    Raises:
        Refused: a program is missing, or did not do it.
    """
    chosen = sorted(families)
    sets = rules.means.sets
    if sets is not None and (rules.ipv4 or rules.ipv6):
        yield from _well(Command(("ipset", "restore"), "".join(_filled(rules, sets)), package="ipset"))
    for family in chosen:
        jumps = []
        for chain, ours in _jumps(rules.means):
            there = yield from _is_there(family, chain, ours)
            jumps.append((chain, ours, there))
        wanted = family in rules.families
        text = _restored(rules, family, jumps) if wanted else _removed(jumps)
        if wanted or any(there for *_, there in jumps):
            restore = (f"{_PROGRAM[family]}-restore", "--noflush", "-w", _LOCK_WAIT)
            yield from _well(Command(restore, text, package="iptables"))
    if sets is not None:
        yield from _destroyed(sets, rules)


def check(rules: RuleSet) -> Plan:
    """Look whether the configured chains still jump to ours.

    Raises:
        Refused: one does not.
    """
    for family in sorted(rules.families):
        for chain, ours in _jumps(rules.means):
            there = yield from _is_there(family, chain, ours)
            if not there:
                raise Refused("gone", f"{chain} of {_PROGRAM[family]} does not jump to {ours}")


def _jumps(means: Means) -> Iterator[tuple[str, str]]:
    """Each configured chain, and our own that it jumps to."""
    yield means.chain_in, CHAIN_IN
    if means.chain_out:
        yield means.chain_out, CHAIN_OUT


def _is_there(family: Family, chain: str, ours: str) -> Generator[Command, Ended, bool]:
    words = (_PROGRAM[family], "-w", _LOCK_WAIT, "-C", chain, "-j", ours)
    ended = yield Command(words, package="iptables")
    return ended.status == 0


def _well(command: Command) -> Plan:
    ended = yield command
    if ended.status:
        said = ended.complaint.splitlines()[0] if ended.complaint else f"status {ended.status}"
        remedy = (
            "run it as root or give it CAP_NET_ADMIN" if "ermi" in said else "see to the chain or the set"
        )
        raise Refused("iptables", f"{command.words[0]} refuses the rules: {said}", remedy=remedy)


# ---- rules


def _restored(rules: RuleSet, family: Family, jumps: Iterable[tuple[str, str, bool]]) -> str:
    lines = ["*filter"]
    incoming, outgoing = _rules(rules, family)
    for chain, ours, there in jumps:
        lines.append(f":{ours} - [0:0]")  # makes it, or empties it
        if not there:
            lines.append(f"-I {chain} 1 -j {ours}")
        lines += [f"-A {ours} {rule}" for rule in (incoming if ours == CHAIN_IN else outgoing)]
    return "\n".join([*lines, "COMMIT", ""])


def _removed(jumps: Iterable[tuple[str, str, bool]]) -> str:
    lines = ["*filter"]
    for chain, ours, there in jumps:
        if there:
            lines += [f"-D {chain} -j {ours}", f"-F {ours}", f"-X {ours}"]
    return "\n".join([*lines, "COMMIT", ""])


def _rules(rules: RuleSet, family: Family) -> tuple[list[str], list[str]]:
    incoming: list[str] = []
    outgoing = [f"{match} -j DROP" for match in _silenced(rules, family)]
    if family is Family.IPV6 and (rules.ipv6 or rules.link_local):
        for chain in (incoming, outgoing):  # never dropped: RFC 9568, section 6.1
            chain += [f"-p ipv6-icmp --icmpv6-type {number} -j RETURN" for number in (_SOLICIT, _ADVERTISE)]
    incoming += [f"{match} -j DROP" for match in _closed(rules, family, "d")]
    outgoing += [f"{match} -j DROP" for match in _closed(rules, family, "s")]
    return incoming, outgoing


def _closed(rules: RuleSet, family: Family, side: str) -> Iterator[str]:
    """Matches of the closed addresses as destination (`d`) or source (`s`).

    Link-local ones have no set: one for addresses on interfaces holds no address on more than 64 of them.
    """
    sets = rules.means.sets
    flag, way = ("dst", "i") if side == "d" else ("src", "o")
    addresses = rules.ipv4 if family is Family.IPV4 else rules.ipv6
    if addresses and sets is not None:
        yield f"-m set --match-set {sets.ipv4 if family is Family.IPV4 else sets.ipv6} {flag}"
    else:
        yield from (f"-{side} {address}" for address in addresses)
    if family is Family.IPV6:
        yield from (f"-{side} {one.address} -{way} {one.interface}" for one in rules.link_local)


def _silenced(rules: RuleSet, family: Family) -> Iterator[str]:
    """Matches of what VMACs must not say (behaviour VM-12)."""
    protocols = ["-p igmp"]
    if family is Family.IPV6:
        protocols = [f"-p ipv6-icmp --icmpv6-type {number}" for number in (*_MLD, _ROUTER_SOLICIT)]
    for vmac in rules.vmacs:
        yield from (f"{protocol} -o {vmac.name}" for protocol in protocols)
        if family is Family.IPV6 and vmac.link_local:
            said = f"-p ipv6-icmp --icmpv6-type {_ADVERTISE} -s {vmac.link_local}"
            yield f"{said} -o {vmac.name}"


# ---- sets


def _filled(rules: RuleSet, sets: SetNames) -> Iterator[str]:
    """Each set is filled under another name, and swapped with the one in use."""
    for name, family, members in (
        (sets.ipv4, "inet", rules.ipv4),
        (sets.ipv6, "inet6", rules.ipv6),
    ):
        if members:
            for each in (name, _SPARE):
                yield f"create {each} hash:ip family {family} -exist\n"
            yield f"flush {_SPARE}\n"
            yield from (f"add {_SPARE} {member}\n" for member in members)
            yield f"swap {_SPARE} {name}\n"
            yield f"destroy {_SPARE}\n"


def _destroyed(sets: SetNames, rules: RuleSet) -> Plan:
    """Nothing refers to a set without members; the kernel keeps one that somebody else uses."""
    for name, members in ((sets.ipv4, rules.ipv4), (sets.ipv6, rules.ipv6), (_SPARE, ())):
        if not members:
            yield Command(("ipset", "-quiet", "destroy", name), package="ipset")
