"""Which services of the kernel's table are ours, written down beside the pid file while they are there.

A process that was killed leaves its services; the next one, whose configuration may be another, knows them from
here. What stands in the table and not here is somebody else's.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from standfast.base.addresses import Family, parse_address
from standfast.base.services import Endpoint, Mark, ServiceKey, Transport
from standfast.daemon.timeouts_record import TimeoutsRecord
from standfast.daemon.whole_file import write_whole


class ServiceRecord:
    """The file; what goes wrong with it never stops the work."""

    def __init__(self, pid_file: str) -> None:
        self.timeouts = TimeoutsRecord(pid_file)  # of connections, which are changed like services
        self._path = Path(f"{pid_file.removesuffix('.pid')}.services")
        self._written: frozenset[ServiceKey] = frozenset()

    def read(self) -> tuple[ServiceKey, ...]:
        """What was written last; nothing if there is no file, and of a damaged one what can be read."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ()
        return tuple(key for line in lines if (key := _read(line)) is not None)

    def write(self, keys: Iterable[ServiceKey]) -> None:
        """Write these instead, whole or not at all."""
        wanted = tuple(dict.fromkeys(keys))
        if frozenset(wanted) == self._written:
            return
        if write_whole(self._path, "".join(f"{_line(key)}\n" for key in wanted).encode()):
            self._written = frozenset(wanted)

    def remove(self) -> None:
        """Nothing of ours is in the table."""
        self._written = frozenset()
        with suppress(OSError):
            self._path.unlink()


def _line(key: ServiceKey) -> str:
    if isinstance(key, Mark):
        return f"mark {key.number} {int(key.family)}"
    return f"{key.transport.name} {key.address} {key.port}"


def _read(line: str) -> ServiceKey | None:
    try:
        kind, first, second = line.split()
        if kind == "mark":
            return Mark(int(first), Family(int(second)))
        return Endpoint(Transport[kind], parse_address(first), int(second))
    except (ValueError, KeyError):
        return None
