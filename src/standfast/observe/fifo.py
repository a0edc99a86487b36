"""Notification pipes: which notices each one gets, the line for each, and what waits for a slow reader.

Behaviours FIFO-01 to FIFO-10 and FIFO-16. The lines are Keepalived's, letter by letter.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from standfast.base.frozen import frozen
from standfast.base.limits import FIFO_LINES
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.composed import Fifo
from standfast.model.kinds.scripts import Script
from standfast.observe.line import one_line
from standfast.observe.notice import VRRP_SUBJECTS, Notice, Subject

_ALL = frozenset(Subject)


@frozen
class Pipe:
    """A pipe as it should be."""

    fifo: Fifo
    script: Script | None  # that reads it
    takes: frozenset[Subject]

    @property
    def path(self) -> str:
        """Where it is."""
        return self.fifo.path


def pipes_of(defs: GlobalDefs) -> Mapping[str, Pipe]:
    """The configured pipes, by path; of two on one path the one that takes more counts (behaviour FIFO-16)."""
    found: dict[str, Pipe] = {}
    for pipe in _configured(defs):
        found.setdefault(pipe.path, pipe)
    return found


def _configured(defs: GlobalDefs) -> Iterator[Pipe]:
    if defs.notify_fifo:
        yield Pipe(defs.notify_fifo, defs.notify_fifo_script, _ALL)
    if defs.vrrp_notify_fifo:
        yield Pipe(defs.vrrp_notify_fifo, defs.vrrp_notify_fifo_script, VRRP_SUBJECTS)
    if defs.lvs_notify_fifo:
        yield Pipe(defs.lvs_notify_fifo, defs.lvs_notify_fifo_script, _ALL - VRRP_SUBJECTS)


def fifo_line(notice: Notice) -> str:
    """What stands in a pipe for a notice, with its line feed."""
    match notice.subject:
        case Subject.INSTANCE | Subject.GROUP:
            line = f'{notice.subject} "{notice.name}" {notice.state} {notice.priority}'
        case Subject.VIRTUAL_SERVER:
            line = f"VS {notice.name} {notice.state}"
        case Subject.REAL_SERVER:
            line = f"RS {notice.name} {notice.of} {notice.state}"
    return one_line(line) + "\n"


class Backlog:
    """Lines that a full pipe does not take yet; of too many the oldest go: the last state is what counts."""

    def __init__(self, bound: int = FIFO_LINES) -> None:
        self._lines: deque[bytes] = deque()
        self._bound = bound
        self.lost = 0  # since somebody asked last

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def first(self) -> bytes | None:
        """The line that is next."""
        return self._lines[0] if self._lines else None

    def add(self, line: bytes) -> None:
        """Keep one more."""
        if len(self._lines) >= self._bound:
            self._lines.popleft()
            self.lost += 1
        self._lines.append(line)

    def done(self) -> None:
        """The first line is written."""
        self._lines.popleft()

    def take_lost(self) -> int:
        """How many lines are gone, told once."""
        lost, self.lost = self.lost, 0
        return lost
