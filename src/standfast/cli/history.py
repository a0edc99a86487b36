"""`standfast history`: what happened, with causes; also that of earlier runs of the daemon."""

import argparse
import sys
import time

import msgspec

from standfast.cli.control import add_socket, ask, asking
from standfast.cli.event_lines import Past, lines_of
from standfast.cli.naming import whole_names
from standfast.cli.tables import paper


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="*", help="only what is about these (default: everything)")
    parser.add_argument("-n", "--count", type=int, default=50, help="the last so many (default 50; 0: all)")
    parser.add_argument("--json", action="store_true", help="write JSON, one event a line")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Ask, and show."""
    names = whole_names(arguments.socket, tuple(arguments.name))
    raw = ask(arguments.socket, "history", names, {"count": arguments.count})
    past = msgspec.json.decode(raw, type=Past)
    if arguments.json:
        sys.stdout.write("".join(f"{msgspec.json.encode(event).decode()}\n" for event in past.events))
        return 0
    sheet, now = paper(), time.time()
    for event in past.events:
        sys.stdout.write("".join(f"{line}\n" for line in lines_of(event, sheet, now)))
    if not past.events:
        sys.stdout.write("Nothing has happened yet.\n")
    if past.unwritten:
        sys.stderr.write(f"standfast: {past.unwritten} events could not be written to the history\n")
    return 0
