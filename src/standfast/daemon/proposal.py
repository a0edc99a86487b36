"""What a reload would come to: the configuration on the disk, judged and compared with the running one."""

from collections.abc import Iterable, Iterator

from standfast.base.frozen import frozen
from standfast.base.limits import PLAN_SHOWN
from standfast.conf.compare import Changed, Difference, compare
from standfast.conf.held_back import held_back
from standfast.conf.read import Reading
from standfast.daemon import configuration
from standfast.daemon.exits import EndWith
from standfast.daemon.flags import Flags
from standfast.daemon.reader import read_configuration
from standfast.model.complaint import Severity
from standfast.model.config import Config
from standfast.model.declare import Reload as Need
from standfast.observe.facts import NotBeforeRestart, ReloadPlanned
from standfast.observe.state.configuration import Planned


@frozen
class Proposal:
    """A configuration that was read again."""

    reading: Reading
    refusal: str = ""  # why it cannot be taken over, for people
    config: Config | None = None  # to run on; None: it cannot be taken over
    differences: tuple[Difference, ...] = ()  # from the running one; also those that wait for a restart


Mistakes = frozenset[tuple[str, str]]  # each by its slug and words: its line may be another one now


def mistakes_of(reading: Reading | None) -> Mistakes:
    """The mistakes of a configuration that runs all the same."""
    if reading is None:
        return frozenset()
    errors = (problem for problem in reading.problems if problem.severity is Severity.ERROR)
    return frozenset((problem.slug, problem.words) for problem in errors)


def propose(flags: Flags, running: Config, *, tolerated: Mistakes = frozenset()) -> Proposal:
    """Read the configuration again, judge it, and say what a reload would do; nothing changes.

    Args:
        flags: of the daemon.
        running: what it runs on.
        tolerated: the mistakes of that: a start takes what Keepalived takes, and they must not keep a reload
            from mending something else. A new mistake does.
    """
    reading = read_configuration(flags)
    try:
        new = configuration.usable(flags, reading)
    except EndWith as end:
        return Proposal(reading, end.words)
    differences = compare(running, new)
    errors = errors_of(reading)
    if mistakes_of(reading) - tolerated:
        more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
        return Proposal(reading, f"{errors[0]}{more}", differences=differences)
    return Proposal(reading, "", held_back(running, new), differences)


def errors_of(reading: Reading) -> tuple[str, ...]:
    """The errors of a configuration, each with its place."""
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    return tuple(f"{problem.place}: {problem.words}" for problem in errors)


def planned(differences: Iterable[Difference]) -> tuple[Planned, ...]:
    """The plan, as programs and people are told of it; the first changes only."""
    every = [one for difference in differences for one in _planned(difference)]
    return tuple(every[:PLAN_SHOWN])


def facts_of(proposal: Proposal) -> Iterator[ReloadPlanned | NotBeforeRestart]:
    """What is to be told of a reload that is about to be done."""
    if proposal.config is None or not proposal.differences:
        return
    plan = planned(proposal.differences)
    yield ReloadPlanned(len(plan), tuple(one.words for one in plan))
    for difference, change in _postponed(proposal.differences):
        yield NotBeforeRestart(change.keyword, difference.block, change.because)


def _planned(difference: Difference) -> Iterator[Planned]:
    block, what = difference.block, difference.what.value
    if not difference.changes:
        yield Planned(block=block, what=what)
    for change in difference.changes:
        yield Planned(
            block=block,
            what=what,
            keyword=change.keyword,
            before=change.before,
            after=change.after,
            added=change.came,
            removed=change.went,
            need=change.need.name.lower(),
            because=change.because,
        )


def _postponed(differences: Iterable[Difference]) -> Iterator[tuple[Difference, Changed]]:
    for difference in differences:
        yield from ((difference, change) for change in difference.changes if change.need is Need.DAEMON)
