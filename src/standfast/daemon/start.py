"""The start of the daemon: read, hold the pid file, check, then go; nothing is left half done."""

import os
import resource
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from standfast import __version__
from standfast.conf.read import Reading
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP
from standfast.daemon import configuration, journal
from standfast.daemon.background import go_to_background
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.daemon.naming import umask_of
from standfast.daemon.notice_pipe import NoticePipe
from standfast.daemon.once import run_shutdown_script, run_startup_script
from standfast.daemon.parent import ParentProcess
from standfast.daemon.pidfile import AlreadyHeld, PidFile, hold
from standfast.daemon.place import settle
from standfast.daemon.work import run_bfd, run_checker, run_messenger, run_vrrp
from standfast.linux.loop import MonotonicClock
from standfast.linux.privileges import adopt_orphans
from standfast.model.config import Config
from standfast.observe.facts import DaemonStarted, DaemonStopped, Failed, OptionWithoutEffect
from standfast.observe.log import Log


def start(flags: Flags, command: Sequence[str], say: Callable[[str], None]) -> int:
    """Run the daemon until it ends; the exit status.

    Args:
        flags: what the command line asks for.
        command: the command line itself, for the log.
        say: says a line to the person who started it.
    """
    try:
        flags, reading = settle(flags)
        pid_file = hold(flags.pid_file)
    except AlreadyHeld as other:
        say(f"daemon is already running: {other}")  # behaviour PR-09
        return Exit.FINE
    except EndWith as end:
        say(end.words)
        return end.status
    try:
        return _run(flags, command, pid_file, reading, say)
    finally:
        pid_file.remove()


def _run(
    flags: Flags, command: Sequence[str], pid_file: PidFile, reading: Reading, say: Callable[[str], None]
) -> int:
    log = journal.make_log(flags, journal.PARENT)
    clock = MonotonicClock()

    def tell(facts: Iterable[object]) -> None:
        for fact in facts:
            log.tell(fact, clock.now())

    tell([_started(flags, command), *map(OptionWithoutEffect, flags.without_effect)])
    tell(configuration.told(flags, reading))
    try:
        config = configuration.usable(flags, reading)
    except EndWith as end:
        tell([Failed("start", end.words)])
        if not journal.on_console(flags):  # there it stands already
            say(end.words)
        return end.status
    os.umask(umask_of(flags, config))
    status = _go(flags, config, log, pid_file, reading)
    tell([DaemonStopped(__version__)])
    log.tick(clock.now())
    return status


def _started(flags: Flags, command: Sequence[str]) -> DaemonStarted:
    system = os.uname()
    return DaemonStarted(__version__, f"{system.sysname} {system.release}", tuple(command), flags.config)


def _tell(log: Log, fact: object) -> None:
    log.tell(fact, MonotonicClock().now())


def _go(flags: Flags, config: Config, log: Log, pid_file: PidFile, reading: Reading) -> int:
    """Everything is checked: become the daemon."""
    if flags.core_dump:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if not flags.foreground:
        go_to_background()
    pid_file.write()
    adopt_orphans()
    tell = partial(_tell, log)
    run_startup_script(config, tell)
    notices = NoticePipe()
    work = {
        VRRP: partial(run_vrrp, flags, os.getpid(), notices),
        CHECKER: partial(run_checker, flags, os.getpid(), notices),
        MESSENGER: partial(run_messenger, flags, os.getpid(), notices),
        BFD: partial(run_bfd, flags, os.getpid()),
    }
    parent = ParentProcess(flags, config, log, work=work, let_go=pid_file.close, reading=reading)
    status = parent.run()
    run_shutdown_script(parent.config, tell)
    return status
