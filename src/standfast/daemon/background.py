"""Into the background: away from the terminal, the session and the directory (daemon(7), without systemd)."""

import os
import sys
from contextlib import suppress


def go_to_background() -> None:
    """Go on in a new process of its own session; the one that was started ends with status 0."""
    _leave_parent()
    os.setsid()
    _leave_parent()  # a session leader could be given a terminal
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    if null > 2:
        os.close(null)


def _leave_parent() -> None:
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    if os.fork():
        os._exit(0)  # the clean-up of this process belongs to the one that goes on
