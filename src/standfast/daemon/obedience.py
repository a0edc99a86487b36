"""A child's bond with its parent: it answers hellos, obeys all else, and ends when the parent is gone."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial

from standfast.daemon.channel import Channel
from standfast.daemon.child_signals import ChildSignals
from standfast.daemon.signs import alive
from standfast.engine.driver import Lateness
from standfast.linux.loop import MonotonicClock
from standfast.observe.log import Log
from standfast.wire import ipc


class Obedience:
    """Hears the parent, from the loop.

    Attributes:
        signals: of which SIGTERM and SIGHUP have their meaning already; the child says what others mean to it.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        channel: Channel,
        *,
        obey: Callable[[ipc.Message], None],
        stop: Callable[[], None],
        lateness: Lateness,
        log: Log,
    ) -> None:
        """Make it, and hear from now on.

        Args:
            loop: of the child.
            channel: to the parent.
            obey: does what a message asks; never called with a hello.
            stop: ends the child's work in order; may be called several times.
            lateness: of the child's alarms, told with each sign of life.
            log: writes its summaries with each hello.
        """
        self._loop = loop
        self._channel = channel
        self._obey = obey
        self._stop = stop
        self._lateness = lateness
        self._log = log
        self._clock = MonotonicClock()
        self.signals = ChildSignals(loop, channel)
        self.signals.on(signal.SIGTERM, stop)
        self.signals.on(signal.SIGHUP, partial(channel.send, ipc.AskReload()))
        loop.add_reader(channel.fileno(), self._hear)

    def _hear(self) -> None:
        try:
            for message in self._channel.receive():
                if isinstance(message, ipc.Hello):
                    self._channel.send(alive(message.number, self._lateness))
                    self._log.tick(self._clock.now())
                else:
                    self._obey(message)
        except EOFError:
            self._loop.remove_reader(self._channel.fileno())
            self._stop()  # The parent is gone (behaviour PR-03).
