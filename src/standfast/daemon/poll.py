"""The parent's event loop: descriptors, signals and alarms, in that order.

The parent forks, and what it forks must not inherit a running asyncio loop; it also has nothing to do that
needs one.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable

from standfast.base.times import MILLISECOND, Instant

Callback = Callable[[], None]


def _nothing() -> None:
    """Nobody waits for the alarm."""


class Alarm:
    """Rings once at the time that it was set to last."""

    def __init__(self, ring: Callback) -> None:
        self.ring = ring
        self.due: Instant | None = None

    def set(self, due: Instant | None) -> None:
        """Ring at `due`, or not at all (`ports.Timer`)."""
        self.due = due


class PollLoop:
    """Calls back when a descriptor is ready, a signal came, or the alarm rings."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._signals: dict[int, Callback] = {}
        self._pending: set[int] = set()
        self._alarms: list[Alarm] = []
        self._machines = self.alarm()
        self._running = False
        self._bell, self._rope = socket.socketpair()  # a signal pulls the rope, so that the selector wakes
        for end in (self._bell, self._rope):
            end.settimeout(0)
        self._selector.register(self._bell, selectors.EVENT_READ, {selectors.EVENT_READ: self._hear_bell})

    # ---- what to call back for

    def watch(self, fd: int, *, readable: Callback, writable: Callback | None = None) -> None:
        """Call back when the descriptor can be read, and, if it is said how, when it can be written."""
        callbacks = {selectors.EVENT_READ: readable}
        if writable is not None:
            callbacks[selectors.EVENT_WRITE] = writable
        events = sum(callbacks)
        if fd in self._selector.get_map():
            self._selector.modify(fd, events, callbacks)
        else:
            self._selector.register(fd, events, callbacks)

    def forget(self, fd: int) -> None:
        """Call back for this descriptor no more."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def on_signal(self, number: int, callback: Callback) -> None:
        """Call back after this signal, from the loop."""
        self._signals[number] = callback
        signal.signal(number, lambda *_: self._pending.add(number))
        signal.set_wakeup_fd(self._rope.fileno(), warn_on_full_buffer=False)

    def on_alarm(self, ring: Callback) -> None:
        """Call back when the machine's alarm rings."""
        self._machines.ring = ring

    def set(self, due: Instant | None) -> None:
        """Ring the machine's alarm at `due`, or not at all (`ports.Timer`)."""
        self._machines.set(due)

    def alarm(self, ring: Callback = _nothing) -> Alarm:
        """One more alarm, which nobody has set yet; whoever takes it may say later what it rings."""
        made = Alarm(ring)
        self._alarms.append(made)
        return made

    # ---- running

    def run(self) -> None:
        """Call back until somebody stops it."""
        self._running = True
        while self._running:
            self._turn()

    def stop(self) -> None:
        """Return from `run` after this round."""
        self._running = False

    def close(self) -> None:
        """Give everything back: descriptors, and the signals' default actions."""
        signal.set_wakeup_fd(-1)
        for number in self._signals:
            signal.signal(number, signal.SIG_DFL)
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def _turn(self) -> None:
        for key, events in self._selector.select(self._patience()):
            for event, callback in dict(key.data).items():
                if events & event and key.fd in self._selector.get_map():
                    callback()
        while self._pending:
            self._signals[self._pending.pop()]()
        for alarm in self._alarms:
            if alarm.due is not None and alarm.due <= _now():
                alarm.due = None
                alarm.ring()

    def _patience(self) -> float | None:
        """Seconds until the first alarm; a millisecond more than less, so that it is not early."""
        if self._pending:
            return 0
        due = min((alarm.due for alarm in self._alarms if alarm.due is not None), default=None)
        return None if due is None else max(0, due - _now() + MILLISECOND) / 1e6

    def _hear_bell(self) -> None:
        try:
            while self._bell.recv(4096):
                pass
        except BlockingIOError:
            return


def _now() -> Instant:
    return Instant(time.monotonic_ns() // 1_000)
