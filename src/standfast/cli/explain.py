"""`standfast explain`: what a keyword or a problem means."""

import argparse
import sys
from typing import Final

from standfast.conf.explain import explain, nearest_words

UNKNOWN: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "word", help="a keyword (priority, vrrp_instance/priority), or the slug of a problem (value-range)"
    )
    parser.epilog = "Exit status: 0, or 1 if the word is not known."


def run(arguments: argparse.Namespace) -> int:
    """Explain one word, or name the nearest known ones."""
    text = explain(arguments.word)
    if text:
        sys.stdout.write(text)
        return 0
    near = nearest_words(arguments.word)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `standfast manual` lists what there is"
    sys.stderr.write(f"standfast: no keyword and no problem is called {arguments.word}{hint}\n")
    return UNKNOWN
