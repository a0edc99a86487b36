"""One complaint is said once in a while, however often somebody provokes it; the rest is counted and told."""

from collections.abc import Hashable, Iterator
from typing import Final

from standfast.base.limits import COMPLAINT_INTERVAL, COMPLAINT_KEYS
from standfast.base.times import Instant, after

_THE_REST: Final = "all that came when the table was full"


class _Said:
    """When a complaint was said, and what came since."""

    def __init__(self, at: Instant) -> None:
        self.at = at
        self.held_back = 0
        self.latest: object = None


class Complaints:
    """Decides which facts of one sort are said now; bounded in number, whatever a flood invents."""

    def __init__(self, keys: int = COMPLAINT_KEYS) -> None:
        self._keys = keys
        self._said: dict[Hashable, _Said] = {}
        # So that a flood of new keys does not look through all each time.
        self._none_quiet_before = Instant(0)

    def admit(self, key: Hashable, fact: object, now: Instant) -> bool:
        """Whether to say this one; otherwise it is remembered for `overdue`."""
        said = self._said.get(key)
        if said is None and len(self._said) >= self._keys:
            self._forget_quiet(now)
            if len(self._said) >= self._keys:
                key = _THE_REST  # one more than the bound
                said = self._said.get(key)
        if said is None:
            self._said[key] = _Said(now)
            return True
        if not said.held_back and now >= after(said.at, COMPLAINT_INTERVAL):
            said.at = now
            return True
        said.held_back += 1
        said.latest = fact
        return False

    def overdue(self, now: Instant) -> Iterator[tuple[object, int]]:
        """The latest of those held back whose interval is over, each with how many it stands for."""
        for said in self._said.values():
            if said.held_back and now >= after(said.at, COMPLAINT_INTERVAL):
                held_back, said.held_back, said.at = said.held_back, 0, now
                yield said.latest, held_back

    def _forget_quiet(self, now: Instant) -> None:
        if now < self._none_quiet_before:
            return
        quiet = [
            key
            for key, said in self._said.items()
            if not said.held_back and now >= after(said.at, COMPLAINT_INTERVAL)
        ]
        for key in quiet:
            del self._said[key]
        self._none_quiet_before = after(
            min((said.at for said in self._said.values()), default=now), COMPLAINT_INTERVAL
        )
