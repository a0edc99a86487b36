"""The files that a signal asks for, in the directory for temporary files (behaviours FILE-03, FILE-05)."""

import os
from pathlib import Path
from typing import Final

from standfast.observe.facts import Failed, FileWritten

_FILES: Final = {  # what it holds: its name
    "the state of the parent": "keepalived_parent.data",
    "the state of the routers": "keepalived.data",
    "the statistics of the routers": "keepalived.stats",
    "the state of the virtual servers": "keepalived_check.data",
    "the state of the sessions": "keepalived_bfd.data",
}
PARENT, ROUTERS, STATISTICS, SERVERS, SESSIONS = _FILES


def write_dump(what: str, text: str) -> FileWritten | Failed:
    """Write a dump, whole or not at all.

    The directory is one where everybody may write: the file is made new beside its place and moved there, so
    that no link that somebody left is followed. Its mode follows the umask.
    """
    path = Path(os.environ.get("TMPDIR") or "/tmp", _FILES[what])  # noqa: S108  (where Keepalived's tools look)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  (it is a descriptor)
            file.write(text)
        beside.replace(path)
    except OSError as error:
        return Failed(f"write {path}", error.strerror or str(error))
    return FileWritten(what, str(path))
