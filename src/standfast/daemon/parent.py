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
from standfast.core.supervise import watch
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
    ConfigRead,
    ConfigRefused,
    ConfigSame,
    Due,
    Ended,
    Event,
    Ready,
    ReloadAsked,
    StopAsked,
    Took,
)
from standfast.core.supervise.fresh import all_fresh, hindrance_of
from standfast.core.supervise.node import Parent
from standfast.core.supervise.watch import VRRP
from standfast.daemon import configuration, dumps
from standfast.daemon.appointments import Appointments
from standfast.daemon.channel import Channel
from standfast.daemon.clearing import clear_away
from standfast.daemon.config_state import ConfigState
from standfast.daemon.control import Verb
from standfast.daemon.dry_start import DryStart
from standfast.daemon.exits import Exit
from standfast.daemon.flags import Flags
from standfast.daemon.going_on import GoingOn
from standfast.daemon.host_record import HostRecord
from standfast.daemon.incarnation import Incarnation
from standfast.daemon.naming import umask_of
from standfast.daemon.nursery import Nursery, Report
from standfast.daemon.order_file import OrderFile
from standfast.daemon.orders import Orders
from standfast.daemon.own_record import OwnRecord
from standfast.daemon.poll import PollLoop
from standfast.daemon.proposal import Mistakes, Proposal, facts_of, mistakes_of, propose
from standfast.daemon.recall import states_of
from standfast.daemon.reload_files import SavedConfigs, clear_marker, marked, write_check
from standfast.daemon.reloads import Reloads
from standfast.daemon.restarts import Restarts, Standing
from standfast.daemon.roles import Role
from standfast.daemon.router_orders import RouterOrderVerb
from standfast.daemon.script_accounts import look_up
from standfast.daemon.server_orders import ServerOrderVerb
from standfast.daemon.service_notices import ServiceNotices
from standfast.daemon.serving import Serving, history_path
from standfast.daemon.setting import Setting
from standfast.daemon.signal_numbers import JSON, STATE, STATISTICS, STATISTICS_ONCE
from standfast.daemon.threads import all_stacks, share_interpreter
from standfast.daemon.uncollected import settle, uncollected
from standfast.engine.driver import Driver
from standfast.linux.loop import MonotonicClock
from standfast.linux.service_manager import ServiceManager
from standfast.model.config import Config
from standfast.observe.dump import OURS, parent_text
from standfast.observe.dump_globals import globals_text
from standfast.observe.facts import ChildStood, ConfigUnchanged, HostTrouble
from standfast.observe.log import Log
from standfast.wire.ipc import Happened

if TYPE_CHECKING:
    from standfast.daemon.memory import MemoryWatch

ChildWork = Callable[[Setting, Channel], int]  # a child's main function

