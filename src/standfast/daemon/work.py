"""What a child does around its work: its pid file, its log, its privileges, and a clear end."""

import signal
from collections.abc import Callable
from contextlib import ExitStack

from standfast.base.errors import Refused
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

Work = Callable[[Log, Conduct, Heritage], None]


def run_vrrp(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the vrrp child; its exit status."""

    def work(log: Log, conduct: Conduct, heritage: Heritage) -> None:
        record = OwnRecord(flags.pid_file)
        process = VrrpProcess(
            setting,
            channel,
            log,
            record=record,
            notices=notices,
            conduct=conduct,
            heritage=heritage,
            leaves_all=flags.leave_vrrp,
        )
        conduct.follow(setting.config)
        process.run()

    return _run(VRRP, flags, parent, channel, work)


def run_checker(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the checker child; its exit status."""

    def work(log: Log, conduct: Conduct, heritage: Heritage) -> None:
        record = ServiceRecord(flags.pid_file)
        process = CheckerProcess(
            setting,
            channel,
            log,
            record=record,
            notices=notices,
            conduct=conduct,
            heritage=heritage,
            keep=flags.keep_services,
        )
        conduct.follow(setting.config)
        process.run()

    return _run(CHECKER, flags, parent, channel, work)


def run_messenger(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the messenger child; its exit status."""

    def work(log: Log, conduct: Conduct, heritage: Heritage) -> None:  # noqa: ARG001  (it keeps nothing in memory)
        from standfast.daemon.messenger import MessengerProcess  # noqa: PLC0415  (asked for by few)

        conduct.follow(setting.config)
        made = FifoRecord(flags.pid_file)
        who = (flags.namespace, flags.instance)
        MessengerProcess(setting, channel, log, notices=notices, parent=parent, made=made, who=who).run()

    return _run(MESSENGER, flags, parent, channel, work)


def run_bfd(flags: Flags, parent: int, setting: Setting, channel: Channel) -> int:
    """The whole life of the bfd child; its exit status."""

    def work(log: Log, conduct: Conduct, heritage: Heritage) -> None:
        process = BfdProcess(setting, channel, log, heritage=heritage, conduct=conduct)
        conduct.follow(setting.config)
        process.run()

    return _run(BFD, flags, parent, channel, work)


def _run(child: str, flags: Flags, parent: int, channel: Channel, work: Work) -> int:
    """What every child does around its work; its exit status."""
    if not flags.single:
        die_with_parent(parent)
    log = journal.make_log(flags, journal.IDENTS[child])
    clock = MonotonicClock()

    def tell(fact: object) -> None:
        log.tell(fact, clock.now())

    pid = ChildPid(flags.child_pid_files.get(child), tell)
    try:
        with ExitStack() as at_end:
            if not flags.single:  # a thread can handle no signal, and its memory is everybody's
                at_end.enter_context(memory_watched(flags, child, tell))
                # Who handled this signal would keep what it knows until the process is gone.
                at_end.callback(signal.signal, signal.SIGXCPU, signal.SIG_IGN)
            at_end.callback(pid.remove)
            work(log, Conduct(child, flags, tell), Heritage(child, channel, pid, tell))
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
