"""One router of a node: its parameters, its state, and what is remembered to spare work."""

from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Final, NamedTuple

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed
from standfast.base.frozen import changed
from standfast.base.limits import PEERS_KEPT, REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.priorities import LEAVING
from standfast.base.times import CENTISECOND, Duration, Instant, between, times
from standfast.core.vrrp.accept import parts_of
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.authentic import NO_MARKS, Marks, next_counter, remembered
from standfast.core.vrrp.causes import cause_of
from standfast.core.vrrp.conflict import Masters, Speaker, Voice
from standfast.core.vrrp.effects import (
    AdvertHeard,
    Effects,
    PrepareAdvert,
    PriorityChanged,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import AddressKey, Heard, Received, RouterEvent, Stopped
from standfast.core.vrrp.rivals import FALLEN, Rival, met, outlasts
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.snapshot import RouterSnapshot
from standfast.core.vrrp.standing import Standing, arithmetic
from standfast.core.vrrp.state import Fault, Init, Master, State, no_less_patient
from standfast.core.vrrp.step import step
from standfast.core.vrrp.timing import deadline, master_down
from standfast.wire.ah import decode_ah
from standfast.wire.vrrp import Advert


class Known(NamedTuple):
    """The last advert that passed all checks: the same bytes from the same sender pass them again.

    Not where each advert proves that it was sent just now: there the same bytes are a copy of old ones.
    """

    looks: tuple[bytes, IpAddress, int, IpAddress] | None  # payload, sender, TTL, destination
    sender: IpAddress
    advert: Advert
    ours: IpAddress  # our own address, which the checks compared it with


class Refusal(NamedTuple):
    """The last packet that failed a check whatever the time: a flood is the same bytes again and again."""

    looks: tuple[bytes, IpAddress, int, IpAddress]
    fault: Malformed


# Faults of what a packet says, not of when it comes or what came before; nor of what stood before the advert.
_LASTING: Final = frozenset(
    [
        "ttl",
        "hops",
        "version",
        "short",
        "type",
        "truncated",
        "length",
        "checksum",
        "sender",
        "count",
        "interval-zero",
        "auth-unknown",
        "interval",
        "hmac-missing",
        "hmac-malformed",
        "hmac-unknown-key",
        "hmac-invalid",
    ]
)


@dataclass(slots=True, eq=False)
class Member:
    """A router at work."""

    router: Router  # with the effective priority
    changed_at: Instant
    state: State = field(default_factory=Init)
    reason: str = "configured"
    detail: str = ""
    faults: tuple[str, ...] = ()
    known: Known | None = None
    # The address that our adverts come from, as of the last packet that was checked.
    ours: IpAddress | None = None
    refusal: Refusal | None = None
    marks: Marks = NO_MARKS  # of those whose signatures were believed
    counter: int = 0  # of AH: the highest sequence number that was heard or sent
    reinstated: dict[AddressKey, tuple[Instant, ...]] = field(default_factory=dict)  # put back when
    refused: set[AddressKey] = field(default_factory=set)  # by the kernel, and told
    configured: Router = field(init=False)  # with the base priority
    standing: Standing = field(init=False)
    begun: bool = False  # its trackers had their first results
    rival: Rival | None = None  # another owner of the addresses
    fallen: bool = False  # the owner gives way to its rival
    masters: Masters = field(default_factory=Masters)  # that speak
    heard_from: dict[IpAddress, Voice] = field(default_factory=dict)  # the routers that were heard last

    def __post_init__(self) -> None:
        self.configured = self.router
        self.standing = Standing(self.router.priority)

    def give(self, event: RouterEvent, now: Instant) -> Effects:
        """Let the state machine do what the event asks for."""
        before = self.state
        self.state, effects = step(self.router, self.state, event, now)
        if self.router.ah_key is not None:
            effects = tuple(self._numbered(e) if isinstance(e, SendAdvert) else e for e in effects)
        if type(self.state) is not type(before):
            self.changed_at = now
            self._remember_why(effects)
            if isinstance(before, Master) and not isinstance(event, Heard | Stopped):
                effects += self._gave_way(now)
        elif isinstance(self.state, Fault) and self.state is not before:  # which need not have been told
            self.reason, self.detail = cause_of(self.state.reasons)
        return effects

    def _gave_way(self, now: Instant) -> Effects:
        """Without having heard whom we let be master: of two masters that we were one of, the other is left."""
        return () if self.ours is None else self.masters.leaves(self.router.name, self.ours, now)

    def _remember_why(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, RouterChanged):
                self.reason, self.detail = effect.reason, effect.detail

    def be_worth(self, standing: Standing, now: Instant) -> Effects:
        """Go on with what the trackers say; the faults among it are dealt with elsewhere."""
        old, self.standing = self.router.priority, standing
        if standing.priority == old:
            return ()
        self.state = no_less_patient(self.state, lower=standing.priority < old, now=now)
        self.router = self.router.worth(standing.priority)
        name = self.router.name
        changed = PriorityChanged(name, old, standing.priority, arithmetic(self.configured, standing))
        return PrepareAdvert(name, standing.priority), changed

    def contest(self, now: Instant) -> Effects:
        """Another owner was heard while we are master: fall to 254 if that does not end (behaviour SM-26)."""
        silence = master_down(self.configured, self.configured.interval)
        self.rival = met(self.rival, now, forgotten_after=silence)
        if self.fallen or not isinstance(self.state, Master) or not outlasts(self.rival):
            return ()
        self.fallen = True
        return self.be_worth(changed(self.standing, priority=FALLEN), now)

    def rise(self, now: Instant) -> Effects:
        """The rival is silent: the owner is one again."""
        self.rival, self.fallen = None, False
        return self.be_worth(changed(self.standing, priority=self.configured.priority), now)

    def watch(self, heard: Heard, before: State, now: Instant) -> Effects:
        """See from an advert, and from what it made of us, whether two are master."""
        was, priority, voice = isinstance(before, Master), heard.advert.priority, self._voice(heard)
        voice.priority, voice.last, voice.read = priority, heard.at, now
        if not was and priority != LEAVING and self.masters.goes_on(voice):  # nearly always
            return ()
        name, masters, remains = self.router.name, self.masters, isinstance(self.state, Master)
        voice.interval = self._pace(heard)
        if priority == LEAVING:
            ours = heard.ours if remains else None
            return self._agreed(masters.leaves(name, heard.sender, now, survivor=ours), now)
        if was and not remains and masters.involve(heard.ours):
            return masters.leaves(name, heard.ours, now, survivor=heard.sender)
        if was and remains and self._has_just_spoken(now):
            return ()  # a handover: who was master before has not heard us yet, or says its last word
        if was and remains:
            ours_now = Speaker(heard.ours, self.router.priority, now, now, self.router.interval)
            return masters.contradict(name, ours_now, voice.now())
        return masters.hear(name, voice, self.router.down_timer_adverts)

    def _pace(self, heard: Heard) -> Duration:
        """The sender's interval: in version 2 all have the same."""
        announced = self.router.version == 3 and heard.advert.priority != LEAVING
        return times(heard.advert.interval_cs, CENTISECOND) if announced else self.router.interval

    def _voice(self, heard: Heard) -> Voice:
        """What is remembered of the sender; of too many the one that has been silent longest is forgotten."""
        voice = self.heard_from.get(heard.sender)
        if voice is None:
            if len(self.heard_from) >= PEERS_KEPT:
                del self.heard_from[min(self.heard_from.values(), key=attrgetter("last")).address]
            pace = self._pace(heard)
            voice = Voice(Speaker(heard.sender, heard.advert.priority, heard.at, heard.at, pace))
            self.heard_from[heard.sender] = voice
        return voice

    def _has_just_spoken(self, now: Instant) -> bool:
        return isinstance(self.state, Master) and between(self.state.since, now) < self.router.interval

    def settle_conflict(self, now: Instant) -> Effects:
        """One of two masters may have been silent long enough."""
        ends = self.conflict_ends()
        if ends is None or now < ends:
            return ()
        ours = self.ours if isinstance(self.state, Master) else None
        return self._agreed(self.masters.fall_silent(self.router.name, now, survivor=ours), now)

    def conflict_ends(self) -> Instant | None:
        """When two masters are one again, unless both speak: an interval more than a backup waits at most."""
        return self.masters.ends(self.router.down_timer_adverts)

    def _agreed(self, effects: Effects, now: Instant) -> Effects:
        """A master that is left says once more whose the addresses are."""
        if effects and isinstance(self.state, Master):
            self.state = replace(self.state, announcing=Announcing(Cause.WEAKER, now))
        return effects

    def deadline(self) -> Instant | None:
        """When the router must be told `Due`."""
        due = deadline(self.router, self.state)
        if self.masters.conflict is None:
            return due
        ends = self.conflict_ends()
        return min((each for each in (due, ends) if each is not None), default=None)

    def recalls(self, packet: Received) -> Known | None:
        """What is known of the packet, if it is to the byte the last one that passed all checks."""
        known = self.known
        if known is not None and known.looks == _looks(packet):
            return known
        return None

    def refuses(self, packet: Received) -> Malformed | None:
        """What is wrong with the packet, if it is to the byte the last one that failed a check."""
        refusal = self.refusal
        return refusal.fault if refusal is not None and refusal.looks == _looks(packet) else None

    def refuse(self, packet: Received, fault: Malformed) -> None:
        """Remember a packet that failed a check."""
        if fault.reason in _LASTING:
            self.refusal = Refusal(_looks(packet), fault)

    def forget_packets(self) -> None:
        """What packets were checked against is other than it was."""
        self.known = self.refusal = None

    def learn(self, packet: Received, advert: Advert, ours: IpAddress) -> None:
        """Remember an advert that passed all checks."""
        looks = None if self.router.proves else _looks(packet)
        self.known, self.ours = Known(looks, packet.sender, advert, ours), ours
        self._remember_proof(packet)

    def _remember_proof(self, packet: Received) -> None:
        """What comes from now on must be later than this."""
        if self.router.ah_key is not None:
            self.counter = decode_ah(packet.covering).sequence
        if self.router.signature is not None:
            self.marks = remembered(
                self.router.signature,
                self.marks,
                tail=parts_of(self.router, packet)[1],
                sender=packet.sender,
                wall=packet.wall,
                room=len(self.router.peers),
            )

    def says(self) -> SendAdvert:
        """An advert of ours, with the priority that we have."""
        return self._numbered(SendAdvert(self.router.name, self.router.priority))

    def _numbered(self, effect: SendAdvert) -> SendAdvert:
        if self.router.ah_key is None:
            return effect
        self.counter = next_counter(self.counter)
        return SendAdvert(effect.router, effect.priority, self.counter)

    def may_reinstate(self, key: AddressKey, now: Instant) -> bool:
        """Whether to put this address back at once: not if somebody removes it again and again.

        Each address counts for itself: a person who flushes an interface removes a hundred at one stroke.
        """
        recent = tuple(at for at in self.reinstated.get(key, ()) if between(at, now) < REINSTATE_WINDOW)
        may = len(recent) < REINSTATE_BURST
        self.reinstated[key] = (*recent, now) if may else recent
        return may

    def heard(self, advert: Advert) -> AdvertHeard:
        """The fact that this advert came."""
        return AdvertHeard(self.router.name, leaving=advert.priority == LEAVING)

    def snapshot(self) -> RouterSnapshot:
        """The router at this moment."""
        return RouterSnapshot(
            router=self.router,
            state=self.state,
            changed_at=self.changed_at,
            reason=self.reason,
            detail=self.detail,
            faults=self.faults,
            configured=self.configured,
            standing=self.standing,
            heard=self._heard_last() if self.heard_from else (),
            conflict=self.masters.conflict,
            refused=frozenset(self.refused),
        )

    def _heard_last(self) -> tuple[Speaker, ...]:
        return tuple(voice.now() for voice in sorted(self.heard_from.values(), key=attrgetter("last")))


def copied(member: Member) -> Member:
    """The same member once more, to see what would become of it."""
    other = Member(member.router, member.changed_at, member.state, faults=member.faults, begun=member.begun)
    other.configured, other.standing = member.configured, member.standing
    other.marks, other.counter = member.marks, member.counter
    return other


def _looks(packet: Received) -> tuple[bytes, IpAddress, int, IpAddress]:
    return packet.payload, packet.sender, packet.ttl, packet.destination
