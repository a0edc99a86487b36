"""What signals mean to the parent (SIG-01 to SIG-09)."""

import signal
from collections.abc import Callable
from functools import partial
from typing import Final

from standfast.core.supervise.events import ReloadAsked, StopAsked
from standfast.daemon.poll import PollLoop
from standfast.daemon.signal_numbers import JSON, STATE, STATISTICS, STATISTICS_ONCE

# Each child acts itself, and ignores what it has nothing to tell about.
_FORWARDED: Final = (STATE, STATISTICS, STATISTICS_ONCE, JSON)
# They wait until the program that handles them listens.
HANDLED: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, *_FORWARDED})


def listen_to_signals(
    loop: PollLoop,
    *,
    give: Callable[[StopAsked | ReloadAsked], None],
    reap: Callable[[], None],
    pass_on: Callable[[int], None],
    ignore_sigint: bool,
) -> None:
    """Hear signals from now on.

    Args:
        loop: that calls back.
        give: tells the parent's machine what is asked for.
        reap: takes note of processes that ended.
        pass_on: gets the signals that are meant for the children, too.
        ignore_sigint: SIGINT is for whoever started us.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # SIG-09
    loop.on_signal(signal.SIGTERM, lambda: give(StopAsked("SIGTERM")))
    loop.on_signal(signal.SIGINT, _nothing if ignore_sigint else lambda: give(StopAsked("SIGINT")))
    loop.on_signal(signal.SIGHUP, lambda: give(ReloadAsked()))
    loop.on_signal(signal.SIGCHLD, reap)
    for number in _FORWARDED:
        loop.on_signal(number, partial(pass_on, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)  # the program before had them wait for us


def _nothing() -> None:
    """What a signal that is ignored does."""
