"""Planned reloads: the file of `reload_time_file` is watched, and at the time that it says we reload (RL-09).

The time is one of day, and the clock of the host may be set at any moment: it is looked at again and again.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import CLOCK_LOOK, RELOAD_TIME_BYTES
from standfast.base.times import SECOND, Duration, after
from standfast.core.supervise.appointment import Appointment, read_appointment
from standfast.daemon.poll import Alarm, PollLoop
from standfast.engine.ports import Clock
from standfast.linux.inotify import CLOSE_WRITE, IGNORED, NAMES, Inotify
from standfast.model.global_defs import GlobalDefs
from standfast.observe.facts import ReloadAppointed, ReloadNotAppointed, WorksWithout

_WHAT: Final = "planned reloads"
_DAY: Final = timedelta(days=1)


class Appointments:
    """Keeps the one appointment that the file makes."""

    def __init__(
        self,
        loop: PollLoop,
        clock: Clock,
        *,
        wall: Callable[[], float],
        begin: Callable[[], None],
        tell: Callable[[object], None],
    ) -> None:
        """Make it; nothing is watched yet.

        Args:
            loop: that everything is waited for on.
            clock: of this host, monotonic.
            wall: the time of day, in seconds since 1970.
            begin: asks for a reload.
            tell: is told of times that come and go.
        """
        self._loop, self._clock, self._wall = loop, clock, wall
        self._begin, self._tell = begin, tell
        self._alarm: Alarm = loop.alarm(self._look)
        self._path = ""
        self._repeat = False
        self._inotify: Inotify | None = None
        self.at: float | None = None  # the time of day of the next planned reload

    def open(self, defs: GlobalDefs) -> None:
        """Do as the configuration says that is in force now."""
        self._repeat = defs.reload_repeat
        if defs.reload_time_file != self._path or self._inotify is None:
            self.close()
            self._path = defs.reload_time_file
            self._watch()
        self._read()

    def close(self) -> None:
        """Watch no more."""
        if self._inotify is not None:
            self._loop.forget(self._inotify.fileno())
            self._inotify.close()
            self._inotify = None

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        if self._inotify is not None:
            self._inotify.close()

    # ---- the file

    def _watch(self) -> None:
        if not self._path:
            return
        directory = str(Path(self._path).parent)
        try:
            self._inotify = Inotify()
            self._inotify.watch(directory, CLOSE_WRITE | NAMES)
        except OSError as error:
            self.close()
            why = f"{directory} cannot be watched: {error.strerror}"
            self._tell(WorksWithout(_WHAT, why, "make the directory, and reload"))
            return
        self._loop.watch(self._inotify.fileno(), readable=self._hear)

    def _hear(self) -> None:
        if self._inotify is None:
            return
        news = list(self._inotify.receive())
        name = os.fsencode(Path(self._path).name)
        if any(event.mask & IGNORED for event in news):
            self.close()
            self._tell(WorksWithout(_WHAT, f"the directory of {self._path} is gone", "make it, and reload"))
        if self._inotify is None or any(event.name == name or not event.name for event in news):
            self._read()

    def _read(self) -> None:
        """Make the appointment that the file says now, or none."""
        before, self.at = self.at, None
        why = "the file is not there any more"
        try:
            text = "" if self._inotify is None else _first_line(self._path)
            self.at = moment_of(read_appointment(text), self._wall()) if text else None
            why = "its time is over" if text else why
        except Refused as refusal:
            self._tell(ReloadNotAppointed(self._path, f"{refusal.words}; {refusal.remedy}"))
            before = None
        if self.at is not None and self.at != before:
            self._tell(ReloadAppointed(self._path, _shown(self.at), self.at))
        elif self.at is None and before is not None:
            self._tell(ReloadNotAppointed(self._path, why))
        self._arm()

    # ---- the time

    def _arm(self) -> None:
        if self.at is None:
            self._alarm.set(None)
            return
        left = Duration(max(0, int((self.at - self._wall()) * SECOND) + 1))
        self._alarm.set(after(self._clock.now(), min(left, CLOCK_LOOK)))

    def _look(self) -> None:
        """Whether it is time."""
        if self.at is None or self._wall() < self.at:
            self._arm()
            return
        at, self.at = self.at, None
        self._tell(ReloadNotAppointed(self._path, f"its time has come: {_shown(at)}"))
        if not self._repeat:
            with suppress(OSError):
                Path(self._path).unlink()
        self._begin()
        if self._repeat:
            self._read()


def moment_of(appointment: Appointment, now: float) -> float | None:
    """The time of day when it comes next; None: never again.

    Raises:
        Refused: `reload-time`: there is no such day, or no such time.
    """
    zone = UTC if appointment.utc else None
    try:
        today = datetime.fromtimestamp(now, zone)
        year, month, day = appointment.day or (today.year, today.month, today.day)
        at = datetime(year, month, day, *appointment.clock, tzinfo=zone)
    except ValueError as error:
        words = f"there is no such time: {error}"
        raise Refused("reload-time", words, remedy="correct it") from None
    if at.timestamp() > now:
        return at.timestamp()
    return None if appointment.day else (at + _DAY).timestamp()


def _first_line(path: str) -> str:
    """Without its end; empty if there is no file, or nothing in it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            content = os.read(descriptor, RELOAD_TIME_BYTES)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Refused(
            "reload-time", f"it cannot be read: {error.strerror}", remedy="check its mode"
        ) from None
    return content.decode(errors="replace").partition("\n")[0]


def _shown(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds")
