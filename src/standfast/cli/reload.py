"""`standfast reload`: all of the new configuration, or none of it; `--plan` says what it would do."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from standfast.cli.control import FINE, WRONG, add_socket, ask, asking
from standfast.cli.ordering import seconds
from standfast.observe.spans import span
from standfast.observe.state.configuration import Reload


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--plan", action="store_true", help="say what a reload would do, and do nothing")
    ways.add_argument(
        "--confirm-within",
        dest="within_s",
        type=seconds,
        metavar="TIME",
        help="undo it after this time (60s, 10m) unless it is confirmed; other reloads are refused meanwhile",
    )
    ways.add_argument("--confirm", action="store_true", help="confirm the last reload: it stays")
    ways.add_argument("--back", action="store_true", help="undo the reload that waits to be confirmed, now")
    parser.add_argument("--json", action="store_true", help="write JSON (docs/reference/state.schema.json)")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it, or ask; and show what comes of it."""
    raw = ask(arguments.socket, "reload", arguments=_told(arguments))
    done = msgspec.json.decode(raw, type=Reload)
    if arguments.json:
        sys.stdout.write(msgspec.json.format(bytes(raw), indent=2).decode() + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(done, arguments)))
    fine = done.ok or arguments.confirm or (arguments.back and done.undone)
    return FINE if fine else WRONG


def _told(arguments: argparse.Namespace) -> dict[str, Any]:
    every = {name: getattr(arguments, name) for name in ("plan", "within_s", "confirm", "back")}
    return {name: value for name, value in every.items() if value}


def _lines(done: Reload, arguments: argparse.Namespace) -> Iterator[str]:
    if done.undone:
        yield f"Undone ({done.words}): the former configuration is in force. The file has the other one still."
    elif arguments.confirm:
        yield "Confirmed."
    elif done.ok:
        yield from _good(done, forecast=arguments.plan)
    else:
        kept = (
            "A reload would be refused"
            if arguments.plan
            else "Refused; the running configuration is unchanged"
        )
        yield f"{kept}:"
        yield from (f"  {problem}" for problem in done.problems or (done.words,))


def _good(done: Reload, *, forecast: bool) -> Iterator[str]:
    if done.plan:
        yield "A reload would do this:" if forecast else "Reloaded:"
        yield from (f"  {one.words}" for one in done.plan)
    elif done.changed:
        yield "Reloaded."
    else:
        yield "Nothing differs; a reload would do nothing." if forecast else "Reloaded; nothing had changed."
    if done.confirm_by is not None:
        left = span(done.confirm_by - done.at)
        yield f"It is undone in {left}, unless you confirm it: standfast reload --confirm"
