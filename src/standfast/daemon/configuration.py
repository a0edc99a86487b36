"""The configuration at the edge: judged, and told."""

from collections.abc import Iterator

from standfast.conf.problems import Problem
from standfast.conf.read import Reading
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP, Watch
from standfast.daemon.checks import check_interfaces, check_permissions
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.daemon.key_files import with_keys
from standfast.model.complaint import Severity
from standfast.model.config import Config
from standfast.observe.facts import ConfigComplaint, ConfigSummary, NothingToRun
from standfast.observe.reporter import has_messages


def usable(flags: Flags, reading: Reading) -> Config:
    """The configuration, if this host can run it.

    Raises:
        EndWith: it cannot; with the status that a start would end with.
    """
    config = reading.config
    if config is None:
        raise EndWith(Exit.NO_CONFIG, f"cannot use the configuration: {_worst(reading)}")
    parts = needed(flags, config)
    if parts:
        check_permissions()
    if VRRP in parts:
        check_interfaces(config)
    return with_keys(config)


def needed(flags: Flags, config: Config) -> frozenset[str]:
    """The children that there is work for (behaviours PR-01, CLI-02 to CLI-04)."""
    sessions = config.bfd_instances if flags.bfd else ()
    work = {VRRP: config.vrrp_instances, CHECKER: config.virtual_servers, BFD: sessions}
    with_work = {part for part, blocks in work.items() if blocks}
    if flags.everything:
        with_work = set(work) if flags.bfd else {VRRP, CHECKER}
    parts = with_work & flags.parts if flags.parts else with_work
    messenger = {MESSENGER} if parts & {VRRP, CHECKER} and has_messages(config.global_defs) else set()
    return frozenset(parts | messenger)


def watch(flags: Flags, config: Config) -> Watch:
    """How the parent looks after its children under this configuration."""
    return Watch(needed(flags, config), respawn=flags.respawn, child_wait=config.child_wait_time)


def told(flags: Flags, reading: Reading) -> Iterator[ConfigComplaint | ConfigSummary | NothingToRun]:
    """Everything that is to be said about a configuration."""
    for problem in reading.problems:
        place, severity = str(problem.place), str(problem.severity)
        yield ConfigComplaint(place, severity, problem.slug, problem.words, problem.hint)
    errors = _count(reading, Severity.ERROR)
    yield ConfigSummary(flags.config, errors, _count(reading, Severity.WARNING), reading.dropped)
    if reading.config is not None and not needed(flags, reading.config):
        yield NothingToRun(flags.config)


def _count(reading: Reading, severity: Severity) -> int:
    return sum(problem.severity is severity for problem in reading.problems)


def _worst(reading: Reading) -> str:
    """The problem that made it unusable, in words."""
    worst = max(reading.problems, key=lambda problem: problem.error_class, default=None)
    return "nothing was read" if worst is None else _in_words(worst)


def _in_words(problem: Problem) -> str:
    said = str(problem) if problem.place.line else problem.words  # of a whole file the words name it
    return f"{said}; {problem.hint}" if problem.hint else said
