"""`standfast failover NAME`: another host is to be master of this instance, until that is taken back."""

import argparse

from standfast.cli.control import add_socket, asking
from standfast.cli.ordering import add_order, give


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="an instance; the members of its sync group go with it")
    parser.add_argument("--back", action="store_true", help="take the order back")
    add_order(parser)
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Order it."""
    return give(arguments, "failover", on=not arguments.back)
