"""The living children: their processes, and what they and the parent say to each other."""

import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import assert_never

from standfast.base.errors import Malformed
from standfast.core.supervise.events import (
    Answered,
    Ended,
    Event,
    Ready,
    ReloadAsked,
    Spawned,
    SpawnFailed,
    Took,
)
from standfast.core.supervise.watch import CHECKER, LINKS, MESSENGER, VRRP
from standfast.daemon.channel import Channel
from standfast.daemon.children import ChildMain, ChildProcess, fork_child
from standfast.daemon.links import Links
from standfast.daemon.poll import PollLoop
from standfast.daemon.threads import GiveUp, ThreadChild, reap_strangers
from standfast.observe.facts import ChildStood
from standfast.wire import ipc

Report = ipc.Told | ipc.Happened | ipc.Alive


class Nursery:
    """Makes children, passes on what they say as events, and takes note of their ends."""

    def __init__(
        self,
        loop: PollLoop,
        give: Callable[[Event], None],
        *,
        let_go: Callable[[], None],
        handled: frozenset[int],
        pass_on: Callable[[str, Report], None] = lambda _child, _report: None,
        tell: Callable[[object], None] = lambda _fact: None,
        succession: Callable[[str, ipc.Awaiting | ipc.Ready], None] = lambda _child, _message: None,
        stranger: Callable[[int], None] = lambda _pid: None,
    ) -> None:
        """Make an empty one.

        Args:
            loop: waits for messages.
            give: gets what the children say and do.
            let_go: called in each child: closes what only the parent keeps.
            handled: the signals that the parent handles.
            pass_on: gets what the children tell of their state, with their names.
            tell: gets what is to be said of them.
            succession: hears of children that wait for what their predecessors leave, or do the work.
            stranger: gets the pids of processes that ended and are none of these children.
        """
        self._loop = loop
        self._give = give
        self._pass_on = pass_on
        self._tell = tell
        self._succession = succession
        self._stranger = stranger
        self._give_up: GiveUp | None = None
        self._let_go = let_go
        self._handled = handled
        self._living: dict[str, ChildProcess | ThreadChild] = {}
        self._number = 0  # of messages that want an answer
        self._awaited: dict[str, int] = {}  # the number of the configuration that a child was given

    def have_threads(self, give_up: GiveUp) -> None:
        """Make children as threads of this process, which is ended at once by `give_up`."""
        self._give_up = give_up

    def spawn(self, child: str, work: ChildMain) -> None:
        """Make a child, with a new link to each living one that it has to do with."""
        others = [other for other in LINKS[child] if other in self._living]
        links = Links(shared=self._give_up is not None)
        try:
            links.make(others)
            process = self._make(links.given_to(work))
        except OSError as error:
            links.close()
            self._give(SpawnFailed(child, error.strerror or str(error)))
            return
        self._living[child] = process
        self._watch(child, process.channel)
        for other, end in links.left().items():
            self._send(other, ipc.Linked(child), end)
        self._give(Spawned(child, process.pid))

    def _make(self, work: ChildMain) -> ChildProcess | ThreadChild:
        if self._give_up is None:
            return fork_child(work, leave=self._leave, handled=self._handled)
        return ThreadChild(work, self._give_up)

    def signal(self, child: str, number: int) -> None:
        """Send a signal to a child, if it lives."""
        process = self._living.get(child)
        if process is not None:
            process.signal(number)

    def abort(self, child: str) -> None:
        """Have a child that does not answer write its stack, and end.

        SIGABRT waits for a child that is stopped; when SIGCONT wakes it, it is the first thing that happens there.
        """
        self.signal(child, signal.SIGABRT)
        self.signal(child, signal.SIGCONT)

    def signal_all(self, number: int) -> None:
        """Send a signal to every child."""
        for child in self._living:
            self.signal(child, number)

    def send_hello(self, child: str) -> None:
        """Ask a child for a sign of life."""
        self._number += 1
        self._send(child, ipc.Hello(self._number))

    def send_config(
        self, child: str, config: bytes, accounts: tuple[ipc.ScriptAccount, ...] = (), *, awaited: bool
    ) -> None:
        """Give a child a configuration.

        Args:
            child: its name.
            config: as JSON.
            accounts: those of its scripts.
            awaited: whether its answer is to be passed on.
        """
        self._number += 1
        if awaited:
            self._awaited[child] = self._number
        self._send(child, ipc.Configure(self._number, ipc.raw(config), accounts))

    def send_orders(self, orders: tuple[ipc.Order, ...]) -> None:
        """Tell the living children that heed them which orders of operators stand."""
        for child in (VRRP, CHECKER):
            self._send(child, ipc.Orders(orders))

    def send_states(self, states: dict[str, str]) -> None:
        """Tell the messenger, if it lives, what state each router is in."""
        self._send(MESSENGER, ipc.States(states))

    def ask(self, child: str, names: tuple[str, ...]) -> int:
        """Ask a child for its state; the number of the answer, 0 if the child does not live."""
        if child not in self._living:
            return 0
        self._number += 1
        self._send(child, ipc.Ask(self._number, names))
        return self._number

    @property
    def pids(self) -> dict[str, int]:
        """The pids of the living children."""
        return {child: process.pid for child, process in self._living.items()}

    @property
    def busy(self) -> bool:
        """Whether a child has not taken all that was said to it."""
        return any(process.channel.has_unsent for process in self._living.values())

    @property
    def living(self) -> Mapping[str, ChildProcess]:
        """The living children that are processes, for who takes them over."""
        return {name: one for name, one in self._living.items() if isinstance(one, ChildProcess)}

    def reap(self) -> None:
        """Take note of every process that ended; those that are no children of ours were adopted (PR-03)."""
        if self._give_up is not None:
            reap_strangers()
            return
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._stranger(pid)
            for child, process in tuple(self._living.items()):
                if process.pid == pid:
                    self._lose(child, process)
                    self._give(Ended(child, os.waitstatus_to_exitcode(status)))

    def _leave(self) -> None:
        """In a new child: let go of everything of the parent's."""
        self._loop.close()
        for process in self._living.values():
            process.close()
        self._let_go()

    def _lose(self, child: str, process: ChildProcess | ThreadChild) -> None:
        if isinstance(process, ChildProcess):
            self._hear(child, process.channel)  # its last words
        for stack in process.stacks():
            self._tell(ChildStood(child, stack.thread, stack.places))
        self._loop.forget(process.channel.fileno())
        process.close()
        self._awaited.pop(child, None)
        del self._living[child]

    # ---- messages

    def _watch(self, child: str, channel: Channel) -> None:
        self._loop.watch(
            channel.fileno(),
            readable=lambda: self._hear(child, channel),
            writable=(lambda: self._flush(child, channel)) if channel.has_unsent else None,
        )

    def _flush(self, child: str, channel: Channel) -> None:
        channel.flush()
        if not channel.has_unsent:
            self._watch(child, channel)

    def _send(self, child: str, message: ipc.Message, file: socket.socket | None = None) -> None:
        process = self._living.get(child)
        if process is not None:
            process.channel.send(message, file)
            self._watch(child, process.channel)

    def _hear(self, child: str, channel: Channel) -> None:
        try:
            messages = channel.receive()
        except EOFError:
            self._loop.forget(channel.fileno())  # SIGCHLD follows
            self._end_thread(child)
            return
        except Malformed:
            self._loop.forget(channel.fileno())
            self.signal(child, signal.SIGKILL)  # It has lost its mind; a new one follows.
            return
        for message in messages:
            self._hear_message(child, message)

    def _end_thread(self, child: str) -> None:
        """A thread says by hanging up that it has ended."""
        process = self._living.get(child)
        if isinstance(process, ThreadChild) and process.status is not None:
            self._lose(child, process)
            self._give(Ended(child, process.status))

    def _hear_message(self, child: str, message: ipc.Message) -> None:
        match message:
            case ipc.Ready():
                self._give(Ready(child))
                self._succession(child, message)
            case ipc.Awaiting():
                self._succession(child, message)
            case ipc.Alive(late_us=late_us):
                self._pass_on(child, message)
                self._give(Answered(child, late_us))
            case ipc.Told() | ipc.Happened():
                self._pass_on(child, message)
            case ipc.Configured(number, refusal):
                if self._awaited.get(child) == number:
                    self._give(Took(child, refusal))
            case ipc.AskReload():
                self._give(ReloadAsked())
            case ipc.Announce():
                self._send(VRRP, message)
            case (
                ipc.Hello()
                | ipc.Configure()
                | ipc.Orders()
                | ipc.Ask()
                | ipc.Linked()
                | ipc.HandOver()
                | ipc.Signalled()
                | ipc.States()
            ):
                self.signal(child, signal.SIGKILL)  # These go the other way.
            case _:
                assert_never(message)
