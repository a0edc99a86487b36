"""The trackers of a simulated host: what they would say now, whoever listens.

Scripts, files, processes and sessions are not played; their verdicts are. An interface tracker has no verdict of
its own: the links tell (behaviour TR-15).
"""

from collections.abc import Iterable

from standfast.core.track.verdict import GOOD, TrackerKey, TrackerKind, Verdict
from standfast.engine.ports import Router


class Trackers:
    """All trackers of a host: good, but for the troubles that last."""

    def __init__(self) -> None:
        self._troubles: dict[TrackerKey, list[Verdict]] = {}

    def begin(self, key: TrackerKey, verdict: Verdict) -> None:
        """From now on it says this."""
        self._troubles.setdefault(key, []).append(verdict)

    def end(self, key: TrackerKey, verdict: Verdict) -> None:
        """One of its troubles is over."""
        self._troubles[key].remove(verdict)

    def verdict(self, key: TrackerKey) -> Verdict:
        """What it says now: the trouble that began last counts."""
        troubles = self._troubles.get(key)
        return troubles[-1] if troubles else GOOD

    def listened_to(self, routers: Iterable[Router]) -> dict[TrackerKey, Verdict]:
        """What those say that these routers listen to."""
        keys = (tracker.key for router in routers for tracker in router.trackers)
        return {key: self.verdict(key) for key in keys if key.kind is not TrackerKind.INTERFACE}
