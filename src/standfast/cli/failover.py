"""`standfast failover NAME`: another host is to be master of this instance, until that is taken back."""

import argparse
import sys
from typing import Final

import msgspec

from standfast.cli.control import FINE, WRONG, add_socket, ask, asking
from standfast.cli.ordering import Given, add_order, give
from standfast.cli.waiting import add_timeout, wait
from standfast.observe.state.instance import Instance
from standfast.observe.state.status import Status

_STATUS: Final = msgspec.json.Decoder(Status)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="an instance, whose sync group goes with it; or a sync group")
    parser.add_argument("--back", action="store_true", help="take the order back")
    parser.add_argument(
        "--wait",
        action="store_true",
        help="wait until another host speaks as master; with --back: until this one takes part",
    )
    add_timeout(parser, "30s")
    add_order(parser)
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it; if that is asked for, wait until it has come about."""
    given = give(arguments, "failover", on=not arguments.back)
    if not arguments.wait:
        return FINE
    come = _taking_part if arguments.back else _moved
    missing: list[str] = []

    def done() -> bool:
        missing[:] = [one.name for one in _instances(arguments.socket, given) if not come(one, given)]
        return not missing

    if wait(arguments.timeout, done):
        return FINE
    sys.stderr.write(f"standfast: {_not_yet(', '.join(missing), arguments)}\n")
    return WRONG


def _not_yet(names: str, arguments: argparse.Namespace) -> str:
    within = f"within {arguments.timeout:g} s"
    if arguments.back:
        return f"{names}: does not take part again {within}; see standfast why"
    return f"{names}: nobody else was heard as master {within}; the order stands, --back takes it back"


def _instances(socket: str, given: Given) -> list[Instance]:
    """Those that go: of an instance its sync group, too."""
    found = _STATUS.decode(ask(socket, "status", (given.name,))).instances
    groups = {one.group for one in found} - {"", given.name}
    return list(_STATUS.decode(ask(socket, "status", tuple(groups))).instances if groups else found)


def _moved(one: Instance, given: Given) -> bool:
    """Whether somebody else speaks as master since the order: an advert that is no goodbye says so."""
    since = float(given.order["since"])
    return one.state != "master" and any(peer.last > since and peer.priority for peer in one.peers)


def _taking_part(one: Instance, _: Given) -> bool:
    return one.state in {"master", "backup"}
