"""A child follows its `Manners`, at the start and after each reload; what it is not permitted is said."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from standfast.base.errors import Refused
from standfast.base.limits import REALTIME_REST, REALTIME_REST_MAX
from standfast.base.times import SECOND, Duration
from standfast.daemon.dumps import DumpPlaces
from standfast.daemon.flags import Flags
from standfast.daemon.manners import Manners, manners_of
from standfast.daemon.naming import umask_of
from standfast.linux.privileges import be_ordinary, become_realtime, lock_memory, set_process_name
from standfast.linux.process_names import set_command_line
from standfast.linux.scheduling import allow_descriptors, be_nice, locked_kib, ordinary, run_on
from standfast.model.config import Config
from standfast.observe.facts import MemoryLocked, PriorityRaised, WorksWithout

_MOMENT_S = 0.0001


class Conduct:
    """What a child does with itself."""

    def __init__(self, child: str, flags: Flags, tell: Callable[[object], None]) -> None:
        """Make it; nothing is changed yet.

        Args:
            child: its name.
            flags: the command line.
            tell: gets what is to be said.
        """
        self.tells_addresses = flags.tell_addresses
        self.dumps = DumpPlaces(flags.namespace, flags.instance)
        self._child = child
        self._flags = flags
        self._tell = tell
        self._before = ordinary()
        self._manners: Manners | None = None
        self._priority = 0  # in the real-time class; 0: an ordinary process
        self._gave_up = False  # computed too long without a pause, and rests
        self._rest = REALTIME_REST
        self._locked = False
        self._call(f"standfastd:{child}", f"standfastd: {child}")

    def follow(self, config: Config) -> None:
        """Behave as this configuration says."""
        os.umask(umask_of(self._flags, config))
        self.dumps.follow(config.global_defs)
        new = manners_of(self._child, config)
        old, self._manners = self._manners, new
        if new is None or new == old:
            return
        if new.name:
            self._call(new.name, new.name)
        self._do("the CPUs that were asked for", lambda: run_on(new.processors or self._before.processors))
        if new.nice or (old is not None and old.nice):
            self._do("the nice value that was asked for", lambda: be_nice(new.nice or self._before.nice))
        self._do("as many open files as its checks may need", lambda: allow_descriptors(new.descriptors))
        self._be_on_time(new, old)
        self._lock(new)

    def _call(self, name: str, command_line: str) -> None:
        """Be shown so; a thread has a name of its own, and no command line."""
        set_process_name(name)
        if not self._flags.single:
            set_command_line(command_line)

    def late(self, by: Duration) -> None:
        """An alarm rang late: if that is permitted, run before more others from now on (behaviour PR-11)."""
        if self._manners is None or self._gave_up or self._flags.single:
            return
        raised = self._manners.haste.raised(self._priority, by)
        if raised is not None and self._become_realtime(raised, self._manners):
            self._tell(PriorityRaised(raised, by))

    def _be_on_time(self, new: Manners, old: Manners | None) -> None:
        """Ask for the class that it should have, without what lateness has added."""
        if self._flags.single:
            return  # A thread of that class would wait for the interpreter that an ordinary one holds.
        if self._gave_up or (old is not None and (new.realtime, new.run) == (old.realtime, old.run)):
            return
        if new.realtime:
            self._become_realtime(new.realtime, new)
        elif self._priority:
            be_ordinary()
            self._priority = 0

    def _become_realtime(self, priority: int, manners: Manners) -> bool:
        signal.signal(signal.SIGXCPU, self._slow_down)
        try:
            become_realtime(priority, run=manners.run)
        except Refused as refusal:
            self._tell(WorksWithout("a real-time class", refusal.words, refusal.remedy))
            return False
        self._priority = priority
        return True

    def _slow_down(self, *_: object) -> None:
        """The kernel warns (SIG-11): this process has not slept for long, and nobody else could run.

        A start with a thousand routers takes that long, once; a spin goes on. So it tries again, ever more rarely.
        """
        self._gave_up = True
        self._priority = 0
        be_ordinary()
        seconds = self._rest // SECOND
        self._tell(WorksWithout(f"a real-time class for {seconds} s", "it computed too long without a pause"))
        signal.signal(signal.SIGALRM, self._try_again)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        self._rest = min(Duration(self._rest * 2), REALTIME_REST_MAX)

    def _try_again(self, *_: object) -> None:
        self._gave_up = False
        if self._manners is not None and self._manners.realtime:
            self._become_realtime(self._manners.realtime, self._manners)
            time.sleep(_MOMENT_S)  # the kernel counts anew from the first sleep in the class

    def _lock(self, new: Manners) -> None:
        if self._locked or not (new.locked or new.must_be_on_time):
            return
        self._locked = self._do("locked memory", lambda: lock_memory(at_once=new.locked))
        if self._locked:
            with suppress(OSError):
                self._tell(MemoryLocked(locked_kib(), new.locked))

    def _do(self, what: str, act: Callable[[], None]) -> bool:
        try:
            act()
        except Refused as refusal:
            self._tell(WorksWithout(what, refusal.words, refusal.remedy))
            return False
        return True
