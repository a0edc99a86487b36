"""The base of all oracles: what they are told, and how they complain."""

from standfast.base.times import Duration, Instant, in_seconds
from standfast.core.vrrp.effects import RouterChanged
from standfast.engine.ports import AddressKey, Part, Router
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.truth import Seat, Truth


class Violation(AssertionError):
    """A rule does not hold in a world."""

    def __init__(self, oracle: str, words: str, at: Instant) -> None:
        super().__init__(oracle, words, at)
        self.oracle = oracle  # the class that complains
        self.words = words
        self.at = at  # the world's time

    def __str__(self) -> str:
        return f"{self.oracle} at {in_seconds(Duration(self.at))} s: {self.words}"


class Oracle:
    """One rule. Each method is told of one kind of thing, after `Truth` has taken it in."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Something was done to this host, or to the network."""

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """The process goes on with these routers, in a moment."""

    def weighed(self, seat: Seat, old: int) -> None:
        """What its host is told changes the router's effective priority, in a moment; it was this."""

    def stepped(self, host: SimHost) -> None:
        """A process has handled one event and all that followed from it."""

    def ended(self, host: SimHost) -> None:
        """The process is gone; its seats are still known."""

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """A router went from one state to another."""

    def told(self, seat: Seat, fact: object) -> None:
        """A router told something else."""

    def sent(self, seat: Seat, payload: bytes) -> None:
        """A router sends an advert."""

    def announced(self, seat: Seat, part: Part) -> None:
        """A router announces addresses."""

    def arrived(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """A packet came for an open socket; kept: its buffer had room."""

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """A packet did not come."""

    def taken(self, host: SimHost, key: AddressKey) -> None:
        """Somebody removes an address by hand, in a moment."""

    def served(self, host: SimHost) -> None:
        """A process has done what it had to do."""

    def after_event(self) -> None:
        """Something has happened in the world."""

    def at_rest(self) -> None:
        """Nothing was done to the world for long enough: everything must be in order."""

    def complain(self, words: str) -> None:
        """Say that the rule does not hold.

        Raises:
            Violation: always.
        """
        raise Violation(type(self).__name__, words, self.truth.now)
