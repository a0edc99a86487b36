"""All sessions of one process: the machine that the bfd child and the simulator drive.

It finds the session that a packet is for, keeps discriminators and source ports apart, and knows what a reload
means for whom. What one session does is `step`; whether a packet counts is `accept`.
"""

from collections.abc import Iterable
from typing import Final, assert_never

from standfast.base.addresses import Family, IpAddress
from standfast.base.agenda import Agenda
from standfast.base.errors import Malformed
from standfast.base.limits import BFD_PORT_TRIES, BFD_PORTS, BFD_RETRY
from standfast.base.times import Instant, after
from standfast.core.bfd.accept import check_addressed, check_session
from standfast.core.bfd.dice import LUCK, luck, rolled
from standfast.core.bfd.effects import (
    Close,
    ControlHeard,
    Effect,
    Effects,
    Listen,
    Medium,
    NotListening,
    NotSending,
    PacketDropped,
    SessionRemoved,
    SessionStarted,
    Tell,
)
from standfast.core.bfd.events import Due, Event, ListenRefused, OpenRefused, PortTaken, Received, Stop
from standfast.core.bfd.legacy import SessionsLegacy, heir_of, legacy_of
from standfast.core.bfd.member import Member
from standfast.core.bfd.session import Session
from standfast.core.bfd.snapshot import SessionsSnapshot
from standfast.core.bfd.step import begin, tell
from standfast.core.bfd.timing import farewell_ends
from standfast.wire.bfd import YOURS, ControlPacket, decode_control

_LISTENING: Final = "listening"  # in the agenda, beside the lines of the sessions


