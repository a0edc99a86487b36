"""A small file that is there whole or not at all, in a directory that others may be able to write."""

import os
from contextlib import suppress
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_MODE = 0o600  # what may be on the host because of us is nobody else's business


def write_whole(path: Path, content: bytes) -> bool:
    """Put this content at the path, instead of what is there; False: the disk does not take it.

    It is written beside its place and moved there. What lies beside it already, be it a link that somebody left or
    the half of an earlier try, is removed and not followed.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with open(os.open(beside, _NEW, _MODE), "wb") as file:  # noqa: PTH123  (it is a descriptor)
            file.write(content)
        os.replace(beside, path)  # noqa: PTH105  (the name says what happens)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True
