"""What of the host's kernel we have made or changed, written down beside the pid file until it is undone.

A process that was killed leaves its interfaces and settings behind; the next one knows them from here.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from standfast.daemon.whole_file import write_whole
from standfast.linux.sysctls import Change


class MadeLink(Struct, frozen=True):
    """An interface that we made."""

    index: int  # 0: it was about to be made
    kind: str
    mac: str = ""  # of a macvlan


class Left(Struct, frozen=True):
    """What is to be undone."""

    links: dict[str, MadeLink] = {}
    settings: dict[str, Change] = {}


class OwnRecord:
    """The file; what goes wrong with it never stops the work."""

    def __init__(self, pid_file: str) -> None:
        self._path = Path(f"{pid_file.removesuffix('.pid')}.interfaces")

    def read(self) -> Left:
        """What was written last; nothing if there is no file, or it is damaged."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Left)
        except (OSError, msgspec.MsgspecError):
            return Left()

    def write(self, left: Left) -> None:
        """Write this instead, whole or not at all; without anything to undo, there is no file."""
        if not left.links and not left.settings:
            with suppress(OSError):
                self._path.unlink()
            return
        write_whole(self._path, msgspec.json.encode(left))
