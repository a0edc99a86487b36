"""Services in the words of nft: a table a family, a chain a service, a chain a destination.

A packet's service is found by its mark, by its address and port, or by its address alone, in this order, as IPVS
looks. The service's chain chooses a destination among numbered slots, the destination's chain translates the
address. Only the first packet of a flow comes there: the others go where the kernel's connection tracking knows,
and so a destination that gets nothing new keeps what it has.

What comes for a service and finds no destination is refused as IPVS refuses it: nobody else here may answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.services import (
    Destination,
    DestinationKey,
    Endpoint,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
)
from standfast.linux.nft_slots import slots
from standfast.linux.nftables import MARK, WORD

TABLE: Final = "standfast_lvs"

_TYPE: Final = {Family.IPV4: "ipv4_addr", Family.IPV6: "ipv6_addr"}
_REFUSE: Final = {Family.IPV4: "icmp port-unreachable", Family.IPV6: "icmpv6 port-unreachable"}
_PORTS: Final = ("tcp", "udp", "sctp")
_SEED: Final = "0x5354414e"  # the same on all directors: they choose alike
_CLIENTS: Final = 65_535  # that one destination remembers; the kernel's usual size of a dynamic set
_BEFORE_ROUTING, _JUST_AFTER, _BEFORE_LEAVING = -100, -99, 100  # dstnat, srcnat of linux/netfilter_ipv4.h

Entry = tuple[Service, Mapping[DestinationKey, Destination]]  # a service and what it is balanced over
Pair = tuple[str, str]  # names of two links that lead to the same network


def remove_table(family: Family) -> Iterator[str]:
    """Nothing of ours in this family, whether there was something or not."""
    table = f"{WORD[family]} {TABLE}"
    yield f"add table {table}"  # to add what is there is no mistake
    yield f"delete table {table}"


def make_table(family: Family, pairs: Iterable[Pair]) -> Iterator[str]:
    """An empty table, in place of what is there."""
    table, address, word = f"{WORD[family]} {TABLE}", _TYPE[family], WORD[family]
    yield from remove_table(family)
    yield f"add table {table}"
    yield f"add chain {table} {MARK}"
    for name, kind in (
        ("endpoint", f"inet_proto . {address} . inet_service"),
        ("host", f"inet_proto . {address}"),
        ("mark", "mark"),
    ):
        yield f"add set {table} {name}s {{ type {kind}; }}"
        yield f"add map {table} by_{name} {{ type {kind} : verdict; }}"
    yield f"add set {table} same_link {{ type ifname . ifname; }}"
    yield from link_pairs(family, pairs)
    yield from _choosing(table, word)
    yield from _refusing(table, word, _REFUSE[family])
    yield from _masking(table, word)


def link_pairs(family: Family, pairs: Iterable[Pair]) -> Iterator[str]:
    """Which links lead to the same network, instead of what was said of them before."""
    name = f"{WORD[family]} {TABLE} same_link"
    yield f"flush set {name}"
    elements = ", ".join(f'"{one}" . "{other}"' for one, other in pairs)
    if elements:
        yield f"add element {name} {{ {elements} }}"


def _choosing(table: str, word: str) -> Iterator[str]:
    """What comes from elsewhere, and what this host asks itself."""
    yield f"add chain {table} choose"
    yield f"add rule {table} choose meta mark vmap @by_mark"
    yield f"add rule {table} choose meta l4proto . {word} daddr . th dport vmap @by_endpoint"
    yield f"add rule {table} choose meta l4proto . {word} daddr vmap @by_host"
    for hook in ("prerouting", "output"):
        yield f"add chain {table} {hook} {{ type nat hook {hook} priority {_BEFORE_ROUTING}; policy accept; }}"
        yield f"add rule {table} {hook} jump choose"


def _refusing(table: str, word: str, how: str) -> Iterator[str]:
    yield f"add chain {table} refuse"
    yield f"add rule {table} refuse ct status dnat return"  # a destination was found
    for match in (
        "meta mark @marks",
        f"meta l4proto . {word} daddr . th dport @endpoints",
        f"meta l4proto . {word} daddr @hosts",
    ):
        yield f"add rule {table} refuse ct state new {match} reject with {how}"
    for hook in ("prerouting", "output"):
        name = f"refuse_{hook}"
        yield f"add chain {table} {name} {{ type filter hook {hook} priority {_JUST_AFTER}; policy accept; }}"
        yield f"add rule {table} {name} jump refuse"


def _masking(table: str, word: str) -> Iterator[str]:
    """Where the server would answer its client directly, past us, it gets to know us as its client."""
    yield f"add chain {table} mask"
    address, port = f"meta l4proto . ct original {word} daddr", "ct original proto-dst"
    for match in (
        "meta mark @marks",
        *(f"meta l4proto {one} {address} . {port} @endpoints" for one in _PORTS),  # whose ports nft must know
        f"{address} @hosts",
    ):
        yield f"add rule {table} mask {match} masquerade"
    name = "postrouting"
    yield f"add chain {table} {name} {{ type nat hook {name} priority {_BEFORE_LEAVING}; policy accept; }}"
    yield f"add rule {table} {name} ct status dnat iifname . oifname @same_link jump mask"


# ---- services


def change(old: Entry | None, new: Entry | None) -> Iterator[str]:
    """Lead from one form of a service to another; both None: nothing."""
    if old is not None and (new is None or old[0].persistence != new[0].persistence):
        yield from _remove(old)
        old = None
    if new is not None:
        yield from _put(old, new)


def _put(old: Entry | None, new: Entry) -> Iterator[str]:
    service, wanted = new
    there = old[1] if old is not None else {}
    table, chain = _place(service.key)
    for name in wanted:
        if name not in there:
            yield from _add_destination(service, name)
    if old is None:
        yield f"add chain {table} {chain}"
        yield from _name(service.key, chain, "add")
    else:
        yield f"flush chain {table} {chain}"
    for rule in _rules(service, wanted):
        yield f"add rule {table} {chain} {rule}"
    for name in there:
        if name not in wanted:
            yield from _remove_destination(service, name)


def _remove(old: Entry) -> Iterator[str]:
    service, there = old
    table, chain = _place(service.key)
    yield from _name(service.key, chain, "delete")
    yield f"flush chain {table} {chain}"
    yield f"delete chain {table} {chain}"
    for name in there:
        yield from _remove_destination(service, name)


def _name(key: ServiceKey, chain: str, verb: str) -> Iterator[str]:
    """The entries by which a packet finds its service."""
    table, _ = _place(key)
    kind, element = _element(key)
    goto = f" : goto {chain}" if verb == "add" else ""
    yield f"{verb} element {table} by_{kind} {{ {element}{goto} }}"
    yield f"{verb} element {table} {kind}s {{ {element} }}"


def _element(key: ServiceKey) -> tuple[str, str]:
    match key:
        case Mark(number):
            return "mark", str(number)
        case Endpoint(transport, address, 0):
            return "host", f"{transport.name.lower()} . {address}"
        case Endpoint(transport, address, port):
            return "endpoint", f"{transport.name.lower()} . {address} . {port}"


def _rules(service: Service, destinations: Mapping[DestinationKey, Destination]) -> Iterator[str]:
    """First the clients that have a server, then the choice."""
    if service.persistence is not None:
        client = _client(service.key.family, service.persistence)
        for name in destinations:
            chain = _destination_chain(service.key, name)
            yield f"{client} @{chain} goto {chain}"
    if found := slots(service.scheduler, destinations.values()):
        choices = ", ".join(
            f"{_range(first, last)} : goto {_destination_chain(service.key, name)}"
            for first, last, name in _runs(found)
        )
        yield f"{_number(service, len(found))} vmap {{ {choices} }}"


def _number(service: Service, count: int) -> str:
    """What gives a packet the number of its slot."""
    word = WORD[service.key.family]
    match service.scheduler:
        case "sh" | "dh":
            what = f"{word} {'saddr' if service.scheduler == 'sh' else 'daddr'}"
            if service.scheduler == "sh" and SchedulerFlag.FLAG_2 in service.flags:
                what += " . th sport"
            return f"jhash {what} mod {count} seed {_SEED}"
        case "random":
            return f"numgen random mod {count}"
        case _:
            return f"numgen inc mod {count}"


def _runs(found: Sequence[DestinationKey]) -> Iterator[tuple[int, int, DestinationKey]]:
    """Slots that follow each other and lead to the same."""
    first = 0
    for number, name in enumerate(found):
        if number + 1 == len(found) or found[number + 1] != name:
            yield first, number, name
            first = number + 1


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


# ---- destinations


def _add_destination(service: Service, name: DestinationKey) -> Iterator[str]:
    table, _ = _place(service.key)
    chain, family, kept = _destination_chain(service.key, name), service.key.family, service.persistence
    yield f"add chain {table} {chain}"
    if kept is not None:
        yield (
            f"add set {table} {chain} {{ type {_TYPE[family]}; size {_CLIENTS}; "
            f"flags dynamic, timeout; timeout {kept.seconds}s; }}"
        )
        yield f"add rule {table} {chain} update @{chain} {{ {_client(family, kept)} }}"
    address, port = name
    if port:
        host = f"[{address}]" if family is Family.IPV6 else str(address)
        yield f"add rule {table} {chain} meta l4proto {{ {', '.join(_PORTS)} }} dnat to {host}:{port}"
    else:
        yield f"add rule {table} {chain} dnat to {address}"


def _remove_destination(service: Service, name: DestinationKey) -> Iterator[str]:
    table, _ = _place(service.key)
    chain = _destination_chain(service.key, name)
    yield f"flush chain {table} {chain}"
    yield f"delete chain {table} {chain}"
    if service.persistence is not None:
        yield f"delete set {table} {chain}"


def _client(family: Family, persistence: Persistence) -> str:
    """Who counts as one client."""
    source = f"{WORD[family]} saddr"
    if persistence.prefix is None or persistence.prefix == family.bits:
        return source
    everything = ip_network((0 if family is Family.IPV4 else "::", persistence.prefix))
    return f"{source} & {everything.netmask}"


# ---- names


def _place(key: ServiceKey) -> tuple[str, str]:
    """A service's table and chain."""
    table = f"{WORD[key.family]} {TABLE}"
    match key:
        case Mark(number):
            return table, f"mark_{number}"
        case Endpoint(transport, address, port):
            return table, f"{transport.name.lower()}_{_dashed(address)}_{port}"


def _destination_chain(key: ServiceKey, name: DestinationKey) -> str:
    _, chain = _place(key)
    address, port = name
    return f"{chain}/{_dashed(address)}_{port}"


def _dashed(address: IpAddress) -> str:
    """Nft allows no colon in a name."""
    return str(address).replace(":", "-")
