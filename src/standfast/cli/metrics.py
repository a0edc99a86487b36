"""`standfast metrics`: all metrics as OpenMetrics text."""

import argparse
import sys

import msgspec

from standfast.cli.control import add_socket, ask, asking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_socket(parser)


@asking
def run(arguments: argparse.Namespace) -> int:
    """Ask, and write."""
    sys.stdout.write(msgspec.json.decode(ask(arguments.socket, "metrics"), type=str))
    return 0
