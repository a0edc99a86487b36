"""Makes children by fork: they have everything imported and read, and start within milliseconds."""

import faulthandler
import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from standfast.base.frozen import frozen
from standfast.daemon.channel import Channel, channel_pair
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.stacks import Stack, stacks_in

ChildMain = Callable[[Channel], int]


@frozen
class ChildProcess:
    """A living child, as its parent holds it."""

    pid: int
    channel: Channel
    stack: int  # a file in memory: where it stood when a signal ended it

    def signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stacks(self) -> tuple[Stack, ...]:
        """Where its threads stood when a signal ended it."""
        return stacks_in(self.stack)

    def close(self) -> None:
        """Close what is held of it."""
        self.channel.close()
        os.close(self.stack)


_ENDING: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})


def fork_child(work: ChildMain, *, leave: Callable[[], None], handled: frozenset[int]) -> ChildProcess:
    """Make a child that does the work and ends with the status that it returns.

    Args:
        work: the child's main function.
        leave: called in the child first: lets go of what belongs to the parent.
        handled: the signals that the parent handles; the child begins with the default actions of those that
            end it, and ignores those that ask for something until it can answer.

    Raises:
        OSError: the kernel does not make one.
    """
    stack = os.memfd_create("stack")
    try:
        near, far = channel_pair()
    except OSError:
        os.close(stack)
        raise
    # A signal that comes between the fork and the reset would ring the parent's bell from within the child.
    signal.pthread_sigmask(signal.SIG_BLOCK, handled)
    try:
        pid = os.fork()
        if pid == 0:
            near.close()
            # In C, and without a look at what the interpreter does: a child that spins in a loop answers, too.
            faulthandler.enable(stack)
            _be_child(work, far, leave, handled)
    except OSError:
        near.close()
        os.close(stack)
        raise
    finally:
        far.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, handled)
    return ChildProcess(pid, near, stack)


def _be_child(work: ChildMain, channel: Channel, leave: Callable[[], None], handled: frozenset[int]) -> None:
    """Never returns: what stands on the stack above belongs to the parent."""
    status = int(Exit.INTERNAL)
    try:
        leave()
        for number in handled:
            signal.signal(number, signal.SIG_DFL if number in _ENDING else signal.SIG_IGN)
        # SIGTERM waits until the child can end in order: what a killed predecessor left is still to be removed.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, handled - {signal.SIGTERM})
        status = work(channel)
    except EndWith as end:
        status = end.status
    except BaseException:  # Whatever it is, the parent's code must not run on.
        traceback.print_exc()
    finally:
        os._exit(status)
