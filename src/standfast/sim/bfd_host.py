"""A simulated host with one bfd process: the real node, driver and effects, on a simulated port.

Nothing takes time in the process but its turns. While it stalls, its kernel goes on to receive and to stamp
packets; when the stall ends, what waits is served in any order, for nothing promises one.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Final

from standfast.base.addresses import IpAddress, family_of
from standfast.base.limits import DRAIN_BATCH
from standfast.base.times import Duration, Instant
from standfast.core.bfd.effects import Effect, Medium, SessionChanged
from standfast.core.bfd.events import Due, Event, Received, Stop
from standfast.core.bfd.node import Node
from standfast.core.bfd.session import Session
from standfast.engine.bfd import BfdEffects
from standfast.engine.driver import Driver
from standfast.sim.clock import TURN, HostClock, HostTimer, Timeline
from standfast.sim.network import Network, Packet, Station

BfdDriver = Driver[Event, Effect]

_LATE: Final = 300  # microseconds that an alarm rings late at most
_SEED_BITS: Final = 64


class BfdProcess:
    """One life of a bfd process."""

    def __init__(
        self, host: "BfdHost", driver: type[BfdDriver], told: Callable[[SessionChanged], None]
    ) -> None:
        self.node = Node()
        self.ended = False
        self._host = host
        self._told = told
        self._listening = False
        self._sessions: dict[int, Session] = {}
        effects = BfdEffects(control=self, verdicts=self, listeners=(self,), clock=host.clock)
        self.driver = driver(self.node, clock=host.clock, run=effects.run, drain=self.drain, due=Due())
        self.timer = HostTimer(
            host.timeline, host.clock, ring=host.rang, lateness=lambda: host.dice.randrange(_LATE)
        )

    def start(self, sessions: Iterable[Session]) -> None:
        """Begin these sessions."""
        seed = self._host.dice.getrandbits(_SEED_BITS)
        self.driver.do(lambda now: self.node.start(sessions, now, seed=seed))
        self.driver.arm(self.timer)

    def reload(self, sessions: Iterable[Session]) -> None:
        """Go on with these."""
        self.driver.do(lambda now: self.node.reload(sessions, now))

    def end(self, *, politely: bool) -> None:
        """Do nothing ever again."""
        if politely:
            self.driver.give(Stop())
        self.ended = True
        self.timer.set(None)

    # ---- the ports

    def listen(self, media: Sequence[Medium]) -> None:
        """Hear, or hear nothing."""
        self._listening = bool(media)

    def open(self, line: int, session: Session, port: int) -> None:  # noqa: ARG002  (every port is free)
        """Make ready to send for a session."""
        self._sessions[line] = session

    def close_line(self, line: int) -> None:
        """The session sends no more."""
        self._sessions.pop(line, None)

    def send(self, line: int, payload: bytes) -> None:
        """Put a packet on the wire."""
        if (session := self._sessions.get(line)) is not None:
            self._host.put_out(session, payload)

    def drain(self, until: Instant | None = None) -> bool:  # noqa: ARG002  (no socket here sees a flood)
        """Give the machine what has arrived."""
        buffer = self._host.buffer
        for _ in range(min(DRAIN_BATCH, len(buffer))):
            if not self._listening:
                buffer.clear()
                break
            self.driver.give(buffer.popleft())
        return bool(buffer)

    def tell(self, said: object, now: Instant | None = None) -> None:  # noqa: ARG002  (a listener gets the time)
        """A fact for the listener; verdicts go with the states."""
        if isinstance(said, SessionChanged):
            self._told(said)

    def wants(self, kind: type) -> bool:
        """Only what oracles judge by."""
        return kind is SessionChanged


class BfdHost:
    """A machine with one interface and at most one bfd process."""

    def __init__(
        self,
        name: str,
        address: IpAddress,
        *,
        timeline: Timeline,
        network: Network,
        rate_ppm: int,
        dice: Random,
        driver: type[BfdDriver],
        watch: "Watch",
    ) -> None:
        """Switch a machine on that runs nothing yet.

        Args:
            name: of the host.
            address: its own.
            timeline: the world's time.
            network: where to plug it in.
            rate_ppm: how fast its clock is.
            dice: its luck.
            driver: what drives the node of its process.
            watch: who is told what happens here.
        """
        self.name = name
        self.address = address
        self.timeline = timeline
        self.dice = dice
        self.clock = HostClock(timeline, rate_ppm=rate_ppm, origin=Instant(dice.randrange(10**12)))
        self.process: BfdProcess | None = None
        self.sessions: tuple[Session, ...] = ()
        self.buffer: deque[Received] = deque()
        self.stalls = 0
        self.resumed_at = Instant(0)  # by its own clock
        self._network = network
        self._driver = driver
        self._watch = watch
        self._rang_while_stalled = False
        self._soon = False
        self.station = Station(name, "eth0", "lan", frozenset({address}), self._receive)
        network.attach(self.station)

    @property
    def runs(self) -> bool:
        """Whether its process lives and is not stalled."""
        return self.process is not None and not self.stalls

    # ---- orders

    def start(self, sessions: Iterable[Session] | None = None) -> None:
        """Start the process, on these sessions or on those of the last time."""
        if sessions is not None:
            self.sessions = tuple(sessions)
        if self.process is None:
            self.buffer.clear()
            self.process = BfdProcess(self, self._driver, lambda fact: self._watch.changed(self, fact))
            self.process.start(self.sessions)

    def reload(self, sessions: Iterable[Session]) -> None:
        """Give the process other sessions."""
        self.sessions = tuple(sessions)
        if self.process is not None:
            self.process.reload(self.sessions)

    def end(self, *, politely: bool) -> None:
        """The process stops, or is killed."""
        if self.process is not None:
            self.process.end(politely=politely)
            self.process = None
            self.buffer.clear()
            self._watch.ended(self)

    def stall(self, duration: Duration) -> None:
        """The process does not run for so long; the kernel does."""
        self.stalls += 1
        self.timeline.in_(duration, self._resume)

    def _resume(self) -> None:
        self.stalls -= 1
        if self.stalls:
            return
        self.resumed_at = self.clock.now()
        waiting = [self._serve_alarm] * self._rang_while_stalled + [self._serve_socket] * bool(self.buffer)
        self._rang_while_stalled = False
        self.dice.shuffle(waiting)
        for serve in waiting:
            serve()

    # ---- what happens to the process

    def rang(self) -> None:
        """Its alarm."""
        if self.stalls:
            self._rang_while_stalled = True
        else:
            self._serve_alarm()

    def _serve_alarm(self) -> None:
        if self.process is not None:
            self.process.driver.ring()

    def _serve_socket(self) -> None:
        self._soon = False
        while self.process is not None and not self.stalls and self.process.drain():
            pass

    def _receive(self, packet: Packet) -> None:
        """The kernel has a packet."""
        if self.process is None:
            return
        now = self.clock.now()
        event = Received(
            family_of(packet.destination),
            multihop=False,
            sender=packet.source,
            destination=packet.destination,
            ttl=packet.ttl,
            payload=packet.payload,
            at=now,
        )
        self._watch.arrived(self, packet.payload, now)
        self.buffer.append(event)
        if not self._soon and not self.stalls:
            self._soon = True
            self.timeline.in_(TURN, self._serve_socket)

    def put_out(self, session: Session, payload: bytes) -> None:
        """The process sends."""
        self._watch.sent(self, payload)
        family = family_of(self.address)
        packet = Packet(
            self.name, self.address, session.neighbor, family, session.ttl, payload, everybody=False
        )
        self._network.send(self.station, packet)


class Watch:
    """Who is told what happens on hosts; here it is nobody."""

    def changed(self, host: BfdHost, fact: SessionChanged) -> None:
        """A session has come into another state."""

    def arrived(self, host: BfdHost, payload: bytes, at: Instant) -> None:
        """The kernel of a host has a packet."""

    def sent(self, host: BfdHost, payload: bytes) -> None:
        """A process sends."""

    def ended(self, host: BfdHost) -> None:
        """A process is no more."""
