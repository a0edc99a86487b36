"""Children as threads of one process (`--single`): each with its own loop, and channels as between processes.

There is nobody who could replace a thread that has died or hangs. So a death ends the daemon in order, like one
under `-R`, and a thread that does not answer ends it at once: whoever started the container starts it again, and
what is left on the host is cleared away then, as after `kill -9`.
"""

import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from standfast.base.limits import THREAD_TURN
from standfast.base.times import SECOND
from standfast.daemon.channel import Channel, channel_pair
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.stacks import Stack, stacks_in
from standfast.wire import ipc

_HOPELESS: Final = frozenset({signal.SIGABRT, signal.SIGKILL})
_ZOMBIE: Final = "Z"

GiveUp = Callable[[], None]


class ThreadChild:
    """A child that is a thread, as its parent holds it."""

    def __init__(self, work: Callable[[Channel], int], give_up: GiveUp) -> None:
        """Start it.

        Args:
            work: its main function.
            give_up: ends this process at once.
        """
        self.pid = os.getpid()
        self.channel, self._far = channel_pair()
        self._far.acts = {}
        self._give_up = give_up
        self.status: int | None = None  # that it ended with
        self._work = work
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def signal(self, number: int) -> None:
        """Tell it of a signal; one that is to end it whatever it does ends the process."""
        if number in _HOPELESS:
            self._give_up()
        elif number != signal.SIGCONT:
            self.channel.send(ipc.Signalled(number))

    def stacks(self) -> tuple[Stack, ...]:
        """Nothing: it left no stack behind when it ended."""
        return ()

    def close(self) -> None:
        """Close what is held of it."""
        self._thread.join()
        self.channel.close()

    def _live(self) -> None:
        status = int(Exit.INTERNAL)
        try:
            status = self._work(self._far)
        except EndWith as end:
            status = end.status
        except BaseException:  # Whatever it is, the parent must hear that this thread has ended.
            traceback.print_exc()
        finally:
            self.status = status
            self._far.close()


def share_interpreter() -> None:
    """Have a thread that others wait for give the interpreter up soon; and if it crashes, say where."""
    sys.setswitchinterval(THREAD_TURN / SECOND)
    faulthandler.enable()


def all_stacks() -> tuple[Stack, ...]:
    """Where every thread of this process stands now."""
    file = os.memfd_create("stacks")
    try:
        faulthandler.dump_traceback(file, all_threads=True)
        return stacks_in(file)
    finally:
        os.close(file)


def reap_strangers() -> None:
    """Take note of processes that were adopted, and of none that we started: their threads wait for those.

    What we start leads a session of its own; what it leaves behind does not.
    """
    for pid in _children():
        state, session = _state_and_session(pid)
        if state == _ZOMBIE and session != pid:
            os.waitpid(pid, os.WNOHANG)


def _children() -> Iterator[int]:
    for path in Path("/proc/self/task").glob("*/children"):
        yield from map(int, path.read_text().split())


def _state_and_session(pid: int) -> tuple[str, int]:
    """Of proc(5): the third and the sixth field, behind the name in parentheses."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0
    return fields[0], int(fields[3])
