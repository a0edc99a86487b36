"""`standfast status`: what everything does, since when and why; the exit code says whether all is well."""

import argparse
import sys
from typing import Final

import msgspec

from standfast.cli.control import REFUSED, WRONG, add_socket, ask, asking
from standfast.cli.naming import names_in, unknown_words, whole_names
from standfast.cli.tables import paper
from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles

_STATUS: Final = msgspec.json.Decoder(Status)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "name",
        nargs="*",
        help="instance, group, tracker, session or server, also as 10.0.0.2:80 (default: all)",
    )
    parser.add_argument("--json", action="store_true", help="write JSON (docs/reference/state.schema.json)")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Ask, and show."""
    names = tuple(arguments.name)
    raw = ask(arguments.socket, "status", names)
    if not names_in(_STATUS.decode(raw)).issuperset(names):
        names = whole_names(arguments.socket, names)
        raw = ask(arguments.socket, "status", names)
    status = named(_STATUS.decode(raw), names)
    missing = [name for name in names if name not in names_in(status)]
    if arguments.json:
        shown = raw if not names else msgspec.Raw(msgspec.json.encode(status))
        sys.stdout.write(msgspec.json.format(bytes(shown), indent=2).decode() + "\n")
    else:
        from standfast.cli.status_words import details, overview  # noqa: PLC0415  (only for people)

        lines = details(status, paper()) if names else overview(status, paper())
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    for name in missing:
        sys.stderr.write(f"standfast: {unknown_words(arguments.socket, name)}\n")
    if missing:
        return REFUSED
    return WRONG if troubles(status) else 0


def named(status: Status, names: tuple[str, ...]) -> Status:
    """Of the state what has one of these names; no names: all of it."""
    if not names:
        return status
    return msgspec.structs.replace(
        status,
        groups=tuple(one for one in status.groups if one.name in names),
        trackers=tuple(one for one in status.trackers if one.name in names),
        virtual_servers=tuple(
            one
            for one in status.virtual_servers
            if one.name in names or any(server.name in names for server in one.servers)
        ),
        sessions=tuple(one for one in status.sessions if one.name in names),
    )
