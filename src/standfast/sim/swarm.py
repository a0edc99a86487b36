"""Many worlds, one after the other and side by side, and what came of them."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

from standfast.base.times import Duration
from standfast.sim.generate import generate
from standfast.sim.scenario import Course, play

CHUNK: Final = 8  # worlds handed to a worker at a time: some tenths of a second


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some worlds."""

    worlds: int = 0
    events: int = 0
    transitions: int = 0
    lasted: Duration = Duration(0)
    failed: tuple[Course, ...] = ()  # those with a violation, by their seeds

    def with_(self, course: Course) -> "Tally":
        """One more world."""
        failed = (*self.failed, course) if course.violation is not None else self.failed
        return Tally(
            worlds=self.worlds + 1,
            events=self.events + course.events,
            transitions=self.transitions + course.transitions,
            lasted=Duration(self.lasted + course.lasted),
            failed=tuple(sorted(failed, key=lambda one: one.seed)),
        )


def play_seed(seed: int) -> Course:
    """The world of this seed."""
    return play(generate(seed))


def swarm(seeds: Iterable[int], *, jobs: int = 1, told: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Play the worlds of these seeds.

    Args:
        seeds: of the worlds.
        jobs: processes that share the work.
        told: told of what came of it so far, after each world.
    """
    tally = Tally()
    with closing(_courses(seeds, jobs)) as courses:
        for course in courses:
            tally = tally.with_(course)
            told(tally)
    return tally


def _courses(seeds: Iterable[int], jobs: int) -> Generator[Course, None, None]:
    if jobs == 1:
        yield from map(play_seed, seeds)
        return
    # A fork has all modules already. The caller must have no threads; the verb has none.
    with get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(play_seed, seeds, chunksize=CHUNK)
