"""Other speakers of BFD, as neighbours of ours: FRR's bfdd, BIRD, Keepalived.

Each runs on a host of the lab, with one session, and is told alike.
"""

import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol, Self

from standfast.lab.frr import start_of_frr, start_zebra
from standfast.lab.hosts import INTERFACE, Host


@dataclass(frozen=True, slots=True)
class Way:
    """A session as the neighbour is to have it."""

    neighbor: str  # our address
    source: str  # the neighbour's own
    interval_ms: int = 50
    multiplier: int = 3
    multihop: bool = False
    max_hops: int = 1  # over several hops

    def at(self, interval_ms: int) -> Self:
        """The same at another pace."""
        return replace(self, interval_ms=interval_ms)


class Peer(Protocol):
    """A running neighbour."""

    def adjust(self, way: Way) -> None:
        """Give it another pace."""
        ...

    def take_down(self) -> None:
        """As its administrator does it."""
        ...

    def kill(self) -> None:
        """Kill it; it says nothing."""
        ...

    def log(self) -> str:
        """What it wrote."""
        ...


class PeerKind(Protocol):
    """How a neighbour is made."""

    def __call__(self, host: Host, way: Way) -> Peer:
        """Start it on this host."""
        ...


class Frr:
    """zebra and bfdd, which run as a user of their own: only root can have them."""

    PROGRAM: Final = Path("/usr/lib/frr/bfdd")

    def __init__(self, host: Host, way: Way) -> None:
        """Start them.

        Raises:
            Refused: zebra does not begin to listen.
        """
        self._host = host
        self._way = way
        host.command("rm", "-f", "/run/frr/bfdd.pid")
        self._zebra = start_zebra(host)
        config = "\n".join(["bfd", *self._lines(way), " exit", "exit", ""])
        self._bfdd = start_of_frr(host, "bfdd", config, "--bfdctl /run/frr/bfdd.sock")

    def adjust(self, way: Way) -> None:
        """Give it another pace."""
        self._way = way
        self._say(*self._lines(way))

    def take_down(self) -> None:
        """As its administrator does it."""
        self._say(*self._lines(self._way)[:1], "shutdown")

    def kill(self) -> None:
        """Kill it; it says nothing."""
        self._bfdd.kill()
        self._zebra.kill()

    def log(self) -> str:
        """What it wrote."""
        return self._zebra.log() + self._bfdd.log()

    def _lines(self, way: Way) -> list[str]:
        hops = "multihop " if way.multihop else ""
        link = "" if way.multihop else f" interface {INTERFACE}"
        farthest = [f"  minimum-ttl {255 - way.max_hops}"] if way.multihop else []
        return [
            f" peer {way.neighbor} {hops}local-address {way.source}{link}",
            f"  receive-interval {way.interval_ms}",
            f"  transmit-interval {way.interval_ms}",
            f"  detect-multiplier {way.multiplier}",
            *farthest,
        ]

    def _say(self, *lines: str) -> None:
        words = [word for line in ("configure terminal", "bfd", *lines) for word in ("-c", line.strip())]
        self._host.command("vtysh", "--vty_socket", "/run/frr", *words)


class Bird:
    """BIRD 2."""

    PROGRAM: Final = Path("/usr/sbin/bird")

    def __init__(self, host: Host, way: Way) -> None:
        """Start it."""
        self._host = host
        path = self._write(way)
        self._bird = host.start("bird", "-f", "-c", path, "-s", "/run/bird.ctl", "-P", "/run/bird.pid")

    def adjust(self, way: Way) -> None:
        """Give it another pace."""
        self._write(way)
        self._say("configure")

    def take_down(self) -> None:
        """As its administrator does it."""
        self._say("disable", "bfd1")

    def kill(self) -> None:
        """Kill it; it says nothing."""
        self._bird.kill()

    def log(self) -> str:
        """What it wrote."""
        return self._bird.log()

    def _write(self, way: Way) -> str:
        pace = (
            f"min rx interval {way.interval_ms} ms; min tx interval {way.interval_ms} ms;"
            f" idle tx interval 1000 ms; multiplier {way.multiplier};"
        )
        where = "multihop on" if way.multihop else f'dev "{INTERFACE}"'
        order = f"{way.neighbor} local {way.source} {where}"
        if not way.multihop:
            order = f"{way.neighbor} {where} local {way.source}"
        text = f"""router id 10.99.0.2;
            log stderr all;
            protocol device {{ }}
            protocol bfd bfd1 {{
                interface "*" {{ {pace} }};
                multihop {{ {pace} }};
                neighbor {order};
            }}"""
        return self._host.write("bird.conf", text)

    def _say(self, *words: str) -> None:
        self._host.command("birdc", "-s", "/run/bird.ctl", *words)


class Keepalived:
    """Keepalived, with its BFD process."""

    PROGRAM: Final = Path("/usr/sbin/keepalived")

    def __init__(self, host: Host, way: Way) -> None:
        """Start it."""
        self._host = host
        host.command("rm", "-f", "/run/k.pid", "/run/k-bfd.pid")
        path = self._write(way)
        pids = ["-p", "/run/k.pid", "-b", "/run/k-bfd.pid", "-r", "/run/k-vrrp.pid", "-c", "/run/k-check.pid"]
        self._daemon = host.start("keepalived", "-n", "-l", "-D", "-f", path, *pids)

    def adjust(self, way: Way) -> None:
        """Give it another pace."""
        self._write(way)
        self._daemon.signal(signal.SIGHUP)

    def take_down(self) -> None:
        """It has no word for that; a session that is removed says so."""
        self._host.write("k.conf", _KEPT)
        self._daemon.signal(signal.SIGHUP)

    def kill(self) -> None:
        """Kill it; it says nothing."""
        self._daemon.kill()

    def log(self) -> str:
        """What it wrote."""
        return self._daemon.log()

    def _write(self, way: Way) -> str:
        hops = f"multihop\n max_hops {way.max_hops}" if way.multihop else ""
        # Its hop limit is 64 unless something else is said, which no neighbour accepts (RFC 5881, section 5).
        limit = "hoplimit 255" if ":" in way.source else ""
        text = f"""bfd_instance wan {{
            neighbor_ip {way.neighbor}
            source_ip {way.source}
            min_rx {way.interval_ms}
            min_tx {way.interval_ms}
            multiplier {way.multiplier}
            {hops}
            {limit}
        }}
        """
        return self._host.write("k.conf", text + _KEPT)


_KEPT: Final = """bfd_instance unused {
    neighbor_ip 10.99.0.250
}
"""  # so that a BFD process is still needed without the session
