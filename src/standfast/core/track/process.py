"""Tracked processes: which of the host's processes are looked for, and whether there are enough of them.

`Population` knows the numbers of those that match; how many there are is counted, never carried along. A quorum
that is gained or lost counts after its delay (behaviour TR-13), at the first reading at once.
"""

from collections.abc import Iterable, Mapping

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.track.events import Exited, Forked, Named, Process, ProcessChange
from standfast.core.track.parameters import Match, ProcessCheck
from standfast.core.track.settling import Delays, Settling, deadline, observed, settled
from standfast.core.track.verdict import GOOD, WAITING, Verdict

_NAME_BYTES = 15  # of a process's name, which the kernel keeps (behaviour TR-12)


# ---- one process


def matches(check: ProcessCheck, process: Process) -> bool:
    """Whether this is a process that is looked for."""
    if check.match is Match.NAME:
        return process.name == _bytes(check.words[0])[:_NAME_BYTES]
    wanted = b"".join(_bytes(word) + b"\0" for word in check.words)
    match check.match:
        case Match.COMMAND:
            return process.command == wanted
        case Match.PARTIAL:
            return process.command.startswith(wanted)
        case _:
            return process.command.startswith(wanted[:-1])


def _bytes(word: str) -> bytes:
    return word.encode(errors="surrogateescape")


class Population:
    """The numbers of the processes that each check looks for."""

    def __init__(self, checks: Iterable[ProcessCheck]) -> None:
        self._checks = tuple(checks)
        self._found: dict[str, set[int]] = {}
        self._of: dict[
            int, frozenset[str]
        ] = {}  # by process: who looks for it; only those that somebody does
        self.read({})

    def read(self, running: Mapping[int, Process]) -> None:
        """These are all the processes of the host."""
        self._found = {check.name: set() for check in self._checks}
        self._of = {}
        for number, process in running.items():
            self._put(number, self._seekers(process))

    def apply(self, change: ProcessChange) -> frozenset[str]:
        """Something happened; whose numbers may be others now."""
        match change:
            case Forked(parent, child):
                return self._put(child, self._of.get(parent, frozenset()))
            case Named(number, process):
                return self._put(number, self._seekers(process))
            case Exited(number):
                return self._put(number, frozenset())

    def count(self, name: str) -> int:
        """How many processes this check has found."""
        return len(self._found[name])

    def _seekers(self, process: Process) -> frozenset[str]:
        return frozenset(check.name for check in self._checks if matches(check, process))

    def _put(self, number: int, seekers: frozenset[str]) -> frozenset[str]:
        before = self._of.get(number, frozenset())
        if before == seekers:
            return frozenset()
        for name in before - seekers:
            self._found[name].discard(number)
        for name in seekers - before:
            self._found[name].add(number)
        if seekers:
            self._of[number] = seekers
        else:
            self._of.pop(number, None)
        return before ^ seekers


# ---- the quorum


@frozen
class ProcessState:
    """One check at one moment."""

    settling: Settling | None = None  # None: there was no reading yet
    count: int = 0
    unseen: str = ""  # why nothing is known about processes

    def verdict(self, check: ProcessCheck) -> Verdict:
        """What the check says."""
        if self.unseen:
            return Verdict(up=False, reason=self.unseen)
        if self.settling is None:
            return WAITING
        return GOOD if self.settling.up else Verdict(up=False, reason=_why(check, self.count))


def counted(check: ProcessCheck, state: ProcessState, count: int, now: Instant) -> ProcessState:
    """The state when so many processes are there."""
    enough = has_quorum(check, count)
    if state.settling is None or state.unseen:
        return ProcessState(Settling(enough), count)
    return ProcessState(observed(state.settling, up=enough, delays=delays_of(check), now=now), count)


def due(check: ProcessCheck, state: ProcessState, now: Instant) -> ProcessState:
    """The state when time has passed."""
    if state.settling is None:
        return state
    return ProcessState(settled(state.settling, delays_of(check), now), state.count, state.unseen)


def deadline_of(check: ProcessCheck, state: ProcessState) -> Instant | None:
    """When a quorum that was gained or lost will count."""
    return None if state.settling is None or state.unseen else deadline(state.settling, delays_of(check))


def has_quorum(check: ProcessCheck, count: int) -> bool:
    """Whether so many processes are neither too few nor too many."""
    return check.quorum <= count and (check.quorum_max is None or count <= check.quorum_max)


def delays_of(check: ProcessCheck) -> Delays:
    """How long its quorum must be gained or lost before that counts."""
    return Delays(up=check.fork_delay, down=check.terminate_delay)


def _why(check: ProcessCheck, count: int) -> str:
    if has_quorum(check, count):
        return f"{count} running, not yet for long enough"
    if count < check.quorum:
        return f"{count} running, at least {check.quorum} needed"
    return f"{count} running, at most {check.quorum_max} allowed"