# Each child acts itself, and ignores what it has nothing to tell about.
_FORWARDED = (STATE, STATISTICS, STATISTICS_ONCE, JSON)
_HANDLED = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, *_FORWARDED})
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
        self._setting = self._candidate = Setting(config, look_up(config))
        self._record = HostRecord(flags.pid_file)
        self._dumps = dumps.DumpPlaces(flags.namespace, flags.instance)
        self._orderly = True  # the last vrrp child that ended took its addresses along
        self._log = log
        self._work = work
        self._clock = MonotonicClock()
        self._loop = PollLoop()
        self._machine = Parent(configuration.watch(flags, config))
        self._driver = Driver[Event, Effect](self._machine, clock=self._clock, run=self._run, due=Due())
        self._pid_file = incarnation.pid_file
        self._going_on = self._make_going_on(incarnation)
        self._nursery = self._make_nursery()
        self._tolerated = self._tolerated_before = mistakes_of(reading)
        self._former: tuple[Setting, Mistakes] | None = None  # comes back unless the present one is confirmed
        self._config_state = ConfigState(flags.config, reading, time.time)
        self._serving = self._make_serving()
        self._reloads = Reloads(
            propose=self._propose,
            give=self._driver.give,
            stand=lambda: self._config_state.now,
        )
        self._notices = self._make_notices()
        self._appointments = self._make_appointments()
        self._saved = SavedConfigs(self._tell, lambda done: self._serving.gather((), done))
        self._serving.verbs["reload"] = Verb(Role.WRITE, self._reloads.serve)
        self._orders = self._take_orders(history_path(flags.pid_file, os.environ))
        self._dry_start = DryStart(self._loop, self._loop.alarm(), self._clock, incarnation.program)
        if incarnation.estate is not None and incarnation.estate.listening >= 0:
            self._serving.inherit(incarnation.estate.listening, incarnation.estate.control)
        self._serving.verbs["restart"] = Verb(Role.WRITE, self._restarts(incarnation).serve)
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
            handled=_HANDLED,
            pass_on=self._told,
            tell=self._tell,
            succession=self._going_on.hear,
            stranger=self._going_on.reaped,
        )
        if self._flags.single:
            share_interpreter()
            nursery.have_threads(self._give_up)
        return nursery

    def _make_serving(self) -> Serving:
        """Who answers questions."""
        return Serving(
            self._loop,
            self._clock,
            ask=self._nursery.ask,
            pids=lambda: self._nursery.pids,
            snapshot=self._machine.snapshot,
            config_state=self._config_state,
            pid_file=self._flags.pid_file,
            orders=lambda: self._orders.standing,
        )

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

    def _take_orders(self, history: str) -> Orders:
        """The orders of operators that stand, and the verbs that change them."""
        orders = Orders(
            OrderFile(history),
            self._loop.alarm(),
            self._clock,
            send=self._nursery.send_orders,
            tell=self._tell,
        )
        gather, config = self._serving.gather, lambda: self.config
        verbs = {
            "maintenance": RouterOrderVerb("maintenance", orders, gather=gather, config=config).serve,
            "failover": RouterOrderVerb("failover", orders, gather=gather, config=config).serve,
            "rs": ServerOrderVerb(orders, gather=gather, config=config).serve,
        }
        self._serving.verbs |= {name: Verb(Role.WRITE, serve) for name, serve in verbs.items()}
        return orders

    def _restarts(self, incarnation: Incarnation) -> Restarts:
        """The verb that replaces the program."""
        file = incarnation.pid_file
        return Restarts(
            incarnation.program,
            self._dry_start,
            propose=self._propose,
            hindrance=self._hindrance,
            children=lambda: self._nursery.living,
            standing=lambda: Standing(self.config, file.fileno(), file.path, self._serving.listening),
            tell=self._tell,
            handled=_HANDLED,
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
        return self._setting.config

    def run(self) -> int:
        """Start the children and look after them; the exit status when all is over."""
        self._listen_to_signals()
        self._loop.on_alarm(self._driver.ring)
        self._driver.arm(self._loop)
        gc.freeze()  # without a collection: a start leaves some hundred objects, and would wait 15 ms for it
        gc.enable()
        self._serve()
        clear_marker(self.config, self._flags.pid_file)
        self._saved.after(self.config)
        self._clear_away()
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
                if self._orderly and not self._flags.leave_vrrp:
                    self._record.remove()
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
                self._driver.give(self._read_config())
            case GiveConfig(child):
                self._give(child, self._candidate, awaited=True)
            case GiveBack(child):
                self._give(child, self._setting, awaited=False)
            case Adopt():
                adopted, self._setting = self._candidate is not self._setting, self._candidate
                self._serve()
                if adopted:
                    self._saved.after(self.config)
                settle()  # a collection later would stop the process for long
                if self._memory is not None:
                    self._memory.reloaded()
            case Discard():
                self._candidate = self._setting
            case KeepFormer():
                self._former = self._setting, self._tolerated_before
            case ForgetFormer():
                self._former = None
            case RecallFormer():
                self._driver.give(self._recall())
            case _:
                assert_never(effect)

    def _clear_away(self) -> None:
        """Without an instance there is no vrrp child that would take away what a killed one left."""
        if VRRP in configuration.needed(self._flags, self._setting.config):
            return
        own = OwnRecord(self._flags.pid_file)
        if clear_away(self._record.read(), own, lambda words: self._tell(HostTrouble(words))):
            self._record.remove()

    def _spawn(self, child: str) -> None:
        former, config = self._record.read(), self._setting.config
        if child == VRRP:
            self._record.add(config)
        setting = replace(self._setting, former=former, orders=self._orders.told)
        work = partial(self._work[child], setting)
        self._going_on.spawn(child, work, lambda main: self._nursery.spawn(child, main))

    def _give(self, child: str, setting: Setting, *, awaited: bool) -> None:
        self._record.add(setting.config)
        config = encode_config(setting.config)
        self._nursery.send_config(child, config, setting.accounts, awaited=awaited)

    def _hear(self, event: Event) -> None:
        """A child speaks, or has ended: then what it leaves on the host is known again."""
        match event:
            case Ready(child=watch.VRRP):
                self._record.write(self._setting.config)
            case Ready(child=watch.MESSENGER) if self.config.global_defs.enable_dbus:
                self._serving.gather((), lambda state: self._nursery.send_states(states_of(state)))
            case Took(child=watch.VRRP, refusal=""):
                self._record.write(self._candidate.config)
            case Ended(child=watch.VRRP, status=status):
                self._orderly = status == 0
            case _:
                pass
        if isinstance(event, Ended):
            self._serving.lose(event.child)
            self._going_on.lost(event.child)
        self._driver.give(event)

    def _tell(self, fact: object) -> None:
        now = self._clock.now()
        self._log.tell(fact, now)
        self._serving.tell(fact, now)
        self._reloads.tell(fact)
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
        self._dry_start.leave()
        self._pid_file.close()

    def _read_config(self) -> Event:
        """Read it again, and say what the parent's machine must know of it."""
        self._notices.reading()
        self._reloads.read()
        proposal = self._propose()
        write_check(self.config, proposal.reading, self._tell)
        self._config_state.read(proposal)
        for fact in (*configuration.told(self._flags, proposal.reading), *facts_of(proposal)):
            self._tell(fact)
        config = proposal.config
        if config is None:
            return ConfigRefused(proposal.refusal)
        self._tolerated_before, self._tolerated = self._tolerated, mistakes_of(proposal.reading)
        if config == self.config:
            self._tell(ConfigUnchanged())
            return ConfigSame()
        self._candidate = Setting(config, look_up(config))
        self._saved.before(self.config)
        return ConfigRead(configuration.watch(self._flags, config))

    def _propose(self) -> Proposal:
        with marked(self.config, self._flags.pid_file, self._tell), uncollected():
            return propose(self._flags, self.config, tolerated=self._tolerated)

    def _recall(self) -> Event:
        """Take the former configuration as if it had been read."""
        setting, self._tolerated = self._former or (self._setting, self._tolerated)
        self._former, self._candidate = None, setting
        self._saved.before(self.config)
        return ConfigRead(configuration.watch(self._flags, setting.config))

    # ---- signals

    def _listen_to_signals(self) -> None:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # SIG-09
        self._loop.on_signal(signal.SIGTERM, lambda: self._driver.give(StopAsked("SIGTERM")))
        self._loop.on_signal(signal.SIGINT, self._interrupted)
        self._loop.on_signal(signal.SIGHUP, lambda: self._driver.give(ReloadAsked()))
        self._loop.on_signal(signal.SIGCHLD, self._nursery.reap)
        for number in _FORWARDED:
            self._loop.on_signal(number, partial(self._pass_on, number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)  # the program before had them wait for us

    def _interrupted(self) -> None:
        if not self._flags.ignore_sigint:
            self._driver.give(StopAsked("SIGINT"))

    def _pass_on(self, number: int) -> None:
        if number == STATE:
            self._tell(self._dumps.write(dumps.PARENT, self._text()))
        self._nursery.signal_all(number)

    def _text(self) -> str:
        told = {"Configuration": self._flags.config, "Pid": str(os.getpid())}
        ours = parent_text(self._machine.snapshot(self._clock.now()), told)
        return f"{globals_text(self.config.global_defs)}{OURS}{ours}"
