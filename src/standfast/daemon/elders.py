"""The children of the program before: they work on until their successors, which are prepared, take it over.

One after the other, in the order in which it harms least: routers first, while all that they follow still speaks;
bfd, which the others follow, behind them; and the messenger when nobody has anything to tell any more. The way of
what is left leads from child to child; the parent only makes it, and sees to it that it ends.

    working ── HandOver ──> leaving ── its successor is ready ──> done, until its scripts have ended
"""

import signal
import socket
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.limits import HANDOVER_PATIENCE, SCRIPTS_AT_STOP
from standfast.base.times import SECOND, Duration, Instant, after
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP
from standfast.daemon.channel import Channel
from standfast.daemon.children import ChildMain, ChildProcess
from standfast.daemon.poll import Alarm, PollLoop
from standfast.engine.ports import Clock
from standfast.wire import ipc

_ORDER: Final = (VRRP, CHECKER, BFD, MESSENGER)
_LINGERS: Final = Duration(SCRIPTS_AT_STOP + SECOND)

PassOn = Callable[[str, ipc.Happened], None]


class Elder:
    """One of them."""

    def __init__(self, name: str, process: ChildProcess) -> None:
        self.name = name
        self.process = process
        self.way: socket.socket | None = None  # to its successor, until it is asked to leave what it has
        self.asked = False  # to leave it, or to end
        self.done = False  # nothing is expected of it any more
        self.until: Instant | None = None  # then it is killed

    def close(self) -> None:
        """Close what is held of it."""
        self.process.close()
        if self.way is not None:
            self.way.close()
            self.way = None


class Elders:
    """All of them."""

    def __init__(
        self,
        loop: PollLoop,
        alarm: Alarm,
        clock: Clock,
        elders: Iterable[Elder] = (),
        *,
        pass_on: PassOn,
        needed: Callable[[], Iterable[str]],
    ) -> None:
        """Make it.

        Args:
            loop: waits for their last words.
            alarm: for those that take too long.
            clock: of this host.
            elders: that work.
            pass_on: gets what they say of what happens, with their names.
            needed: gives the names of the children that there should be now.
        """
        self._loop = loop
        self._alarm = alarm
        self._clock = clock
        self._pass_on = pass_on
        self._needed = needed
        self._elders = {elder.name: elder for elder in elders}
        self._awaiting: set[str] = set()
        self._near: socket.socket | None = None  # the end of the child that is about to be made
        alarm.ring = self._ring
        for elder in self._elders.values():
            self._watch(elder)

    @property
    def any(self) -> bool:
        """Whether one of them still works."""
        return any(not elder.done for elder in self._elders.values())

    # ---- successors

    def lead_to(self, child: str, work: ChildMain) -> ChildMain:
        """The main function of a child that is about to be made, with the way that its predecessor gets."""
        elder = self._elders.get(child)
        if elder is None or elder.asked or child == MESSENGER:
            return work
        if elder.way is not None:
            elder.way.close()
        elder.way, near = socket.socketpair()

        def inheriting(channel: Channel) -> int:
            channel.elder = near
            return work(channel)

        self._near = near
        return inheriting

    def born(self) -> None:
        """That child was made, or not: its end of the way is its own."""
        near, self._near = self._near, None
        if near is not None:
            near.close()

    def awaited(self, child: str) -> None:
        """The successor is prepared."""
        self._awaiting.add(child)
        self.go_on()

    def succeeded(self, child: str) -> None:
        """The successor does the work."""
        elder = self._elders.get(child)
        if elder is not None and elder.asked:
            elder.done, elder.until = True, after(self._clock.now(), _LINGERS)
        self.go_on()

    def lost(self, child: str) -> None:
        """The successor has ended; if it had taken nothing over yet, the next one does."""
        self._awaiting.discard(child)

    def go_on(self) -> None:
        """Do what can be done next."""
        for name in _ORDER:
            elder = self._elders.get(name)
            if elder is None or elder.done:
                continue
            if not elder.asked:
                self._ask(elder)
            if not elder.done:
                break
        self._arm()

    def _ask(self, elder: Elder) -> None:
        """Have it leave what it has, if somebody waits for it; or end, if nobody ever will."""
        now = self._clock.now()
        if elder.name not in self._needed():
            self._end(elder)
        elif elder.name == MESSENGER:  # it has nothing to leave but pipes, which stay
            elder.process.channel.send(ipc.HandOver())
            self._expect_end(elder)
            self._watch(elder)
        elif elder.name in self._awaiting and elder.way is not None:
            elder.process.channel.send(ipc.HandOver(), elder.way)
            elder.way, elder.asked = None, True
            elder.until = after(now, HANDOVER_PATIENCE)
            self._watch(elder)

    # ---- their ends

    def reaped(self, pid: int) -> None:
        """A process has ended that is no child of this program."""
        for elder in tuple(self._elders.values()):
            if elder.process.pid == pid:
                self._hear(elder)
                self._loop.forget(elder.process.channel.fileno())
                elder.close()  # who waits for what it leaves begins without
                del self._elders[elder.name]
                self.go_on()

    def stop(self) -> None:
        """We end: those that still work say goodbye."""
        for elder in self._elders.values():
            if not elder.asked:
                self._end(elder)
        self._arm()

    def _end(self, elder: Elder) -> None:
        """Have it end in order: nobody goes on with what it does."""
        elder.process.signal(signal.SIGTERM)
        self._expect_end(elder)

    def _expect_end(self, elder: Elder) -> None:
        elder.asked = elder.done = True
        elder.until = after(self._clock.now(), _LINGERS)

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        for elder in self._elders.values():
            elder.close()

    def _ring(self) -> None:
        """Who takes too long is killed: a process that wakes up later must not speak beside its successor."""
        now = self._clock.now()
        for elder in self._elders.values():
            if elder.until is not None and elder.until <= now:
                elder.until = None
                elder.process.signal(signal.SIGKILL)
        self._arm()

    def _arm(self) -> None:
        dues = (elder.until for elder in self._elders.values())
        self._alarm.set(min((due for due in dues if due is not None), default=None))

    # ---- their last words

    def _watch(self, elder: Elder) -> None:
        channel = elder.process.channel
        self._loop.watch(
            channel.fileno(),
            readable=lambda: self._hear(elder),
            writable=(lambda: self._flush(elder)) if channel.has_unsent else None,
        )

    def _flush(self, elder: Elder) -> None:
        elder.process.channel.flush()
        if not elder.process.channel.has_unsent:
            self._watch(elder)

    def _hear(self, elder: Elder) -> None:
        try:
            messages = elder.process.channel.receive()
        except (EOFError, Malformed):
            self._loop.forget(elder.process.channel.fileno())
            return
        for message in messages:
            if isinstance(message, ipc.Happened):
                self._pass_on(elder.name, message)
