"""Where this daemon lives: its network namespace, and the directory of its pid files (PR-14, PR-16, FILE-02)."""

from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.places import OWN_DIRECTORY
from standfast.conf.read import Reading
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.flags import Flags
from standfast.daemon.naming import make_directory, named
from standfast.daemon.reader import read_configuration
from standfast.linux.network_namespace import check_name, check_present, is_in, join

_PERMISSION: Final = frozenset({"EPERM", "EACCES"})


def settle(flags: Flags, *, there: bool = False) -> tuple[Flags, Reading]:
    """Read the configuration and be where it says; the flags with all names filled in.

    A namespace that only the configuration names is entered after the first reading. It is read again there: which
    interfaces there are is another matter then.

    Args:
        flags: the command line.
        there: this process is where the configuration says, because its program before went there.

    Raises:
        EndWith: that place cannot be had.
    """
    entered = flags.namespace
    if entered and not there:
        _enter(entered)
    reading = read_configuration(flags)
    flags = named(flags, reading.config)
    if there:
        _check_there(flags.namespace)
    elif flags.namespace != entered:
        _enter(flags.namespace)
        reading = read_configuration(flags)
    if str(Path(flags.pid_file).parent) == OWN_DIRECTORY:
        make_directory(OWN_DIRECTORY)
    return flags, reading


def _check_there(name: str) -> None:
    """See that a program whose process went somewhere before it is where the configuration says now."""
    if name and not is_in(name):
        words = f"this process is not in the network namespace {name}; stop the daemon, and start it again"
        raise EndWith(Exit.CONFIG, words)


def _enter(name: str) -> None:
    """Live in a network namespace from now on."""
    try:
        check_name(name)
        check_present(name)
        own = f"{OWN_DIRECTORY}/{name}"
        make_directory(OWN_DIRECTORY)
        make_directory(own)
        join(name, own=own, over=OWN_DIRECTORY)
    except Refused as refusal:
        status = Exit.PERMISSION if refusal.reason in _PERMISSION else Exit.FATAL
        raise EndWith(status, f"cannot run in the network namespace {name}: {refusal}") from None
