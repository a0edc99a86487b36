"""All oracles together: the witness of a world, who takes everything into the truth and then lets each judge."""

from collections import deque
from typing import Final

from standfast.base.times import Duration, Instant, in_seconds
from standfast.core.vrrp import effects
from standfast.core.vrrp.effects import Overslept, RouterChanged
from standfast.core.vrrp.events import Shielded
from standfast.engine.ports import AddressKey, Event, Part, Router
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.addresses import Holding, NeverAbsent
from standfast.sim.oracles.adverts import Answers, OnTime
from standfast.sim.oracles.announcing import Announced
from standfast.sim.oracles.conflicts import Alarm, Rumours
from standfast.sim.oracles.groups import Faulty, NoWordInFault, Together, Weight
from standfast.sim.oracles.leaving import Goodbye, Leaving
from standfast.sim.oracles.masters import Calm, HealingTakesNothing, NoMaster, OneMaster, TwoMasters
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.oracles.routes import Routed
from standfast.sim.oracles.silence import OwnStall, Silence
from standfast.sim.oracles.states import Delayed, Edges
from standfast.sim.oracles.survivors import Survivors
from standfast.sim.truth import Seat, Truth

ORACLES: Final[tuple[type[Oracle], ...]] = (
    Edges,
    Silence,
    OwnStall,
    TwoMasters,
    NoMaster,
    HealingTakesNothing,
    OneMaster,
    Calm,
    Leaving,
    Goodbye,
    OnTime,
    Answers,
    Holding,
    NeverAbsent,
    Routed,
    Announced,
    Together,
    Faulty,
    NoWordInFault,
    Weight,
    Delayed,
    Rumours,
    Alarm,
    Survivors,
)
STORY_FACTS: Final = (RouterChanged, Overslept, effects.TwoMasters, effects.OneMaster)
STORY_LINES: Final = 400  # what a world remembers of its past, for people


class Panel:
    """The witness of a world (`witness.Witness`)."""

    def __init__(self, truth: Truth, oracles: tuple[type[Oracle], ...] = ORACLES) -> None:
        self.transitions = 0
        self.judges = [oracle(truth) for oracle in oracles]
        self._truth = truth
        self._story: deque[tuple[Instant, str, object]] = deque(maxlen=STORY_LINES)
        self._listeners = {name: self._overriding(name) for name in vars(Oracle) if not name.startswith("_")}

    def story(self) -> list[str]:
        """What has happened lately, a line each."""
        return [_line(at, host, what) for at, host, what in self._story]

    # ---- what a witness is told

    def stirred(self, host: str, what: str, *, harmful: bool) -> None:
        """Something is done to this host, or to the network."""
        self._story.append((self._truth.now, host, what))
        self._truth.stirred(host, harmful=harmful)
        for judge in self._listeners["stirred"]:
            judge.stirred(host, harmful=harmful)

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """A process goes on with these routers."""
        self._truth.configured(host, routers)
        for judge in self._listeners["configured"]:
            judge.configured(host, routers)

    def learns(self, host: SimHost, event: Event) -> None:
        """A process is told something of its host."""
        if isinstance(event, Shielded) and self._truth.unprotected(host):
            self.stirred(host.name, "has its rules at last", harmful=False)  # tried again once a minute
        before = self._truth.learns(host, event)
        for judge in self._listeners["weighed"]:
            for seat, old in before.items():
                judge.weighed(seat, old)

    def stepped(self, host: SimHost) -> None:
        """A process has handled one event."""
        for judge in self._listeners["stepped"]:
            judge.stepped(host)

    def ended(self, host: SimHost) -> None:
        """A process is gone."""
        for judge in self._listeners["ended"]:
            judge.ended(host)
        self._truth.ended(host)

    def told(self, host: SimHost, fact: object) -> None:
        """A process tells a fact."""
        seat = Seat(host.name, getattr(fact, "router", ""))
        if isinstance(fact, STORY_FACTS):
            self._story.append((self._truth.now, host.name, fact))
        if not isinstance(fact, RouterChanged):
            for judge in self._listeners["told"]:
                judge.told(seat, fact)
            return
        self.transitions += 1
        for judge in self._listeners["changed"]:
            judge.changed(seat, fact)
        self._truth.changed(seat, fact.new)

    def sent(self, host: SimHost, router: str, payload: bytes) -> None:
        """A process sends an advert."""
        seat = Seat(host.name, router)
        for judge in self._listeners["sent"]:
            judge.sent(seat, payload)

    def announced(self, host: SimHost, part: Part) -> None:
        """A process announces addresses."""
        seat = Seat(host.name, part.router)
        for judge in self._listeners["announced"]:
            judge.announced(seat, part)

    def arrived(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """A packet came for an open socket."""
        self._truth.arrives(host, packet, kept=kept)
        for judge in self._listeners["arrived"]:
            judge.arrived(host, packet, kept=kept)

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """The network ate a packet."""
        for judge in self._listeners["lost"]:
            judge.lost(sender, receiver, packet)

    def taken(self, host: SimHost, key: AddressKey) -> None:
        """Somebody removes an address by hand."""
        for judge in self._listeners["taken"]:
            judge.taken(host, key)

    def served(self, host: SimHost) -> None:
        """A process has done what it had to do."""
        for judge in self._listeners["served"]:
            judge.served(host)

    # ---- what the world tells

    def after_event(self) -> None:
        """Something has happened."""
        for judge in self._listeners["after_event"]:
            judge.after_event()

    def at_rest(self) -> None:
        """All has been calm for long enough."""
        for judge in self.judges:
            judge.at_rest()

    def _overriding(self, name: str) -> list[Oracle]:
        return [judge for judge in self.judges if getattr(type(judge), name) is not getattr(Oracle, name)]


def _line(at: Instant, host: str, what: object) -> str:
    return f"{in_seconds(Duration(at)):>12}  {host or 'network':8}  {_words(what)}"


def _words(what: object) -> str:
    """An event of the story, for people."""
    if isinstance(what, RouterChanged):
        detail = f": {what.detail}" if what.detail else ""
        return f"{what.router} {what.old} -> {what.new} ({what.reason}){detail}"
    if isinstance(what, Overslept):
        return f"{what.router} overslept by {what.late_us} us and {what.answer}"
    if isinstance(what, effects.TwoMasters):
        return f"{what.router} sees two masters: {what.first} and {what.second}"
    if isinstance(what, effects.OneMaster):
        return f"{what.router} sees one master: {what.survivor}, after {what.lasted_us} us"
    return str(what)
