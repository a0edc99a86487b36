"""`standfast restart --keep`: a fresh start of the program, perhaps a newer one, that no other host notices."""

import argparse
import sys
from collections.abc import Iterator
from typing import Final

import msgspec

from standfast.cli.control import FINE, WRONG, add_socket, ask, asking
from standfast.observe.state.restart import Restart

_PATIENCE_S: Final = 60.0  # the new program is tried first, and starts then


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--keep",
        action="store_true",
        required=True,
        help="states, addresses, services and sessions go on; to begin anew, ask the service manager",
    )
    parser.add_argument("--json", action="store_true", help="write JSON (docs/reference/state.schema.json)")
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it, and say what came of it."""
    raw = ask(arguments.socket, "restart", arguments={"keep": True}, patience_s=_PATIENCE_S)
    done = msgspec.json.decode(raw, type=Restart)
    if arguments.json:
        sys.stdout.write(msgspec.json.format(bytes(raw), indent=2).decode() + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(done)))
    return WRONG if done.anew else FINE


def _lines(done: Restart) -> Iterator[str]:
    yield f"Restarted: version {done.version} runs, still as process {done.pid}."
    if done.anew:
        yield f"Not all went on where it was: {', '.join(done.anew)} began anew; the log says why."
