"""What goes wrong in a world: values with their times, each of which ends by itself.

So any of them can be left out of a scenario, and what is left still makes sense; `shrink` lives by that.
"""

from dataclasses import dataclass

from standfast.base.addresses import Family
from standfast.base.times import Duration, Instant
from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict
from standfast.sim.host import SimHost
from standfast.sim.network import Conditions, between_parts
from standfast.sim.plans import INTERFACE, RouterPlan, virtual_address, virtual_route
from standfast.sim.world import EVERYWHERE, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something bad that begins at a moment, and ends after a time."""

    at: Instant
    lasts: Duration = Duration(0)

    def begin(self, world: World) -> None:
        """Do it."""

    def end(self, world: World) -> None:
        """Undo it; called once, at `at + lasts`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFault(Fault):
    """Something bad that happens to one host."""

    host: str

    def begin(self, world: World) -> None:
        """Do it, if there is such a host."""
        if self.host in world.truth.hosts:
            self.befall(world.host(self.host))

    def end(self, world: World) -> None:
        """Undo it."""
        if self.host in world.truth.hosts:
            self.pass_(world.host(self.host))

    def befall(self, host: SimHost) -> None:
        """Do it to the host."""

    def pass_(self, host: SimHost) -> None:
        """Undo it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash(HostFault):
    """The machine dies, and is started again after `lasts`."""

    def befall(self, host: SimHost) -> None:
        """Pull the plug."""
        host.crash()

    def pass_(self, host: SimHost) -> None:
        """Start it again."""
        host.start()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill(HostFault):
    """The process is killed and leaves its addresses behind; it is started again after `lasts`."""

    def befall(self, host: SimHost) -> None:
        """Kill."""
        host.kill()

    def pass_(self, host: SimHost) -> None:
        """Start it again."""
        host.start()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(HostFault):
    """The process is asked to stop; it is started again after `lasts`."""

    def befall(self, host: SimHost) -> None:
        """Ask."""
        host.stop()

    def pass_(self, host: SimHost) -> None:
        """Start it again."""
        host.start()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(HostFault):
    """The process does not run for `lasts`: it is stopped, or gets no CPU."""

    def befall(self, host: SimHost) -> None:
        """Stop it."""
        host.pause()

    def pass_(self, host: SimHost) -> None:
        """Let it go on."""
        host.resume()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(HostFault):
    """The virtual machine is suspended for `lasts`, its clock with it."""

    def befall(self, host: SimHost) -> None:
        """Suspend."""
        host.suspend()

    def pass_(self, host: SimHost) -> None:
        """Let it go on."""
        host.carry_on()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFlap(HostFault):
    """The interface has no carrier for `lasts`."""

    interface: str = INTERFACE

    def befall(self, host: SimHost) -> None:
        """Pull the cable."""
        host.link_down(self.interface)

    def pass_(self, host: SimHost) -> None:
        """Put it back."""
        host.link_up(self.interface)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deaf(HostFault):
    """The process cannot have its sockets for `lasts`."""

    family: Family
    interface: str = INTERFACE

    def befall(self, host: SimHost) -> None:
        """Take them."""
        host.lose_socket(self.family, self.interface)

    def pass_(self, host: SimHost) -> None:
        """Give them back."""
        host.mend_socket(self.family, self.interface)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressTaken(HostFault):
    """Somebody removes an address by hand."""

    number: int
    family: Family
    interface: str = INTERFACE

    def befall(self, host: SimHost) -> None:
        """Remove it."""
        host.delete(virtual_address(self.number, self.family, self.interface).key)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressesRefused(HostFault):
    """The kernel takes no new address for `lasts`."""

    def befall(self, host: SimHost) -> None:
        """No more."""
        host.refuse(refusing=True)

    def pass_(self, host: SimHost) -> None:
        """Again."""
        host.refuse(refusing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesRefused(HostFault):
    """The firewall takes no rules for `lasts`."""

    def befall(self, host: SimHost) -> None:
        """No more."""
        host.refuse_rules(refusing=True)

    def pass_(self, host: SimHost) -> None:
        """Again."""
        host.refuse_rules(refusing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutesRefused(HostFault):
    """The kernel takes no new route for `lasts`."""

    def befall(self, host: SimHost) -> None:
        """No more."""
        host.refuse_routes(refusing=True)

    def pass_(self, host: SimHost) -> None:
        """Again."""
        host.refuse_routes(refusing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTaken(HostFault):
    """Somebody removes a route by hand."""

    router: RouterPlan

    def befall(self, host: SimHost) -> None:
        """Remove it."""
        host.delete_route(virtual_route(self.router, 0).key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep(HostFault):
    """The time of day jumps, and is set right after `lasts`."""

    by: Duration

    def befall(self, host: SimHost) -> None:
        """Jump."""
        host.step_clock(self.by)

    def pass_(self, host: SimHost) -> None:
        """Back."""
        host.step_clock(Duration(-self.by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble(HostFault):
    """A tracker says something else for `lasts`: that it is not good, or of a file another number."""

    kind: TrackerKind
    name: str
    up: bool = False
    value: int = 0

    def befall(self, host: SimHost) -> None:
        """It begins."""
        host.begin_trouble(*self._says())

    def pass_(self, host: SimHost) -> None:
        """It is over."""
        host.end_trouble(*self._says())

    def _says(self) -> tuple[TrackerKey, Verdict]:
        reason = "" if self.up else "trouble"
        return TrackerKey(self.kind, self.name), Verdict(self.up, reason, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload(HostFault):
    """The configuration changes, for good; a host whose process is not there will start with it."""

    routers: tuple[RouterPlan, ...]

    def befall(self, host: SimHost) -> None:
        """Reload."""
        host.reload(self.routers)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWayCut(Fault):
    """For `lasts` one host does not get what another sends."""

    sender: str
    receiver: str
    segment: str = EVERYWHERE

    def begin(self, world: World) -> None:
        """Cut."""
        world.begin_cuts(frozenset({(self.sender, self.receiver)}), self.segment)

    def end(self, world: World) -> None:
        """Mend."""
        world.end_cuts(frozenset({(self.sender, self.receiver)}), self.segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition(Fault):
    """For `lasts` the network falls into parts that do not hear each other."""

    parts: tuple[tuple[str, ...], ...]
    segment: str = EVERYWHERE

    def begin(self, world: World) -> None:
        """Cut."""
        world.begin_cuts(between_parts(self.parts), self.segment)

    def end(self, world: World) -> None:
        """Mend."""
        world.end_cuts(between_parts(self.parts), self.segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather(Fault):
    """For `lasts` the network loses, delays, doubles or reorders packets."""

    conditions: Conditions

    def begin(self, world: World) -> None:
        """It becomes worse."""
        world.begin_weather(self.conditions)

    def end(self, world: World) -> None:
        """It becomes better."""
        world.end_weather(self.conditions)
