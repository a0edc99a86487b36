"""After the program was replaced: the children of before, until all is as it was; then whoever asked is told."""

import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

import msgspec

from standfast import __version__
from standfast.core.supervise.watch import MESSENGER
from standfast.daemon.channel import Channel
from standfast.daemon.children import ChildMain, ChildProcess
from standfast.daemon.elders import Elder, Elders, PassOn
from standfast.daemon.estate import Estate, LeftChild
from standfast.daemon.poll import PollLoop
from standfast.engine.ports import Clock
from standfast.observe.facts import WentOn
from standfast.observe.state.protocol import Answer
from standfast.observe.state.restart import Restart
from standfast.wire import ipc

_PATIENCE_S: Final = 1.0  # for a client to read one line


class GoingOn:
    """What is left of a restart; without one, next to nothing."""

    def __init__(
        self,
        loop: PollLoop,
        clock: Clock,
        estate: Estate | None,
        *,
        pass_on: PassOn,
        needed: Callable[[], Iterable[str]],
        tell: Callable[[object], None],
    ) -> None:
        """Make it.

        Args:
            loop: that everything is waited for on.
            clock: of this host.
            estate: what the program before left; None: this was a start like any other.
            pass_on: gets what the children of before say of what happens, with their names.
            needed: gives the names of the children that there should be now.
            tell: is told when all is as it was.
        """
        self._tell = tell
        self._needed = needed
        self._inherited = {one.name for one in estate.children} - {MESSENGER} if estate is not None else set()
        self._client = -1 if estate is None else estate.client
        self._pending = estate is not None
        self._went_on: list[str] = []
        self._anew: list[str] = []
        elders = () if estate is None else map(_elder, estate.children)
        self._elders = Elders(loop, loop.alarm(), clock, elders, pass_on=pass_on, needed=needed)

    @property
    def pending(self) -> bool:
        """Whether children of before still work."""
        return self._pending

    def begin(self) -> None:
        """The successors are being made."""
        self._elders.go_on()
        self._finish()

    def spawn(self, child: str, work: ChildMain, make: Callable[[ChildMain], None]) -> None:
        """Have a child made that takes over from its predecessor, if there is one."""
        make(self._elders.lead_to(child, work))
        self._elders.born()

    def hear(self, child: str, message: ipc.Awaiting | ipc.Ready) -> None:
        """A successor is prepared, or does the work."""
        match message:
            case ipc.Awaiting():
                self._elders.awaited(child)
            case ipc.Ready(went_on):
                if self._pending and child in self._inherited:
                    (self._went_on if went_on else self._anew).append(child)
                self._elders.succeeded(child)
        self._finish()

    def lost(self, child: str) -> None:
        """A child of this program has ended."""
        self._elders.lost(child)

    def reaped(self, pid: int) -> None:
        """A process has ended that is perhaps one of before."""
        self._elders.reaped(pid)
        self._finish()

    def stop(self) -> None:
        """We end, and with us all children of before."""
        self._elders.stop()

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._elders.leave()
        if self._client >= 0:
            os.close(self._client)

    def _expected(self) -> set[str]:
        """The successors that say whether they could go on."""
        return self._inherited & {*self._needed()}

    def _finish(self) -> None:
        if not self._pending or self._elders.any or self._expected() - {*self._went_on, *self._anew}:
            return
        self._pending = False
        self._tell(WentOn(tuple(self._went_on)))
        done = Restart(
            version=__version__, pid=os.getpid(), went_on=tuple(self._went_on), anew=tuple(self._anew)
        )
        if self._client >= 0:
            client, self._client = self._client, -1
            with socket.socket(fileno=client) as asking, suppress(OSError):
                asking.settimeout(_PATIENCE_S)
                answer = Answer(ok=True, answer=msgspec.Raw(msgspec.json.encode(done)))
                asking.sendall(msgspec.json.encode(answer) + b"\n")


def _elder(left: LeftChild) -> Elder:
    channel = Channel(socket.socket(fileno=left.channel))
    channel.resume(left.rest)
    return Elder(left.name, ChildProcess(left.pid, channel, left.stack))
