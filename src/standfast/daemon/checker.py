"""The checker child: the virtual servers on this host's kernel, with everybody who listens to them."""

import gc
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from standfast.base.errors import Malformed
from standfast.base.limits import SCRIPTS_AT_STOP
from standfast.base.times import SECOND
from standfast.conf.transport import decode_config
from standfast.core.check.events import Attempted, Due
from standfast.core.lvs.configured import Planner, followed_by
from standfast.core.lvs.connection_sync import ConnectionSync, connection_sync_of
from standfast.core.lvs.effects import BalancerEffect
from standfast.core.lvs.events import BalancerEvent, Judged, Ordered, Stop
from standfast.core.lvs.node import Balancer
from standfast.core.lvs.orders import Order, What
from standfast.core.lvs.parameters import Plan
from standfast.core.supervise.watch import BFD, CHECKER
from standfast.core.track.configured import file_check
from standfast.core.track.parameters import Tracked
from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict
from standfast.daemon import dumps
from standfast.daemon.bfd_links import VerdictReceiver
from standfast.daemon.breakage import Breakage
from standfast.daemon.channel import Channel
from standfast.daemon.checker_dump import checker_text
from standfast.daemon.checker_state import checker_slices
from standfast.daemon.conduct import Conduct
from standfast.daemon.connection_sync import SyncThreads, ipvs_place
from standfast.daemon.heritage import Heritage
from standfast.daemon.legacies import CheckerLegacy
from standfast.daemon.notice_pipe import NoticePipe, Outgoing
from standfast.daemon.obedience import Obedience
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.scripts import HostScripts, runnable
from standfast.daemon.service_record import ServiceRecord
from standfast.daemon.setting import Setting
from standfast.daemon.signal_numbers import STATE, STATISTICS, STATISTICS_ONCE
from standfast.daemon.telling import Piece, Telling
from standfast.daemon.trackers import HostTrackers
from standfast.daemon.uncollected import settle
from standfast.engine.driver import Driver
from standfast.engine.lvs import BalancerEffects
from standfast.engine.lvs_ports import Marking
from standfast.linux.accounts import Account
from standfast.linux.attempts.port import Attempts
from standfast.linux.balancing import Balancing
from standfast.linux.loop import LoopTimer, MonotonicClock, new_loop
from standfast.linux.nft_marking import Marker
from standfast.linux.presence import Presence
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.observe.facts import HostTrouble
from standfast.observe.later import Later
from standfast.observe.log import Log
from standfast.observe.notify import Notifier
from standfast.observe.state.server_times import ServerTimes
from standfast.wire import ipc
from standfast.wire.ipvs import Timeouts


