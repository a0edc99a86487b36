"""Waiting until the daemon says that something is so."""

import argparse
import time
from collections.abc import Callable
from typing import Final

from standfast.cli.ordering import seconds

_AGAIN_S: Final = 0.25  # between two looks: what is waited for takes a second or minutes


def add_timeout(parser: argparse.ArgumentParser, default: str) -> None:
    """Declare for how long is waited at most."""
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=seconds(default),
        metavar="TIME",
        help=f"longest wait (default {default}); then the exit status is 1",
    )


def wait(timeout: float, done: Callable[[], bool]) -> bool:
    """Look again and again until it is done; whether it was within this time, in seconds."""
    until = time.monotonic() + timeout
    while not done():
        if time.monotonic() + _AGAIN_S > until:
            return False
        time.sleep(_AGAIN_S)
    return True
