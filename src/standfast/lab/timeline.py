"""The facts of a failover: what happened when, and when the protocol says that it should.

Pure: from what a capture, an address watch and a probe noted. The intervals are computed here from the RFC's
words, not by the daemon's own code, so that a mistake of the one is not repeated by the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from standfast.base.errors import Refused
from standfast.base.times import SECOND, Duration, Instant, after, between, in_seconds, times
from standfast.lab.probe import Question

_STEPS: Final = 256  # of priority, in the skew


@dataclass(frozen=True, slots=True)
class Rules:
    """What the waiting host was told; its patience follows."""

    version: int  # of VRRP, 2 or 3
    interval: Duration  # between the adverts of the master
    priority: int  # of the one who waits

    @property
    def skew(self) -> Duration:
        """Skew_Time: a share of the interval (RFC 9568, section 6.1), in version 2 of a second (RFC 3768)."""
        unit = self.interval if self.version == 3 else SECOND
        return Duration((_STEPS - self.priority) * unit // _STEPS)

    @property
    def master_down(self) -> Duration:
        """Master_Down_Interval (Active_Down_Interval in RFC 9568, section 6.1)."""
        return Duration(times(3, self.interval) + self.skew)

    @property
    def words(self) -> str:
        """How the interval comes about, for people."""
        parts = in_seconds(self.interval), in_seconds(self.skew), in_seconds(self.master_down)
        return "3 \N{MULTIPLICATION SIGN} {} s + {} s = {} s".format(*parts)


@dataclass(frozen=True, slots=True)
class Observed:
    """What was noted while the address moved."""

    killed_at: Instant
    old_adverts: Sequence[Instant]
    new_adverts: Sequence[Instant]
    held: Sequence[Instant]  # when the new master's kernel had the address
    announced: Sequence[Instant]  # its gratuitous ARPs or neighbour advertisements
    questions: Sequence[Question]  # the client's


@dataclass(frozen=True, slots=True)
class Timeline:
    """A failover from the last word of the old master to the first answer of the new one."""

    last_advert: Instant
    killed_at: Instant
    down_ends: Instant  # as computed
    first_advert: Instant
    address_up: Instant
    first_announcement: Instant
    last_answer: Instant  # before the silence
    first_answer: Instant  # after it
    asked: int
    lost: int

    @property
    def silence(self) -> Duration:
        """How long nobody answered."""
        return between(self.last_answer, self.first_answer)


def timeline_of(observed: Observed, rules: Rules) -> Timeline:
    """The facts of one failover.

    Raises:
        Refused: something did not happen; says what.
    """
    killed_at = observed.killed_at
    last_advert = _last(observed.old_adverts, killed_at, "the old master sent no advert")
    last_answer, first_answer = _silence(observed.questions)
    return Timeline(
        last_advert=last_advert,
        killed_at=killed_at,
        down_ends=after(last_advert, rules.master_down),
        first_advert=_first(observed.new_adverts, killed_at, "the other host sent no advert"),
        address_up=_first(observed.held, killed_at, "the other host never held the address"),
        first_announcement=_first(observed.announced, killed_at, "the other host announced nothing"),
        last_answer=last_answer,
        first_answer=first_answer,
        asked=len(observed.questions),
        lost=sum(1 for each in observed.questions if _lost(each, last_answer, first_answer)),
    )


def _last(moments: Sequence[Instant], until: Instant, otherwise: str) -> Instant:
    found = [moment for moment in moments if moment <= until]
    if not found:
        raise Refused("not-moved", otherwise)
    return max(found)


def _first(moments: Sequence[Instant], since: Instant, otherwise: str) -> Instant:
    found = [moment for moment in moments if moment >= since]
    if not found:
        raise Refused("not-moved", otherwise)
    return min(found)


def _silence(questions: Sequence[Question]) -> tuple[Instant, Instant]:
    """The longest time without an answer: its last one before and its first one after."""
    answers = sorted(each.answered_at for each in questions if each.answered_at is not None)
    if len(answers) < 2:
        raise Refused("not-moved", "the client got no answers")
    return max(pairwise(answers), key=lambda gap: between(*gap))


def _lost(question: Question, last_answer: Instant, first_answer: Instant) -> bool:
    """Whether a question fell into the silence (the very last ones may still be on their way)."""
    return question.answered_at is None and last_answer <= question.sent_at <= first_answer
