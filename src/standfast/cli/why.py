"""`standfast why`: the story of the last transition of an instance or a server, in words."""

import argparse
import sys
from typing import Final

import msgspec

from standfast.cli.control import REFUSED, WRONG, add_socket, ask, asking
from standfast.cli.event_lines import Past
from standfast.cli.naming import whole_names
from standfast.cli.tables import visible
from standfast.observe.server_story import server_story
from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles
from standfast.observe.story import story

_STATUS: Final = msgspec.json.Decoder(Status)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="instance, sync group, virtual or real server, also as 10.0.0.2:80")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Ask for the state and the history, and tell."""
    status = _STATUS.decode(ask(arguments.socket, "status", (arguments.name,)))
    if not _has_a_story(status):
        (arguments.name,) = whole_names(arguments.socket, (arguments.name,))
        status = _STATUS.decode(ask(arguments.socket, "status", (arguments.name,)))
    if not _has_a_story(status):
        sys.stderr.write(f"standfast: no instance, group or server is called {arguments.name}\n")
        return REFUSED
    _tell_servers(arguments, status)
    for number, one in enumerate(status.instances):
        names = (one.name, *([one.group] if one.group else []), *(each.name for each in one.trackers))
        past = msgspec.json.decode(ask(arguments.socket, "history", names), type=Past)
        lines = story(one, past.events, status.taken)
        sys.stdout.write("\n" * (number > 0) + "".join(f"{visible(line)}\n" for line in lines))
    shown = msgspec.structs.replace(status, trackers=(), sessions=())
    return WRONG if troubles(shown) else 0


def _has_a_story(status: Status) -> bool:
    return bool(status.instances or status.virtual_servers)


def _tell_servers(arguments: argparse.Namespace, status: Status) -> None:
    """The stories of the virtual servers that the name is of, or that have a real server of this name."""
    for one in status.virtual_servers:
        names = (one.name, *(each.name for each in one.servers)) if arguments.name == one.name else ()
        asked = names or (arguments.name,)
        past = msgspec.json.decode(ask(arguments.socket, "history", asked), type=Past)
        for line in server_story(one, arguments.name, past.events, now=status.taken):
            sys.stdout.write(f"{visible(line)}\n")
