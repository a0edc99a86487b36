"""`standfast genhash`: the MD5 digest of a page, for `digest` of HTTP_GET and SSL_GET."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: those of the program that `standfastd` is when it is called `genhash`."""
    from standfast.daemon.genhash import add_arguments as declare  # noqa: PLC0415  (lazily, as the table says)

    declare(parser)
    parser.epilog = "Exit status: 0 the digest was printed, 1 nothing could be fetched, 2 wrong usage."


def run(arguments: argparse.Namespace) -> int:
    """Fetch the page and print its digest."""
    from standfast.daemon.genhash import run as fetch  # noqa: PLC0415

    return fetch(arguments)
