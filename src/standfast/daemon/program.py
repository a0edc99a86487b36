"""How this program was started, so that it, or a newer one in its place, can be started again."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from standfast.base.frozen import frozen
from standfast.daemon.estate import TRIAL, VARIABLE


@frozen
class Program:
    """A command line as the system takes it."""

    path: str  # of the interpreter
    words: tuple[str, ...]  # all of it, the interpreter first

    def __str__(self) -> str:
        """For people."""
        return " ".join(self.words)

    def replace_us(self, descriptor: int, environment: Mapping[str, str]) -> NoReturn:
        """Go on as a fresh start of the program, in this process.

        Args:
            descriptor: of what is left to it.
            environment: of this process.

        Raises:
            OSError: the system does not start it; nothing has changed.
        """
        os.execve(self.path, self.words, {**environment, VARIABLE: str(descriptor)})  # noqa: S606  (what we are)

    def trial(self, environment: Mapping[str, str]) -> tuple[Sequence[str], dict[str, str]]:
        """Command line and environment of a start that only says whether it would work."""
        return self.words, {**environment, VARIABLE: TRIAL}


def this_program() -> Program:
    """What runs here. Call it before the working directory changes: a script's path may be relative to that."""
    words = [sys.executable, *sys.orig_argv[1:]]
    script = sys.argv[0]
    if script and not script.startswith("-") and script in words and Path(script).is_file():
        words[words.index(script)] = os.path.abspath(script)  # noqa: PTH100  (links stay: an upgrade turns them)
    return Program(sys.executable, tuple(words))
