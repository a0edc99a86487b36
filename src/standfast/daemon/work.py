"""What a child does around its work: its pid file, its log, its privileges, and a clear end."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from standfast.base.errors import Refused
from standfast.base.limits import CHILD_WAIT, REALTIME_PATIENCE, REALTIME_PRIORITY
from standfast.base.times import MILLISECOND, SECOND
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP
from standfast.daemon import journal
from standfast.daemon.bfd import BfdProcess
from standfast.daemon.channel import Channel
from standfast.daemon.checker import CheckerProcess
from standfast.daemon.crash import crashed
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.fifo_record import FifoRecord
from standfast.daemon.flags import Flags
from standfast.daemon.notice_pipe import NoticePipe
from standfast.daemon.own_record import OwnRecord
from standfast.daemon.pidfile import AlreadyHeld, PidFile, Unwritable, hold
from standfast.daemon.service_record import ServiceRecord
from standfast.daemon.setting import Setting
from standfast.daemon.vrrp import VrrpProcess
from standfast.linux.loop import MonotonicClock
from standfast.linux.privileges import (
    be_ordinary,
    become_realtime,
    die_with_parent,
    lock_memory,
    set_process_name,
)
from standfast.observe.facts import Failed, WorksWithout
from standfast.observe.log import Log

_LOOK_AGAIN_S = 20 * MILLISECOND / SECOND
_PERMISSION = frozenset({"EPERM", "EACCES", "capabilities"})  # slugs of refusals

Tell = Callable[[object], None]


def run_vrrp(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the vrrp child; its exit status."""

    def work(log: Log, tell: Tell) -> None:
        record = OwnRecord(flags.pid_file)
        process = VrrpProcess(
            setting, channel, log, record=record, notices=notices, leaves_all=flags.leave_vrrp
        )
        _be_on_time(setting.config.global_defs.vrrp_rt_priority, tell)
        process.run()

    return _run(VRRP, flags, parent, work)


def run_checker(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the checker child; its exit status. It is an ordinary process: no advert waits for it."""

    def work(log: Log, _: Tell) -> None:
        record = ServiceRecord(flags.pid_file)
        process = CheckerProcess(
            setting, channel, log, record=record, notices=notices, keep=flags.keep_services
        )
        process.run()

    return _run(CHECKER, flags, parent, work)


def run_messenger(flags: Flags, parent: int, notices: NoticePipe, setting: Setting, channel: Channel) -> int:
    """The whole life of the messenger child; its exit status."""

    def work(log: Log, _: Tell) -> None:
        from standfast.daemon.messenger import MessengerProcess  # noqa: PLC0415  (asked for by few)

        made = FifoRecord(flags.pid_file)
        MessengerProcess(setting, channel, log, notices=notices, parent=parent, made=made).run()

    return _run(MESSENGER, flags, parent, work)


def run_bfd(flags: Flags, parent: int, setting: Setting, channel: Channel) -> int:
    """The whole life of the bfd child; its exit status."""

    def work(log: Log, tell: Tell) -> None:
        process = BfdProcess(setting, channel, log)
        _be_on_time(setting.config.global_defs.bfd_rt_priority, tell)
        process.run()

    return _run(BFD, flags, parent, work)


def _run(child: str, flags: Flags, parent: int, work: Callable[[Log, Tell], None]) -> int:
    """What every child does around its work; its exit status."""
    die_with_parent(parent)
    set_process_name(f"standfastd:{child}")
    log = journal.make_log(flags, journal.IDENTS[child])
    clock = MonotonicClock()

    def tell(fact: object) -> None:
        log.tell(fact, clock.now())

    try:
        pid_file = flags.child_pid_files.get(child)
        with _pid_file(pid_file, tell) if pid_file else nullcontext():
            work(log, tell)
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


def _be_on_time(priority: int, tell: Tell) -> None:
    """Ask for all that keeps packets on time; what is not permitted is said, and the work goes on.

    Args:
        priority: real-time, as configured; 0: ours to choose.
        tell: gets what is to be said.
    """

    def slow_down(*_: object) -> None:
        """The kernel warns (RLIMIT_RTTIME): this process has not slept for long, and nobody else could run."""
        be_ordinary()
        tell(WorksWithout("a real-time class from now on", "it computed too long without a pause"))

    signal.signal(signal.SIGXCPU, slow_down)
    try:
        become_realtime(priority or REALTIME_PRIORITY, run=REALTIME_PATIENCE)
    except Refused as refusal:
        tell(WorksWithout("a real-time class", refusal.words, refusal.remedy))
    try:
        lock_memory()
    except Refused as refusal:
        tell(WorksWithout("locked memory", refusal.words, refusal.remedy))


@contextmanager
def _pid_file(path: str, tell: Tell) -> Iterator[None]:
    """Have a pid file; where the disk takes none, that is said, and no router stops for it."""
    held: PidFile | None = None
    try:
        held = _hold_when_free(path)
        held.write()
    except Unwritable as why:
        tell(WorksWithout("its pid file", why.words))
    try:
        yield
    finally:
        if held is not None:
            held.remove()


def _hold_when_free(path: str) -> PidFile:
    """Take the pid file; an earlier child whose parent died may still be releasing its addresses.

    Raises:
        EndWith: its holder does not end.
    """
    patience = time.monotonic() + CHILD_WAIT / SECOND
    while True:
        try:
            return hold(path)
        except AlreadyHeld as other:
            if time.monotonic() > patience:
                words = f"{other}; end that process, or name another file with -r"
                raise EndWith(Exit.FATAL, words) from None
        time.sleep(_LOOK_AGAIN_S)
