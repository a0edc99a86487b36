"""`standfast rs drain|weight|disable|enable VS RS`: orders for a real server."""

import argparse
import sys
from typing import Any, Final

import msgspec

from standfast.cli.control import FINE, WRONG, CannotAsk, add_socket, ask, asking
from standfast.cli.ordering import Given, add_order, said
from standfast.cli.waiting import add_timeout, wait
from standfast.observe.state.service import RealServer
from standfast.observe.state.status import Status

_STATUS: Final = msgspec.json.Decoder(Status)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what",
        choices=("drain", "weight", "disable", "enable"),
        help="no new connections; another weight; out of service; or take the order back",
    )
    parser.add_argument("virtual_server", metavar="VS", help="10.0.0.100:80, or the name in the status")
    parser.add_argument("real_server", metavar="RS", help="10.0.0.2:80, or the name in the status")
    parser.add_argument(
        "--weight", type=int, metavar="N", help="with `weight`: what it gets, whatever checks and files say"
    )
    parser.add_argument(
        "--wait-conns",
        type=int,
        metavar="N",
        help="wait until it has at most N active connections",
    )
    add_timeout(parser, "5m")
    add_order(parser)
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it; if that is asked for, wait until the connections have ended."""
    told: dict[str, Any] = {"what": arguments.what}
    if arguments.what != "enable":
        told |= said(arguments)
    if arguments.weight is not None:
        told["weight"] = arguments.weight
    names = (arguments.virtual_server, arguments.real_server)
    given = Given.read(ask(arguments.socket, "rs", names, told))
    waited = None if arguments.wait_conns is None else _waited(arguments, given)
    _say(arguments, given, waited)
    return FINE if waited is None or waited <= arguments.wait_conns else WRONG


def _waited(arguments: argparse.Namespace, given: Given) -> int:
    """The connections that it has when there are few enough, or when the time is over."""
    left = -1

    def few() -> bool:
        nonlocal left
        left = _connections(arguments.socket, given)
        return bool(left <= arguments.wait_conns)

    wait(arguments.timeout, few)
    return left


def _connections(socket: str, given: Given) -> int:
    """How many it has.

    Raises:
        CannotAsk: nobody counts them.
    """
    status = _STATUS.decode(ask(socket, "status", (given.name,)))
    for virtual in status.virtual_servers:
        if virtual.name == given.name:
            for server in virtual.servers:
                if server.name == given.server:
                    return _counted(server, virtual.uncounted)
    raise CannotAsk(f"{given.server} of {given.name} is not in the status any more")


def _counted(server: RealServer, why_not: str) -> int:
    if server.connections is not None:
        return server.connections
    because = why_not or "the kernel counts only for servers in its table; drain it before it is disabled"
    raise CannotAsk(f"the order stands, but its connections cannot be waited for: {because}")


def _say(arguments: argparse.Namespace, given: Given, waited: int | None) -> None:
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode({"order": given.order, "connections": waited}) + b"\n")
        return
    sys.stdout.write(given.line(on=arguments.what != "enable"))
    if waited is None:
        return
    enough = waited <= arguments.wait_conns
    over = "" if enough else f", still more than {arguments.wait_conns} after {arguments.timeout:g} s"
    sys.stdout.write(f"active connections: {waited}{over}\n")
