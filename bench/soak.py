"""Thousands of reloads and a virtual month: memory ends as it began.

    .venv/bin/python bench/soak.py [--reloads 2000] [--days 30]

The exit status is 1 if there is more of anything at the end.
"""

import argparse
import sys
import time

from standfast.base.times import SECOND, Duration
from standfast.daemon.census import take_census
from standfast.lab.lab import Lab
from standfast.lab.soak import soak
from standfast.sim.world import World

DAY_S = 86_400
INTERVAL = Duration(40 * SECOND)  # the longest that version 3 knows, more or less: 2,160 adverts a day
MACHINES = ("core.", "engine.", "base.")


def machines() -> dict[str, int]:
    """What the machines of this process hold; the world's own story, which grows, is left out."""
    census = take_census()
    held = {f"object {name}": count for name, count in census.objects.items()}
    held |= {f"queue {name}": count for name, count in census.queues.items()}
    return {name: count for name, count in held.items() if name.split(" ")[1].startswith(MACHINES)}


def virtual_month(days: int) -> list[str]:
    """Two routers for so many days: a failover each day, and in between nothing but adverts."""
    world = World(1)
    first = world.add("a", priority=150, interval=INTERVAL)
    second = world.add("b", priority=100, interval=INTERVAL)
    first.start()
    second.start()
    before: dict[str, int] = {}
    for day in range(days):
        world.run(Duration(DAY_S * SECOND - 600 * SECOND))
        first.crash()
        world.run(Duration(300 * SECOND))
        first.start()
        world.run(Duration(300 * SECOND))
        if day == 0:
            before = machines()
    after = machines()
    names = sorted(before.keys() | after.keys())
    return [
        f"{name} was {before.get(name, 0)}, is {after.get(name, 0)}"
        for name in names
        if before.get(name, 0) != after.get(name, 0)
    ]


def main() -> bool:
    """Run both, and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--reloads", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    asked = parser.parse_args()
    begin = time.monotonic()
    grown = virtual_month(asked.days)
    print(
        f"{asked.days} virtual days in {time.monotonic() - begin:.0f} s; more or less: {grown or 'nothing'}"
    )
    begin = time.monotonic()
    with Lab() as lab:
        soaked = soak(lab, asked.reloads)
    took = time.monotonic() - begin
    print(f"{asked.reloads} reloads in {took:.0f} s; more or less: {soaked.grown or 'nothing'}")
    for process, (was, now) in sorted(soaked.resident_kib.items()):
        print(f"  {process:16} {was} KiB resident, then {now}")
    print(f"left at the stop: {list(soaked.left) or 'nothing'}")
    return bool(grown or soaked.grown or soaked.left)


if __name__ == "__main__":
    sys.exit(main())
