"""Who is due next: a heap over the deadlines of many machines.

The deadlines themselves are computed elsewhere; this only remembers their order, so that a process with a
thousand routers need not ask all of them at each event. Each owner has one live entry in the heap, never later
than its true deadline: a deadline that moves away (as each advert that a backup hears moves it) costs nothing, and
the stale entry is put right when it comes to the top.
"""

from heapq import heapify, heappop, heappush, heapreplace

from standfast.base.limits import AGENDA_STALE
from standfast.base.times import Instant


class Agenda:
    """The deadline of each owner, and the earliest of all."""

    def __init__(self) -> None:
        self._due: dict[str, Instant] = {}
        self._entry: dict[str, Instant] = {}  # when the owner's live entry of the heap comes to the top
        self._heap: list[tuple[Instant, str]] = []

    def set(self, owner: str, due: Instant | None) -> None:
        """The owner's deadline from now on; None: it has none."""
        if due is None:
            self._due.pop(owner, None)
            return
        self._due[owner] = due
        entry = self._entry.get(owner)
        if entry is None or due < entry:
            self._entry[owner] = due
            heappush(self._heap, (due, owner))
            if len(self._heap) > 2 * len(self._due) + AGENDA_STALE:
                self._sweep()

    def bring_forward(self, owner: str, due: Instant) -> None:
        """The owner is due at that time, unless it is due sooner already."""
        before = self._due.get(owner)
        if before is None or due < before:
            self.set(owner, due)

    def first(self) -> Instant | None:
        """The earliest deadline of all."""
        while self._heap:
            at, owner = self._heap[0]
            due = self._due.get(owner)
            if self._entry.get(owner) != at or due is None:  # replaced by an earlier one, or cancelled
                heappop(self._heap)
                if self._entry.get(owner) == at:
                    del self._entry[owner]
            elif due > at:
                self._entry[owner] = due
                heapreplace(self._heap, (due, owner))
            else:
                return at
        return None

    def next(self) -> str | None:
        """Who is due first."""
        return None if self.first() is None else self._heap[0][1]

    def due(self, now: Instant, most: int | None = None) -> list[str]:
        """Owners whose deadline has come, earliest first, at most so many; each must be `set` anew."""
        found: list[str] = []
        while (at := self.first()) is not None and at <= now and len(found) != most:
            _, owner = heappop(self._heap)
            del self._entry[owner]
            del self._due[owner]
            found.append(owner)
        return found

    def __len__(self) -> int:
        """Entries that are remembered, stale ones among them."""
        return len(self._heap)

    def _sweep(self) -> None:
        """Drop what is stale: who moves a deadline to and fro must not fill the memory."""
        self._entry = dict(self._due)
        self._heap = [(due, owner) for owner, due in self._due.items()]
        heapify(self._heap)
