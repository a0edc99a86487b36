"""The messenger child: it carries notices out of the daemon, to pipes, mail servers, webhooks and the system bus.

Looking up a name, a TLS handshake, a server that hangs, a bus that asks: each can take its time. So it is done in
a process of its own, of the ordinary scheduling class, in which nobody sends adverts.
"""

import asyncio
from typing import Any

from standfast.base.errors import Malformed
from standfast.base.limits import DELIVERIES_AT_STOP, FIFO_READ_AT_STOP, SCRIPT_KILL_AFTER
from standfast.base.times import MILLISECOND, SECOND
from standfast.conf.transport import decode_config
from standfast.daemon.breakage import Breakage
from standfast.daemon.bus import Bus
from standfast.daemon.channel import Channel
from standfast.daemon.deliveries import Deliveries
from standfast.daemon.fifo_record import FifoRecord
from standfast.daemon.fifo_script import FifoScript
from standfast.daemon.fifos import Fifos
from standfast.daemon.mails import Mails
from standfast.daemon.notice_pipe import NoticePipe, Stamped
from standfast.daemon.obedience import Obedience
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.scripts import runnable
from standfast.daemon.setting import Setting
from standfast.daemon.signal_numbers import STATE, STATISTICS, STATISTICS_ONCE
from standfast.daemon.signs import Pulse
from standfast.daemon.webhooks import Webhooks
from standfast.linux.accounts import Account
from standfast.linux.loop import MonotonicClock, new_loop
from standfast.linux.scripts import Scripts
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script
from standfast.observe.fifo import Pipe
from standfast.observe.later import Later
from standfast.observe.log import Log
from standfast.wire import ipc

_LOOK_AGAIN_S = 20 * MILLISECOND / SECOND


class MessengerProcess:
    """Carries notices out until it is asked to stop."""

    def __init__(
        self,
        setting: Setting,
        channel: Channel,
        log: Log,
        *,
        notices: NoticePipe,
        parent: int,
        made: FifoRecord,
        who: tuple[str, ...] = (),
    ) -> None:
        """Make it.

        Args:
            setting: what to run on.
            channel: to the parent.
            log: is told everything.
            notices: what is to be carried out.
            parent: the parent's process, which gets the signals that the bus asks for.
            made: where it is written down which pipes we made.
            who: names of this daemon among several of the host.
        """
        self._setting = setting
        self._channel = channel
        self._log = log
        self._notices = notices
        self._loop = new_loop()
        self._clock = MonotonicClock()
        self._later = Later([log], self._loop.call_soon)
        self._pulse = Pulse(self._loop)
        self._scripts = Scripts(self._loop)
        self._accounts = Accounts()
        self._defs = GlobalDefs()
        self._fifos = Fifos(self._loop, self._tell, self._fifo_script, made)
        self._mails = Mails(self._tell)
        self._webhooks = Webhooks(self._tell, began=self._deliver)
        self._bus = Bus(
            self._loop,
            self._tell,
            parent=parent,
            who=who,
            announce=lambda name: self._channel.send(ipc.Announce(name)),
            ended=self._ended,
        )
        self._stopping = False
        self._stops_at = 0.0
        self._breakage = Breakage(self._loop)

    def run(self) -> None:
        """Begin, and return when all is carried out.

        Raises:
            Exception: a mistake of ours.
        """
        self._listen()
        self._deliver(self._mails.deliveries)
        self._configure(self._setting.config, Accounts(self._setting.accounts))
        self._channel.send(ipc.Ready())
        try:
            self._loop.run_forever()
        finally:
            self._bus.close()
            for each in self._queues():
                each.close()
            self._later.flush()
            self._fifos.close()
            self._scripts.close()
            self._log.tick(self._clock.now())
        self._breakage.raise_it()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task has ended; those of ours end only when they are cancelled."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._breakage.fail(error)

    # ---- what is carried out

    def _configure(self, config: Config, accounts: Accounts) -> None:
        self._accounts = accounts
        self._defs = config.global_defs
        self._fifos.configure(config)
        self._mails.configure(config)
        self._webhooks.configure(config)
        self._bus.configure(config)

    def _hear_notices(self) -> None:
        for stamped in self._notices.receive():
            self._put(stamped)

    def _put(self, stamped: Stamped) -> None:
        """Behaviour NO-01: pipes, the bus, then mail."""
        self._fifos.put(stamped.told.notice)
        self._bus.put(stamped.told)
        if not stamped.told.again:
            self._mails.put(stamped)
            self._webhooks.put(stamped)

    def _deliver(self, deliveries: Deliveries[Any]) -> None:
        deliveries.start(self._loop, self._ended)

    def _fifo_script(self, pipe: Pipe) -> FifoScript:
        return FifoScript(
            self._loop,
            self._scripts,
            script=pipe.script or Script(()),
            path=pipe.path,
            runnable=self._runnable,
            tell=self._tell,
        )

    def _runnable(self, script: Script) -> tuple[str, Account]:
        return runnable(script, self._defs, self._accounts)

    # ---- stop

    def _stop(self) -> None:
        """Carry out what was said before, for a while; then end, whatever is left."""
        if self._stopping:
            return
        self._stopping = True
        self._hear_notices()
        self._bus.stop()
        self._stops_at = self._loop.time() + DELIVERIES_AT_STOP / SECOND
        self._end_readers(self._loop.time() + FIFO_READ_AT_STOP / SECOND)

    def _end_readers(self, patience: float) -> None:
        """The readers of the pipes end when they have read the last line (not before it is written: FIFO-14)."""
        if self._fifos.unread and self._loop.time() < patience:
            self._loop.call_later(_LOOK_AGAIN_S, self._end_readers, patience)
            return
        self._fifos.close()
        self._end_when_quiet(self._loop.time() + 2 * SCRIPT_KILL_AFTER / SECOND)

    def _end_when_quiet(self, patience: float) -> None:
        now = self._loop.time()
        delivers = now < self._stops_at and any(queue.busy for queue in self._queues())
        waits = delivers or (now < patience and self._scripts.running)
        if waits:
            self._loop.call_later(_LOOK_AGAIN_S, self._end_when_quiet, patience)
        else:
            self._loop.stop()

    def _queues(self) -> "tuple[Deliveries[Any], ...]":
        return (self._mails.deliveries, *self._webhooks.deliveries.values())

    # ---- what the parent says

    def _listen(self) -> None:
        self._loop.add_reader(self._notices.fileno(), self._hear_notices)
        signals = Obedience(
            self._loop,
            self._channel,
            obey=self._obey,
            stop=self._stop,
            lateness=self._pulse.lateness,
            log=self._log,
        ).signals
        for number in (STATE, STATISTICS, STATISTICS_ONCE):
            signals.ignore(number)  # it has nothing to dump

    def _obey(self, message: ipc.Message) -> None:
        match message:
            case ipc.HandOver():  # its successor is at work
                self._fifos.leave()
                self._stop()
            case ipc.Configure():
                if not self._stopping:  # It may have been on its way when the signal came.
                    self._configure(decode_config(bytes(message.config)), Accounts(message.accounts))
                    self._bus.reloaded()
                self._channel.send(ipc.Configured(message.number))
            case ipc.States(states):
                self._bus.recall(states)
            case _:
                raise Malformed("ipc-direction")

    def _tell(self, fact: object) -> None:
        self._later.tell(fact, self._clock.now())
