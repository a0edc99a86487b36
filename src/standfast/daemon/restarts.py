"""The verb `restart`: the program is replaced, and nobody but its own processes notices.

First all is tried that can be: the configuration as for a reload, then a start of the program that is on the
disk. Only then does the parent become that program; its children work on until their successors can take over
(`elders`).
"""

import os
import signal
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from standfast.base.frozen import frozen
from standfast.daemon.children import ChildProcess
from standfast.daemon.control import Reply
from standfast.daemon.dry_start import DryStart
from standfast.daemon.estate import Estate, LeftChild, write_estate
from standfast.daemon.program import Program
from standfast.model.config import Config
from standfast.observe.facts import Failed, ProgramReplaced
from standfast.observe.state.protocol import Request

_REFUSED: Final = "restart-refused"
_REMEDY: Final = "mend the file, or stop the daemon and start it; nothing has changed"


class RestartRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `restart`."""

    keep: bool = False


@frozen
class Standing:
    """What of the parent is handed over."""

    config: Config
    pid_file: int  # descriptor
    path: str
    listening: tuple[int, str]  # descriptor and path of the control socket


class Restarts:
    """Serves the verb."""

    def __init__(
        self,
        program: Program,
        dry: DryStart,
        *,
        hindrance: Callable[[], str],
        unfit: Callable[[], str],
        children: Callable[[], Mapping[str, ChildProcess]],
        standing: Callable[[], Standing],
        tell: Callable[[object], None],
        handled: frozenset[int],
    ) -> None:
        """Make it.

        Args:
            program: that runs here.
            dry: tries it.
            hindrance: says why this is not the moment; empty: it is.
            unfit: says why the configuration on the disk is none to go on with; empty: it is one.
            children: gives the living children.
            standing: gives the rest of what is handed over.
            tell: is told what happens.
            handled: the signals that must wait until the next program can handle them.
        """
        self._program = program
        self._dry = dry
        self._hindrance = hindrance
        self._unfit = unfit
        self._children = children
        self._standing = standing
        self._tell = tell
        self._handled = handled

    def serve(self, request: Request, reply: Reply) -> None:
        """The verb."""
        try:
            asked = msgspec.convert(request.arguments, RestartRequest)
        except msgspec.ValidationError as error:
            reply.refuse("not-a-request", str(error))
            return
        if request.names or not asked.keep:
            words = "only the whole daemon can be restarted, and from here only with --keep"
            reply.refuse("not-a-request", words, "for one that begins anew, ask the service manager")
        elif self._dry.runs:
            reply.refuse(_REFUSED, "another restart is being tried")
        elif why := self._hindrance():
            reply.refuse(_REFUSED, why)
        elif why := self._unfit():
            reply.refuse(_REFUSED, why, _REMEDY)
        else:
            self._dry.begin(lambda pid_file, words: self._tried(reply, pid_file, words))

    def _tried(self, reply: Reply, pid_file: str, words: str) -> None:
        standing = self._standing()
        if words:
            self._refuse(reply, f"the program would not start: {words}")
        elif why := self._hindrance():
            self._refuse(reply, why)
        elif pid_file != standing.path:
            why = f"the daemon would be another one, with the pid file {pid_file}; stop it and start it"
            self._refuse(reply, why)
        else:
            self._replace(reply, standing)

    def _refuse(self, reply: Reply, why: str) -> None:
        self._tell(Failed("restart", why))
        if not reply.gone:
            reply.refuse(_REFUSED, why)

    def _replace(self, reply: Reply, standing: Standing) -> None:
        """The point of no return is the system's answer to one call: if it refuses, nothing has changed."""
        estate = Estate(
            os.getpid(),
            standing.pid_file,
            standing.path,
            standing.config,
            tuple(_left(name, one) for name, one in self._children().items()),
            -1 if reply.gone else reply.fileno(),
            *standing.listening,
        )
        self._tell(ProgramReplaced(str(self._program)))
        signal.pthread_sigmask(signal.SIG_BLOCK, self._handled)
        descriptors: tuple[int, ...] = estate.descriptors
        try:
            file = write_estate(estate)
            descriptors = (*descriptors, file)
            for one in descriptors:
                os.set_inheritable(one, True)  # noqa: FBT003  (it has no other way)
            self._program.replace_us(file, os.environ)
        except OSError as error:
            for one in descriptors:
                os.set_inheritable(one, False)  # noqa: FBT003
            if len(descriptors) > len(estate.descriptors):
                os.close(descriptors[-1])
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._handled)
            self._refuse(reply, f"{self._program.path}: {error.strerror}")


def _left(name: str, process: ChildProcess) -> LeftChild:
    channel = process.channel
    return LeftChild(name, process.pid, channel.fileno(), process.stack, channel.rest)
