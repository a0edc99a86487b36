"""All attempts of a process (`check_ports.AttemptPort`)."""

import asyncio
from functools import partial
from typing import assert_never

from standfast.base.times import Instant
from standfast.engine.check_ports import (
    Attempted,
    DnsProbe,
    HttpProbe,
    MiscProbe,
    Outcome,
    PingProbe,
    Probe,
    SmtpProbe,
    TcpProbe,
    TellAttempted,
    UdpProbe,
)
from standfast.linux.attempts import dns, http, misc, ping, smtp, tcp, udp
from standfast.linux.attempts.deadlines import Deadlines
from standfast.linux.attempts.misc import Programs
from standfast.linux.attempts.readiness import Readiness
from standfast.linux.attempts.tls import forget_contexts
from standfast.linux.attempts.trial import Attempt, Trial
from standfast.linux.scripts import Scripts

Key = tuple[str, int]  # of the check, and the attempt's number


class Attempts:
    """Starts attempts, and tells how each ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: TellAttempted, programs: Programs) -> None:
        """Make it.

        Args:
            loop: that they run on.
            tell: gets the outcomes, from the loop, never from within `start`.
            programs: finds the program and the account of a script, or raises `Refused`.
        """
        self._loop = loop
        self._tell = tell
        self._programs = programs
        self._readiness = Readiness(loop)
        self._deadlines = Deadlines(loop)
        self._scripts: Scripts | None = None  # made for the first program
        self._trials: dict[Key, Trial] = {}
        self._ended: list[tuple[Key, Outcome]] = []  # not told yet

    @property
    def under_way(self) -> int:
        """How many attempts have not ended yet."""
        return len(self._trials)

    def start(self, key: str, number: int, probe: Probe, deadline: Instant) -> None:
        """Try once; at the deadline it has failed."""
        over = partial(self._over, (key, number))
        trial = Trial(self._loop, self._readiness, self._deadlines, deadline=deadline, over=over)
        self._trials[key, number] = trial
        trial.start(self._attempt(trial, probe))

    def abandon(self, key: str, number: int) -> None:
        """Give up an attempt; one that is over is fine."""
        trial = self._trials.pop((key, number), None)
        if trial is not None:
            trial.abandon()

    def configure(self) -> None:
        """Read what stands in files again: certificates and their keys."""
        forget_contexts()

    def close(self) -> None:
        """Give up all attempts, and give the descriptors back."""
        for trial in self._trials.values():
            trial.abandon()
        self._trials.clear()
        if self._scripts is not None:
            self._scripts.close()
            self._scripts = None
        self._readiness.close()

    def _over(self, key: Key, outcome: Outcome) -> None:
        if not self._ended:
            self._loop.call_soon(self._tell_ended)
        self._ended.append((key, outcome))

    def _tell_ended(self) -> None:
        """Tell of all that have ended in one turn of the loop; not of what was abandoned in its last moment."""
        ended, self._ended = self._ended, []
        pop = self._trials.pop
        self._tell([Attempted(*key, outcome) for key, outcome in ended if pop(key, None) is not None])

    def _attempt(self, trial: Trial, probe: Probe) -> Attempt:
        match probe:
            case TcpProbe():
                return tcp.attempt(trial, probe)
            case HttpProbe():
                return http.attempt(trial, probe)
            case SmtpProbe():
                return smtp.attempt(trial, probe)
            case DnsProbe():
                return dns.attempt(trial, probe)
            case UdpProbe():
                return udp.attempt(trial, probe)
            case PingProbe():
                return ping.attempt(trial, probe)
            case MiscProbe():
                return misc.attempt(trial, probe, self._programs_run(), self._programs)
            case _:
                assert_never(probe)

    def _programs_run(self) -> Scripts:
        if self._scripts is None:
            self._scripts = Scripts(self._loop)
        return self._scripts
