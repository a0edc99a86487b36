"""What routers tell when two masters are one again: who is left."""

from standfast.base.addresses import IpAddress
from standfast.base.priorities import LEAVING
from standfast.base.times import Instant
from standfast.core.vrrp.effects import OneMaster, RouterChanged, TwoMasters
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.glance import accepted, glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import Group, Seat, Truth, group_of


class Survivors(Oracle):
    """A router that says who is left of two masters names itself if it is one, and else whom it heard last.

    Not who is really left: where the network eats packets the last word may be that of one who has yielded since,
    while the other speaks and is not heard. More than what came, and who said goodbye, nobody can know. Where all
    adverts arrive the last one is the word of the one that is left.

    What comes while the process sleeps may be lost with its socket before it is read; then nothing is judged.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._heard: dict[
            Seat, dict[IpAddress, Instant]
        ] = {}  # by whom sees two masters: who spoke last when

    def arrived(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """Somebody speaks, or says goodbye."""
        if not self._heard or not kept or not self.truth.credible:
            return
        seen = glance(packet.payload)
        place = Group(seen.vrid, packet.family, unicast=not packet.everybody)
        for seat in [seat for seat in self._heard if seat.host == host.name]:
            router = self.truth.routers[seat]
            if group_of(router) == place and accepted(router, seen):
                self._take_in(seat, packet.source, leaves=seen.priority == LEAVING)

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """A router that ends tells nothing any more."""
        if fact.new == "init":
            self._heard.pop(seat, None)

    def ended(self, host: SimHost) -> None:
        """Nor does a process."""
        self._heard = {seat: heard for seat, heard in self._heard.items() if seat.host != host.name}

    def told(self, seat: Seat, fact: object) -> None:
        """Two masters, the second of whom was heard just now; or one again."""
        if seat not in self.truth.routers:
            return
        if isinstance(fact, TwoMasters):
            heard = {fact.first: Instant(self.truth.now - 1), fact.second: self.truth.now}
            heard.pop(self.truth.address(seat), None)
            self._heard[seat] = heard
        if isinstance(fact, OneMaster):
            left = self._left(seat, self._heard.pop(seat, {}))
            if left and fact.survivor not in left:
                names = " or ".join(map(str, left))
                self.complain(
                    f"{seat.host} says that {fact.survivor} is left of the masters of {seat.router}, not {names}"
                )

    def _take_in(self, seat: Seat, source: IpAddress, *, leaves: bool) -> None:
        if not self.truth.hosts[seat.host].runs:
            del self._heard[seat]
        elif leaves:
            self._heard[seat].pop(source, None)
        else:
            self._heard[seat][source] = self.truth.now

    def _left(self, seat: Seat, heard: dict[IpAddress, Instant]) -> list[IpAddress]:
        """Who may be named; nobody if that is not known."""
        if self.truth.states[seat] == "master":
            return [self.truth.address(seat)]
        latest = max(heard.values(), default=None)
        return [address for address, at in heard.items() if at == latest]
