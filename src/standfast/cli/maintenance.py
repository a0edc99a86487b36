"""`standfast maintenance on|off`: keep this host, or one instance, from being master."""

import argparse

from standfast.cli.control import FINE, add_socket, asking
from standfast.cli.ordering import add_order, give


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("switch", choices=("on", "off"), help="order it, or take it back")
    parser.add_argument("name", nargs="?", default="", help="an instance or a sync group (default: all)")
    add_order(parser)
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it."""
    give(arguments, "maintenance", on=arguments.switch == "on")
    return FINE
