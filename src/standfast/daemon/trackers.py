"""The trackers on this host: their machine, and the ports that it works through."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from standfast.core.track.configured import tracked_of
from standfast.core.track.effects import TrackEffect
from standfast.core.track.events import Due, SessionJudged, Stop, TrackEvent
from standfast.core.track.legacy import TrackerLegacy
from standfast.core.track.node import Trackers
from standfast.core.track.parameters import Tracked
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.track_scripts import TrackedScripts
from standfast.engine.driver import Driver
from standfast.engine.ports import Clock, Listener
from standfast.engine.track import TrackEffects
from standfast.linux.files import Files
from standfast.linux.loop import LoopTimer
from standfast.linux.process_events import Processes
from standfast.model.config import Config
from standfast.wire.ipc import SessionTold


class HostTrackers:
    """Watches what the configuration tracks."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        clock: Clock,
        judged: Callable[[Mapping[TrackerKey, Verdict]], None],
        listeners: Sequence[Listener],
        complain: Callable[[str], None],
        tracked: Callable[[Config], Tracked] = tracked_of,
    ) -> None:
        """Make it; nothing is watched yet.

        Args:
            loop: that everything is waited for on.
            clock: of this host.
            judged: gets new verdicts.
            listeners: are told the facts.
            complain: gets words about what is wrong but no fact.
            tracked: what of a configuration this process tracks.
        """
        self._tracked = tracked
        self._loop = loop
        self._clock = clock
        self._scripts = TrackedScripts(loop, self._give, complain)
        self._files = Files(loop, self._give, complain)
        self._processes = Processes(loop, self._give)
        self._machine = Trackers()
        self._sessions: dict[str, SessionJudged] = {}  # the last word of each, tracked or not
        effects = TrackEffects(
            scripts=self._scripts,
            files=self._files,
            processes=self._processes,
            judged=judged,
            listeners=listeners,
            clock=clock,
        )
        self._driver = Driver[TrackEvent, TrackEffect](self._machine, clock=clock, run=effects.run, due=Due())

    def start(self, config: Config, accounts: Accounts) -> None:
        """Begin; files and processes are read before this returns."""
        self._driver.arm(LoopTimer(self._loop, self._driver.ring))
        self.reload(config, accounts)

    def reload(self, config: Config, accounts: Accounts) -> None:
        """Go on with this configuration."""
        self._scripts.configure(config, accounts)
        self._processes.keep_unread(config.global_defs.process_monitor_rcv_bufs or 0)
        tracked = self._tracked(config)
        self._driver.do(lambda now: self._machine.reload(tracked, now))
        for word in self._sessions.values():  # one that is tracked from now on has said it before
            self._give(word)

    def judge_session(self, told: SessionTold) -> None:
        """The bfd process tells what a session says (behaviour TR-19)."""
        word = SessionJudged(told.session, told.up, told.reason)
        self._sessions[told.session] = word
        self._give(word)

    def give_legacy(self, legacy: Iterable[TrackerLegacy]) -> None:
        """Before the start: go on where another process stopped."""
        self._machine.give_legacy(legacy)

    def bequeath(self) -> tuple[TrackerLegacy, ...]:
        """What another process needs to go on."""
        return self._machine.bequeath()

    def stop(self) -> None:
        """Ask scripts to end, and say nothing any more."""
        self._driver.give(Stop())

    def close(self) -> None:
        """Give all descriptors back; scripts that still run are asked to end."""
        self._scripts.close()
        self._files.close()
        self._processes.close()

    def snapshot(self) -> TrackersSnapshot:
        """What the trackers say, and why."""
        return self._machine.snapshot(self._clock.now())

    def _give(self, event: TrackEvent) -> None:
        self._driver.give(event)
