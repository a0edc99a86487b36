"""The parent process: the edge of `core/supervise`; makes, watches and ends the children."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from standfast.conf.read import Reading
from standfast.conf.transport import encode_config
from standfast.core.supervise.effects import (
    Abort,
    Adopt,
    ConfigEffect,
    Discard,
    Effect,
    End,
    ForgetFormer,
    GiveBack,
    GiveConfig,
    KeepFormer,
    Kill,
    ReadConfig,
    RecallFormer,
    SendHello,
    Spawn,
    Stopping,
    Terminate,
)
from standfast.core.supervise.events import (
    Begin,
    Due,
    Ended,
    Event,
    Ready,
    ReloadAsked,
)
from standfast.core.supervise.fresh import all_fresh, hindrance_of
from standfast.core.supervise.node import Parent
from standfast.core.supervise.watch import MESSENGER
from standfast.daemon import configuration, dumps
from standfast.daemon.appointments import Appointments
from standfast.daemon.channel import Channel
from standfast.daemon.config_state import ConfigState
from standfast.daemon.exits import Exit
from standfast.daemon.flags import Flags
from standfast.daemon.going_on import GoingOn
from standfast.daemon.incarnation import Incarnation
from standfast.daemon.left_behind import LeftBehind
from standfast.daemon.naming import umask_of
from standfast.daemon.nursery import Nursery, Report
from standfast.daemon.operators import Operators
from standfast.daemon.parent_signals import HANDLED, listen_to_signals
from standfast.daemon.poll import PollLoop
from standfast.daemon.recall import states_of
from standfast.daemon.reload_files import SavedConfigs
from standfast.daemon.service_notices import ServiceNotices
from standfast.daemon.serving import Serving
from standfast.daemon.setting import Setting
from standfast.daemon.settings import Settings
from standfast.daemon.signal_numbers import STATE
from standfast.daemon.threads import all_stacks, share_interpreter
from standfast.daemon.uncollected import settle
from standfast.engine.driver import Driver
from standfast.linux.loop import MonotonicClock
from standfast.linux.service_manager import ServiceManager
from standfast.model.config import Config
from standfast.observe.dump import OURS, parent_text
from standfast.observe.dump_globals import globals_text
from standfast.observe.facts import ChildStood
from standfast.observe.log import Log
from standfast.wire.ipc import Happened

if TYPE_CHECKING:
    from standfast.daemon.memory import MemoryWatch

ChildWork = Callable[[Setting, Channel], int]  # a child's main function

_ONE_PROCESS = "only"


class ParentProcess:
    """Runs until it is asked to stop; `run` gives the exit status."""

    def __init__(
        self,
        flags: Flags,
        config: Config,
        log: Log,
        *,
        work: Mapping[str, ChildWork],
        incarnation: Incarnation,
        reading: Reading | None = None,
    ) -> None:
        """Make it; nothing is started yet.

        Args:
            flags: the command line.
            config: what to run on; it was checked.
            log: is told everything.
            work: the main function of each sort of child.
            incarnation: which life this is.
            reading: of the configuration, to tell what came of it.
        """
        self._flags = flags
        self._log = log
        self._work = work
        self._clock = MonotonicClock()
        self._loop = PollLoop()
        self._dumps = dumps.DumpPlaces(flags.namespace, flags.instance)
        state = ConfigState(flags.config, reading, time.time)
        saved = SavedConfigs(self._tell, lambda done: self._serving.gather((), done))
        self._settings = Settings(flags, config, reading, state=state, saved=saved, tell=self._tell)
        self._left_behind = LeftBehind(flags, self._settings, self._tell)
        self._machine = Parent(configuration.watch(flags, config))
        self._driver = Driver[Event, Effect](self._machine, clock=self._clock, run=self._run, due=Due())
        self._pid_file = incarnation.pid_file
        self._going_on = self._make_going_on(incarnation)
        self._nursery = self._make_nursery()
        self._serving = self._make_serving(state, incarnation)
        self._notices = self._make_notices()
        self._appointments = self._make_appointments()
        self._operators = Operators(
            self._loop,
            self._serving,
            incarnation=incarnation,
            settings=self._settings,
            nursery=self._nursery,
            give=self._driver.give,
            hindrance=self._hindrance,
            tell=self._tell,
        )
        self._status = 0
        self._memory: MemoryWatch | None = None

    def debug_memory(self, memory: "MemoryWatch | None") -> None:
        """Have what is held counted after each reload, here and in the children."""
        self._memory = memory
        if memory is not None:
            memory.pass_on = self._nursery.signal_all

    def _make_nursery(self) -> Nursery:
        """The children: processes, or threads of this one."""
        nursery = Nursery(
            self._loop,
            self._hear,
            let_go=self._leave,
            handled=HANDLED,
            pass_on=self._told,
            tell=self._tell,
            succession=self._going_on.hear,
            stranger=self._going_on.reaped,
        )
        if self._flags.single:
            share_interpreter()
            nursery.have_threads(self._give_up)
        return nursery

    def _make_serving(self, state: ConfigState, incarnation: Incarnation) -> Serving:
        """Who answers questions."""
        serving = Serving(
            self._loop,
            self._clock,
            ask=self._nursery.ask,
            pids=lambda: self._nursery.pids,
            snapshot=self._machine.snapshot,
            config_state=state,
            pid_file=self._flags.pid_file,
            orders=lambda: self._operators.orders.standing,
        )
        serving.complain = self._tell
        if incarnation.estate is not None and incarnation.estate.listening >= 0:
            serving.inherit(incarnation.estate.listening, incarnation.estate.control)
        return serving

    def _make_appointments(self) -> Appointments:
        """Reloads that are planned for a time."""
        return Appointments(
            self._loop,
            self._clock,
            wall=time.time,
            begin=lambda: self._driver.give(ReloadAsked()),
            tell=self._tell,
        )

    def _make_going_on(self, incarnation: Incarnation) -> GoingOn:
        """What an earlier life left, if this is not the first."""
        return GoingOn(
            self._loop,
            self._clock,
            incarnation.estate,
            pass_on=self._told,
            needed=lambda: configuration.needed(self._flags, self.config),
            tell=self._tell,
        )

    def _make_notices(self) -> ServiceNotices:
        """What systemd is told."""
        return ServiceNotices(
            ServiceManager(os.environ),
            self._clock,
            watchdog=self._loop.alarm(),
            refresh=self._loop.alarm(),
            fresh=lambda: all_fresh(self._machine.snapshot(self._clock.now())),
            gather=self._serving.gather,
        )

    def _give_up(self) -> None:
        """A thread does not answer, and nobody can end it alone (`--single`)."""
        for stack in all_stacks():
            self._tell(ChildStood(_ONE_PROCESS, stack.thread, stack.places))
        self._log.tick(self._clock.now())
        os._exit(Exit.INTERNAL)

    def _hindrance(self) -> str:
        """Why the program cannot be replaced at this moment; empty: it can."""
        if self._flags.single:
            return "with --single there are no processes to hand over to; restart the container"
        if self._going_on.pending:
            return "the last restart is not over yet"
        if self._nursery.busy:
            return "the processes have not read all that they were told"
        return hindrance_of(self._machine.snapshot(self._clock.now()))

    @property
    def config(self) -> Config:
        """What it runs on now."""
        return self._settings.config

    def run(self) -> int:
        """Start the children and look after them; the exit status when all is over."""
        listen_to_signals(
            self._loop,
            give=self._driver.give,
            reap=self._nursery.reap,
            pass_on=self._pass_on,
            ignore_sigint=self._flags.ignore_sigint,
        )
        self._loop.on_alarm(self._driver.ring)
        self._driver.arm(self._loop)
        gc.freeze()  # without a collection: a start leaves some hundred objects, and would wait 15 ms for it
        gc.enable()
        self._serve()
        self._settings.begin()
        self._left_behind.clear_away()
        self._driver.give(Begin())
        self._going_on.begin()
        self._loop.run()
        self._serving.close()
        self._loop.close()
        return self._status

    # ---- what the machine asks for

    def _run(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Spawn(child):
                self._spawn(child)
            case SendHello() | Terminate() | Abort() | Kill():
                self._address(effect)
            case (
                ReadConfig()
                | GiveConfig()
                | GiveBack()
                | Adopt()
                | Discard()
                | KeepFormer()
                | RecallFormer()
                | ForgetFormer()
            ):
                self._take_over(effect)
            case End(status):
                self._left_behind.end()
                self._status = status
                self._loop.stop()
            case Stopping():
                self._going_on.stop()
                self._tell(effect)
            case _:
                self._tell(effect)

    def _address(self, effect: SendHello | Terminate | Abort | Kill) -> None:
        """Say something to one child, whether it listens or not."""
        match effect:
            case SendHello(child):
                self._nursery.send_hello(child)
                self._log.tick(self._clock.now())
            case Terminate(child):
                self._nursery.signal(child, signal.SIGTERM)
            case Abort(child):
                self._nursery.abort(child)
            case Kill(child):
                self._nursery.signal(child, signal.SIGKILL)

    def _take_over(self, effect: ConfigEffect) -> None:
        """A step of a reload."""
        match effect:
            case ReadConfig():
                self._notices.reading()
                self._operators.reading()
                self._driver.give(self._settings.read())
            case GiveConfig(child):
                self._give(child, self._settings.candidate, awaited=True)
            case GiveBack(child):
                self._give(child, self._settings.running, awaited=False)
            case Adopt():
                self._settings.adopt()
                self._serve()
                settle()  # a collection later would stop the process for long
                if self._memory is not None:
                    self._memory.reloaded()
            case Discard():
                self._settings.discard()
            case KeepFormer():
                self._settings.keep_former()
            case ForgetFormer():
                self._settings.forget_former()
            case RecallFormer():
                self._driver.give(self._settings.recall())
            case _:
                assert_never(effect)

    def _spawn(self, child: str) -> None:
        former, orders = self._left_behind.spawn(child), self._operators.orders.told
        setting = replace(self._settings.running, former=former, orders=orders)
        work = partial(self._work[child], setting)
        self._going_on.spawn(child, work, lambda main: self._nursery.spawn(child, main))

    def _give(self, child: str, setting: Setting, *, awaited: bool) -> None:
        self._left_behind.give(setting.config)
        config = encode_config(setting.config)
        self._nursery.send_config(child, config, setting.accounts, awaited=awaited)

    def _hear(self, event: Event) -> None:
        """A child speaks, or has ended."""
        self._left_behind.hear(event)
        if isinstance(event, Ready) and event.child == MESSENGER and self.config.global_defs.enable_dbus:
            self._serving.gather((), lambda state: self._nursery.send_states(states_of(state)))
        if isinstance(event, Ended):
            self._serving.lose(event.child)
            self._going_on.lost(event.child)
        self._driver.give(event)

    def _tell(self, fact: object) -> None:
        now = self._clock.now()
        self._log.tell(fact, now)
        self._serving.tell(fact, now)
        self._operators.tell(fact)
        self._notices.tell(fact)

    def _serve(self) -> None:
        """Answer whoever asks, and write what is asked for, as the configuration says."""
        os.umask(umask_of(self._flags, self.config))
        self._dumps.follow(self.config.global_defs)
        for without in self._serving.open(self.config):
            self._tell(without)
        self._appointments.open(self.config.global_defs)

    def _told(self, child: str, report: Report) -> None:
        self._serving.hear(child, report)
        if isinstance(report, Happened):
            self._notices.changed()

    def _leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._serving.leave()
        self._appointments.leave()
        self._going_on.leave()
        self._operators.leave()
        self._pid_file.close()

    # ---- signals

    def _pass_on(self, number: int) -> None:
        if number == STATE:
            self._tell(self._dumps.write(dumps.PARENT, self._text()))
        self._nursery.signal_all(number)

    def _text(self) -> str:
        told = {"Configuration": self._flags.config, "Pid": str(os.getpid())}
        ours = parent_text(self._machine.snapshot(self._clock.now()), told)
        return f"{globals_text(self.config.global_defs)}{OURS}{ours}"
