"""`standfastd`: from the command line to a running daemon, or to one clear line that says why not."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from standfast import __version__
from standfast.daemon.exits import Exit
from standfast.daemon.flags import Flags, read_flags
from standfast.daemon.getopt import BadOption
from standfast.daemon.options import usage
from standfast.model.kinds.permissions import UMASK

PROGRAM: Final = "standfastd"


def main(words: Sequence[str] | None = None) -> int:
    """Run the daemon; the exit status.

    Args:
        words: the command line without the program's name; None: that of this process.
    """
    words = tuple(sys.argv[1:] if words is None else words)
    if (asked := _genhash_words(sys.argv[0], words)) is not None:
        from standfast.daemon.genhash import main as genhash  # noqa: PLC0415

        return genhash(asked)
    gc.disable()  # what a start makes will live: collections would go over it in vain
    try:
        flags = read_flags(words)
    except BadOption as bad:
        say(f"{bad}; see {PROGRAM} --help")
        return Exit.FATAL
    if flags.show:
        return _show(flags.show)
    for word in flags.extra:
        say(f"unexpected word {word!r} is ignored")
    run = _work(flags)
    sys.dont_write_bytecode = True  # from here on: what the mask lets nobody read is no cache for others
    os.umask(UMASK if flags.umask is None else flags.umask)
    return run(flags, (PROGRAM, *words), say)


def _work(flags: Flags) -> Callable[[Flags, Sequence[str], Callable[[str], None]], int]:
    """What is to be done; help and version need none of what it brings along."""
    if flags.test:
        from standfast.daemon.trial import try_config  # noqa: PLC0415

        return try_config
    from standfast.daemon.start import start  # noqa: PLC0415

    return start


def _genhash_words(called: str, words: Sequence[str]) -> Sequence[str] | None:
    """The words for genhash, if that is what we are asked to be (CLI-35); None: it is not."""
    if called.rpartition("/")[2] == "genhash":
        return words
    return words[1:] if words[:1] in {("-T",), ("--genhash",)} else None


def say(text: str) -> None:
    """One line to the person who started us."""
    sys.stderr.write(f"{PROGRAM}: {text}\n")


def _show(what: str) -> int:
    """Print what was asked for: help and version go to standard error (cli-and-signals, section 1)."""
    match what:
        case "help":
            sys.stderr.write(usage(PROGRAM))
        case "version":
            system = os.uname()
            python = ".".join(map(str, sys.version_info[:3]))
            running_on = f"{system.sysname} {system.release}, Python {python}"
            sys.stderr.write(f"Standfast v{__version__}\nRunning on {running_on}\n")
        case number:
            sys.stdout.write(number + "\n")
    return Exit.FINE
