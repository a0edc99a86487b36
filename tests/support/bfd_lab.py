"""What the lab and interop tests of BFD share: configurations, how a session stands, and packets on the wire."""

import re
import struct
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from standfast.base.addresses import IpAddress
from standfast.base.times import Instant
from standfast.lab.capture import Capture
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.processes import Process

LEFT, RIGHT = "10.99.0.1", "10.99.0.2"
LEFT6, RIGHT6 = "fd99::1", "fd99::2"
PORTS: Final = (3784, 4784)
STATES: Final = ("AdminDown", "Down", "Init", "Up")

_ENTERED: Final = re.compile(r"\((?P<name>[^)]+)\) Entering (?P<state>AdminDown|Down|Init|Up) state")


def session(
    neighbor: str, source: str, more: str = "", *, name: str = "wan", ms: int = 50, multiplier: int = 3
) -> str:
    """A `bfd_instance`: as Keepalived reads it, too."""
    return (
        f"bfd_instance {name} {{\n    neighbor_ip {neighbor}\n    source_ip {source}\n"
        f"    min_rx {ms}\n    min_tx {ms}\n    multiplier {multiplier}\n    {more}\n}}\n"
    )


def states(process: Process, name: str = "wan") -> list[str]:
    """Every state that a session entered, by the log of the daemon."""
    return [found["state"] for found in _ENTERED.finditer(process.log()) if found["name"] == name]


def is_up(process: Process, name: str = "wan") -> bool:
    """Whether a session is up, by the log of the daemon."""
    return states(process, name)[-1:] == ["Up"]


def run(host: Host, config: str, *flags: str, name: str = "standfastd") -> Daemon:
    """Our daemon with all parts that it needs; its files are under the host's own /run."""
    files = [f"-b/run/{name}-bfd.pid", f"-c/run/{name}-checkers.pid"]
    return host.run(config, "-D", *files, *flags, name=name)


def pid_of(host: Host, child: str, name: str = "standfastd") -> int:
    """The pid of a child, as its pid file says; 0 if there is none."""
    return int(host.read(f"{name}-{child}.pid") or 0)


class Word(NamedTuple):
    """A control packet on the wire, read by eyes of the tests' own."""

    at: Instant
    source: IpAddress
    destination: IpAddress
    ttl: int
    source_port: int
    port: int
    state: str
    poll: bool
    final: bool
    diagnostic: int
    multiplier: int
    mine: int
    yours: int
    min_tx: int
    min_rx: int


def words(capture: Capture, source: str = "") -> list[Word]:
    """The control packets that passed, on demand of one sender."""
    found = (_word(packet.at, packet.frame) for packet in capture)
    return [word for word in found if word is not None and source in {"", str(word.source)}]


def _word(at: Instant, frame: bytes) -> Word | None:
    kind, body = frame[12:14], frame[14:]
    ends: tuple[IpAddress, IpAddress]
    if kind == b"\x08\x00" and body[9] == 17:
        start, ttl = (body[0] & 15) * 4, body[8]
        ends = IPv4Address(body[12:16]), IPv4Address(body[16:20])
    elif kind == b"\x86\xdd" and body[6] == 17:
        start, ttl = 40, body[7]
        ends = IPv6Address(body[8:24]), IPv6Address(body[24:40])
    else:
        return None
    source_port, port = struct.unpack_from("!HH", body, start)
    if port not in PORTS or len(body) < start + 32:
        return None
    first, second, multiplier, _, mine, yours, tx, rx = struct.unpack_from("!BBBBIIII", body, start + 8)
    return Word(
        at=at,
        source=ends[0],
        destination=ends[1],
        ttl=ttl,
        source_port=source_port,
        port=port,
        state=STATES[second >> 6],
        poll=bool(second & 0x20),
        final=bool(second & 0x10),
        diagnostic=first & 0x1F,
        multiplier=multiplier,
        mine=mine,
        yours=yours,
        min_tx=tx,
        min_rx=rx,
    )
