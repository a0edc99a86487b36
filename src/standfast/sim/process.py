"""One vrrp process of a simulated host: the real node, driver and effects, on simulated ports.

It is a loop that serves one thing after the other: an alarm that rang, a socket that has something, news of the
kernel, an order. Nothing takes time in it. While its host stalls, things wait; when the stall ends they are served
in any order, for nothing promises one.
"""

from collections import deque
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from standfast.base.times import Instant, after
from standfast.core.vrrp.effects import (
    AddressMissing,
    Effect,
    Effects,
    OneMaster,
    Overslept,
    RouterChanged,
    TwoMasters,
    WeakerHeard,
)
from standfast.core.vrrp.events import Due, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.static import NOTHING
from standfast.engine.driver import Driver
from standfast.engine.ports import Event, Link, Part, Received, Router
from standfast.engine.signing import Signer
from standfast.engine.vrrp import VrrpEffects
from standfast.sim.announcer import Announcer
from standfast.sim.clock import HostTimer
from standfast.sim.firewall import Firewall
from standfast.sim.hardware import Hardware
from standfast.sim.sockets import Sockets

VrrpDriver = Driver[Event, Effect]
JUDGED_BY: Final = frozenset({RouterChanged, WeakerHeard, AddressMissing, Overslept, TwoMasters, OneMaster})


class Source(StrEnum):
    """What a process waits for."""

    ALARM = "alarm"
    SOCKETS = "sockets"
    INBOX = "inbox"


class Reports:
    """What a process tells its host; each is a function that the host gives."""

    def __init__(
        self,
        *,
        learns: Callable[[Event], None],
        stepped: Callable[[], None],
        fact: Callable[[object], None],
        sent: Callable[[str, bytes], None],
        announced: Callable[[Part], None],
        rang: Callable[[], None],
    ) -> None:
        self.learns = learns
        self.stepped = stepped
        self.fact = fact
        self.sent = sent
        self.announced = announced
        self.rang = rang

    def wants(self, kind: type) -> bool:
        """Only facts that oracles judge by."""
        return kind in JUDGED_BY

    def tell(self, fact: object, now: Instant) -> None:  # noqa: ARG002  (a listener gets the time)
        """Hand the fact on."""
        self.fact(fact)


class Observed:
    """The node as its driver sees it; what it is told of its host is written down first."""

    def __init__(self, node: Node, learns: Callable[[Event], None]) -> None:
        self.deadline = node.deadline
        self._handle = node.handle
        self._learns = learns

    def handle(self, event: Event, now: Instant) -> Effects:
        """What follows from the event."""
        if not isinstance(event, Received | Due):
            self._learns(event)
        return self._handle(event, now)


class Process:
    """A vrrp process: composed as the daemon composes it."""

    def __init__(self, hardware: Hardware, reports: Reports, driver: type[VrrpDriver]) -> None:
        self.node = Node()
        self.ended = False
        self.hearing: Received | None = None  # the packet that is being handled
        self.ringing = False  # whether what is handled is the alarm
        self.sockets = Sockets(
            hardware.network,
            hardware.stations,
            tell=self._give,
            sent=reports.sent,
            room=hardware.plan.room,
        )
        self._dice = hardware.dice
        self._inbox: deque[Callable[[], None]] = deque()
        self._waiting: dict[Source, None] = {}
        effects = VrrpEffects(
            adverts=self.sockets,
            addresses=hardware.kernel,
            announcer=Announcer(reports.announced),
            firewall=Firewall(hardware.rules, self._give),
            routing=hardware.routing,
            listeners=[reports],
            clock=hardware.clock,
            signer=Signer(hardware.time_of_day),
        )
        self._carry_out = effects.run
        self._stepped = reports.stepped
        machine = Observed(self.node, reports.learns)
        drain, clock = self.sockets.drain, hardware.clock
        self.driver = driver(machine, clock=clock, run=self._run, drain=drain, due=Due())
        self.timer = HostTimer(hardware.timeline, clock, ring=reports.rang, lateness=hardware.lateness)

    # ---- its life

    def start(self, routers: Iterable[Router], hardware: Hardware, links: dict[str, Link]) -> None:
        """Take part with these routers."""
        self.node.give_host(NOTHING, former=tuple(hardware.routing.table.values()))
        present, delay = dict(hardware.kernel.table), hardware.plan.startup_delay
        self.driver.do(
            lambda now: self.node.start(
                routers,
                links=links,
                present=present,
                now=now,
                not_before=after(now, delay) if delay else Instant(0),
            )
        )
        self.driver.arm(self.timer)

    def stop(self) -> None:
        """End politely."""
        self.driver.give(Stop())
        self.end()

    def end(self) -> None:
        """Do nothing ever again."""
        self.ended = True
        self.timer.set(None)

    # ---- its loop

    def tell(self, event: Event) -> None:
        """Put news into the inbox."""
        self._inbox.append(lambda: self.driver.give(event))

    def order(self, act: Callable[[], None]) -> None:
        """Put an order into the inbox."""
        self._inbox.append(act)

    def wait(self, source: Source) -> None:
        """Serve this when the stall is over."""
        self._waiting[source] = None

    def waited(self) -> list[Source]:
        """What waited for the end of a stall, in the order in which it is now served."""
        sources = list(self._waiting)
        self._waiting.clear()
        self._dice.shuffle(sources)
        return sources

    def serve(self, source: Source) -> None:
        """Do what is to be done about this."""
        match source:
            case Source.ALARM:
                self.ringing = True
                self.driver.ring()
                self.ringing = False
            case Source.SOCKETS:
                while self.sockets.drain():
                    pass
            case Source.INBOX:
                while self._inbox and not self.ended:
                    self._inbox.popleft()()

    def _run(self, effects: Iterable[Effect]) -> None:
        """Carry out what one step asks for."""
        self._carry_out(effects)
        self._stepped()

    def _give(self, event: Event) -> None:
        """What a socket has for the machine."""
        self.hearing = event if isinstance(event, Received) else None
        self.driver.give(event)
        self.hearing = None
