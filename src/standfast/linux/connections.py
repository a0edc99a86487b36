"""How many connections lead to the servers behind a service of nftables: connection tracking knows each.

Its file is read whole, so it must not be endless. IPVS counts for itself (`ipvs.Ipvs.connections`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from standfast.base.addresses import parse_address
from standfast.base.errors import Refused
from standfast.base.limits import CONNTRACK_BYTES
from standfast.base.services import DestinationKey, Endpoint, ServiceKey

Connections = Mapping[DestinationKey, int]  # active ones; a server that nobody counts for is missing

_TRACKED: Final = Path("/proc/net/nf_conntrack")
_BEGUN: Final = frozenset({"SYN_SENT", "SYN_RECV", "ESTABLISHED"})  # of TCP; the others have ended, or nearly
_PROTOCOL, _STATE = 2, 5  # words of a line
_End = tuple[str, str, str, str]  # source, destination, and their ports


def tracked_connections(keys: Collection[ServiceKey], servers: Collection[DestinationKey]) -> Connections:
    """The connections to these servers that began at these services.

    Args:
        keys: of the services.
        servers: that are behind them; port 0: any.

    Raises:
        Refused: they cannot be counted.
    """
    try:
        with _TRACKED.open(encoding="ascii", errors="replace") as file:
            text = file.read(CONNTRACK_BYTES)
    except OSError as error:
        words = f"connections cannot be counted: {_TRACKED}: {error.strerror or error}"
        raise Refused("not-counted", words, remedy="load nf_conntrack, or look with conntrack -L") from None
    if len(text) >= CONNTRACK_BYTES:
        words = "the kernel tracks more connections than are read to count some of them"
        raise Refused("not-counted", words, remedy="look with conntrack -C")
    return counted(text, keys, servers)


def counted(text: str, keys: Collection[ServiceKey], servers: Collection[DestinationKey]) -> Connections:
    """The same from the kernel's lines: who was asked, and who answers behind the translation."""
    endpoints = {one for one in keys if isinstance(one, Endpoint)}
    marks = len(endpoints) < len(keys)  # what was asked by a mark, the line does not say
    found = dict.fromkeys(servers, 0)
    for protocol, there, back in _lines(text):
        server = (parse_address(back[0]), int(back[2]))
        key = next((one for one in (server, (server[0], 0)) if one in found), None)
        if key is not None and (marks or _is_for(endpoints, protocol, there)):
            found[key] += 1
    return found


def _lines(text: str) -> Iterator[tuple[str, _End, _End]]:
    """Of each connection that is alive the protocol, the way there and the way back."""
    for line in text.splitlines():
        words = line.split()
        if len(words) <= _STATE or (words[_PROTOCOL] == "tcp" and words[_STATE] not in _BEGUN):
            continue
        ends = tuple(_ends(words))
        if len(ends) == 2:
            yield words[_PROTOCOL], ends[0], ends[1]


def _ends(words: Iterable[str]) -> Iterator[_End]:
    found: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name in {"src", "dst", "sport", "dport"}:
            found[name] = value
        if len(found) == 4:
            yield found["src"], found["dst"], found["sport"], found["dport"]
            found = {}


def _is_for(endpoints: Iterable[Endpoint], protocol: str, there: _End) -> bool:
    """Whether one of these endpoints was asked."""
    address, port = parse_address(there[1]), int(there[3])
    return any(
        one.transport.name.lower() == protocol and one.address == address and one.port in {0, port}
        for one in endpoints
    )
