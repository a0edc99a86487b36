"""The files of this host, for the configuration reader."""

import os
import stat
from collections.abc import Sequence
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import CONFIG_BYTES_MAX, CONFIG_FILES_MAX
from standfast.conf.include import in_braces
from standfast.conf.reader import Surroundings

_PATTERN: Final = frozenset("*?[")


def this_surroundings(config_id: str = "", *, strict_includes: bool = False) -> Surroundings:
    """What a configuration may ask about this host and process (`-i`, `-e`)."""
    return Surroundings(
        config_id=config_id or os.uname().nodename.partition(".")[0],
        environment=dict(os.environ),
        random=lambda low, high: low + int.from_bytes(os.urandom(8), "big") % (high - low + 1),
        strict_includes=strict_includes,
    )


class HostFiles:
    """Reads regular files only, without ever waiting for a FIFO or device."""

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            Refused: it is not there, not a regular file, not readable, or too large.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            raise _refused(path, error) from None
        try:
            content = _content(path, descriptor)
        finally:
            os.close(descriptor)
        if len(content) > CONFIG_BYTES_MAX:
            raise Refused("too-large", f"{path} is larger than {CONFIG_BYTES_MAX} bytes")
        return content

    def matches(self, pattern: str, directory: str) -> Sequence[str]:
        """The regular files that a pattern stands for, sorted; a plain path stands for itself."""
        if not directory and not _PATTERN.intersection(pattern):
            return in_braces(pattern)
        return _matches(pattern, directory)


def _matches(pattern: str, directory: str) -> list[str]:
    import glob  # noqa: PLC0415  (a start with one file needs none of this)
    from pathlib import Path  # noqa: PLC0415

    found: list[str] = []
    for each in in_braces(pattern):
        path = str(Path(directory, each)) if directory else each
        if not _PATTERN.intersection(each):
            found.append(path)
            continue
        paths = sorted(glob.glob(path))  # noqa: PTH207  (the pattern can be absolute)
        found += [name for name in paths if Path(name).is_file()]
    return found[:CONFIG_FILES_MAX]


def _content(path: str, descriptor: int) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise Refused("not-a-file", f"{path} is not a regular file", remedy="name a file")
    parts: list[bytes] = []
    room = CONFIG_BYTES_MAX + 1
    while room > 0 and (part := os.read(descriptor, min(room, 1 << 20))):
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _refused(path: str, error: OSError | ValueError) -> Refused:
    match error:
        case FileNotFoundError():
            return Refused(
                "not-found", f"{path} does not exist", remedy="correct the path, or write the file"
            )
        case PermissionError():
            return Refused("not-permitted", f"{path} may not be read", remedy="check its owner and mode")
        case OSError():
            return Refused("unreadable", f"{path} cannot be read: {error.strerror}")
        case _:
            return Refused("unreadable", f"{path!r} is no path")
