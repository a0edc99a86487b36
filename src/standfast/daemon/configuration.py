"""The configuration at the edge: read from this host's files, judged, and told."""

import os
from collections.abc import Iterator

from standfast.conf.problems import Problem
from standfast.conf.read import Reading, read_config
from standfast.conf.reader import Surroundings
from standfast.core.supervise.watch import VRRP, Watch
from standfast.daemon.checks import check_interfaces, check_permissions
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.files import HostFiles
from standfast.daemon.flags import Flags
from standfast.model.complaint import Severity
from standfast.model.config import Config
from standfast.observe.facts import ConfigComplaint, ConfigSummary


def read(flags: Flags) -> Reading:
    """Read the configuration that the command line names."""
    return read_config(flags.config, HostFiles(), surroundings(flags))


def surroundings(flags: Flags) -> Surroundings:
    """What a configuration may ask about this host."""
    return Surroundings(
        config_id=flags.config_id or os.uname().nodename.partition(".")[0],
        environment=os.environ,
        random=_random,
        strict_includes=flags.all_config,
    )


def _random(least: int, greatest: int) -> int:
    from random import randint  # noqa: PLC0415  (few configurations ask for it)

    return randint(least, greatest)  # noqa: S311  (it keeps no secret)


def usable(flags: Flags, reading: Reading) -> Config:
    """The configuration, if this host can run it.

    Raises:
        EndWith: it cannot; with the status that a start would end with.
    """
    config = reading.config
    if config is None:
        raise EndWith(Exit.NO_CONFIG, f"cannot use the configuration {flags.config}: {_worst(reading)}")
    if VRRP in needed(flags, config):
        check_permissions()
        check_interfaces(config)
    return config


def needed(flags: Flags, config: Config) -> frozenset[str]:
    """The children that there is work for (behaviours PR-01, CLI-02, CLI-03)."""
    with_work = {VRRP} if config.vrrp_instances else set()
    return frozenset(with_work & flags.parts if flags.parts else with_work)


def watch(flags: Flags, config: Config) -> Watch:
    """How the parent looks after its children under this configuration."""
    return Watch(needed(flags, config), respawn=flags.respawn, child_wait=config.child_wait_time)


def told(flags: Flags, reading: Reading) -> Iterator[ConfigComplaint | ConfigSummary]:
    """Everything that is to be said about a configuration."""
    for problem in reading.problems:
        place, severity = str(problem.place), str(problem.severity)
        yield ConfigComplaint(place, severity, problem.slug, problem.words, problem.hint)
    errors = _count(reading, Severity.ERROR)
    yield ConfigSummary(flags.config, errors, _count(reading, Severity.WARNING), reading.dropped)


def _count(reading: Reading, severity: Severity) -> int:
    return sum(problem.severity is severity for problem in reading.problems)


def _worst(reading: Reading) -> str:
    """The problem that made it unusable, in words."""
    worst = max(reading.problems, key=lambda problem: problem.error_class, default=None)
    return "nothing was read" if worst is None else _in_words(worst)


def _in_words(problem: Problem) -> str:
    return f"{problem}; {problem.hint}" if problem.hint else str(problem)
