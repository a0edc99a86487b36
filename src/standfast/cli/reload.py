"""`standfast reload`: all of the new configuration, or none of it; `--plan` says what it would do."""

import argparse
import sys
from collections.abc import Iterator

import msgspec

from standfast.cli.control import FINE, WRONG, add_socket, ask, asking
from standfast.observe.state.configuration import Reload


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--plan", action="store_true", help="say what a reload would do, and do nothing")
    parser.add_argument("--json", action="store_true", help="write JSON (docs/reference/state.schema.json)")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it, or ask; and show what comes of it."""
    raw = ask(arguments.socket, "reload", arguments={"plan": True} if arguments.plan else None)
    done = msgspec.json.decode(raw, type=Reload)
    if arguments.json:
        sys.stdout.write(msgspec.json.format(bytes(raw), indent=2).decode() + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(done, forecast=arguments.plan)))
    return FINE if done.ok else WRONG


def _lines(done: Reload, *, forecast: bool) -> Iterator[str]:
    if not done.ok:
        kept = "A reload would be refused" if forecast else "Refused; the running configuration is unchanged"
        yield f"{kept}:"
        yield from (f"  {problem}" for problem in done.problems or (done.words,))
        return
    if done.plan:
        yield "A reload would do this:" if forecast else "Reloaded:"
        yield from (f"  {one.words}" for one in done.plan)
    elif done.changed:
        yield "Reloaded."
    else:
        yield "Nothing differs; a reload would do nothing." if forecast else "Reloaded; nothing had changed."