class CheckerProcess:
    """Runs the virtual servers until it is asked to stop."""

    def __init__(
        self,
        setting: Setting,
        channel: Channel,
        log: Log,
        *,
        record: ServiceRecord,
        notices: NoticePipe,
        conduct: Conduct,
        heritage: Heritage,
        keep: bool = False,
    ) -> None:
        """Make it; nothing of the host is changed yet.

        Args:
            setting: what to run on.
            channel: to the parent.
            log: is told everything.
            record: where it is written what of IPVS is ours.
            notices: to the messenger.
            conduct: how it behaves.
            heritage: what another process leaves, and to whom this one leaves it.
            keep: the services stay when it stops (`-I`).
        """
        self._setting = setting
        self._channel = channel
        self._log = log
        self._record = record
        self._heritage = heritage
        self._keep = keep
        self._loop = new_loop()
        self._clock = MonotonicClock()
        self._scripts = HostScripts(self._loop)
        self._notifier = Notifier(
            self._scripts, tell=self._tell, clock=self._clock.now, soon=self._loop.call_soon
        )
        self._outgoing = Outgoing(self._loop, notices, self._tell)
        self._telling = Telling(CHECKER, channel, self._loop, self._clock, self._state)
        self._times = ServerTimes()
        self._later = Later(
            [log, self._notifier, self._outgoing, self._telling, self._times], self._loop.call_soon
        )
        self._planner = Planner()
        self._balancer = Balancer(secrets.randbits(32))
        place = ipvs_place(setting.config)
        self._table = Balancing(self._loop, self._give, self._complain, former=record.timeouts, place=place)
        self._sync = SyncThreads(self._loop, self._complain, place=place)
        self._marker = Marker(self._loop, self._complain)
        self._attempts = Attempts(self._loop, self._attempted, self._program)
        self._presence = Presence(self._loop, self._give, self._complain)
        self._trackers = self._make_trackers()
        self._sessions = VerdictReceiver(self._loop, self._trackers.judge_session)
        self._driver = self._driven()
        self._driver.lateness.heed = conduct.late
        self._conduct = conduct
        self._accounts = Accounts()
        self._config = Config()
        self._stopping = False
        self._breakage = Breakage(self._loop)

    def _driven(self) -> Driver[BalancerEvent, BalancerEffect]:
        """The balancer with what carries its effects out."""
        effects = BalancerEffects(
            attempts=self._attempts, table=self._table, listeners=(self._later,), clock=self._clock
        )
        return Driver[BalancerEvent, BalancerEffect](
            self._balancer, clock=self._clock, run=effects.run, due=Due()
        )

    def _make_trackers(self) -> HostTrackers:
        """What real servers follow."""
        return HostTrackers(
            self._loop,
            clock=self._clock,
            judged=self._judge,
            listeners=(self._later,),
            complain=self._complain,
            tracked=_tracked,
        )

    def run(self) -> None:
        """Start the virtual servers, and return when they have stopped.

        Raises:
            Exception: a mistake of ours, or something without which there is no going on.
        """
        self._listen()
        self._start(self._heritage.receive(CheckerLegacy))
        try:
            self._loop.run_forever()
        finally:
            self._later.flush()
            for part in (self._scripts, self._attempts, self._trackers, self._presence, self._table):
                part.close()
            self._marker.close()
            self._sessions.close()
            self._log.tick(self._clock.now())
        self._breakage.raise_it()

    # ---- start, reload, stop

    def _start(self, left: CheckerLegacy | None) -> None:
        gc.disable()  # next to nothing of what is made here is garbage; looking for it takes long
        config = self._setting.config
        if left is not None:
            self._balancer.give_legacy(left.balancer)
            self._table.trust(left.tables)
            self._times.recall(left.times)
            self._trackers.give_legacy(left.trackers)
        chosen = self._table.choose(config.global_defs.lvs_engine)
        plan = self._configure(config, Accounts(self._setting.accounts))
        self._trackers.start(config, self._accounts)
        if BFD in self._channel.links:
            self._sessions.connect(self._channel.links.pop(BFD))
        former = self._record.read()
        table = self._table.start(former)
        present = self._presence.watch(_needed(plan))
        flush = config.global_defs.lvs_flush and left is None
        # Written before anything is made: of a process that is killed in between, all is known.
        self._record.write((*former, *(one.key for virtual in plan.servers for one in virtual.services)))
        self._driver.do(
            lambda now: self._balancer.start(
                plan,
                table=table,
                now=now,
                former=former,
                flush=flush,
                present=present,
                orders=_orders_of(self._setting.orders),
            )
        )
        self._record.write(self._balancer.ours)
        self._driver.give(chosen)
        self._driver.arm(LoopTimer(self._loop, self._driver.ring))
        self._channel.send(ipc.Ready(left is not None))
        self._loop.call_soon(_settle)

    def _reload(self, message: ipc.Configure) -> None:
        gc.disable()  # until all is in its place, as at the start
        config = decode_config(bytes(message.config))
        self._conduct.follow(config)
        plan = self._configure(config, Accounts(message.accounts))
        self._attempts.configure()
        self._trackers.reload(config, self._accounts)
        self._record.write(
            (*self._balancer.ours, *(one.key for virtual in plan.servers for one in virtual.services))
        )
        present = self._presence.watch(_needed(plan))
        self._driver.do(lambda now: self._balancer.reload(plan, now, present=present))
        self._record.write(self._balancer.ours)
        self._channel.send(ipc.Configured(message.number))
        self._loop.call_soon(_settle)

    def _configure(self, config: Config, accounts: Accounts) -> Plan:
        """Tell everybody but the machines; the plan for the balancer."""
        self._accounts, self._config = accounts.over(self._accounts), config
        self._scripts.configure(config, self._accounts)
        self._notifier.configure(config)
        self._outgoing.configure(config)
        self._table.keep_unread(config.global_defs.lvs_netlink_cmd_rcv_bufs or 0)
        self._presence.keep_unread(config.global_defs.lvs_netlink_monitor_rcv_bufs or 0)
        plan = self._planner.plan(config, by_nft=self._table.by_nft)
        for words in plan.left_out:
            self._complain(words)
        self._table.translate(plan.translated)
        self._marker.mark(plan.marking)
        self._sync.configure(_sync_of(config))
        timeouts = config.global_defs.lvs_timeouts
        if timeouts is None:
            self._table.restore_timeouts()
        else:
            self._table.set_timeouts(Timeouts(timeouts.tcp, timeouts.tcpfin, timeouts.udp))
        return plan

    def _stop(self) -> None:
        """Take the services away at once; scripts that run may end, but not last for ever."""
        if self._stopping:
            return
        self._stopping = True
        flush = self._setting_of_stop == "all"
        self._driver.give(Stop(keep=self._keep, flush=flush))
        if not self._keep:
            self._table.restore_timeouts()
            self._sync.stop()
            self._marker.mark(Marking())
            self._record.remove()
        self._trackers.stop()
        self._later.flush()
        self._loop.call_later(SCRIPTS_AT_STOP / SECOND, self._loop.stop)
        self._end_when_quiet()

    @property
    def _setting_of_stop(self) -> str:
        return self._config.global_defs.lvs_flush_on_stop

    def _end_when_quiet(self) -> None:
        if self._notifier.busy:
            self._notifier.when_quiet = self._end_when_quiet
        elif self._table.busy:
            self._table.when_quiet(self._end_when_quiet)
        elif self._marker.busy:
            self._marker.when_quiet(self._end_when_quiet)
        else:
            self._loop.stop()

    def _hand_over(self) -> None:
        """Leave the virtual servers to the next process, and change nothing any more; scripts that run may end."""
        if self._stopping:  # nobody gets anything of what is being taken away
            self._channel.take_link().close()
        elif self._table.busy:
            self._table.when_quiet(self._hand_over)
        else:
            self._stopping = True
            self._driver.halt()
            balancer, trackers = self._balancer.bequeath(), self._trackers.bequeath()
            times, looks = self._times.everything(), self._table.looks
            self._heritage.leave(CheckerLegacy(balancer, times, looks, trackers))
            self._trackers.stop()
            self._later.flush()
            self._loop.call_later(SCRIPTS_AT_STOP / SECOND, self._loop.stop)
            self._end_when_quiet()

    # ---- what the parent says

    def _listen(self) -> None:
        signals = Obedience(
            self._loop,
            self._channel,
            obey=self._obey,
            stop=self._stop,
            lateness=self._driver.lateness,
            log=self._log,
        ).signals
        signals.on(STATE, self._dump_state)
        for number in (STATISTICS, STATISTICS_ONCE):  # statistics are of routers
            signals.ignore(number)

    def _obey(self, message: ipc.Message) -> None:
        match message:
            case ipc.Ask():
                self._telling.ask(message)
            case ipc.Orders(orders):
                self._driver.give(Ordered(tuple(_orders_of(orders))))
            case ipc.Linked():
                self._sessions.connect(self._channel.take_link())
            case ipc.HandOver():
                self._hand_over()
            case ipc.Configure():
                if not self._stopping:  # It may have been on its way when the signal came.
                    self._reload(message)
            case _:
                raise Malformed("ipc-direction")

    # ---- what is told

    def _give(self, event: BalancerEvent) -> None:
        self._driver.give(event)

    def _attempted(self, ended: Sequence[Attempted]) -> None:
        self._driver.give_all(ended)

    def _judge(self, verdicts: Mapping[TrackerKey, Verdict]) -> None:
        self._driver.give(Judged(verdicts))

    def _tell(self, fact: object) -> None:
        self._later.tell(fact, self._clock.now())

    def _complain(self, words: str) -> None:
        self._tell(HostTrouble(words))

    def _program(self, script: Script) -> tuple[Sequence[str], Account]:
        """A checker's program, as it may be run now.

        Raises:
            Refused: it may not.
        """
        path, account = runnable(script, self._config.global_defs, self._accounts)
        return (path, *script.words[1:]), account

    # ---- dumps

    def _state(self, names: tuple[str, ...]) -> Iterator[Piece]:
        trackers, moment = self._trackers.snapshot, self._telling.moment
        count, times = self._table.connections, self._times
        yield from checker_slices(self._balancer, trackers, moment, names, times=times, count=count)
        yield {"unforwarded": self._table.unforwarded}

    def _dump_state(self) -> None:
        moment = self._telling.moment()
        snapshot, trackers = self._balancer.snapshot(moment.now), self._trackers.snapshot()
        make = partial(checker_text, snapshot, trackers, moment, config=self._config, accounts=self._accounts)
        write = partial(self._conduct.dumps.write, dumps.SERVERS)
        written = self._loop.run_in_executor(None, lambda: write(make()))  # of many servers both take time
        written.add_done_callback(lambda done: self._tell(done.result()))


def _tracked(config: Config) -> Tracked:
    """The files and sessions that real servers follow."""
    keys = followed_by(config)
    files = {key.name for key in keys if key.kind is TrackerKind.FILE}
    return Tracked(
        files=tuple(file_check(one) for one in config.track_files if one.name in files),
        sessions=tuple(sorted({key.name for key in keys if key.kind is TrackerKind.BFD})),
    )


def _orders_of(orders: Iterable[ipc.Order]) -> Iterator[Order]:
    """Those for real servers; the others are the vrrp child's."""
    for one in orders:
        if one.server:
            yield Order(What(one.what), one.owner, one.name, one.server, one.weight, one.reason)


def _needed(plan: Plan) -> frozenset[Any]:
    return frozenset(address for virtual in plan.servers for address in virtual.needs)


def _sync_of(config: Config) -> ConnectionSync | None:
    """The synchronisation of connections that follows no instance; the other one is the vrrp child's."""
    sync = connection_sync_of(config)
    return sync if sync is not None and not sync.instance else None


def _settle() -> None:
    gc.enable()
    settle()