class Node:
    """The machine of a bfd process. Give it `start` first."""

    def __init__(self) -> None:
        self._members: dict[int, Member] = {}  # by discriminator
        self._by_neighbor: dict[tuple[IpAddress, bool], tuple[Member, ...]] = {}
        self._deaf: dict[tuple[Family, bool], str] = {}
        self._agenda = Agenda()
        self._dice = 0
        self._stopped = False
        self._left = SessionsLegacy()  # by another process

    # ---- the machine

    def give_legacy(self, legacy: SessionsLegacy) -> None:
        """Before the start: go on where another process stopped."""
        self._left = legacy

    def bequeath(self) -> SessionsLegacy:
        """What another process needs to go on; from now on this one must not speak."""
        return SessionsLegacy(tuple(map(legacy_of, self._present())))

    def start(self, sessions: Iterable[Session], now: Instant, *, seed: int) -> Effects:
        """Begin these sessions.

        Args:
            sessions: their names and neighbours differ.
            now: this moment.
            seed: a number that no other start gets: discriminators, ports and jitter follow from it.
        """
        self._dice = rolled(seed)
        going_on = self._inherit(now)
        effects = self.reload(sessions, now)
        alive = [member for member in going_on if not member.leaves]
        return (*effects, *(effect for member in alive for effect in self._resume(member)))

    def _inherit(self, now: Instant) -> tuple[Member, ...]:
        members = tuple(heir_of(left, now) for left in self._left.sessions)
        self._members = {member.line: member for member in members}
        return members

    def _resume(self, member: Member) -> Effects:
        """It goes on: nobody is told that it began."""
        self._schedule(member)
        return (member.opening(), tell(member.session, member.state.phase, member.reason))

    def reload(self, sessions: Iterable[Session], now: Instant) -> Effects:
        """Go on with these: one that watches the same way keeps its state (behaviour BF-07)."""
        effects: list[Effect] = []
        rest = {member.session.identity: member for member in self._present()}
        staying: list[tuple[Member, Session]] = []
        fresh: list[Session] = []
        for session in sessions:
            member = rest.pop(session.identity, None)
            if member is None:
                fresh.append(session)
            else:
                staying.append((member, session))
        for member in rest.values():
            effects += self._remove(member, now)
        for member, session in staying:
            if member.session != session:
                effects += member.adjust(session, now)
        begun = [self._make(session, now) for session in fresh]
        self._index()
        effects.append(self._listen())
        for member in begun:
            effects += self._begin(member)
        return tuple(effects)

    def handle(self, event: Event, now: Instant) -> Effects:
        """What follows from the event, in the order in which it is to be done."""
        if self._stopped:
            return ()
        match event:
            case Received():
                return self._received(event, now)
            case Due():
                return self._due(now)
            case PortTaken(line):
                return self._port_taken(line, now)
            case OpenRefused(line, words):
                return self._refused(line, words, now)
            case ListenRefused(family, multihop, words):
                self._deaf[family, multihop] = words
                self._agenda.bring_forward(_LISTENING, after(now, BFD_RETRY))
                return (NotListening(family, multihop, words),)
            case Stop():
                return self._stop(now)
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When the node must be told `Due`."""
        return self._agenda.first()

    def verdicts(self) -> tuple[Tell, ...]:
        """What each session says now: for a process that has only begun to listen."""
        return tuple(tell(each.session, each.state.phase, each.reason) for each in self._present())

    def snapshot(self, now: Instant) -> SessionsSnapshot:
        """All sessions at this moment."""
        deaf = tuple(f"IPv{family:d} {_words(multi)}: {why}" for (family, multi), why in self._deaf.items())
        return SessionsSnapshot(now, tuple(member.snapshot() for member in self._members.values()), deaf)

    # ---- packets

    def _received(self, packet: Received, now: Instant) -> Effects:
        at = packet.at if packet.at < now else now
        member = self._members.get(int.from_bytes(packet.payload[YOURS], "big"))
        if member is not None and member.recalls(packet):
            member.heard_again(at)
            return (ControlHeard(member.session.name),)
        member = None
        try:
            control = decode_control(packet.payload)
            check_addressed(control)
            member = self._addressee(packet, control)
            check_session(member.session, member.state.phase, packet, control)
        except Malformed as fault:
            name = "" if member is None else member.session.name
            return (PacketDropped(name, packet.sender, fault.reason, fault.got, fault.want),)
        effects = member.heard(packet, control, at, now)
        self._schedule(member)
        return (*effects, ControlHeard(member.session.name))

    def _addressee(self, packet: Received, control: ControlPacket) -> Member:
        """The session that a packet is for (RFC 5880, section 6.8.6; RFC 5881, section 3; RFC 5883, section 4).

        Raises:
            Malformed: there is none.
        """
        if control.yours:
            member = self._members.get(control.yours)
            if member is None or member.session.multihop != packet.multihop:
                raise Malformed("unknown-discriminator", got=control.yours)
            return member
        for member in self._by_neighbor.get((packet.sender, packet.multihop), ()):
            if member.session.source in {None, packet.destination}:
                return member
        raise Malformed("unknown-neighbour")

    # ---- time

    def _due(self, now: Instant) -> Effects:
        effects: list[Effect] = []
        for key in self._agenda.due(now):
            if key == _LISTENING:
                self._deaf.clear()
                effects.append(self._listen())
                continue
            member = self._members[int(key)]
            if member.leaves and farewell_ends(member.session, member.state) <= now:
                effects += self._forget(member)
                continue
            effects += member.due(now)
            self._schedule(member)
        return tuple(effects)

    def _schedule(self, member: Member) -> None:
        self._agenda.set(str(member.line), member.deadline())

    # ---- sessions come and go

    def _present(self) -> list[Member]:
        """Those that are configured."""
        return [member for member in self._members.values() if not member.leaves]

    def _make(self, session: Session, now: Instant) -> Member:
        state = begin(session, discriminator=self._pick_discriminator(), dice=self._roll(), now=now)
        member = Member(session, state, self._pick_port())
        self._members[member.line] = member
        return member

    def _begin(self, member: Member) -> Effects:
        self._schedule(member)
        session, state = member.session, member.state
        return (
            member.opening(),
            tell(session, state.phase, "started"),
            SessionStarted(session.name, session.neighbor, state.discriminator, member.port),
        )

    def _remove(self, member: Member, now: Instant) -> Effects:
        """It goes on for a while, to say AdminDown; its name may be given again at once."""
        effects = member.take_down(now)
        self._schedule(member)
        return (*effects, SessionRemoved(member.session.name))

    def _forget(self, member: Member) -> Effects:
        del self._members[member.line]
        self._index()
        return (Close(member.line), self._listen())

    def _stop(self, now: Instant) -> Effects:
        """All say AdminDown; whoever follows them finds out by itself that this process ends."""
        self._stopped = True
        self._agenda = Agenda()
        return tuple(effect for member in self._present() for effect in member.take_down(now))

    def _index(self) -> None:
        places: dict[tuple[IpAddress, bool], tuple[Member, ...]] = {}
        for member in self._present():
            place = member.session.neighbor, member.session.multihop
            places[place] = (*places.get(place, ()), member)
        self._by_neighbor = places

    # ---- sockets

    def _listen(self) -> Listen:
        media: dict[tuple[Family, bool], list[Member]] = {}
        for member in self._members.values():
            media.setdefault((member.session.family, member.session.multihop), []).append(member)
        return Listen(tuple(_medium(place, members) for place, members in sorted(media.items())))

    def _port_taken(self, line: int, now: Instant) -> Effects:
        member = self._members.get(line)
        if member is None:
            return ()
        member.ports_taken += 1
        if member.ports_taken >= BFD_PORT_TRIES:
            member.ports_taken = 0
            return self._refused(line, f"the last {BFD_PORT_TRIES} source ports were taken", now)
        member.port = self._pick_port()
        return (member.opening(),)

    def _refused(self, line: int, words: str, now: Instant) -> Effects:
        member = self._members.get(line)
        if member is None:
            return ()
        member.trouble, member.refused_at = words, now
        self._schedule(member)
        return (NotSending(member.session.name, words),)

    # ---- luck

    def _roll(self) -> int:
        self._dice = rolled(self._dice)
        return self._dice

    def _pick_discriminator(self) -> int:
        """Not 0, and another one for each session (section 6.3; behaviour BF-05 is not copied)."""
        while True:
            picked = luck(self._roll())
            if picked and picked not in self._members:
                return picked

    def _pick_port(self) -> int:
        """A source port, another one for each session (RFC 5881, section 4)."""
        used = {member.port for member in self._members.values()}
        span = len(BFD_PORTS)
        first = luck(self._roll()) * span // LUCK
        ports = (BFD_PORTS[(first + step) % span] for step in range(span))
        return next((port for port in ports if port not in used), BFD_PORTS[first])


def _medium(place: tuple[Family, bool], members: Iterable[Member]) -> Medium:
    family, multihop = place
    there = tuple(members)
    return Medium(
        family,
        multihop,
        least_ttl=min(member.session.least_ttl for member in there),
        discriminators=frozenset(member.state.discriminator for member in there),
        neighbors=frozenset(member.session.neighbor for member in there),
    )


def _words(multihop: bool) -> str:
    return "multihop" if multihop else "single hop"
