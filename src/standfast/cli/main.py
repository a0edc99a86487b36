"""`standfast`: everything that a person types."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Container, Sequence
from functools import cache
from importlib import import_module
from typing import Final

from standfast import __version__
from standfast.base.nearest import nearest

Verb = Callable[[argparse.Namespace], int]

# Each verb is a module of this package with `add_arguments(parser)` and `run(arguments) -> exit code`. Only
# the one that is asked for is imported: the start is what a person waits for.
VERBS: Final = {
    "check": "say what is wrong with a configuration, where, and what to do about it",
    "explain": "say what a keyword or a problem means",
    "diff": "say what differs between two configurations, and what a reload would do about it",
    "fmt": "bring a configuration into its canonical form",
    "convert": "make JSON of a configuration, or a configuration of JSON",
    "manual": "write the manual of the configuration, and grammars for editors",
    "completion": "write a script that completes the command line in a shell",
    "schema": "write the JSON Schema of the JSON form of a configuration",
    "genhash": "print the MD5 digest of a page, for HTTP_GET and SSL_GET",
    "status": "say what everything does, since when and why; the exit code says whether all is well",
    "why": "tell the story of the last transition of an instance or a server",
    "history": "say what happened, with causes",
    "events": "say what happened last and, with --follow, what happens",
    "top": "show the state on the whole terminal, again and again; q ends it",
    "reload": "have the daemon read its configuration again, or say what that would do",
    "restart": "replace the program, by a newer one perhaps, without a failover",
    "maintenance": "keep this host, or an instance, from being master for a time",
    "failover": "have another host be master of an instance, until that is taken back",
    "rs": "drain a real server, give it another weight, take it out of service, or take that back",
    "metrics": "write all metrics as OpenMetrics text",
    "sim": "play thousands of simulated worlds, and tell each that breaks a rule",
}


_USUAL_WIDTH: Final = 80  # of a terminal, in characters
WRONG_USAGE: Final = 2  # as argparse ends with
LONG: Final = frozenset({"sim", "top", "events"})  # verbs that may run for hours


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code of the program."""
    words = list(sys.argv[1:] if argv is None else argv)
    asked = "" if not words or words[0].startswith("-") else words[0]
    collects = gc.isenabled()
    if asked not in LONG:
        gc.disable()  # a tenth of the time: what a short verb makes, it needs to its end
    try:
        parser = parser_of({asked})
        if not words:  # who types the name alone wants to know what there is
            parser.print_help(sys.stderr)
            return WRONG_USAGE
        if asked and asked not in VERBS:
            return _unknown(asked)
        arguments, unknown = parser.parse_known_args(words)
        if unknown:
            arguments.refuse(f"unrecognized arguments: {' '.join(unknown)}")
        run: Verb = arguments.run
        return run(arguments)
    finally:
        if collects:
            gc.enable()


def parser_of(asked: Container[str]) -> argparse.ArgumentParser:
    """The command line: the verbs that are asked for with their arguments; if none is, all without."""
    parser = argparse.ArgumentParser(
        prog="standfast", description="Keeps addresses and services standing.", formatter_class=_formatter
    )
    parser.add_argument("--version", action="version", version=f"standfast {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", prog=parser.prog)
    for name in [name for name in VERBS if name in asked] or VERBS:
        what = VERBS[name]
        verb = verbs.add_parser(
            name, help=what, description=what[0].upper() + what[1:] + ".", formatter_class=_formatter
        )
        if name in asked:
            module = import_module(f"standfast.cli.{name}")
            module.add_arguments(verb)
            verb.set_defaults(run=module.run, refuse=verb.error)
    return parser


def _unknown(word: str) -> int:
    """Say that there is no such verb."""
    near = nearest(word, VERBS)
    sys.stderr.write(f"standfast: there is no verb {word}; {near or 'standfast --help lists them'}\n")
    return WRONG_USAGE


class _Help(argparse.HelpFormatter):
    """Shows operands as the manual does: NAME, not name."""

    def _get_default_metavar_for_positional(self, action: argparse.Action) -> str:
        return action.dest.upper()


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Of help; argparse asks for one with each argument, and would import shutil to know the terminal's width."""
    return _Help(prog, width=_width() - 2)


@cache
def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(1).columns or _USUAL_WIDTH
    except OSError:  # the output is no terminal
        return _USUAL_WIDTH
