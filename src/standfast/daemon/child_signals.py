"""How a child hears signals: as a process of its own from the kernel, as a thread from its parent (`--single`)."""

import asyncio
import signal
from collections.abc import Callable

from standfast.daemon.channel import Channel

_FROM_TERMINALS = signal.SIGINT  # goes to all processes; the parent decides


class ChildSignals:
    """Where a child says what each signal means to it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, channel: Channel) -> None:
        """Make it.

        Args:
            loop: of the child.
            channel: to the parent.
        """
        self._loop = loop
        self._channel = channel
        self.ignore(_FROM_TERMINALS)

    def on(self, number: int, act: Callable[[], None]) -> None:
        """Do this, from the loop, when the signal comes."""
        if self._channel.acts is None:
            self._loop.add_signal_handler(number, act)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})  # SIGTERM was kept waiting since the birth
        else:
            self._channel.acts[number] = act

    def ignore(self, number: int) -> None:
        """Do nothing when it comes."""
        if self._channel.acts is None:
            signal.signal(number, signal.SIG_IGN)
