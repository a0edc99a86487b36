"""`standfast sim`: thousands of simulated worlds, and the story of each that breaks a rule."""

import argparse
import os
from typing import Final

FINE: Final = 0
VIOLATED: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--worlds", type=int, default=200, metavar="N", help="how many worlds (default 200)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="seed of the first world (default 1)"
    )
    parser.add_argument("--only", type=int, metavar="SEED", help="play only the world of this seed")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="processes (default: one a core)"
    )
    parser.add_argument("--shrink", action="store_true", help="make a failing world as small as it gets")
    parser.epilog = "Exit status: 0 no rule was broken, 1 a rule was. The same seed is always the same world."


def run(arguments: argparse.Namespace) -> int:
    """Play the worlds and say what came of them."""
    from standfast.sim.report import report  # noqa: PLC0415  (the simulator, only when it is needed)

    seeds = range(arguments.seed, arguments.seed + arguments.worlds)
    if arguments.only is not None:
        seeds = range(arguments.only, arguments.only + 1)
    return FINE if report(seeds, jobs=arguments.jobs, shrink=arguments.shrink) else VIOLATED
