"""What the verbs that order something have in common."""

import argparse
import os
import re
import sys
from typing import Any, Final

from standfast.cli.control import FINE, ask

_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")
_UNITS: Final = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def add_order(parser: argparse.ArgumentParser) -> None:
    """Declare what an order can say of itself."""
    parser.add_argument("--for", dest="span", type=seconds, metavar="TIME", help="its end: 90s, 10m, 2h, 1d")
    parser.add_argument("--reason", default="", help="shown in the status and kept in the history")
    parser.add_argument("--force", action="store_true", help="also if no other router was ever heard")


def seconds(text: str) -> float:
    """A length of time, in seconds.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    found = _SPAN.fullmatch(text)
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no length of time; write 90s, 10m, 2h or 1d")
    return float(found[1]) * _UNITS[found[2]]


def give(arguments: argparse.Namespace, what: str, *, on: bool) -> int:
    """Order it, or take it back."""
    told: dict[str, Any] = {"on": on}
    if on:
        told |= said(arguments)
    ask(arguments.socket, what, (arguments.name,) if arguments.name else (), told)
    sys.stdout.write(f"{what}{f' of {arguments.name}' if arguments.name else ''}: {'on' if on else 'off'}\n")
    return FINE


def said(arguments: argparse.Namespace) -> dict[str, Any]:
    """What an order says of itself; who gives it, the daemon knows from the kernel."""
    return {
        "for_s": arguments.span,
        "reason": arguments.reason,
        "behalf": os.environ.get("SUDO_USER", ""),
        "force": arguments.force,
    }
