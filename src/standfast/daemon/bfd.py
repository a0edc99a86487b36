"""The bfd child: the sessions on this host's network, and those who follow them."""

import secrets
from collections.abc import Iterator
from functools import partial
from typing import Final

from standfast.base.errors import Malformed
from standfast.conf.transport import decode_config
from standfast.core.bfd.configured import sessions_of
from standfast.core.bfd.effects import Effect
from standfast.core.bfd.events import Due, Event, Stop
from standfast.core.bfd.node import Node
from standfast.core.supervise.watch import BFD
from standfast.daemon import dumps
from standfast.daemon.bfd_links import VerdictSender
from standfast.daemon.breakage import Breakage
from standfast.daemon.channel import Channel
from standfast.daemon.conduct import Conduct
from standfast.daemon.heritage import Heritage
from standfast.daemon.legacies import BfdLegacy, counted, numbers
from standfast.daemon.obedience import Obedience
from standfast.daemon.setting import Setting
from standfast.daemon.signal_numbers import STATE, STATISTICS, STATISTICS_ONCE
from standfast.daemon.telling import Piece, Telling
from standfast.daemon.uncollected import settle
from standfast.engine.bfd import BfdEffects
from standfast.engine.driver import Driver
from standfast.linux.bfd import ControlSockets
from standfast.linux.loop import LoopTimer, MonotonicClock, new_loop
from standfast.observe.counters_bfd import SessionCounters
from standfast.observe.dump import OURS
from standfast.observe.dump_bfd import sessions_text, topology_text
from standfast.observe.facts import HostTrouble
from standfast.observe.later import Later
from standfast.observe.log import Log
from standfast.observe.state.of_bfd import drops_of, session_of
from standfast.wire import ipc

_SEED_BITS: Final = 64


class BfdProcess:
    """Runs the sessions until it is asked to stop."""

    def __init__(
        self, setting: Setting, channel: Channel, log: Log, *, heritage: Heritage, conduct: Conduct
    ) -> None:
        """Make it; nothing is sent yet.

        Args:
            setting: what to run on.
            channel: to the parent.
            log: is told everything.
            heritage: what another process leaves, and to whom this one leaves it.
            conduct: how it behaves.
        """
        self._conduct = conduct
        self._setting = setting
        self._channel = channel
        self._heritage = heritage
        self._log = log
        self._loop = new_loop()
        self._clock = MonotonicClock()
        self._counters = SessionCounters()
        self._telling = Telling(BFD, channel, self._loop, self._clock, self._state)
        self._later = Later([log, self._telling], self._loop.call_soon)
        self._node = Node()
        self._followers = VerdictSender(self._loop, self._node.verdicts)
        self._sockets = ControlSockets(self._loop, tell=self._give, complain=self._complain)
        effects = BfdEffects(
            control=self._sockets,
            verdicts=self._followers,
            listeners=(self._counters, self._later),
            clock=self._clock,
        )
        self._driver = Driver[Event, Effect](
            self._node, clock=self._clock, run=effects.run, drain=self._sockets.drain, due=Due()
        )
        self._driver.lateness.heed = conduct.late
        self._stopping = False
        self._breakage = Breakage(self._loop)

    def run(self) -> None:
        """Start the sessions, and return when they have stopped.

        Raises:
            Exception: a mistake of ours, or something without which there is no going on.
        """
        self._listen()
        if self._heritage.is_due:
            settle()  # while there is time for it
        self._start(self._heritage.receive(BfdLegacy))
        try:
            self._loop.run_forever()
        finally:
            self._later.flush()
            self._sockets.close()
            self._followers.close()
            self._log.tick(self._clock.now())
        self._breakage.raise_it()

    # ---- start, reload, stop

    def _start(self, left: BfdLegacy | None) -> None:
        if left is not None:
            self._node.give_legacy(left.sessions)
            self._counters.recall(counted(left.counters))
        for child, end in self._channel.links.items():
            self._followers.connect(child, end)
        self._channel.links.clear()
        sessions = sessions_of(self._setting.config)
        self._driver.arm(LoopTimer(self._loop, self._driver.ring))
        seed = secrets.randbits(_SEED_BITS)
        self._driver.do(lambda now: self._node.start(sessions, now, seed=seed))
        self._channel.send(ipc.Ready(left is not None))
        if left is None:
            self._loop.call_soon(settle)

    def _reload(self, message: ipc.Configure) -> None:
        config = decode_config(bytes(message.config))
        self._conduct.follow(config)
        sessions = sessions_of(config)
        self._driver.do(lambda now: self._node.reload(sessions, now))
        self._counters.keep(session.name for session in sessions)
        self._channel.send(ipc.Configured(message.number))
        self._loop.call_soon(settle)

    def _stop(self) -> None:
        """Say once that all sessions are taken down; then there is nothing to wait for."""
        if self._stopping:
            return
        self._stopping = True
        self._driver.give(Stop())
        self._loop.stop()

    def _hand_over(self) -> None:
        """Leave the sessions to the next process, and fall silent: the neighbours must not notice.

        What sends is closed first: the next process sends from the same ports.
        """
        if self._stopping:  # nobody gets anything of what is being taken down
            self._channel.take_link().close()
            return
        self._stopping = True
        self._driver.halt()
        self._sockets.close()
        left = BfdLegacy(self._node.bequeath(), numbers(self._counters.everything()))
        self._heritage.leave(left)
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
        signals.on(STATE, self._dump)
        signals.ignore(STATISTICS)  # its dump is of routers
        signals.on(STATISTICS_ONCE, self._counters.clear)

    def _obey(self, message: ipc.Message) -> None:
        match message:
            case ipc.Ask():
                self._telling.ask(message)
            case ipc.Linked(child):
                self._followers.connect(child, self._channel.take_link())
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

    def _tell(self, fact: object) -> None:
        self._later.tell(fact, self._clock.now())

    def _complain(self, words: str) -> None:
        self._tell(HostTrouble(words))

    def _state(self, names: tuple[str, ...]) -> Iterator[Piece]:
        """The sessions: there are few."""
        moment = self._telling.moment()
        sessions = self._node.snapshot(moment.now).sessions
        asked = [one for one in sessions if not names or one.session.name in names]
        yield {
            "sessions": [session_of(one, self._counters.of(one.session.name), moment) for one in asked],
            "unknown_drops": [drops_of(self._counters.of(""))],
        }

    def _dump(self) -> None:
        """Write a file beside the loop: a slow disk must not make a packet late."""
        snapshot = self._node.snapshot(self._clock.now())
        text = f"{topology_text(snapshot)}{OURS}{sessions_text(snapshot, self._counters)}"
        written = self._loop.run_in_executor(None, partial(self._conduct.dumps.write, dumps.SESSIONS, text))
        written.add_done_callback(lambda done: self._tell(done.result()))
