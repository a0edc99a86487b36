"""`standfast why`: the story of an instance's last transition, in words."""

import argparse
import sys
from typing import Final

import msgspec

from standfast.cli.control import REFUSED, WRONG, add_socket, ask, asking
from standfast.cli.event_lines import Past
from standfast.cli.tables import visible
from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles
from standfast.observe.story import story

_STATUS: Final = msgspec.json.Decoder(Status)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="instance, or sync group")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Ask for the state and the history, and tell."""
    status = _STATUS.decode(ask(arguments.socket, "status", (arguments.name,)))
    if not status.instances:
        sys.stderr.write(f"standfast: no instance and no group is called {arguments.name}\n")
        return REFUSED
    for number, one in enumerate(status.instances):
        names = (one.name, *([one.group] if one.group else []), *(each.name for each in one.trackers))
        past = msgspec.json.decode(ask(arguments.socket, "history", names), type=Past)
        lines = story(one, past.events, status.taken)
        sys.stdout.write("\n" * (number > 0) + "".join(f"{visible(line)}\n" for line in lines))
    shown = msgspec.structs.replace(status, trackers=(), virtual_servers=(), sessions=())
    return WRONG if troubles(shown) else 0
