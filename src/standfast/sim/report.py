"""Playing many worlds for a person: how far it is, what came of it, and the story of each that broke a rule."""

import sys
from collections.abc import Sequence
from time import monotonic
from typing import Final

from standfast.sim.generate import generate
from standfast.sim.scenario import Course
from standfast.sim.shrink import Shrinker
from standfast.sim.swarm import Tally, swarm
from standfast.sim.written import as_story, as_test

SHOWN: Final = 10  # failing worlds that are told at length
STORY: Final = 40  # lines of the story of one
_HOUR: Final = 3_600_000_000  # microseconds
_TENTH: Final = 0.1  # seconds between two looks at how far it is


def report(seeds: Sequence[int], *, jobs: int, shrink: bool) -> bool:
    """Play the worlds of these seeds and say what came of them; whether no rule was broken."""
    progress = Progress(len(seeds))
    tally = swarm(seeds, jobs=max(1, min(jobs, len(seeds))), told=progress.show)
    progress.end()
    for course in tally.failed[:SHOWN]:
        sys.stdout.write("\n".join(_story(course, shrink=shrink)) + "\n")
    sys.stdout.write(summary(tally) + "\n")
    return not tally.failed


def summary(tally: Tally) -> str:
    """One line: what was played, and how many worlds broke a rule."""
    words = (
        f"{tally.worlds} worlds, {tally.events} events, {tally.lasted / _HOUR:.1f} virtual hours, "
        f"{tally.transitions} transitions, {len(tally.failed)} violations"
    )
    seeds = " ".join(str(course.seed) for course in tally.failed)
    return f"{words}: seeds {seeds}" if seeds else words


class Progress:
    """A line on standard error that says how far it is; nothing if that is no terminal."""

    def __init__(self, worlds: int) -> None:
        self._worlds = worlds
        self._began = self._shown = monotonic()

    def show(self, tally: Tally) -> None:
        """Say it, ten times a second at most."""
        if sys.stderr.isatty() and monotonic() - self._shown > _TENTH:
            self._shown = monotonic()
            sys.stderr.write(f"\r{tally.worlds} of {self._worlds} worlds, {len(tally.failed)} violations ")
            sys.stderr.flush()

    def end(self) -> None:
        """Say how long it took."""
        start = "\r" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{start}{self._worlds} worlds in {monotonic() - self._began:.1f} s\n")


def _story(course: Course, *, shrink: bool) -> list[str]:
    """What is wrong in one world: who is there, what happened, and, made small, a test to paste."""
    scenario = generate(course.seed)
    if shrink:
        shrinker = Shrinker(scenario, course)
        scenario, course = shrinker.shrink(), shrinker.course
    test = [as_test(scenario), ""] if shrink else []
    heading = f"seed {course.seed}: {course.violation}"
    return [heading, "", *as_story(scenario), "", *course.story[-STORY:], "", *test]
