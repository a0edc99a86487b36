"""`standfast top`: the state on the whole terminal, again and again."""

import argparse
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec

from standfast.cli.control import REFUSED, CannotAsk, NotRunning, add_socket, ask, asking
from standfast.cli.status_words import overview
from standfast.cli.tables import Paper, paper
from standfast.observe.state.status import Status

_STATUS: Final = msgspec.json.Decoder(Status)
_ENTER: Final = "\033[?1049h\033[?25l"  # the other screen, without a cursor
_LEAVE: Final = "\033[?25h\033[?1049l"
_HOME: Final = "\033[H"
_REST_OF_LINE: Final = "\033[K"
_REST_OF_SCREEN: Final = "\033[J"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="*", help="only these instances and sync groups (default: all)")
    parser.add_argument(
        "--every", type=float, default=1.0, metavar="S", help="seconds between two looks (default 1)"
    )
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Draw until somebody presses q."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        sys.stderr.write("standfast: top needs a terminal; use standfast status\n")
        return REFUSED
    with _screen():
        while True:
            _draw(arguments)
            if _pressed(max(0.2, arguments.every)) in {"q", "Q", "\x1b"}:
                return 0


def _draw(arguments: argparse.Namespace) -> None:
    import shutil  # noqa: PLC0415  (it costs a start)

    size, sheet = shutil.get_terminal_size(), paper()
    lines = [f"{sheet.paint(time.strftime('%H:%M:%S'), 'dim')}  press q to leave", *_body(arguments, sheet)]
    if len(lines) > size.lines:
        left = len(lines) - size.lines + 1
        lines = [
            *lines[: size.lines - 1],
            sheet.paint(f"… {left} more lines; name what you want to see", "dim"),
        ]
    text = "\r\n".join(f"{line}{_REST_OF_LINE}" for line in lines)
    sys.stdout.write(f"{_HOME}{text}{_REST_OF_SCREEN}")
    sys.stdout.flush()


def _body(arguments: argparse.Namespace, sheet: Paper) -> Iterator[str]:
    try:
        status = _STATUS.decode(ask(arguments.socket, "status", tuple(arguments.name)))
    except (NotRunning, CannotAsk) as error:
        yield sheet.paint(f"not running: {error}" if isinstance(error, NotRunning) else str(error), "bad")
        return
    yield from overview(status, sheet)


def _pressed(seconds: float) -> str:
    """The key that was pressed within this time."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return sys.stdin.read(1) if ready else ""


@contextmanager
def _screen() -> Iterator[None]:
    """The whole screen, and keys as they are pressed; as it was before, in any case."""
    before = termios.tcgetattr(sys.stdin)
    sys.stdout.write(_ENTER)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
