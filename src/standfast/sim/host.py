"""A simulated host, and all that can happen to one."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final

from standfast.base.addresses import Family
from standfast.base.routes import RoutingKey
from standfast.base.times import MILLISECOND, Duration, Instant
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.events import Judged
from standfast.engine.ports import AddressKey, Event, Link, LinkChanged, Part, Router
from standfast.sim.clock import HostClock, HostTimeOfDay, Timeline
from standfast.sim.firewall import KernelRules
from standfast.sim.hardware import Hardware, Mailbag
from standfast.sim.kernel import KernelAddresses, KernelRouting
from standfast.sim.network import Network, Packet, Station
from standfast.sim.plans import INTERFACE, INTERFACES, HostPlan, RouterPlan, own_address, router_of
from standfast.sim.process import Process, Reports, Source, VrrpDriver
from standfast.sim.sockets import Medium
from standfast.sim.trackers import Trackers
from standfast.sim.witness import Witness

NEWS_DELAY: Final = MILLISECOND  # from something that happens in the kernel to its process, at most


class SimHost:
    """A machine with at most one vrrp process."""

    def __init__(
        self,
        plan: HostPlan,
        *,
        timeline: Timeline,
        network: Network,
        dice: Random,
        witness: Witness,
        roster: Callable[[], Iterable[HostPlan]],
        driver: type[VrrpDriver],
    ) -> None:
        """Switch a machine on that runs nothing yet.

        Args:
            plan: what it is like.
            timeline: the world's time.
            network: where to plug it in.
            dice: its luck.
            witness: who is told.
            roster: all hosts of the world.
            driver: what drives the node of its process.
        """
        self.name = plan.name
        self.plan = plan  # its routers are those of the next start
        self.process: Process | None = None
        self.woke_at = Instant(0)  # when the last stall ended, in the world's time
        self.woke_by_clock = Instant(0)  # the same by its own clock
        self.set_at = Instant(-1)  # when somebody last set its time of day, in the world's time
        self.deafened: set[Medium] = set()  # whose sockets cannot be had
        self.trackers = Trackers()
        self._stalls = 0  # reasons why the process does not run at the moment
        self._frozen = 0
        self._links_down: Counter[str] = Counter()
        self._start_waits = False
        self._witness = witness
        self._roster = roster
        self._driver = driver
        self.stations = {name: self._plug_in(name, network) for name in plan.interfaces}
        self.clock = HostClock(timeline, rate_ppm=plan.rate_ppm, origin=Instant(dice.randrange(10**12)))
        self.kernel = KernelAddresses(self._news)
        self.routing = KernelRouting(self._news)
        self.rules = KernelRules()
        self.hardware = Hardware(
            plan=plan,
            timeline=timeline,
            network=network,
            clock=self.clock,
            time_of_day=HostTimeOfDay(timeline),
            kernel=self.kernel,
            routing=self.routing,
            rules=self.rules,
            stations=self.stations,
            dice=dice,
        )
        self._mailbag = Mailbag(timeline, dice, NEWS_DELAY)
        self._verdicts = Mailbag(timeline, dice, plan.verdicts_late)

    # ---- what it is like now

    @property
    def runs(self) -> bool:
        """Whether its process lives and is not stalled."""
        return self.process is not None and not self._stalls

    def routers(self) -> tuple[Router, ...]:
        """What its plan says that it should run."""
        return tuple(router_of(router, self.plan, self._roster()) for router in self.plan.routers)

    def link(self, interface: str = INTERFACE) -> Link:
        """One of its interfaces, as the kernel reports it."""
        index = 2 + INTERFACES.index(interface)
        return Link(
            interface,
            index=index,
            up=not self._links_down[interface],
            mac=bytes((2, 0, 0, 0, index, self.plan.number)),
            ipv4=own_address(self.plan.number, Family.IPV4, interface),
            ipv6=own_address(self.plan.number, Family.IPV6, interface),
        )

    def links(self) -> dict[str, Link]:
        """All of them."""
        return {name: self.link(name) for name in self.stations}

    # ---- its process

    def start(self) -> None:
        """Start the process; nothing if one runs."""
        self._witness.stirred(self.name, "starts", harmful=False)
        if self.process is None and self._stalls:
            self._start_waits = True
        elif self.process is None:
            self._begin()

    def reload(self, plans: tuple[RouterPlan, ...] | None = None, **changes: Any) -> None:
        """Give the process other routers.

        Args:
            plans: its routers from now on; without them those of before with the changes.
            changes: fields of `RouterPlan`, for each of its routers.
        """
        self._witness.stirred(self.name, f"reloads {changes}" if changes else "reloads", harmful=True)
        old = plans if plans is not None else self.plan.routers
        self.plan = replace(self.plan, routers=tuple(replace(plan, **changes) for plan in old))
        process, routers = self.process, self.routers()
        if process is not None:
            process.order(lambda: self._apply(process, routers))
            self._wake(Source.INBOX)

    def stop(self) -> None:
        """End the process politely (SIGTERM)."""
        self._witness.stirred(self.name, "stops", harmful=True)
        process = self.process
        if process is not None:
            process.order(process.stop)
            self._wake(Source.INBOX)

    def kill(self) -> None:
        """End the process at once; its addresses stay (SIGKILL)."""
        self._witness.stirred(self.name, "is killed", harmful=True)
        self._start_waits = False
        if self.process is not None:
            self.process.end()
            self._bury()

    def crash(self) -> None:
        """The machine dies: no process, no addresses, no word to anybody."""
        self.kill()
        self._witness.stirred(self.name, "crashes", harmful=True)
        for station in self.stations.values():
            station.up = False
        self.kernel.clear()
        self.routing.clear()

    # ---- its sleep

    def pause(self) -> None:
        """The process does not run (SIGSTOP, or no CPU for it); the kernel goes on receiving."""
        self._witness.stirred(self.name, "sleeps", harmful=True)
        self._stalls += 1

    def resume(self) -> None:
        """It goes on."""
        self._witness.stirred(self.name, "wakes", harmful=False)
        self._stalls -= 1
        if self._stalls:
            return
        self.woke_at, self.woke_by_clock = self.hardware.timeline.now, self.clock.now()
        if self._start_waits:
            self._begin()
        for source in self.process.waited() if self.process is not None else ():
            self._wake(source)

    def suspend(self) -> None:
        """The virtual machine is suspended: nothing is received, and no time passes on its clock."""
        self._frozen += 1
        self.clock.freeze()
        self._switch_stations()
        self.pause()

    def carry_on(self) -> None:
        """The virtual machine goes on."""
        self._frozen -= 1
        if not self._frozen:
            self.clock.thaw()
            if self.process is not None:
                self.process.timer.refresh()
        self._switch_stations()
        self.resume()

    # ---- its interfaces, sockets, addresses and trackers

    def link_down(self, interface: str = INTERFACE) -> None:
        """The interface loses its carrier."""
        self._witness.stirred(self.name, f"{interface} down", harmful=True)
        self._links_down[interface] += 1
        self._switch_stations()
        self._news(LinkChanged(self.link(interface)))

    def link_up(self, interface: str = INTERFACE) -> None:
        """The carrier is back."""
        self._witness.stirred(self.name, f"{interface} up", harmful=False)
        self._links_down[interface] -= 1
        self._switch_stations()
        self._news(LinkChanged(self.link(interface)))

    def lose_socket(self, family: Family, interface: str = INTERFACE) -> None:
        """The process cannot have its socket of this family."""
        self._witness.stirred(self.name, f"loses its {family.name} socket of {interface}", harmful=True)
        self.deafened.add((interface, family))
        if self.process is not None:
            for packet in self.process.sockets.unread_of((interface, family)):
                self._witness.lost(packet.origin, self.name, packet)
            self._news(self.process.sockets.fail((interface, family)))

    def mend_socket(self, family: Family, interface: str = INTERFACE) -> None:
        """It can have it again."""
        self._witness.stirred(self.name, f"may have its {family.name} socket again", harmful=False)
        self.deafened.discard((interface, family))
        if self.process is not None:
            self._news(self.process.sockets.mend((interface, family)))

    def delete(self, key: AddressKey) -> None:
        """Somebody removes an address by hand."""
        self._witness.stirred(self.name, f"somebody removes {key[1]}", harmful=False)
        self._witness.taken(self, key)
        self.kernel.remove(key)

    def refuse(self, *, refusing: bool) -> None:
        """From now on the kernel takes no new address; or it does again."""
        self._witness.stirred(self.name, f"refuses addresses: {refusing}", harmful=False)
        self.kernel.refusing = refusing

    def refuse_rules(self, *, refusing: bool) -> None:
        """From now on the firewall takes no rules; or it does again."""
        self._witness.stirred(self.name, f"refuses rules: {refusing}", harmful=True)
        self.rules.refusing = refusing

    def delete_route(self, key: RoutingKey) -> None:
        """Somebody removes a route by hand."""
        self._witness.stirred(self.name, "somebody removes a route", harmful=False)
        self.routing.remove(key)

    def refuse_routes(self, *, refusing: bool) -> None:
        """From now on the kernel takes no new route; or it does again."""
        self._witness.stirred(self.name, f"refuses routes: {refusing}", harmful=False)
        self.routing.refusing = refusing

    def step_clock(self, by: Duration) -> None:
        """Somebody sets the time of day."""
        self._witness.stirred(self.name, f"its time of day jumps by {by} us", harmful=True)
        self.set_at, time_of_day = self.hardware.timeline.now, self.hardware.time_of_day
        time_of_day.error = Duration(time_of_day.error + by)

    def begin_trouble(self, key: TrackerKey, verdict: Verdict) -> None:
        """From now on this tracker says this."""
        self._witness.stirred(self.name, f"{key.kind} {key.name}: {verdict}", harmful=True)
        self.trackers.begin(key, verdict)
        self._judge([key])

    def end_trouble(self, key: TrackerKey, verdict: Verdict) -> None:
        """It says so no longer."""
        self._witness.stirred(self.name, f"{key.kind} {key.name} is over it", harmful=True)
        self.trackers.end(key, verdict)
        self._judge([key])

    def _judge(self, keys: Iterable[TrackerKey]) -> None:
        """The process hears a little later what these trackers say now, if it listens to them then."""
        process, verdicts = self.process, {key: self.trackers.verdict(key) for key in keys}
        if process is not None and verdicts:
            self._verdicts.send(lambda: self._deliver(process, Judged(verdicts)))

    def _plug_in(self, interface: str, network: Network) -> Station:
        own = frozenset(own_address(self.plan.number, family, interface) for family in Family)
        station = Station(self.name, interface, interface, own, partial(self._receive, interface))
        network.attach(station)
        return station

    def _switch_stations(self) -> None:
        for name, station in self.stations.items():
            station.up = not self._links_down[name] and not self._frozen

    # ---- how its process gets to work

    def _begin(self) -> None:
        self._start_waits = False
        self._switch_stations()
        reports = Reports(
            learns=lambda event: self._witness.learns(self, event),
            stepped=lambda: self._witness.stepped(self),
            fact=lambda fact: self._witness.told(self, fact),
            sent=lambda router, payload: self._witness.sent(self, router, payload),
            announced=self._announced,
            rang=lambda: self._wake(Source.ALARM),
        )
        self.process = Process(self.hardware, reports, self._driver)
        self.process.sockets.unavailable |= self.deafened
        routers = self.routers()
        self._witness.configured(self, routers)
        self.process.start(routers, self.hardware, self.links())
        self._judge(self.trackers.listened_to(routers))
        self._witness.served(self)

    def _apply(self, process: Process, routers: tuple[Router, ...]) -> None:
        self._witness.configured(self, routers)
        process.driver.do(lambda now: process.node.reload(routers, now))
        self._judge(self.trackers.listened_to(routers))

    def _news(self, event: Event) -> None:
        process = self.process
        if process is not None:
            self._mailbag.send(lambda: self._deliver(process, event))

    def _deliver(self, process: Process, event: Event) -> None:
        if process is self.process:
            process.tell(event)
            self._wake(Source.INBOX)

    def _receive(self, interface: str, packet: Packet) -> None:
        process = self.process
        if process is None or not process.sockets.hears(interface, packet):
            self._witness.lost(packet.origin, self.name, packet)
            return
        kept = process.sockets.take(interface, packet, self.clock.now(), self.hardware.time_of_day.now())
        self._witness.arrived(self, packet, kept=kept)
        self._wake(Source.SOCKETS)

    def _wake(self, source: Source) -> None:
        process = self.process
        if process is None:
            return
        if self._stalls:
            process.wait(source)
            return
        process.serve(source)
        if process.ended:
            self._bury()
        self._witness.served(self)

    def _bury(self) -> None:
        self.process = None
        self._witness.ended(self)

    def _announced(self, part: Part) -> None:
        self._witness.announced(self, part)
