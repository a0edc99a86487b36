"""What a simulated world's tests look at beside masters and holders: its adverts and announcements."""

from typing import NamedTuple

from standfast.base.addresses import IpAddress
from standfast.base.times import Instant
from standfast.core.vrrp.router import Part
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.oracles.panel import ORACLES
from standfast.sim.truth import Seat, Truth
from standfast.sim.world import World


class Spoken(NamedTuple):
    """One advert."""

    at: Instant
    host: str
    router: str
    priority: int


class Watcher(Oracle):
    """Complains of nothing, and writes down."""

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self.adverts: list[Spoken] = []
        self.frames: list[tuple[str, IpAddress]] = []

    def sent(self, seat: Seat, payload: bytes) -> None:
        self.adverts.append(Spoken(self.truth.now, seat.host, seat.router, payload[2]))

    def announced(self, seat: Seat, part: Part) -> None:
        self.frames += [(seat.host, address.address) for address in part.addresses]


class Watched:
    """A world with a watcher beside its oracles."""

    def __init__(self, seed: int = 1) -> None:
        self.world = World(seed, oracles=(*ORACLES, Watcher))
        watcher = self.world.panel.judges[-1]
        assert isinstance(watcher, Watcher)
        self.watcher = watcher

    def spoken_by(self, host: str, since: int = 0) -> list[Spoken]:
        """The adverts of a host since then."""
        return [advert for advert in self.watcher.adverts if advert.host == host and advert.at >= since]

    def frames_of(self, host: str) -> list[IpAddress]:
        """The addresses that a host has announced, one for each frame."""
        return [address for name, address in self.watcher.frames if name == host]
