"""What a child does around its work: its pid file, its log, its privileges, and a clear end."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Final, Protocol

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP
from standfast.daemon import journal
from standfast.daemon.bfd import BfdProcess
from standfast.daemon.channel import Channel
from standfast.daemon.checker import CheckerProcess
from standfast.daemon.child_pid import ChildPid
from standfast.daemon.conduct import Conduct
from standfast.daemon.crash import crashed
from standfast.daemon.debugging import memory_watched
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.fifo_record import FifoRecord
from standfast.daemon.flags import Flags
from standfast.daemon.heritage import Heritage
from standfast.daemon.notice_pipe import NoticePipe
from standfast.daemon.own_record import OwnRecord
from standfast.daemon.service_record import ServiceRecord
from standfast.daemon.setting import Setting
from standfast.daemon.vrrp import VrrpProcess
from standfast.linux.loop import MonotonicClock
from standfast.linux.privileges import die_with_parent
from standfast.observe.facts import Failed
from standfast.observe.log import Log

_PERMISSION = frozenset({"EPERM", "EACCES", "capabilities"})  # slugs of refusals


class Process(Protocol):
    """The work of a child."""

    def run(self) -> None:
        """Do it until somebody asks to stop."""
        ...


@frozen
class Life:
    """What a child is given for its work."""

    flags: Flags
    parent: int  # process
    notices: NoticePipe
    setting: Setting
    channel: Channel
    log: Log
    conduct: Conduct
    heritage: Heritage


def _vrrp(life: Life) -> Process:
    return VrrpProcess(
        life.setting,
        life.channel,
        life.log,
        record=OwnRecord(life.flags.pid_file),
        notices=life.notices,
        conduct=life.conduct,
        heritage=life.heritage,
        leaves_all=life.flags.leave_vrrp,
    )


def _checker(life: Life) -> Process:
    return CheckerProcess(
        life.setting,
        life.channel,
        life.log,
        record=ServiceRecord(life.flags.pid_file),
        notices=life.notices,
        conduct=life.conduct,
        heritage=life.heritage,
        keep=life.flags.keep_services,
    )


def _messenger(life: Life) -> Process:  # it keeps nothing in memory that another one could inherit
    from standfast.daemon.messenger import MessengerProcess  # noqa: PLC0415  (asked for by few)

    return MessengerProcess(
        life.setting,
        life.channel,
        life.log,
        notices=life.notices,
        parent=life.parent,
        made=FifoRecord(life.flags.pid_file),
        who=(life.flags.namespace, life.flags.instance),
    )


def _bfd(life: Life) -> Process:
    return BfdProcess(life.setting, life.channel, life.log, heritage=life.heritage, conduct=life.conduct)


_PROCESSES: Final[Mapping[str, Callable[[Life], Process]]] = {
    VRRP: _vrrp,
    CHECKER: _checker,
    MESSENGER: _messenger,
    BFD: _bfd,
}


def works(flags: Flags, notices: NoticePipe) -> dict[str, Callable[[Setting, Channel], int]]:
    """By the names of the children, the whole life of each; its value is the exit status.

    Args:
        flags: the command line.
        notices: leads to the messenger.
    """
    parent = os.getpid()
    return {child: partial(_live, child, flags, parent, notices) for child in _PROCESSES}


def _live(
    child: str, flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel
) -> int:
    """What every child does around its work; its exit status."""
    if not flags.single:
        die_with_parent(parent)
    log = journal.make_log(flags, journal.IDENTS[child])
    clock = MonotonicClock()

    def tell(fact: object) -> None:
        log.tell(fact, clock.now())

    pid = ChildPid(flags.child_pid_files.get(child), tell)

    def work() -> None:  # what it makes is gone behind it, when the memory is looked over
        conduct, heritage = Conduct(child, flags, tell), Heritage(child, channel, pid, tell)
        process = _PROCESSES[child](Life(flags, parent, notices, setting, channel, log, conduct, heritage))
        conduct.follow(setting.config)
        process.run()

    try:
        with ExitStack() as at_end:
            if not flags.single:  # a thread can handle no signal, and its memory is everybody's
                at_end.enter_context(memory_watched(flags, child, tell))
                # Who handled this signal would keep what it knows until the process is gone.
                at_end.callback(signal.signal, signal.SIGXCPU, signal.SIG_IGN)
            at_end.callback(pid.remove)
            work()
    except EndWith as end:
        tell(Failed("go on", end.words))
        return end.status
    except Refused as refusal:
        tell(Failed("go on", str(refusal)))
        return Exit.PERMISSION if refusal.reason in _PERMISSION else Exit.FATAL
    except Exception as error:
        tell(crashed(error))
        return Exit.INTERNAL
    finally:
        log.tick(clock.now())
    return Exit.FINE
