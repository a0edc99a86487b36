"""`standfast events`: what happens, as it happens."""

import argparse
import sys
import time

import msgspec

from standfast.cli.control import add_socket, ask, asking, follow
from standfast.cli.event_lines import Past, lines_of
from standfast.cli.naming import whole_names
from standfast.cli.tables import paper
from standfast.observe.state.event import Event


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="*", help="only what is about these (default: everything)")
    parser.add_argument("--follow", "-f", action="store_true", help="wait for more, until it is interrupted")
    parser.add_argument("--json", action="store_true", help="write JSON, one event a line")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Show the last ten, and what follows."""
    names = whole_names(arguments.socket, tuple(arguments.name))
    if not arguments.follow:
        raw = ask(arguments.socket, "history", names, {"count": 10})
        for event in msgspec.json.decode(raw, type=Past).events:
            _show(event, json=arguments.json)
        return 0
    for line in follow(arguments.socket, "events", names):
        _show(msgspec.json.decode(line, type=Event), json=arguments.json)
    sys.stderr.write("standfast: the daemon has ended, or let us go\n")
    return 3


def _show(event: Event, *, json: bool) -> None:
    if json:
        sys.stdout.write(msgspec.json.encode(event).decode() + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines_of(event, paper(), time.time())))
    sys.stdout.flush()
