"""Which notification pipes are of our making, written down beside the pid file until they are removed.

A process that was killed leaves its pipes. The next one finds them, and knows from here that it may remove them:
a pipe that somebody else made stays (behaviour FIFO-13).
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from standfast.daemon.whole_file import write_whole
from standfast.linux.fifo import Identity


class FifoRecord:
    """The file; what goes wrong with it never stops the work."""

    def __init__(self, pid_file: str) -> None:
        self._path = Path(f"{pid_file.removesuffix('.pid')}.fifos")

    def read(self) -> dict[str, Identity]:
        """The pipes that we made, by path; none if there is no file, or it is damaged."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Identity])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    def write(self, made: dict[str, Identity]) -> None:
        """Write these instead, whole or not at all; without any, there is no file."""
        if not made:
            with suppress(OSError):
                self._path.unlink()
            return
        if made == self.read():
            return
        write_whole(self._path, msgspec.json.encode(made))
