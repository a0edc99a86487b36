"""`standfast completion`: a script that lets a shell complete the command line."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from standfast.cli.command_line import Verb, verbs
from standfast.cli.shells import bash, fish, zsh
from standfast.conf.explain import explainable

_PLAIN: Final = re.compile(r"[\w-]+\Z", re.ASCII)
SHELLS: Final[Mapping[str, Callable[[Sequence[Verb], Sequence[str]], str]]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell")
    parser.epilog = 'Exit status: 0. For bash, now: eval "$(standfast completion bash)"'


def run(arguments: argparse.Namespace) -> int:
    """Write the script."""
    sys.stdout.write(script(arguments.shell))
    return 0


def script(shell: str) -> str:
    """The completion script of a shell."""
    plain = [word for word in explainable() if _PLAIN.match(word)]  # no shell takes `$` as it is
    return SHELLS[shell](verbs(), plain)
