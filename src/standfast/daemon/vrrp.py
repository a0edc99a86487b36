"""The vrrp child: the routers on this host's kernel, with everybody who listens to them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from standfast.base.errors import Malformed
from standfast.base.limits import SCRIPTS_AT_STOP
from standfast.base.times import MILLISECOND, SECOND, Instant, after
from standfast.conf.transport import decode_config
from standfast.core.lvs.connection_sync import ConnectionSync, connection_sync_of
from standfast.core.supervise.watch import BFD, VRRP
from standfast.core.track.configured import link_parameters_of
from standfast.core.track.interface import LinkEvent
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.configured import means_of, routers_of
from standfast.core.vrrp.effects import Effect
from standfast.core.vrrp.events import AnnouncementAsked, Due, Event, Judged, Ordered, Stop
from standfast.core.vrrp.fitting import fitted
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.orders import Order, What
from standfast.core.vrrp.routed import Routed, routed_of
from standfast.core.vrrp.router import Link, Router
from standfast.daemon.bfd_links import VerdictReceiver
from standfast.daemon.breakage import Breakage
from standfast.daemon.channel import Channel
from standfast.daemon.conduct import Conduct
from standfast.daemon.connection_sync import SyncThreads, ipvs_place
from standfast.daemon.heritage import Heritage
from standfast.daemon.kernel import Kernel
from standfast.daemon.legacies import Number, VrrpLegacy, counted, fingerprint, numbers
from standfast.daemon.notice_pipe import NoticePipe, Outgoing
from standfast.daemon.obedience import Obedience
from standfast.daemon.own_record import OwnRecord
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.scripts import HostScripts
from standfast.daemon.setting import Setting
from standfast.daemon.signal_numbers import JSON, STATE, STATISTICS, STATISTICS_ONCE
from standfast.daemon.telling import Piece, Telling
from standfast.daemon.trackers import HostTrackers
from standfast.daemon.uncollected import keep, settle, uncollected
from standfast.daemon.vrrp_dumps import VrrpDumps
from standfast.daemon.vrrp_state import vrrp_slices
from standfast.engine.driver import Driver
from standfast.engine.links import SettledLinks
from standfast.engine.pacing import PacedAnnouncer, paces_of
from standfast.engine.ports import AddressKey
from standfast.engine.rehearsal import TakeoverRehearsal
from standfast.engine.signing import Signer
from standfast.engine.vrrp import VrrpEffects
from standfast.linux.linkbeat import Linkbeat
from standfast.linux.loop import LoopTimer, MonotonicClock, TimeOfDay, new_loop
from standfast.linux.route_names import directories_of, read_route_names
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.observe.counters import Counters
from standfast.observe.facts import AddressSeen, HostTrouble
from standfast.observe.later import Later
from standfast.observe.log import Log
from standfast.observe.notify import Notifier
from standfast.observe.reporter import StatesAsked
from standfast.observe.state.instances import Instances
from standfast.wire import ipc

_LOOK_AGAIN_S = 20 * MILLISECOND / SECOND


class VrrpProcess:
    """Runs the routers until it is asked to stop."""

    def __init__(
        self,
        setting: Setting,
        channel: Channel,
        log: Log,
        *,
        record: OwnRecord,
        notices: NoticePipe,
        conduct: Conduct,
        heritage: Heritage,
        leaves_all: bool = False,
    ) -> None:
        """Make it; nothing of the host is changed yet.

        Args:
            setting: what to run on.
            channel: to the parent.
            log: is told everything.
            record: where that is written which is to be undone.
            notices: to the messenger.
            conduct: how it behaves.
            heritage: what another process leaves, and to whom this one leaves it.
            leaves_all: at the stop, the host keeps what it has.

        Raises:
            Refused: the kernel does not give what is needed.
        """
        self._channel = channel
        self._conduct, self._heritage = conduct, heritage
        self._log = log
        self._loop = new_loop()
        self._clock = MonotonicClock()
        self._counters = Counters()
        self._scripts = HostScripts(self._loop)
        self._notifier = Notifier(
            self._scripts, tell=self._tell, clock=self._clock.now, soon=self._loop.call_soon
        )
        self._outgoing = Outgoing(self._loop, notices, self._tell)
        self._node = Node()
        self._instances = Instances(self._counters, self._node.verdict)
        self._telling = Telling(VRRP, channel, self._loop, self._clock, self._state)
        self._sync = SyncThreads(self._loop, self._complain, place=ipvs_place(setting.config))
        self._later = Later(
            [log, self._notifier, self._outgoing, self._telling, self._sync], self._loop.call_soon
        )
        linkbeat = Linkbeat(self._polled)
        self._settled = SettledLinks(linkbeat=linkbeat, tell=self._give, clock=self._clock)
        self._trackers = self._make_trackers()
        self._dumps = self._make_dumps()
        self._sessions = VerdictReceiver(self._loop, self._trackers.judge_session)
        self._kernel = Kernel(self._loop, self._settled.hear, self._complain, record=record)
        self._paced = PacedAnnouncer(self._kernel.announcer, self._clock)
        self._paced.arm(LoopTimer(self._loop, self._paced.ring))
        self._driver = self._driven()
        self._driver.lateness.heed = conduct.late
        self._setting = setting
        self._config = setting.config
        self._leaves_all = leaves_all
        self._stopping = False
        self._breakage = Breakage(self._loop)

    def _make_dumps(self) -> VrrpDumps:
        """The texts that signals ask for."""
        return VrrpDumps(
            self._node,
            self._counters,
            trackers=self._trackers.snapshot,
            links=lambda: self._settled.links,
            moment=self._telling.moment,
            write=self._write,
        )

    def _make_trackers(self) -> HostTrackers:
        """What the routers depend on."""
        return HostTrackers(
            self._loop,
            clock=self._clock,
            judged=self._judge,
            listeners=(self._later,),
            complain=self._complain,
        )

    def _driven(self) -> Driver[Event, Effect]:
        """The machine with what carries its effects out."""
        self._signer = Signer(TimeOfDay())
        effects = VrrpEffects(
            adverts=self._kernel.adverts,
            addresses=self._kernel.addresses,
            announcer=self._paced,
            firewall=self._kernel.firewall,
            routing=self._kernel.routing,
            listeners=(self._counters, self._later),
            clock=self._clock,
            signer=self._signer,
        )
        effects.speak_with(self._node.speak)
        return Driver[Event, Effect](
            self._node,
            clock=self._clock,
            run=effects.run,
            drain=self._kernel.adverts.drain,
            due=Due(),
            rehearsal=TakeoverRehearsal(self._node, effects),
        )

    def run(self) -> None:
        """Start the routers, and return when they have stopped.

        Raises:
            Exception: a mistake of ours, or something without which there is no going on.
        """
        if self._conduct.tells_addresses:
            self._kernel.say_addresses(self._say_address)
        self._listen()
        print_ = fingerprint(self._config) if self._heritage.is_due else ""  # while there is time for it
        left = self._heritage.receive(VrrpLegacy)
        if left is not None:
            self._inherit(left, same=left.config == print_)
        with uncollected():
            self._start(going_on=left is not None)
        keep()
        try:
            self._loop.run_forever()
        finally:
            self._later.flush()
            self._scripts.close()
            self._trackers.close()
            self._sessions.close()
            self._kernel.close()
            self._log.tick(self._clock.now())
        self._breakage.raise_it()

    # ---- start, reload, stop

    def _start(self, *, going_on: bool) -> None:
        config, former = self._setting.config, self._setting.former
        routed = self._routed(config)
        self._kernel.keep_unread(config.global_defs)
        own = self._kernel.make(config)
        routers, means = routers_of(config, own, routed=routed), means_of(config.global_defs)
        accounts = Accounts(self._setting.accounts)
        self._scripts.configure(config, accounts)
        self._dumps.configure(config, accounts)
        self._notifier.configure(config)
        self._outgoing.configure(config)
        self._paced.configure(paces_of(config))
        self._kernel.start(routers, routed.static)
        self._settled.start(link_parameters_of(config, own.parents), self._kernel.links)
        self._settled.arm(lambda ring: LoopTimer(self._loop, ring))
        links, present = self._settled.links, self._kernel.present
        routers = self._fitted(routers, links)
        self._driver.arm(LoopTimer(self._loop, self._driver.ring))
        self._node.give_host(routed.static, former.routing)
        self._node.give_orders(_orders_of(self._setting.orders))
        left = self._kernel.firewall.left_over(means, former.means)
        self._driver.do(
            lambda now: self._node.start(
                routers,
                links=links,
                present=present,
                now=now,
                former=former.addresses,
                not_before=now if going_on else _not_before(config.global_defs, now),
                means=means,
                rules_left=left,
            )
        )
        for fact in self._node.recollections() if going_on else ():
            self._outgoing.recall(fact)
            self._sync.recall(fact)
        self._trackers.start(config, accounts)
        if BFD in self._channel.links:
            self._sessions.connect(self._channel.links.pop(BFD))
        self._sync.configure(_sync_of(config))
        self._channel.send(ipc.Ready(going_on))

    def _inherit(self, left: VrrpLegacy, *, same: bool) -> None:
        """Go on where another process stopped.

        Args:
            left: what it left.
            same: it ran on the same configuration.
        """
        verdicts = {one.key: one.verdict for one in left.trackers}
        self._node.give_legacy(left.node, verdicts, exact=same)
        self._trackers.give_legacy(left.trackers)
        self._counters.recall(counted(left.counters))
        self._signer.recall({one.of: one.value for one in left.signed})

    def _reload(self, message: ipc.Configure) -> None:
        config = self._config = decode_config(bytes(message.config))
        self._conduct.follow(config)
        routed = self._routed(config)
        self._kernel.keep_unread(config.global_defs)
        own = self._kernel.make_others(config)
        routers, means = routers_of(config, own, routed=routed), means_of(config.global_defs)
        accounts = Accounts(message.accounts)
        self._scripts.configure(config, accounts)
        self._dumps.configure(config, accounts)
        self._notifier.configure(config)
        self._outgoing.configure(config)
        self._paced.configure(paces_of(config))
        self._kernel.expect(routers, routed.static)
        self._settled.reload(link_parameters_of(config, own.parents))
        routers = self._fitted(routers, self._settled.links)
        self._trackers.reload(config, accounts)
        self._driver.do(lambda now: self._node.reload(routers, now, means=means, static=routed.static))
        self._unmake_others()
        self._sync.configure(_sync_of(config))
        self._counters.keep(router.name for router in routers)
        if config.global_defs.fifo_write_vrrp_states_on_reload:
            self._tell(StatesAsked())
        self._channel.send(ipc.Configured(message.number))
        self._loop.call_soon(settle)

    def _routed(self, config: Config) -> Routed:
        """Routes and rules with this host's numbers for their names; what it does not know is said."""
        defs = config.global_defs
        directories = directories_of(defs.iproute_usr_dir, defs.iproute_etc_dir)
        routed = routed_of(config, read_route_names(directories))
        for words in routed.left_out:
            self._complain(words)
        return routed

    def _fitted(self, routers: tuple[Router, ...], links: Mapping[str, Link]) -> tuple[Router, ...]:
        """The routers with adverts that fit this host's links; what that costs is said."""
        fit = fitted(routers, links)
        for words in fit.told:
            self._complain(words)
        return fit.routers

    def _unmake_others(self) -> None:
        """Remove the interfaces of routers that are gone; while the firewall is waited for, they are not."""
        if self._node.waits:
            self._loop.call_later(_LOOK_AGAIN_S, self._unmake_others)
        elif not self._stopping:
            self._kernel.unmake_others()

    def _stop(self) -> None:
        """Say goodbye and release the addresses at once; what else is under way may end, but not last for ever."""
        if self._stopping:
            return
        self._stopping = True
        self._driver.give(Stop(self._leaves_all))
        if not self._leaves_all:
            self._kernel.unmake()
        self._trackers.stop()
        self._later.flush()
        self._sync.stop()
        self._loop.call_later(SCRIPTS_AT_STOP / SECOND, self._loop.stop)
        self._end_when_quiet()

    def _hand_over(self) -> None:
        """Leave the routers to the next process, and neither speak nor listen; scripts that run may end."""
        if self._stopping:  # nobody gets anything of what says goodbye
            self._channel.take_link().close()
            return
        self._stopping = True
        print_ = fingerprint(self._config)
        self._driver.halt()
        self._kernel.rest()
        self._heritage.leave(
            VrrpLegacy(
                print_,
                self._node.bequeath(),
                self._trackers.bequeath(),
                numbers(self._counters.everything()),
                tuple(Number(of, "", last) for of, last in self._signer.last.items()),
            )
        )
        self._trackers.stop()
        self._later.flush()
        self._loop.call_later(SCRIPTS_AT_STOP / SECOND, self._loop.stop)
        self._end_when_quiet()

    def _end_when_quiet(self) -> None:
        if self._notifier.busy or self._kernel.firewall.busy:
            self._notifier.when_quiet = self._end_when_quiet
            self._kernel.firewall.when_quiet(self._end_when_quiet)
        else:
            self._loop.stop()

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
        signals.on(STATE, self._dumps.state)
        signals.on(STATISTICS, self._dumps.statistics)
        signals.on(STATISTICS_ONCE, self._dumps.statistics_once)
        signals.on(JSON, self._dumps.json)

    def _obey(self, message: ipc.Message) -> None:
        match message:
            case ipc.Ask():
                self._telling.ask(message)
            case ipc.Linked():
                self._sessions.connect(self._channel.take_link())
            case ipc.Orders(orders):
                self._driver.give(Ordered(_orders_of(orders)))
            case ipc.Announce(router):
                self._driver.give(AnnouncementAsked(router))
            case ipc.HandOver():
                self._hand_over()
            case ipc.Configure():
                if not self._stopping:  # It may have been on its way when the signal came.
                    self._reload(message)
            case _:
                raise Malformed("ipc-direction")

    # ---- what is told

    def _give(self, event: Event) -> None:
        self._driver.give(event)

    def _polled(self, event: LinkEvent) -> None:
        self._settled.give(event)

    def _judge(self, verdicts: Mapping[TrackerKey, Verdict]) -> None:
        self._driver.give(Judged(verdicts))

    def _tell(self, fact: object) -> None:
        self._later.tell(fact, self._clock.now())

    def _say_address(self, key: AddressKey, gone: bool) -> None:
        interface, address, prefix = key
        self._tell(AddressSeen(interface, f"{address}/{prefix}", gone))

    def _complain(self, words: str) -> None:
        self._tell(HostTrouble(words))

    # ---- state and dumps

    def _state(self, names: tuple[str, ...]) -> Iterator[Piece]:
        trackers = self._trackers.snapshot
        moment = self._telling.moment
        return vrrp_slices(self._node, self._instances, self._counters, trackers, moment, names)

    def _write(self, what: str, text: str) -> None:
        """Write a file beside the loop: a slow disk must not make an advert late."""
        written = self._loop.run_in_executor(None, partial(self._conduct.dumps.write, what, text))
        written.add_done_callback(lambda done: self._tell(done.result()))


def _not_before(defaults: GlobalDefs, now: Instant) -> Instant:
    """Until when nobody becomes master: of two delays the later (SM-25); our clock counts from the boot."""
    return max(after(now, defaults.vrrp_startup_delay), Instant(defaults.vrrp_delay_after_boot))


def _orders_of(orders: Iterable[ipc.Order]) -> tuple[Order, ...]:
    """Those for routers; the others are the checker's."""
    return tuple(Order(What(one.what), one.owner, one.name, one.reason) for one in orders if not one.server)


def _sync_of(config: Config) -> ConnectionSync | None:
    """The synchronisation of connections that follows an instance; the other one is the checker's."""
    sync = connection_sync_of(config)
    return sync if sync is not None and sync.instance else None
