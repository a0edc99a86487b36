"""What the checks, files and sessions of one real server say of it."""

from collections.abc import Iterator, Mapping

from standfast.core.check.probes import MiscProbe
from standfast.core.check.state import CheckState
from standfast.core.lvs.parameters import Followed, RealServer
from standfast.core.lvs.pool import Word
from standfast.core.track.verdict import WAITING, TrackerKey, TrackerKind, Verdict

_MOST = 0x7FFF_FFFF  # behaviour HC-18


def words_of(
    server: RealServer, states: Mapping[str, CheckState], verdicts: Mapping[TrackerKey, Verdict]
) -> Iterator[Word]:
    """All that is said of a real server.

    Args:
        server: the real server.
        states: of its checks, by key.
        verdicts: of files and sessions; those that have said nothing yet are not among them.
    """
    for check in server.checks:
        state = states[check.key]
        dynamic = isinstance(check.probe, MiscProbe) and check.probe.dynamic
        yield Word(state.up, state.verdict.reason, state.weight if dynamic else None)
    for followed in server.follows:
        yield word_of(followed, verdicts.get(followed.key, WAITING))


def word_of(followed: Followed, verdict: Verdict) -> Word:
    """What a file or a session says: what has said nothing yet is good, but for alpha."""
    name = f"{followed.key.kind} {followed.key.name}"
    if verdict == WAITING:
        return Word(not followed.alpha, f"{name}: {WAITING.reason}" if followed.alpha else "")
    if not verdict.up:
        return Word(up=False, reason=f"{name}: {verdict.reason}")
    if followed.key.kind is not TrackerKind.FILE or followed.multiplier is None:
        return Word(up=True)
    if followed.multiplier == 0 and verdict.value:
        return Word(up=False, reason=f"{name}: it holds {verdict.value}")
    more = verdict.value * followed.multiplier
    return Word(up=True, more=min(max(more, -_MOST), _MOST))
