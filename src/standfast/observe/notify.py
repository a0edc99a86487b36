"""Notify scripts: which ones a change runs, with what, one after the other for each subject.

A subject is an instance, a sync group, a virtual server or a real server. Behaviours NO-01 to NO-04 and SCR-01
to SCR-05. Keepalived starts the scripts of two changes side by side, and either may finish first; here the
scripts of one subject run in the order of its changes. A state that waits for a slow script while the same
state is entered once more gives way to the later one, so that the last state is always the last that is told,
and no queue grows.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

import msgspec

from standfast.base.errors import ensure
from standfast.base.frozen import frozen
from standfast.base.limits import SCRIPT_QUEUE, SCRIPT_TIMEOUT, SCRIPTS_AT_ONCE
from standfast.base.times import Duration, Instant, between
from standfast.core.lvs.configured import names_of, server_name
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.virtual_server import RealServer, VirtualServer
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe.facts import ScriptNotRun, ScriptRan, ScriptsSuperseded, ScriptTimedOut
from standfast.observe.notice import (
    BACKUP,
    DELETED,
    DOWN,
    FAULT,
    KINDS,
    MASTER,
    STOP,
    UP,
    WEAKER,
    Notice,
    Subject,
    Who,
    context_of,
    notice_of,
)

CONTEXT: Final = "STANDFAST_CONTEXT"  # the variable that holds the notice as JSON


@frozen
class ScriptEnd:
    """How a script ended."""

    status: int  # exit status; negative: the signal that killed it
    timed_out: bool = False
    refusal: str = ""  # why it was not started at all
    stderr: str = ""  # the beginning of what it complained about


class ScriptPort(Protocol):
    """Starts scripts; the edge implements it."""

    def start(
        self,
        script: Script,
        *,
        limit: Duration,
        ended: Callable[[ScriptEnd], None],
        variables: Mapping[str, str] = {},
    ) -> None:
        """Start a script and return at once.

        Args:
            script: with the account that it runs as, empty for the default one.
            variables: of its environment, besides those of ours that scripts get.
            limit: how long it may run before it is stopped.
            ended: called from the loop, later, exactly once.
        """
        ...


@frozen
class Scripts:
    """The scripts of one subject."""

    of_state: Mapping[str, Script]  # by the state that a notice names
    of_any: Script | None  # told the state by its arguments
    tells_deleted: bool = False  # an end by a reload is called so, and not a fault (behaviour NO-04)

    def runs(self, notice: Notice) -> tuple[Script, ...]:
        """What is run for a notice, in order (behaviours NO-01, SCR-01, SCR-03, SCR-04)."""
        runs = (self.of_state[notice.state],) if notice.state in self.of_state else ()
        if self.of_any is None or notice.state == WEAKER:
            return runs
        words = (*self.of_any.words, *notice.words)
        return (*runs, Script(words, self.of_any.user, self.of_any.group))

    def called(self, notice: Notice) -> Notice:
        """The notice with the word that these scripts expect."""
        if notice.state == DELETED and not self.tells_deleted:
            return msgspec.structs.replace(notice, state=FAULT)
        return notice


Subjects = VrrpInstance | VrrpSyncGroup | VirtualServer | RealServer


def subjects_of(config: Config) -> Iterator[tuple[Who, Subjects]]:
    """Everybody that scripts can be told of, with what is configured."""
    for instance in config.vrrp_instances:
        yield (Subject.INSTANCE, instance.name, ""), instance
    for group in config.vrrp_sync_groups:
        yield (Subject.GROUP, group.name, ""), group
    for name, virtual in names_of(config):
        yield (Subject.VIRTUAL_SERVER, name, ""), virtual
        for real in virtual.real_servers:
            yield (Subject.REAL_SERVER, server_name(real.endpoint, virtual), name), real


def scripts_of(who: Subjects) -> Scripts:
    """The scripts that a subject is configured with."""
    if isinstance(who, VirtualServer):
        return _of_states({UP: who.quorum_up, DOWN: who.quorum_down})
    if isinstance(who, RealServer):
        return _of_states({UP: who.notify_up, DOWN: who.notify_down})
    by_state = {
        MASTER: who.notify_master,
        BACKUP: who.notify_backup,
        FAULT: who.notify_fault,
        STOP: who.notify_stop,
    }
    if isinstance(who, VrrpInstance):
        by_state |= {DELETED: who.notify_deleted, WEAKER: who.notify_master_rx_lower_pri}
    return _of_states(by_state, of_any=who.notify, tells_deleted=who.notify_deleted is not None)


def _of_states(
    by_state: Mapping[str, Script | None], *, of_any: Script | None = None, tells_deleted: bool = False
) -> Scripts:
    of_state = {state: script for state, script in by_state.items() if script and script.words}
    return Scripts(of_state, of_any, tells_deleted)


def all_scripts(config: Config) -> dict[Who, Scripts]:
    """The scripts of all subjects that have some (LV-11, LV-12, LV-24)."""
    each = ((who, scripts_of(one)) for who, one in subjects_of(config))
    return {who: scripts for who, scripts in each if scripts.of_state or scripts.of_any}


@frozen
class _Run:
    """One script that waits."""

    state: str
    script: Script
    context: str  # the notice as JSON


class _Queue:
    """What one subject has to run."""

    def __init__(self, who: Who, waiting: list[_Run]) -> None:
        self.who = who
        self.name = who[1]
        self.waiting = waiting
        self.running: _Run | None = None


class Notifier:
    """A listener that runs the scripts of all subjects, and tells how they ended.

    Starting a process takes about a millisecond: one is started in each round of the loop, so that adverts
    come in between, and only so many run at once.
    """

    def __init__(
        self,
        port: ScriptPort,
        *,
        tell: Callable[[object], None],
        clock: Callable[[], Instant],
        soon: Callable[[Callable[[], None]], object],
    ) -> None:
        """Make a notifier.

        Args:
            port: starts the scripts.
            tell: is told how each one ended.
            clock: the monotonic time.
            soon: has a function called in the next round of the loop.
        """
        self._port = port
        self._tell = tell
        self._clock = clock
        self._soon = soon
        self._scripts: dict[Who, Scripts] = {}
        self._gone: dict[Who, Scripts] = {}  # of those that the last reload removed
        self._queues: dict[Who, _Queue] = {}
        self._startable: deque[_Queue] = deque()  # each has something waiting and nothing running
        self._running = 0
        self._turn_asked = False
        self.when_quiet: Callable[[], None] | None = None  # called when nothing runs or waits any more

    def configure(self, config: Config) -> None:
        """Use the scripts of this configuration; who is removed keeps its own for its last word."""
        scripts = all_scripts(config)
        self._gone = {who: old for who, old in self._scripts.items() if who not in scripts}
        self._scripts = scripts

    @property
    def busy(self) -> bool:
        """Whether a script runs or waits."""
        return bool(self._queues)

    def wants(self, kind: type) -> bool:
        """Only what may be worth a notice runs scripts."""
        return kind in KINDS

    def tell(self, fact: object, now: Instant) -> None:  # noqa: ARG002  (scripts have no deadline of ours)
        """Queue what the change runs."""
        notice = notice_of(fact)
        if notice is not None:
            self.notify(notice)

    def notify(self, notice: Notice) -> None:
        """Queue what a notice runs."""
        scripts = self._scripts.get(notice.who) or self._gone.get(notice.who)
        if scripts is None:
            return
        called = scripts.called(notice)
        context = msgspec.json.encode(context_of(called)).decode()
        if runs := [_Run(called.state, script, context) for script in scripts.runs(called)]:
            self._enqueue(called.who, called.state, runs)

    def _enqueue(self, who: Who, state: str, runs: list[_Run]) -> None:
        queue = self._queues.get(who)
        if queue is None:
            queue = self._queues[who] = _Queue(who, [])
            self._startable.append(queue)
        self._supersede(queue, state)
        queue.waiting += runs
        ensure(len(queue.waiting) <= SCRIPT_QUEUE, "the scripts of six states wait at most")
        self._ask_turn()

    def _supersede(self, queue: _Queue, state: str) -> None:
        """Drop what waits for an earlier change to the same state; nothing matters after a stop."""
        dropped = [run for run in queue.waiting if state in (run.state, STOP)]
        queue.waiting = [run for run in queue.waiting if run not in dropped]
        for old in dict.fromkeys(run.state for run in dropped):
            count = sum(run.state == old for run in dropped)
            self._tell(ScriptsSuperseded(queue.name, old, count))

    def _ask_turn(self) -> None:
        if self._startable and self._running < SCRIPTS_AT_ONCE and not self._turn_asked:
            self._turn_asked = True
            self._soon(self._turn)

    def _turn(self) -> None:
        self._turn_asked = False
        queue = self._startable.popleft()
        run = queue.running = queue.waiting.pop(0)
        self._running += 1
        since = self._clock()
        self._port.start(
            run.script,
            limit=SCRIPT_TIMEOUT,
            ended=lambda end: self._ended(queue, run, since, end),
            variables={CONTEXT: run.context},
        )
        self._ask_turn()

    def _ended(self, queue: _Queue, run: _Run, since: Instant, end: ScriptEnd) -> None:
        queue.running = None
        self._running -= 1
        took = between(since, self._clock())
        self._tell(outcome_of(end, run.script, of=queue.name, took=took, state=run.state))
        if queue.waiting:
            self._startable.append(queue)
        else:
            del self._queues[queue.who]
        self._ask_turn()
        if self.when_quiet is not None and not self.busy:
            self.when_quiet()


def outcome_of(
    end: ScriptEnd,
    script: Script,
    *,
    of: str,
    took: Duration,
    limit: Duration = SCRIPT_TIMEOUT,
    state: str = "",
) -> object:
    """The fact of a script's end.

    Args:
        end: how it ended.
        script: what was run.
        of: whose script it is, for people.
        took: how long it ran.
        limit: how long it might.
        state: that it was run for.
    """
    words = str(script)
    if end.refusal:
        return ScriptNotRun(of, words, state, end.refusal)
    if end.timed_out:
        return ScriptTimedOut(of, words, state, limit, end.stderr)
    return ScriptRan(of, words, state, end.status, took, end.stderr)
