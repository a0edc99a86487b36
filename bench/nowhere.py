"""An IPVS that balances nothing (`nowhere.c`): made, put under a daemon, and what it saw."""

import struct
import subprocess
from pathlib import Path

from lab import Failure

KINDS, REMOVALS = 32, 8192
READ_SERVICES, ADD_DESTINATION, EDIT_DESTINATION, REMOVE_DESTINATION = 4, 5, 6, 7
SIZE = 8 * (2 * KINDS + REMOVALS)
SOURCE = Path(__file__).with_suffix(".c")


class Nowhere:
    """What a daemon that runs on it told the kernel."""

    def __init__(self, lab):
        self.library, self.seen = lab.path / "nowhere.so", lab.path / "ipvs-seen"
        self.seen.write_bytes(bytes(SIZE))
        words = ["cc", "-O2", "-shared", "-fPIC", "-o", str(self.library), str(SOURCE), "-ldl"]
        try:
            made = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        except OSError as error:
            raise Failure(f"needs a C compiler: {error}") from error
        if made.returncode:
            raise Failure(f"nowhere.c: {made.stderr[-300:]}")

    def under(self, command):
        """The command on this IPVS."""
        return ["env", f"LD_PRELOAD={self.library}", f"IPVS_NOWHERE={self.seen}", *command]

    def count(self, kind):
        """How many commands of this kind came."""
        return self._numbers(kind, 1)[0]

    def last(self, kind):
        """When the last one came, in ns of the time of day."""
        return self._numbers(KINDS + kind, 1)[0]

    def removals(self):
        """When each destination was removed."""
        return self._numbers(2 * KINDS, min(self.count(REMOVE_DESTINATION), REMOVALS))

    def _numbers(self, start, count):
        with self.seen.open("rb") as file:
            file.seek(8 * start)
            return struct.unpack(f"{count}Q", file.read(8 * count))
