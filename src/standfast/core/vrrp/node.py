"""All virtual routers of one process: the machine that the vrrp child and the simulator drive.

It hands each router what the host's news means for it, keeps the adverts of all of them ahead of everything
else, and compares the addresses that the host should hold with those that it has. What one router does is
`step`; which router a packet is for is `hearing`, and whether it counts `accept`; what the host is like is
`surroundings`; which addresses should be there is `holding`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, assert_never

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.errors import Malformed
from standfast.base.limits import READ_BACK_INTERVAL, REINSTATE_WINDOW, SLICE
from standfast.base.priorities import OWNER
from standfast.base.routes import Routing
from standfast.base.times import Instant, after
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.accept import accept
from standfast.core.vrrp.belongings import Belongings
from standfast.core.vrrp.conduct import Conduct
from standfast.core.vrrp.effects import (
    Announce,
    Command,
    Effect,
    Effects,
    FirewallTouched,
    Forget,
    GroupChanged,
    ReadAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AddressKey,
    AddressRefused,
    AnnouncementAsked,
    Due,
    Event,
    Heard,
    Judged,
    LinkChanged,
    LinkGone,
    News,
    Ordered,
    Received,
    RoutingGone,
    RoutingRead,
    RoutingRefused,
    Shielded,
    ShieldLost,
    ShieldRefused,
    SocketFailed,
    SocketOpened,
    Stop,
    Stopped,
)
from standfast.core.vrrp.firewall import Means
from standfast.core.vrrp.group_news import GroupNews
from standfast.core.vrrp.groups import takeover_due
from standfast.core.vrrp.hearing import dropped, not_ours, told
from standfast.core.vrrp.holding import Wanted
from standfast.core.vrrp.interfaces import Interfaces
from standfast.core.vrrp.legacy import NodeLegacy, inherit, legacy_of, recollections
from standfast.core.vrrp.member import Member, copied
from standfast.core.vrrp.ordering import in_order, told_last
from standfast.core.vrrp.orders import Order
from standfast.core.vrrp.reload import plan
from standfast.core.vrrp.roster import READING, Roster
from standfast.core.vrrp.router import Link, Router, source_of
from standfast.core.vrrp.routing import RoutingBook
from standfast.core.vrrp.snapshot import NodeSnapshot, RouterSnapshot
from standfast.core.vrrp.state import Backup, Master
from standfast.core.vrrp.static import NOTHING, Static
from standfast.core.vrrp.surroundings import Surroundings
from standfast.core.vrrp.timing import advert_due, overslept
from standfast.wire.vrrp import Advert

NO_VERDICTS: Final[Mapping[TrackerKey, Verdict]] = {}


class Node:
    """The machine of a vrrp process. Give it `start` first."""

    def __init__(self) -> None:
        self._roster = Roster()
        self._host = Surroundings({})
        self._belongings = Belongings(self._roster)
        self._conduct = Conduct(self._roster, self._host, self._belongings)
        self._interfaces = self._on_interfaces()
        self._routing = RoutingBook(self._roster)
        self._static = NOTHING
        self._former_routing: tuple[Routing, ...] = ()
        self._orders: tuple[Order, ...] = ()  # that stand at the start
        self._legacy, self._verdicts, self._exact = NodeLegacy(), NO_VERDICTS, False  # of another process
        self._groups = GroupNews(self._roster)
        self._next: tuple[Router, ...] | None = None  # of a reload that waits for the firewall

    # ---- the machine

    def give_host(self, static: Static, former: Iterable[Routing] = ()) -> None:
        """Before the start: what the host has from then on, whoever is master (behaviour AD-10).

        Args:
            static: that.
            former: routes and rules that an earlier process of ours may have left behind.
        """
        self._static, self._former_routing = static, tuple(former)

    def give_orders(self, orders: tuple[Order, ...]) -> None:
        """Before the start: the orders of operators that stand; later ones come as `Ordered`."""
        self._orders = orders

    def give_legacy(self, legacy: NodeLegacy, verdicts: Mapping[TrackerKey, Verdict], *, exact: bool) -> None:
        """Before the start: go on where another process stopped.

        Args:
            legacy: what it left, from `bequeath`.
            verdicts: of the trackers.
            exact: the configuration is the same.
        """
        self._legacy, self._verdicts, self._exact = legacy, verdicts, exact

    def bequeath(self) -> NodeLegacy:
        """What another process needs to go on; from now on this one must not speak."""
        shield = self._host.shielding.snapshot()
        return NodeLegacy(tuple(map(legacy_of, self._roster)), shield.in_force)

    def recollections(self) -> tuple[RouterChanged | GroupChanged, ...]:
        """How everybody came into the state in which it went on, for those who were not told."""
        return (*self._groups.recollections(), *recollections(self._roster))

    def start(
        self,
        routers: Iterable[Router],
        *,
        links: Mapping[str, Link],
        present: Mapping[AddressKey, int],
        now: Instant,
        former: Iterable[HostAddress] = (),
        not_before: Instant = Instant(0),
        means: Means | None = None,
        rules_left: bool = False,
    ) -> Effects:
        """Take part with these routers.

        Args:
            routers: their names and identities differ.
            links: the host's interfaces by name.
            present: the host's addresses, each with the protocol that marks who put it there.
            now: this moment.
            former: addresses that an earlier process of ours may have left behind.
            not_before: until then nobody becomes master, and adverts are not heeded (behaviour SM-25).
            means: how the firewall is told what routers do not accept.
            rules_left: whether the firewall may have rules of an earlier process of ours.
        """
        self._host = Surroundings(links)
        self._host.not_before, self._host.orders = not_before, self._orders
        self._conduct = Conduct(self._roster, self._host, self._belongings)
        self._interfaces = self._on_interfaces()
        self._roster.replace({router.name: Member(router, changed_at=now) for router in routers})
        self._roster.agenda.set(READING, after(now, READ_BACK_INTERVAL))
        self._host.shielding.start(means or Means(), left_over=rules_left)
        self._routing.configure(self._static)
        self._inherit(now)
        effects: list[Effect] = [
            *self._rules(),
            *self._routing.abandoned(self._former_routing),
            *self._belongings.start(present, former, self._static),
            self._host.listen(self._roster),
        ]
        going_on = [member for member in self._roster if member.begun]
        for member in going_on:
            effects += self._conduct.resume(member, now)
        for member in self._roster:
            effects += () if member in going_on else self._conduct.begin(member, now)
        return self._routing.settle(self._groups.beside(effects, first=True), shaken=True)

    def _on_interfaces(self) -> Interfaces:
        return Interfaces(
            self._roster,
            self._host,
            conduct=self._conduct,
            belongings=self._belongings,
            rules=self._rules,
        )

    def _inherit(self, now: Instant) -> None:
        """Have the members go on that another process left, and know what it knew of the host."""
        if not self._legacy.routers:
            return
        inherit(self._roster, self._legacy, now, exact=self._exact)
        self._host.verdicts |= self._verdicts
        self._groups.recall()
        if self._legacy.shielded and self._exact:
            self._host.shielding.trust((member.router for member in self._roster), self._host.links)
        self._routing.go_on()

    def handle(self, event: Event, now: Instant) -> Effects:
        """What follows from the event, in the order in which it is to be done."""
        match event:
            case Received():
                return self._told(self._received(event, now))
            case Due():
                return self._told(self._due(now))
            case LinkChanged() | LinkGone() | AddressGone():
                return self._told((*self._conduct.wake(now), *self._news(event, now)), shaken=True)
            case _:
                return self._told((*self._conduct.wake(now), *self._news(event, now)))

    def _told(self, effects: Effects, *, shaken: bool = False) -> Effects:
        """The effects of an event, with what they mean for sync groups, routes and rules."""
        if not shaken and self._routing.idle and not self._roster.groups:  # nearly always
            return effects
        return self._routing.settle(self._groups.beside(effects), shaken=shaken)

    def _news(self, event: News, now: Instant) -> Effects:
        match event:
            case LinkChanged(link):
                return self._interfaces.changed(link, now)
            case LinkGone(name):
                return self._interfaces.gone(name, now)
            case AddressGone(key):
                return self._depending(self._belongings.gone(key, now), now)
            case AddressesRead(present):
                return self._depending(self._belongings.read(present), now)
            case AddressRefused(key, words):
                return self._depending(self._belongings.refused(key, words, now), now)
            case RoutingGone() | RoutingRead() | RoutingRefused():
                return self._routing_news(event, now)
            case SocketFailed(interface, family, words):
                return self._interfaces.heard(interface, family, now, deaf=words)
            case SocketOpened(interface, family):
                return self._interfaces.heard(interface, family, now)
            case Judged() | Ordered() | AnnouncementAsked():
                return self._conduct.heed(event, now)
            case Shielded() | ShieldRefused() | ShieldLost():
                return self._shielded(self._host.shielding.hear(event, now), now)
            case Stop(leaves_all):
                return self._stop(now, leaves_all=leaves_all)
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When the node must be told `Due`."""
        return self._roster.agenda.first()

    @property
    def waits(self) -> bool:
        """Whether a reload waits for the firewall."""
        return self._next is not None

    def ends_silence_next(self) -> bool:
        """Whether what is due next is the end of a backup's silence."""
        member = self._roster.get(self._roster.agenda.next())
        return member is not None and isinstance(member.state, Backup)

    def speak(self, now: Instant) -> tuple[SendAdvert, ...]:
        """Adverts that came due while long work is under way; all else that is due waits for its end.

        It is asked again and again in that time, so what waits must cost nothing here.
        """
        beats = self._roster.beats
        if (first := beats.first()) is None or first > now:
            return ()
        adverts: list[SendAdvert] = []
        for name in beats.due(now):
            member = self._roster.get(name)
            if member is None or not isinstance(member.state, Master):
                continue
            if not overslept(member.router, member.state, now):
                adverts += (e for e in member.give(Due(), now) if isinstance(e, SendAdvert))
                self._roster.schedule(member)
        return tuple(adverts)

    def foresee(self) -> Effects:
        """What follows when the router that is due next is given its deadline; changes nothing."""
        member = self._roster.get(self._roster.agenda.next())
        if member is None or (due := member.deadline()) is None:
            return ()
        alone = Node()
        group = self._roster.group_of(member)
        alone._roster.replace({each.router.name: copied(each) for each in group})
        alone._routing.configure(NOTHING)
        due = takeover_due(alone._roster) or due
        for copy in alone._roster:
            alone._roster.schedule(copy)
        return alone.handle(Due(), due)

    def reload(
        self,
        routers: Iterable[Router],
        now: Instant,
        *,
        means: Means | None = None,
        static: Static | None = None,
    ) -> Effects:
        """Go on with these routers; those that stay keep their state (behaviours RL-02 to RL-04, RL-10).

        Addresses that are to accept nothing are not held before the firewall knows: the reload waits for it.
        """
        self._next = tuple(routers)
        self._static = self._static if static is None else static
        self._host.shielding.means = means or self._host.shielding.means
        asking = self._rules()
        if self._must_wait():
            return asking
        return self._routing.settle((*asking, *self._take_over(self._next, now)))

    def _take_over(self, routers: tuple[Router, ...], now: Instant) -> Effects:
        """The reload itself.

        An address that stands in both configurations is never absent in between: what a router that goes
        releases and one that comes or stays holds is found by one comparison at the end.
        """
        self._next = None
        waking = self._conduct.wake(now)
        before, stays, groups = self.desired(), self._belongings.owners_own(), self._roster.groups
        steps = plan(self._roster.by_name, routers, self._host.standing, now)
        masters = [member for member in steps.changed if isinstance(member.state, Master)]
        farewells = [effect for member in steps.gone for effect in self._conduct.farewell(member, now)]
        self._roster.replace(steps.members)
        self._belongings.index(self._static)
        self._routing.configure(self._static)
        effects: list[Effect] = [
            *waking,
            *farewells,
            self._host.listen(self._roster),
            *map(Forget, steps.renamed),
        ]
        for member in steps.changed:
            effects += self._host.prepare(member)
        effects += self._conduct.judge(steps.changed, now)
        for member in steps.fresh:
            effects += self._conduct.begin(member, now)
        effects += self._conduct.regroup(groups, now)
        for member in self._roster:  # also those whose sync group is another now
            self._roster.schedule(member)
        moving = self._belongings.moved(before, masters, stays)
        return told_last(self._groups.beside((*effects, *moving, *self._rules()), others=True))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the routers, in the order of the configuration."""
        return tuple(member.router.name for member in self._roster)

    def verdict(self, key: TrackerKey) -> Verdict:
        """What a tracker says, as the routers know it."""
        return self._host.verdict(key)

    def snapshot(self, now: Instant, names: Iterable[str] | None = None) -> NodeSnapshot:
        """All routers at this moment, or those of these names."""
        return NodeSnapshot(now, self.glimpse(names), self._host.shielding.snapshot())

    def glimpse(self, names: Iterable[str] | None = None) -> tuple[RouterSnapshot, ...]:
        """All routers at this moment, or those of these names, without what is around them."""
        asked = self._roster if names is None else filter(None, map(self._roster.get, names))
        return tuple(member.snapshot() for member in asked)

    def desired(self) -> Wanted:
        """What the host should hold now."""
        return self._belongings.desired()

    # ---- routes, rules and what is static

    def _routing_news(self, event: RoutingGone | RoutingRead | RoutingRefused, now: Instant) -> Effects:
        """What the kernel has and has not; what it lacks is looked at again soon."""
        match event:
            case RoutingGone(key):
                effects = self._routing.gone(key, now)
            case RoutingRead(present):
                effects = self._routing.read(present)
            case RoutingRefused(key, words):
                effects = self._routing.refused(key, words)
        if self._routing.lacking:
            self._roster.agenda.bring_forward(READING, after(now, REINSTATE_WINDOW))
        return self._depending(effects, now)

    def _depending(self, effects: Effects, now: Instant) -> Effects:
        """What is static and cannot be kept is a fault of the routers of its track_group (behaviour AD-11)."""
        before = self._host.lost
        lost = self._static.lost((*self._belongings.static.lacking, *self._routing.lacking))
        if lost == before:
            return effects
        self._host.lost = lost
        members = [m for m in self._roster if lost.get(m.router.name) != before.get(m.router.name)]
        return in_order((*effects, *self._conduct.judge(members, now)))

    # ---- adverts

    def _received(self, packet: Received, now: Instant) -> Effects:
        member = self._roster.addressee(packet)
        if member is None:
            return (not_ours(packet),)
        if now < self._host.not_before:
            return (dropped(member.router.name, packet, Malformed("startup-delay")),)
        known = member.recalls(packet)
        if known is not None:  # nearly always: a master says the same thing again and again
            return self._heard(member, packet, known.advert, known.ours, now)
        if (refused := member.refuses(packet)) is not None:
            return (dropped(member.router.name, packet, refused),)
        ours = source_of(member.router, self._host.links)
        if ours is None:
            return ()  # The link has lost its address, and the fault is on its way.
        try:
            advert = accept(member.router, packet, ours, marks=member.marks, counter=member.counter)
        except Malformed as fault:
            member.refuse(packet, fault)
            return (dropped(member.router.name, packet, fault),)
        odd = told(member, packet, advert)
        member.learn(packet, advert, ours)
        heard, *follows = self._heard(member, packet, advert, ours, now)
        return (heard, *odd, *follows)

    def _heard(
        self, member: Member, packet: Received, advert: Advert, ours: IpAddress, now: Instant
    ) -> Effects:
        at = packet.at if packet.at < now else now
        before, heard = member.state, Heard(advert, packet.sender, ours, at)
        effects = (member.heard(advert), *self._conduct.give(member, heard, now))
        if odd := member.watch(heard, before, now):
            self._roster.schedule(member)
            effects = (*effects, *odd)
        if advert.priority == OWNER == member.configured.priority:
            return (*effects, *member.contest(now))
        return effects

    def _due(self, now: Instant) -> Effects:
        """Adverts of all routers first, whether they take over or go on; announcements a slice at a time."""
        effects: list[Effect] = []
        announcing: list[Member] = []
        for name in self._roster.agenda.due(now):
            member = self._roster.get(name)
            effects += () if member is None else member.settle_conflict(now)
            if member is None:
                self._roster.agenda.set(READING, after(now, READ_BACK_INTERVAL))
                effects += (ReadAddresses(), *self._host.shielding.reading())
            elif member.router.sync_group and isinstance(member.state, Backup):
                effects += self._conduct.elect(member, now)
            elif isinstance(member.state, Master) and now < advert_due(member.router, member.state):
                announcing.append(member)
            else:
                effects += self._conduct.give(member, Due(), now)
        return (*in_order(effects), *self._announce(announcing, now))

    def _announce(self, members: Sequence[Member], now: Instant) -> Effects:
        effects: list[Effect] = []
        frames = 0
        for member in members:
            if frames < SLICE:
                given = self._conduct.give(member, Due(), now)
                frames += sum(len(effect.part.addresses) for effect in given if isinstance(effect, Announce))
                effects += given
            else:
                self._roster.schedule(member)
        return tuple(effects)

    # ---- the firewall

    def _rules(self) -> Effects:
        """What the firewall needs to know of the members, and of those of a reload that waits for it."""
        routers = (*(member.router for member in self._roster.guarded), *(self._next or ()))
        return self._host.shielding.require(routers, self._host.links)

    def _must_wait(self) -> bool:
        """Whether the rules of a reload are not in force yet, and may still be."""
        return any(self._host.shielding.pending(router, self._host.links) for router in self._next or ())

    def _shielded(self, effects: Effects, now: Instant) -> Effects:
        """What the firewall says lets members begin, keeps them from taking part, or lets a reload go on."""
        if any(isinstance(effect, FirewallTouched) and effect.answer == "later" for effect in effects):
            self._roster.agenda.bring_forward(READING, after(now, REINSTATE_WINDOW))
        if self._next is not None and not self._must_wait():
            effects = (*effects, *self._take_over(self._next, now))
        if any(member.router.own_links for member in self._roster):  # they may hear now
            effects = (*effects, self._host.listen(self._roster))
        waiting = [member for member in self._roster if not (member.router.accept and member.begun)]
        return in_order((*effects, *self._conduct.judge(waiting, now)))

    # ---- coming and going

    def _stop(self, now: Instant, *, leaves_all: bool) -> Effects:
        effects: list[Effect] = []
        for member in self._roster:
            member.begun = True  # who has not begun never will
            effects += self._conduct.give(member, Stopped(), now)
        self._roster.agenda.set(READING, None)
        self._next = None
        self._routing.end()
        effects += self._belongings.end()
        if leaves_all:  # whoever comes next goes on with it, before others miss our adverts (AD-14)
            self._routing.forget()
            return tuple(effect for effect in effects if not isinstance(effect, Command))
        return in_order((*effects, *self._host.shielding.end()))
