"""What systemd is told of a service of `Type=notify-reload`: readiness, reloads, the end, and signs of life."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from standfast.base.limits import HEADLINE_AFTER
from standfast.base.times import Duration, after
from standfast.core.supervise.effects import (
    ReloadComplete,
    ReloadNotBegun,
    ReloadRefused,
    StartupComplete,
    Stopping,
)
from standfast.daemon.asking import Gather
from standfast.daemon.poll import Alarm
from standfast.engine.ports import Clock
from standfast.linux.service_manager import ServiceManager
from standfast.observe.headline import headline
from standfast.observe.state.status import Status

_STATUS: Final = msgspec.json.Decoder(Status)
_BEATS: Final = 3  # signs of life in the time that systemd waits for one: two may be late


class ServiceNotices:
    """Listens to the parent's facts, and tells the service manager, if there is one."""

    def __init__(
        self,
        manager: ServiceManager,
        clock: Clock,
        *,
        watchdog: Alarm,
        refresh: Alarm,
        fresh: Callable[[], bool],
        gather: Gather,
    ) -> None:
        """Make it.

        Args:
            manager: to whom it is told.
            clock: of this host.
            watchdog: rings for the next sign of life.
            refresh: rings when the line of the state is made anew.
            fresh: whether every loop goes round; who asks is the proof that the parent's does.
            gather: has the children tell their state.
        """
        self._manager = manager
        self._clock = clock
        self._watchdog, self._refresh = watchdog, refresh
        self._fresh = fresh
        self._gather = gather
        self._stopping = False
        watchdog.ring, refresh.ring = self._beat, self._look

    def reading(self) -> None:
        """A reload begins; systemd compares the time with that of its signal."""
        self._manager.tell(RELOADING=1, MONOTONIC_USEC=self._clock.now(), STATUS="Reading the configuration")

    def tell(self, fact: object) -> None:
        """The parent has something to tell."""
        match fact:
            case StartupComplete():
                self._manager.tell(READY=1, MAINPID=os.getpid(), STATUS="Ready")
                self._beat()
            case ReloadNotBegun():
                self.reading()  # systemd waits for both
                self._manager.tell(READY=1)
            case ReloadComplete() | ReloadRefused():
                self._manager.tell(READY=1)
            case Stopping():
                self._stopping = True
                self._manager.tell(STOPPING=1, STATUS="Stopping")
            case _:
                pass
        self.changed()

    def changed(self) -> None:
        """Something has happened: the line of the state is made anew, soon.

        The state is gathered also where nobody listens. To tell 1,000 instances takes five times as long if none
        of it was written before: so whoever asks next, perhaps in distress, does not wait for that.
        """
        if not self._stopping and self._refresh.due is None:
            self._refresh.set(after(self._clock.now(), HEADLINE_AFTER))

    def _look(self) -> None:
        if not self._stopping:
            self._gather((), self._show)

    def _show(self, joined: Mapping[str, Any]) -> None:
        if self._manager.listens and not self._stopping:
            status = _STATUS.decode(msgspec.json.encode(joined))
            self._manager.tell(STATUS=headline(status))

    def _beat(self) -> None:
        """A sign of life, unless a child gives none; the one that hangs is replaced long before systemd acts."""
        if self._manager.watchdog is None:
            return
        if self._fresh():
            self._manager.tell(WATCHDOG=1)
        self._watchdog.set(after(self._clock.now(), Duration(self._manager.watchdog // _BEATS)))
