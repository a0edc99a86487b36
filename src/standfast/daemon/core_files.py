"""Core files: how large they may be, and what the kernel calls them while we run (CLI-27, CLI-28)."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from standfast.daemon.flags import Flags
from standfast.observe.facts import WorksWithout

_PATTERN: Final = Path("/proc/sys/kernel/core_pattern")


@contextmanager
def core_files(flags: Flags, tell: Callable[[object], None]) -> Iterator[None]:
    """Have core files as the command line asks; their pattern, which is the whole host's, only for a while."""
    if flags.core_dump:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    before = _set_pattern(flags.core_pattern, tell) if flags.core_pattern else ""
    try:
        yield
    finally:
        if before and _read() == flags.core_pattern:  # what somebody else has changed meanwhile is his
            _set_pattern(before, tell)


def _set_pattern(pattern: str, tell: Callable[[object], None]) -> str:
    """Have this pattern; the one before, empty if it could not be changed."""
    try:
        before = _read()
        _PATTERN.write_text(pattern, encoding="utf-8")
    except OSError as error:
        tell(WorksWithout(f"the core pattern {pattern}", error.strerror or str(error), "run it as root"))
        return ""
    return before


def _read() -> str:
    with suppress(OSError):
        return _PATTERN.read_text(encoding="utf-8", errors="replace").strip()
    return ""
