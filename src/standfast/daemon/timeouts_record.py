"""IPVS's timeouts as they were before we changed them, written down beside the pid file until they are back.

A process that was killed, or that left its work to another one, has not put them back: the next one knows them
from here, and does when it stops (behaviour LV-15).
"""

from contextlib import suppress
from pathlib import Path

from standfast.daemon.whole_file import write_whole
from standfast.wire.ipvs import Timeouts


class TimeoutsRecord:
    """The file; what goes wrong with it never stops the work."""

    def __init__(self, pid_file: str) -> None:
        self._path = Path(f"{pid_file.removesuffix('.pid')}.timeouts")
        self._former: Timeouts | None = None  # known also if the disk does not take it

    def read(self) -> Timeouts | None:
        """Those of before; None: nobody has changed any, or what is written is damaged."""
        if self._former is None:
            with suppress(OSError, ValueError):
                tcp, tcp_fin, udp = map(int, self._path.read_text(encoding="ascii").split())
                self._former = Timeouts(tcp, tcp_fin, udp)
        return self._former

    def keep(self, former: Timeouts | None) -> None:
        """Those of before are these; None: they are back."""
        self._former = former
        if former is None:
            with suppress(OSError):
                self._path.unlink()
        else:
            write_whole(self._path, f"{former.tcp} {former.tcp_fin} {former.udp}\n".encode())
