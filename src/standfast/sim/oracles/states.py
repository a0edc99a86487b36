"""How routers go from state to state."""

from typing import Final

from standfast.core.vrrp.effects import RouterChanged
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.step import EDGES
from standfast.sim.host import SimHost
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import Seat, Truth

BEGINNING: Final = "init"


class Edges(Oracle):
    """A router goes only from the state in which it is, and only where the state machine has a way.

    RFC 9568, section 6.4, and `step.EDGES`.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._states: dict[Seat, str] = {}

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """New routers begin."""
        for router in routers:
            self._states.setdefault(Seat(host.name, router.name), BEGINNING)

    def ended(self, host: SimHost) -> None:
        """Its routers will begin anew."""
        self._states = {seat: state for seat, state in self._states.items() if seat.host != host.name}

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Judge the change."""
        state = self._states.get(seat, BEGINNING)
        if fact.old != state:
            self.complain(f"{seat.host} says that {seat.router} was {fact.old}, and it was {state}")
        if (fact.old, fact.new) not in EDGES:
            self.complain(f"{seat.host} took {seat.router} from {fact.old} to {fact.new}")
        self._states[seat] = fact.new
        if fact.new == BEGINNING:
            del self._states[seat]


class Delayed(Oracle):
    """Nobody is master before the startup delay is over, whatever comes meanwhile (behaviours SM-25, RL-12)."""

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Judge a takeover."""
        if fact.new == "master" and self.truth.hosts[seat.host].clock.now() < self.truth.hears_from(
            seat.host
        ):
            self.complain(f"{seat.host} is master of {seat.router} before its startup delay is over")
