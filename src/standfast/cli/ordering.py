"""What the verbs that order something have in common."""

import argparse
import os
import re
import sys
from typing import Any, Final

import msgspec

from standfast.cli.control import ask

_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")
_UNITS: Final = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def add_order(parser: argparse.ArgumentParser) -> None:
    """Declare what an order can say of itself."""
    parser.add_argument(
        "--for",
        dest="span",
        type=seconds,
        metavar="TIME",
        help="its end: 90s, 10m, 2h, 1d (default: until it is taken back)",
    )
    parser.add_argument("--reason", default="", help="why; shown in the status and kept in the history")
    parser.add_argument(
        "--force", action="store_true", help="also if nobody may be left to take over, or to serve"
    )
    parser.add_argument("--json", action="store_true", help="write the order as JSON")


def seconds(text: str) -> float:
    """A length of time, in seconds.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    found = _SPAN.fullmatch(text)
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no length of time; write 90s, 10m, 2h or 1d")
    return float(found[1]) * _UNITS[found[2]]


class Given(msgspec.Struct, frozen=True):
    """The answer to an order."""

    order: dict[str, Any]

    @classmethod
    def read(cls, answer: msgspec.Raw) -> "Given":
        """From what the daemon answers."""
        return msgspec.json.decode(answer, type=cls)

    @property
    def name(self) -> str:
        """Of the instance, sync group or virtual server."""
        return str(self.order["name"])

    @property
    def server(self) -> str:
        """Of the real server, if it is for one."""
        return str(self.order["server"])

    def line(self, *, on: bool) -> str:
        """For people."""
        about = f"{self.server} of {self.name}" if self.server else self.name
        weight = f" {self.order['weight']}" if self.order["what"] == "weight" else ""
        of = f" of {about}" if about else ""
        return f"{self.order['what']}{weight}{of}: {'on' if on else 'off'}\n"


def give(arguments: argparse.Namespace, what: str, *, on: bool) -> Given:
    """Order it, or take it back, and say so."""
    told: dict[str, Any] = {"on": on}
    if on:
        told |= said(arguments)
    given = Given.read(ask(arguments.socket, what, (arguments.name,) if arguments.name else (), told))
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode({"order": given.order}) + b"\n")
    else:
        sys.stdout.write(given.line(on=on))
    return given


def said(arguments: argparse.Namespace) -> dict[str, Any]:
    """What an order says of itself; who gives it, the daemon knows from the kernel."""
    return {
        "for_s": arguments.span,
        "reason": arguments.reason,
        "behalf": os.environ.get("SUDO_USER", ""),
        "force": arguments.force,
    }
