"""The files that a signal asks for (behaviours FILE-03 to FILE-06): where they are, and how they are written."""

import os
from pathlib import Path
from typing import Final

from standfast.model.global_defs import GlobalDefs
from standfast.observe.facts import Failed, FileWritten

PARENT: Final = "the state of the parent"
ROUTERS: Final = "the state of the routers"
STATISTICS: Final = "the statistics of the routers"
SERVERS: Final = "the state of the virtual servers"
SESSIONS: Final = "the state of the sessions"
JSON: Final = "the routers as JSON"

_STATE: Final = "keepalived.data"
_STATES: Final = {PARENT: "_parent", ROUTERS: "", SERVERS: "_check", SESSIONS: "_bfd"}  # behind the name


class DumpPlaces:
    """Where this daemon's dumps are, as the configuration says."""

    def __init__(self, namespace: str = "", instance: str = "") -> None:
        """Make it; the usual places until a configuration says otherwise.

        Args:
            namespace: that the daemon runs in; empty: none of its own.
            instance: what it is called among several; empty: it is the only one.
        """
        self._who = "_".join(filter(None, (namespace, instance)))
        self._defs = GlobalDefs()

    def follow(self, defs: GlobalDefs) -> None:
        """Have the places that this configuration names."""
        self._defs = defs

    def of(self, what: str) -> Path:
        """The file of one sort of dump."""
        if what == STATISTICS:
            return _in_place(self._defs.stats_dump_file, "keepalived.stats")
        if what == JSON:
            return _in_place(self._defs.json_dump_file, "keepalived.json")
        path = _in_place(self._defs.state_dump_file, _STATE)
        who = f".{self._who}" if self._who and self._defs.data_use_instance else ""
        return path.with_name(f"{path.stem}{_STATES[what]}{who}{path.suffix}")

    def write(self, what: str, text: str) -> FileWritten | Failed:
        """Write a dump, whole or not at all.

        The directory can be one where everybody may write: the file is made new beside its place and moved there,
        so that no link that somebody left is followed. Its mode follows the umask.
        """
        path = self.of(what)
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


def _in_place(asked: str, usual: str) -> Path:
    """The path of a dump; one that ends in `/` is a directory (FILE-04)."""
    if not asked:
        return Path(os.environ.get("TMPDIR") or "/tmp", usual)  # noqa: S108  (where Keepalived's tools look)
    return Path(asked, usual) if asked.endswith("/") else Path(asked)
