"""What is really so in a world, which no host can see: who is what, who hears whom, and since when it is calm.

Oracles judge by it. What must hold is computed here anew from RFC 9568, not taken from the core that is judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, after
from standfast.core.vrrp.events import Judged
from standfast.core.vrrp.router import Router
from standfast.engine.ports import Event, LinkChanged
from standfast.sim.believed import Believed
from standfast.sim.clock import Timeline
from standfast.sim.host import NEWS_DELAY, SimHost
from standfast.sim.knowledge import Knowledge
from standfast.sim.network import Network, Packet
from standfast.sim.plans import own_address

NETWORK: Final = ""  # the name of what happens to no host in particular
SLACK: Final = Duration(MILLISECOND)  # roundings, and turns of the loops


class Seat(NamedTuple):
    """One router of one host."""

    host: str
    router: str


class Group(NamedTuple):
    """The routers that elect a master among them."""

    vrid: int
    family: Family
    unicast: bool


def group_of(router: Router) -> Group:
    """The group that a router belongs to."""
    return Group(router.vrid, router.family, router.group is None)


def skew(router: Router, interval: Duration) -> Duration:
    """RFC 9568, section 6.1 and RFC 3768, section 6.1: in version 2 a fraction of a second."""
    unit = SECOND if router.version == 2 else interval
    return Duration((256 - router.priority) * unit // 256)


def master_down(router: Router, interval: Duration) -> Duration:
    """RFC 9568, section 6.1, with as many adverts as are configured (behaviour SM-06)."""
    return Duration(router.down_timer_adverts * interval + skew(router, interval))


class Truth:
    """The state of a world."""

    def __init__(self, timeline: Timeline, network: Network) -> None:
        self.timeline = timeline
        self.network = network
        self.hosts: dict[str, SimHost] = {}
        self.routers: dict[Seat, Router] = {}
        self.states: dict[Seat, str] = {}
        self.since: dict[Seat, Instant] = {}  # when it entered that state
        self.stirred_at: dict[str, Instant] = {}  # when something was last done to a host, or to the network
        self.harmed_at = Instant(0)
        self.credible = True  # the packet that arrives: its signature is fresh, and no copy
        self.started: dict[str, Instant] = {}  # when each host's process started, by the host's clock
        self._believed = Believed()
        self._told: dict[str, Knowledge] = {}  # what each host's process knows
        self._configured: dict[Seat, Router] = {}  # the routers with their base priorities
        self._faults: dict[str, dict[Seat, bool]] = defaultdict(dict)  # by host, until it learns something
        self._there: dict[str, set[str]] = {}  # the names of each host's routers
        self._slowest: dict[Group, Duration] = defaultdict(lambda: Duration(0))

    # ---- what happens

    def configured(self, host: SimHost, routers: Sequence[Router]) -> None:
        """The host's routers from now on; one that is gone stays until it has said so."""
        if host.name not in self._told:
            self._told[host.name] = Knowledge({name: link.up for name, link in host.links().items()})
            self.started[host.name] = host.clock.now()
        self._faults.pop(host.name, None)
        self._there[host.name] = {router.name for router in routers}
        for router in routers:
            seat = Seat(host.name, router.name)
            group = group_of(router)
            self._configured[seat] = router
            self.routers[seat] = router.worth(self._told[host.name].priority(router))
            self.states.setdefault(seat, "init")
            self._slowest[group] = max(self._slowest[group], router.interval)

    def learns(self, host: SimHost, event: Event) -> dict[Seat, int]:
        """A process is told something of its host; the former priorities of those that have another one now."""
        told = self._told[host.name]
        told.learn(event)
        self._faults.pop(host.name, None)
        if not isinstance(event, Judged | LinkChanged):
            return {}
        before: dict[Seat, int] = {}
        for seat in self.seats_of(host.name):
            old, priority = self.routers[seat], told.priority(self._configured[seat])
            if priority != old.priority:
                before[seat] = old.priority
                self.routers[seat] = old.worth(priority)
        return before

    def arrives(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """A packet comes to a host, which may believe it."""
        vrid = packet.payload[1]
        for seat in self.seats_of(host.name):
            router = self.routers[seat]
            if group_of(router) == Group(vrid, packet.family, unicast=not packet.everybody):
                heeds = kept and host.clock.now() >= self.hears_from(host.name)
                self.credible = heeds and self._believed.judge(host, packet, router)
                return

    def ended(self, host: SimHost) -> None:
        """A process is gone, and all that it knew."""
        self._told.pop(host.name, None)
        self._believed.ended(host)
        self._faults.pop(host.name, None)
        self.started.pop(host.name, None)
        for seat in self.seats_of(host.name):
            self.forget(seat)

    def changed(self, seat: Seat, new: str) -> None:
        """A router is in another state; at its end it is no more, unless another has taken its name."""
        if new == "init" and seat.router not in self._there.get(seat.host, ()):
            self.forget(seat)
            return
        self.states[seat] = new
        self.since[seat] = self.timeline.now

    def forget(self, seat: Seat) -> None:
        """A router is no more."""
        self.routers.pop(seat, None)
        self._configured.pop(seat, None)
        self.states.pop(seat, None)
        self.since.pop(seat, None)

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Something was done to a host, or to the network."""
        self.stirred_at[host] = self.timeline.now
        if harmful:
            self.harmed_at = self.timeline.now

    # ---- who is what

    @property
    def now(self) -> Instant:
        """The world's time."""
        return self.timeline.now

    def groups(self) -> set[Group]:
        """All groups that have a router."""
        return {group_of(router) for router in self.routers.values()}

    def seats_of(self, host: str) -> list[Seat]:
        """The routers of this host."""
        return [seat for seat in self.routers if seat.host == host]

    def companions(self, seat: Seat) -> list[Seat]:
        """The routers of its sync group on its host, itself among them; itself alone if it is in none."""
        name = self.routers[seat].sync_group
        if not name:
            return [seat]
        return [one for one in self.seats_of(seat.host) if self.routers[one].sync_group == name]

    def has_fault(self, seat: Seat) -> bool:
        """Whether anything that its process knows keeps a router itself from taking part."""
        known = self._faults[seat.host]
        if seat not in known:
            known[seat] = self._told[seat.host].has_fault(self._configured[seat])
        return known[seat]

    def unprotected(self, host: SimHost) -> bool:
        """Whether the firewall has refused a host's rules."""
        return self._told[host.name].unprotected

    def in_between(self, seat: Seat) -> bool:
        """Whether the firewall has not answered yet what it was asked to do for the router."""
        return self._told[seat.host].in_between(self._configured[seat])

    def waits(self, seat: Seat) -> bool:
        """Whether it does not begin yet, or nothing begins any more."""
        return self._told[seat.host].waits(self._configured[seat])

    def members(self, group: Group) -> list[Seat]:
        """The routers of the group that take part: neither at fault nor stalled."""
        return [
            seat
            for seat, router in self.routers.items()
            if group_of(router) == group
            and self.states[seat] in {"backup", "master"}
            and self.hosts[seat.host].runs
        ]

    def masters(self, group: Group) -> list[Seat]:
        """Those of them that are master."""
        return [seat for seat in self.members(group) if self.states[seat] == "master"]

    def address(self, seat: Seat) -> IpAddress:
        """The address that this router's adverts come from."""
        router = self.routers[seat]
        return own_address(self.hosts[seat.host].hardware.plan.number, router.family, router.interface)

    def rank(self, seat: Seat) -> tuple[int, int]:
        """Who has the higher one stays master (RFC 9568, section 6.4.3)."""
        return self.routers[seat].priority, int(self.address(seat))

    def of_mixed_ranks(self, one: Seat, other: Seat) -> bool:
        """Whether of two hosts each is the stronger in a router of the sync group."""
        pairs = [
            (self.rank(mine), self.rank(theirs))
            for mine in self.companions(one)
            if (theirs := Seat(other.host, mine.router)) in self.routers
        ]
        return any(mine > theirs for mine, theirs in pairs) and any(mine < theirs for mine, theirs in pairs)

    # ---- who hears whom

    def heeds(self, receiver: Seat, sender: Seat) -> bool:
        """Whether adverts of one pass the receive checks of the other, if they arrive."""
        ours, theirs = self.routers[receiver], self.routers[sender]
        return (
            ours.version == theirs.version
            and (ours.version == 3 or ours.interval == theirs.interval)
            and ours.password == theirs.password
            and self._believes(receiver, sender)
            and (bool(theirs.addresses) or not ours.addresses)
        )

    def _believes(self, receiver: Seat, sender: Seat) -> bool:
        """Whether both sign or neither does, and their times of day are not too far apart."""
        ours, theirs = self.routers[receiver].signature, self.routers[sender].signature
        if ours is None or theirs is None:
            return ours is theirs
        return abs(self._error(receiver.host) - self._error(sender.host)) <= ours.window

    def _error(self, host: str) -> Duration:
        return self.hosts[host].hardware.time_of_day.error

    def hears(self, receiver: Seat, sender: Seat) -> bool:
        """Whether one gets what the other sends, and may believe it."""
        interface, family = self.routers[receiver].interface, self.routers[receiver].family
        one, other = self.hosts[receiver.host], self.hosts[sender.host]
        return (
            self.network.carries(other.stations[interface], one.stations[interface])
            and (interface, family) not in one.deafened
            and (interface, family) not in other.deafened
            and self.heeds(receiver, sender)
        )

    def yields_to(self, receiver: Seat, sender: Seat) -> bool:
        """Whether a backup lets this master be (RFC 9568, section 6.4.2)."""
        ours, theirs = self.routers[receiver], self.routers[sender]
        return theirs.priority >= ours.priority or not ours.preempt

    def clear_part(self, seat: Seat) -> list[Seat] | None:
        """All that it hears or that hear it; None unless each of them hears all the others, and nobody else."""
        members = self.members(group_of(self.routers[seat]))
        part = {other for other in members if other == seat or self._linked(seat, other)}
        for one in part:
            for other in members:
                if one == other:
                    continue
                inside = other in part
                if inside and not (self.hears(one, other) and self.hears(other, one)):
                    return None
                if not inside and (self.hears(one, other) or self.hears(other, one)):
                    return None
        return sorted(part)

    def clear_hosts(self, seat: Seat) -> list[Seat] | None:
        """As `clear_part`, and of a sync group the same is so for each of its routers, among the same hosts."""
        part = self.clear_part(seat)
        companions = self.companions(seat)
        if part is None or len(companions) == 1:
            grouped = part is not None and any(len(self.companions(one)) > 1 for one in part)
            return None if grouped else part
        names = {one.router for one in companions}
        hosts = {one.host for one in part}
        for companion in companions:
            other = self.clear_part(companion)
            if other is None or {one.host for one in other} != hosts:
                return None
        if any({each.router for each in self.companions(one)} != names for one in part):
            return None
        return part

    def _linked(self, one: Seat, other: Seat) -> bool:
        return self.hears(one, other) or self.hears(other, one)

    # ---- how long things may take

    def slowest_interval(self, group: Group) -> Duration:
        """The longest interval that anybody of the group ever announced: somebody may have learnt it."""
        return self._slowest[group]

    def host_slack(self, seat: Seat) -> Duration:
        """How late a host may be with anything while nothing is done to it."""
        return Duration(self.hosts[seat.host].hardware.plan.late + NEWS_DELAY + SLACK)

    def silence(self, seat: Seat) -> Duration:
        """The longest that this router waits for a silent master, in the world's time.

        One of a sync group waits for the last of its group; one that has just started, for the end of the delay.
        """
        routers = [self.routers[one] for one in self.companions(seat)]
        waits = max(master_down(r, max(r.interval, self.slowest_interval(group_of(r)))) for r in routers)
        host = self.hosts[seat.host]
        delays = max(0, self.hears_from(seat.host) - host.clock.now())
        return Duration(host.clock.in_world_time(waits + delays) + self.host_slack(seat))

    def hears_from(self, host: str) -> Instant:
        """When the host's startup delay ends, by its clock: before that it hears nobody (behaviour SM-25)."""
        return after(self.started[host], self.hosts[host].hardware.plan.startup_delay)

    def election(self, seats: Iterable[Seat]) -> Duration:
        """The time until one of these is master, whatever happened before: the slowest one's silence."""
        return Duration(max(map(self.silence, seats), default=0) + self.network.conditions.slowest)

    def settling(self, group: Group) -> Duration:
        """The time until the right one of the group is master.

        A first one after an election, and a stronger one after its delay and another. Where some hear only some,
        one may have to step down for each other one to step up.
        """
        members = [seat for seat, router in self.routers.items() if group_of(router) == group]
        if any(self.routers[seat].sync_group for seat in members):  # what happens to others moves them
            members = list(self.routers)
        delay = max((self.routers[seat].preempt_delay for seat in members), default=0)
        stretched = max(
            (self.hosts[seat.host].clock.in_world_time(delay) for seat in members), default=Duration(0)
        )
        elections = len(members) + 1 if self.network.in_pieces else 2
        slowest = max((self.slowest_interval(group_of(self.routers[seat])) for seat in members), default=0)
        wakes = max((self._wakes(self.hosts[seat.host]) for seat in members), default=0)
        return Duration(elections * self.election(members) + stretched + 2 * slowest + wakes)

    def _wakes(self, host: SimHost) -> int:
        """How much later a router may begin to take part, or hear of what was done to its host."""
        plan = host.hardware.plan
        return host.clock.in_world_time(plan.startup_delay) + plan.verdicts_late

    def quiet_since(self) -> Instant | None:
        """Since when nothing was done to anything; None while the network eats what it likes."""
        if self.network.conditions.loss:
            return None
        return max(self.stirred_at.values(), default=Instant(0))

    def settled(self, group: Group) -> bool:
        """Whether all has been calm for so long that nothing may change any more."""
        since = self.quiet_since()
        return since is not None and self.now - since > self.settling(group)

    def stirred_since(self, instant: Instant, *, but: str = "nobody") -> bool:
        """Whether anything was done since then, not counting what was done to one host."""
        return any(at >= instant for host, at in self.stirred_at.items() if host != but)
