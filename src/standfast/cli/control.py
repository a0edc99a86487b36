"""The client of the control socket: asks the daemon, and knows when there is none."""

import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from standfast.base.places import OWN_DIRECTORY, PID_FILE
from standfast.observe.state.protocol import Answer, Request, socket_beside

DEFAULT_SOCKET: Final = socket_beside(PID_FILE)
_VARIABLE: Final = "STANDFAST_SOCKET"
_PATIENCE_S: Final = 10.0  # the daemon answers within milliseconds; this is for one that is stopped
_CHUNK: Final = 256 * 1024

FINE: Final = 0
WRONG: Final = 1
NOT_RUNNING: Final = 3
REFUSED: Final = 4
STATUSES: Final = (
    (FINE, "all is well, or what was asked for is done"),
    (WRONG, "something is wrong, or did not come in time"),
    (2, "the command line is wrong"),  # as argparse ends with
    (NOT_RUNNING, "the daemon is not running"),
    (REFUSED, "it cannot be asked, refuses, or knows no such name"),
)
EXIT_CODES: Final = f"Exit status: {'; '.join(f'{status} {words}' for status, words in STATUSES)}."

_ANSWER: Final = msgspec.json.Decoder(Answer)


class NotRunning(Exception):
    """Nobody listens at the socket."""


class CannotAsk(Exception):
    """Somebody listens, but does not answer, or says no."""


def add_socket(parser: argparse.ArgumentParser) -> None:
    """Declare what all verbs that ask the daemon have in common."""
    parser.add_argument(
        "--socket",
        metavar="PATH",
        default=os.environ.get(_VARIABLE) or "",
        help=f"control socket (default ${_VARIABLE}, else {DEFAULT_SOCKET})",
    )
    parser.add_argument(
        "--instance", metavar="NAME", default="", help="ask the daemon that has `instance NAME`"
    )
    parser.add_argument(
        "--namespace", metavar="NAME", default="", help="ask the daemon in this network namespace"
    )
    parser.epilog = EXIT_CODES


def socket_of(arguments: argparse.Namespace) -> str:
    """Where to ask: beside the pid file of the daemon that is meant."""
    namespace, instance = arguments.namespace, arguments.instance
    if not namespace and not instance:
        return arguments.socket or (DEFAULT_SOCKET if Path(DEFAULT_SOCKET).exists() else _only_other())
    name = f"keepalived_{instance}.sock" if instance else "keepalived.sock"
    return "/".join(filter(None, (OWN_DIRECTORY, namespace, name)))


def _only_other() -> str:
    """Without a daemon at the usual place: the one that uses a directory for its pid files, if there is one."""
    other = f"{OWN_DIRECTORY}/keepalived.sock"
    return other if Path(other).exists() else DEFAULT_SOCKET


def asking(work: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Have a verb end with the words and the exit code of a daemon that cannot be asked."""

    def run(arguments: argparse.Namespace) -> int:
        named = bool(arguments.socket or arguments.instance or arguments.namespace)
        arguments.socket = socket_of(arguments)
        try:
            return work(arguments)
        except NotRunning as error:
            from standfast.cli.absence import remedy  # noqa: PLC0415  (only for who needs it)

            words = remedy(arguments.socket, named=named)
            return _fail(f"not running: {error}\nhint: {words}", NOT_RUNNING)
        except CannotAsk as error:
            return _fail(str(error), REFUSED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read it has enough
            return FINE
        except KeyboardInterrupt:
            return FINE

    return run


def _fail(words: str, status: int) -> int:
    sys.stderr.write(f"standfast: {words}\n")
    return status


def ask(
    path: str,
    verb: str,
    names: tuple[str, ...] = (),
    arguments: Mapping[str, Any] | None = None,
    *,
    patience_s: float = _PATIENCE_S,
) -> msgspec.Raw:
    """Ask or order something; the answer as JSON.

    Args:
        path: of the control socket.
        verb: what is asked.
        names: of what it is about.
        arguments: of the verb.
        patience_s: for an answer that the daemon cannot give at once.

    Raises:
        NotRunning: nobody listens.
        CannotAsk: it does not answer, or refuses.
    """
    with _connected(path) as connection:
        _send(connection, Request(verb=verb, names=names, arguments=dict(arguments or {})))
        connection.settimeout(patience_s)
        for line in _lines(connection):
            return _answer_in(line)
    raise CannotAsk("the daemon ended the connection without an answer")


def follow(path: str, verb: str, names: tuple[str, ...] = ()) -> Iterator[bytes]:
    """Ask for a stream; its lines as they come, until the daemon ends.

    Raises:
        NotRunning: nobody listens.
        CannotAsk: it refuses.
    """
    with _connected(path) as connection:
        _send(connection, Request(verb=verb, names=names))
        connection.settimeout(None)
        for line in _lines(connection):
            if line.startswith(b'{"schema"'):
                _answer_in(line)
            yield line


def _answer_in(line: bytes) -> msgspec.Raw:
    try:
        answer = _ANSWER.decode(line)
    except msgspec.MsgspecError:
        raise CannotAsk("what answers at the control socket is not this version of the daemon") from None
    if not answer.ok:
        raise CannotAsk(f"{answer.words}; {answer.remedy}" if answer.remedy else answer.words)
    return answer.answer


def _connected(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_PATIENCE_S)
    try:
        connection.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        raise NotRunning(f"nobody listens at {path}") from None
    except PermissionError:
        connection.close()
        _cannot(f"no permission to ask at {path}; run it as root, or see control_socket_mode")
    except OSError as error:
        connection.close()
        _cannot(f"cannot ask at {path}: {error.strerror or 'no answer'}")
    return connection


def _cannot(words: str) -> NoReturn:
    raise CannotAsk(words) from None


def _send(connection: socket.socket, request: Request) -> None:
    try:
        connection.sendall(msgspec.json.encode(request) + b"\n")
    except OSError as error:
        raise CannotAsk(f"the daemon does not listen: {error.strerror}") from None


def _lines(connection: socket.socket) -> Iterator[bytes]:
    rest = bytearray()
    while True:
        try:
            data = connection.recv(_CHUNK)
        except TimeoutError:
            patience_s = connection.gettimeout() or _PATIENCE_S
            raise CannotAsk(f"the daemon did not answer within {patience_s:g} s") from None
        except ConnectionResetError:
            return
        if not data:
            return
        rest += data
        if b"\n" in data:
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            yield from lines
