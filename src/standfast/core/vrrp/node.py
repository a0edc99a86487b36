"""All virtual routers of one process: the machine that the vrrp child and the simulator drive.

It hands each router what the host's news means for it, keeps the adverts of all of them ahead of everything
else, and compares the addresses that the host should hold with those that it has. What one router does is
`step`; which router a packet is for is `hearing`, and whether it counts `accept`; which addresses should be
there is `holding`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, assert_never

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.errors import Malformed
from standfast.base.limits import READ_BACK_INTERVAL, REINSTATE_WINDOW, SLICE
from standfast.base.times import Instant, after
from standfast.core.vrrp.accept import accept
from standfast.core.vrrp.agenda import Agenda
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    Announce,
    Command,
    Effect,
    Effects,
    Forget,
    HoldAddresses,
    Listen,
    Prepare,
    ReadAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AddressKey,
    AddressRefused,
    Due,
    Event,
    Faulted,
    Heard,
    LinkChanged,
    LinkGone,
    News,
    Received,
    Recovered,
    SocketFailed,
    SocketOpened,
    Started,
    Stop,
    Stopped,
)
from standfast.core.vrrp.hearing import Places, addressee, dropped, not_ours, places_of, told
from standfast.core.vrrp.holding import (
    Wanted,
    abandoned,
    address_of,
    delta,
    left_over,
    refill,
    reinstate,
    released,
    shared,
    strays,
    to_reinstate,
    unmarked,
    wanted,
)
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.reload import plan
from standfast.core.vrrp.router import AD_HOC, Link, Part, Router, faults_of, sliced, source_of
from standfast.core.vrrp.snapshot import NodeSnapshot
from standfast.core.vrrp.state import Backup, Init, Master
from standfast.core.vrrp.timing import advert_due, overslept
from standfast.wire.vrrp import Advert

READING: Final = ""  # who is due in the agenda when the addresses are to be read back; no router's name

Medium = tuple[str, Family]


class Node:
    """The machine of a vrrp process. Give it `start` first."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._places: Places = {}
        self._links: dict[str, Link] = {}
        self._deaf: dict[Medium, str] = {}  # sockets that cannot be had, and why
        self._configured: Wanted = {}
        self._shared: frozenset[AddressKey] = frozenset()
        self._hosts_own: frozenset[AddressKey] = frozenset()  # without our mark, and not put there by us
        self._agenda = Agenda()

    # ---- the machine

    def start(
        self,
        routers: Iterable[Router],
        *,
        links: Mapping[str, Link],
        present: Mapping[AddressKey, int],
        now: Instant,
        former: Iterable[HostAddress] = (),
    ) -> Effects:
        """Take part with these routers.

        Args:
            routers: their names and identities differ.
            links: the host's interfaces by name.
            present: the host's addresses, each with the protocol that marks who put it there.
            now: this moment.
            former: addresses that an earlier process of ours may have left behind.
        """
        self._links = dict(links)
        self._members = {router.name: Member(router, changed_at=now) for router in routers}
        self._index()
        self._agenda.set(READING, after(now, READ_BACK_INTERVAL))
        theirs = [member.router for member in self._members.values()]
        rest = (*left_over(present, theirs), *abandoned(present, former, theirs))
        self._hosts_own = unmarked(present) - {address.key for address in rest}
        effects: list[Effect] = [*released("", rest, keep=()), self._listen()]
        for member in self._members.values():
            effects += self._begin(member, now)
        return tuple(effects)

    def handle(self, event: Event, now: Instant) -> Effects:
        """What follows from the event, in the order in which it is to be done."""
        match event:
            case Received():
                return self._received(event, now)
            case Due():
                return self._due(now)
            case _:
                return (*self._wake(now), *self._news(event, now))

    def _news(self, event: News, now: Instant) -> Effects:
        match event:
            case LinkChanged(link):
                return self._link_changed(link, now)
            case LinkGone(name):
                return self._link_gone(name, now)
            case AddressGone(key):
                return self._address_gone(key, now)
            case AddressesRead(present):
                return self._addresses_read(present)
            case AddressRefused(key, words):
                return self._address_refused(key, words, now)
            case SocketFailed(interface, family, words):
                self._deaf[interface, family] = words
                return self._review(interface, now)
            case SocketOpened(interface, family):
                self._deaf.pop((interface, family), None)
                return self._review(interface, now)
            case Stop():
                return self._stop(now)
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When the node must be told `Due`."""
        return self._agenda.first()

    def ends_silence_next(self) -> bool:
        """Whether what is due next is the end of a backup's silence."""
        member = self._members.get(self._agenda.next() or READING)
        return member is not None and isinstance(member.state, Backup)

    def speak(self, now: Instant) -> tuple[SendAdvert, ...]:
        """Adverts that came due while long work is under way; all else that is due waits for its end."""
        if (first := self._agenda.first()) is None or first > now:
            return ()
        adverts: list[SendAdvert] = []
        for name in self._agenda.due(now):
            member = self._members.get(name)
            if member is None:
                self._agenda.set(name, now)
                continue
            state, router = member.state, member.router
            if (
                isinstance(state, Master)
                and now >= advert_due(router, state)
                and not overslept(router, state, now)
            ):
                adverts += (e for e in member.give(Due(), now) if isinstance(e, SendAdvert))
            self._schedule(member)
        return tuple(adverts)

    def foresee(self) -> Effects:
        """What follows when the router that is due next is given its deadline; changes nothing."""
        member = self._members.get(self._agenda.next() or READING)
        if member is None or (due := member.deadline()) is None:
            return ()
        alone = Node()
        alone._members = {member.router.name: replace(member)}
        alone._schedule(alone._members[member.router.name])
        return alone.handle(Due(), due)

    def reload(self, routers: Iterable[Router], now: Instant) -> Effects:
        """Go on with these routers; those that stay keep their state (behaviours RL-02 to RL-04, RL-10).

        An address that stands in both configurations is never absent in between: what a router that goes
        releases and one that comes or stays holds is found by one comparison at the end.
        """
        waking = self._wake(now)
        before = self.desired()
        stays = self._hosts_own & {
            a.key for m in self._members.values() if m.router.owner for a in m.router.held
        }
        steps = plan(self._members, tuple(routers), now)
        masters = [member for member in steps.changed if isinstance(member.state, Master)]
        farewells = [effect for member in steps.gone for effect in self._farewell(member, now)]
        self._members = steps.members
        self._index()
        effects: list[Effect] = [*waking, *farewells, self._listen(), *map(Forget, steps.renamed)]
        for member in steps.changed:
            effects += (*self._prepare(member), *self._judge(member, now))
            self._schedule(member)
        for member in steps.fresh:
            effects += self._begin(member, now)
        for name in steps.renamed:
            self._agenda.set(name, None)
        return _told_last((*effects, *self._moved(before, masters, stays)))

    def snapshot(self, now: Instant) -> NodeSnapshot:
        """All routers at this moment."""
        return NodeSnapshot(now, tuple(member.snapshot() for member in self._members.values()))

    def desired(self) -> Wanted:
        """What the host should hold now."""
        return wanted((member.router, member.state) for member in self._members.values())

    # ---- adverts

    def _received(self, packet: Received, now: Instant) -> Effects:
        member = addressee(self._places, packet)
        if member is None:
            return (not_ours(packet),)
        known = member.recalls(packet)
        if known is not None:  # nearly always: a master says the same thing again and again
            return self._heard(member, packet, known.advert, known.ours, now)
        ours = source_of(member.router, self._links.get(packet.interface))
        if ours is None:
            return ()  # The link has lost its address, and the fault is on its way.
        try:
            advert = accept(member.router, packet, ours)
        except Malformed as fault:
            return (dropped(member.router.name, packet, fault),)
        odd = told(member, packet, advert)
        member.learn(packet, advert, ours)
        heard, *follows = self._heard(member, packet, advert, ours, now)
        return (heard, *odd, *follows)

    def _heard(
        self, member: Member, packet: Received, advert: Advert, ours: IpAddress, now: Instant
    ) -> Effects:
        at = packet.at if packet.at < now else now
        return (member.heard(advert), *self._give(member, Heard(advert, packet.sender, ours, at), now))

    def _due(self, now: Instant) -> Effects:
        """Adverts of all routers first, whether they take over or go on; announcements a slice at a time."""
        effects: list[Effect] = []
        announcing: list[Member] = []
        for name in self._agenda.due(now):
            if name == READING:
                self._agenda.set(READING, after(now, READ_BACK_INTERVAL))
                effects.append(ReadAddresses())
                continue
            member = self._members[name]
            if isinstance(member.state, Master) and now < advert_due(member.router, member.state):
                announcing.append(member)
            else:
                effects += self._give(member, Due(), now)
        return (*_in_order(effects), *self._announce(announcing, now))

    def _announce(self, members: Sequence[Member], now: Instant) -> Effects:
        effects: list[Effect] = []
        frames = 0
        for member in members:
            if frames < SLICE:
                given = self._give(member, Due(), now)
                frames += sum(len(effect.part.addresses) for effect in given if isinstance(effect, Announce))
                effects += given
            else:
                self._schedule(member)
        return tuple(effects)

    def _give(
        self, member: Member, event: Heard | Due | Faulted | Recovered | Started | Stopped, now: Instant
    ) -> Effects:
        was_master = isinstance(member.state, Master)
        effects = member.give(event, now)
        self._schedule(member)
        if was_master and not isinstance(member.state, Master):
            return self._let_go(member.router, effects)
        return effects

    def _wake(self, now: Instant) -> Effects:
        """Let masters that overslept lie down before anything but a packet makes them speak or announce."""
        due = self._agenda.first()
        if due is None or due >= now:
            return ()
        sleepers = [
            m
            for m in self._members.values()
            if isinstance(m.state, Master) and overslept(m.router, m.state, now)
        ]
        return tuple(effect for member in sleepers for effect in self._give(member, Due(), now))

    def _schedule(self, member: Member) -> None:
        self._agenda.set(member.router.name, member.deadline())

    # ---- the host's interfaces

    def _link_changed(self, link: Link, now: Instant) -> Effects:
        if link == (old := self._links.get(link.name)):
            return ()
        if old is not None and old.index != link.index:  # another interface of the same name
            return (*self._link_gone(link.name, now), *self._link_changed(link, now))
        self._links[link.name] = link
        if old is not None and old.mac != link.mac:
            self._announce_anew(link.name, now)
        return (*self._renewed(link, old), *self._review(link.name, now))

    def _announce_anew(self, interface: str, now: Instant) -> None:
        """Its hardware address is another one now: hosts that learnt the old one would send into the void."""
        for member in self._members.values():
            if isinstance(member.state, Master) and interface in member.router.interfaces:
                member.state = replace(member.state, announcing=Announcing(Cause.MASTER, now))
                self._schedule(member)

    def _link_gone(self, name: str, now: Instant) -> Effects:
        self._links.pop(name, None)
        return (*self._review(name, now), self._listen())

    def _renewed(self, link: Link, old: Link | None) -> Effects:
        """What was made ready for the old looks of a link is made ready again."""
        using = [member for member in self._members.values() if link.name in member.router.interfaces]
        if not using:
            return ()
        listen = (self._listen(),) if old is None or (old.index, old.up) != (link.index, link.up) else ()
        return (*listen, *(effect for member in using for effect in self._prepare(member)))

    def _review(self, interface: str, now: Instant) -> Effects:
        """Compare the faults of the routers on this interface with what they were."""
        effects: list[Effect] = []
        for member in self._members.values():
            if interface in member.router.interfaces:
                member.known = None  # it was compared with the address that we had
                effects += self._judge(member, now)
        return tuple(effects)

    def _judge(self, member: Member, now: Instant) -> Effects:
        faults = self._faults(member.router)
        if faults == member.faults or isinstance(member.state, Init):  # a router that was stopped stays so
            return ()
        member.faults = faults
        if faults:
            return self._give(member, Faulted(faults), now)
        return self._give(member, Recovered(), now)  # all is ready since its link had these looks

    def _faults(self, router: Router) -> tuple[str, ...]:
        words = self._deaf.get((router.interface, router.family))
        return (*faults_of(router, self._links), *([f"no-socket: {words}"] if words is not None else []))

    def _listen(self) -> Listen:
        return Listen(
            tuple(
                (member.router, self._links[member.router.interface])
                for member in self._members.values()
                if member.router.interface in self._links
            )
        )

    def _prepare(self, member: Member) -> Effects:
        link = self._links.get(member.router.interface)
        source = source_of(member.router, link)
        if link is None or source is None:
            return ()
        return (Prepare(member.router, link, source),)

    # ---- coming and going

    def _begin(self, member: Member, now: Instant) -> Effects:
        member.faults = self._faults(member.router)
        first = Faulted(member.faults) if member.faults else Started()
        return (*self._prepare(member), *self._give(member, first, now))

    def _farewell(self, member: Member, now: Instant) -> Effects:
        """A router that a reload removed; its addresses are the business of the comparison at the end."""
        given = member.give(Stopped(), now)
        return tuple(
            RouterChanged(e.router, e.old, e.new, "deleted", e.priority)
            if isinstance(e, RouterChanged)
            else e
            for e in given
            if not isinstance(e, ReleaseAddresses)
        )

    def _stop(self, now: Instant) -> Effects:
        effects: list[Effect] = []
        for member in self._members.values():
            effects += self._give(member, Stopped(), now)
        self._agenda.set(READING, None)
        return _in_order(effects)

    def _index(self) -> None:
        members = self._members.values()
        self._places = places_of(members)
        self._configured = {address.key: address for m in members for address in m.router.held}
        self._shared = shared(m.router for m in members)

    # ---- addresses

    def _let_go(self, router: Router, effects: Effects) -> Effects:
        """Of what the router lets go, that stays which others hold, or which it owns and the host had by itself.

        Who takes the interface's own address away with the owner's takes the host off the network (SM-22).
        """
        held = self.desired() if self._shared else {}
        keep = {key for key in self._shared if key in held}
        if router.owner:
            keep |= self._hosts_own
        return tuple(
            one
            for effect in effects
            for one in (
                released(effect.router, effect.addresses, keep)
                if isinstance(effect, ReleaseAddresses)
                else (effect,)
            )
        )

    def _moved(self, before: Wanted, masters: Iterable[Member], stays: Collection[AddressKey]) -> Effects:
        """From the addresses held before a reload to those wanted after it: additions first.

        Masters with other parameters say so at once (behaviour RL-03).
        """
        want = self.desired()
        effects: list[Effect] = []
        for member in masters:
            if not isinstance(member.state, Master):
                continue
            effects.append(SendAdvert(member.router.name, member.router.priority))
            new = tuple(a for a in member.router.held if before.get(a.key) != a)
            effects += [HoldAddresses(Part(member.router.name, AD_HOC, piece)) for piece in sliced(new)]
        effects += released("", (before[key] for key in delta(before, want).extra), stays)
        return tuple(effects)

    def _address_gone(self, key: AddressKey, now: Instant) -> Effects:
        """Somebody removed an address: a master puts it back at once, but not with no_track (behaviour TR-21)."""
        self._hosts_own -= {key}
        for member in self._members.values():
            if isinstance(member.state, Master) and (address := address_of(member.router, key)) is not None:
                if key in member.router.untracked:
                    return (AddressMissing(member.router.name, address, "left"),)
                if member.may_reinstate(key, now):
                    return reinstate(member.router, (address,))
                self._agenda.bring_forward(READING, after(now, REINSTATE_WINDOW))
                return (AddressMissing(member.router.name, address, "later"),)
        return ()

    def _addresses_read(self, present: Mapping[AddressKey, int]) -> Effects:
        """Read back: put back what is missing, remove what nobody holds (design law 3)."""
        want = self.desired()
        self._hosts_own = frozenset(
            key for key in unmarked(present) if key in self._hosts_own or key not in want
        )
        missing = {address.key for address in delta(present.keys(), want).missing}
        effects: list[Effect] = []
        for member in self._members.values():
            member.refused &= missing
            if isinstance(member.state, Master) and missing:
                effects += refill(member.router, to_reinstate(member.router, missing), member.refused)
        return (*effects, *released("", strays(present, self._configured, want), keep=()))

    def _address_refused(self, key: AddressKey, words: str, now: Instant) -> Effects:
        """Say it, and look again soon: what refused may be over by then."""
        self._agenda.bring_forward(READING, after(now, REINSTATE_WINDOW))
        effects: list[Effect] = []
        for member in self._members.values():
            if isinstance(member.state, Master) and (address := address_of(member.router, key)) is not None:
                member.refused.add(key)
                effects.append(AddressNotHeld(member.router.name, address, words))
        return tuple(effects)


def _in_order(effects: Iterable[Effect]) -> Effects:
    """Adverts of all routers, then what is to be done, then what is to be told; nobody waits for a word."""
    adverts: list[Effect] = []
    commands: list[Effect] = []
    facts: list[Effect] = []
    for effect in effects:
        if isinstance(effect, SendAdvert):
            adverts.append(effect)
        else:
            (commands if isinstance(effect, Command) else facts).append(effect)
    return (*adverts, *commands, *facts)


def _told_last(effects: Iterable[Effect]) -> Effects:
    """What is to be done in its order, then what is to be told in its: an end before a new beginning."""
    every = tuple(effects)
    done = (effect for effect in every if isinstance(effect, Command))
    return (*done, *(effect for effect in every if not isinstance(effect, Command)))
