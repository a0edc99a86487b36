"""The start of the daemon: read, hold the pid file, check, then go; nothing is left half done."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from standfast import __version__
from standfast.conf.read import Reading
from standfast.conf.shown import without_secrets
from standfast.daemon import configuration, journal
from standfast.daemon.background import go_to_background
from standfast.daemon.core_files import core_files
from standfast.daemon.debugging import memory_watched
from standfast.daemon.dry_start import READY
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.daemon.incarnation import Incarnation, inherited, is_trial
from standfast.daemon.manners import name_of_parent
from standfast.daemon.naming import umask_of
from standfast.daemon.notice_pipe import NoticePipe
from standfast.daemon.once import run_shutdown_script, run_startup_script
from standfast.daemon.parent import ParentProcess
from standfast.daemon.pidfile import AlreadyHeld, PidFile, Unwritable, hold
from standfast.daemon.place import settle
from standfast.daemon.program import this_program
from standfast.daemon.work import works
from standfast.linux.loop import MonotonicClock
from standfast.linux.privileges import adopt_orphans, set_process_name
from standfast.linux.process_names import set_command_line
from standfast.model.config import Config
from standfast.observe.facts import (
    ConfigShown,
    DaemonStarted,
    DaemonStopped,
    Failed,
    NothingInherited,
    OptionWithoutEffect,
    WorksWithout,
)
from standfast.observe.log import Log


def start(flags: Flags, command: Sequence[str], say: Callable[[str], None]) -> int:
    """Run the daemon until it ends; the exit status.

    Args:
        flags: what the command line asks for.
        command: the command line itself, for the log.
        say: says a line to the person who started it.
    """
    program, trial = this_program(), is_trial(os.environ)
    estate, loss = inherited(os.environ)
    try:
        flags, reading = settle(flags, there=trial or estate is not None)
        if trial:
            return _try(flags, reading)
        pid_file = hold(flags.pid_file) if estate is None else PidFile(flags.pid_file, estate.pid_file)
    except AlreadyHeld as other:
        say(f"daemon is already running: {other}")  # behaviour PR-09
        return Exit.FINE
    except EndWith as end:
        say(end.words)
        return end.status
    try:
        life = Incarnation(program, pid_file, estate, loss)
        return _run(flags, command, life, reading, say)
    finally:
        pid_file.remove()


def _try(flags: Flags, reading: Reading) -> int:
    """Say whether a start would work, and change nothing.

    Raises:
        EndWith: it would not.
    """
    configuration.usable(flags, reading)
    sys.stdout.write(f"{READY}{flags.pid_file}\n")
    return Exit.FINE


def _run(
    flags: Flags, command: Sequence[str], life: Incarnation, reading: Reading, say: Callable[[str], None]
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
        if life.estate is None:
            if not journal.on_console(flags):  # there it stands already
                say(end.words)
            return end.status
        config = life.estate.config  # the file was good a moment ago, and the children run on this
    os.umask(umask_of(flags, config))
    if life.loss:
        tell([NothingInherited("parent", life.loss)])
    if flags.dump_config:
        tell(ConfigShown(line) for line in without_secrets(config).splitlines())
    with core_files(flags, partial(_tell, log)):
        status = _go(flags, config, log, life, reading)
    tell([DaemonStopped(__version__)])
    log.tick(clock.now())
    return status


def _started(flags: Flags, command: Sequence[str]) -> DaemonStarted:
    system = os.uname()
    return DaemonStarted(__version__, f"{system.sysname} {system.release}", tuple(command), flags.config)


def _tell(log: Log, fact: object) -> None:
    log.tell(fact, MonotonicClock().now())


def _go(flags: Flags, config: Config, log: Log, life: Incarnation, reading: Reading) -> int:
    """Everything is checked: become the daemon."""
    first = life.estate is None
    if first and not flags.foreground:
        go_to_background()
    tell = partial(_tell, log)
    try:
        life.pid_file.write()
    except Unwritable as why:  # a full disk: it is held all the same, and nobody else can start beside us
        tell(WorksWithout("its pid file", why.words))
    if name := name_of_parent(config):
        set_process_name(name)
        set_command_line(name)
    adopt_orphans()
    if first:
        run_startup_script(config, tell)
    notices = NoticePipe()
    work = works(flags, notices)
    parent = ParentProcess(flags, config, log, work=work, incarnation=life, reading=reading)
    with memory_watched(flags, "parent", tell) as memory:
        parent.debug_memory(memory)
        status = parent.run()
    run_shutdown_script(parent.config, tell)
    return status
