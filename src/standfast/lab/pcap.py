"""Captures as files that tshark and tcpdump read (the classic pcap format, microseconds)."""

from collections.abc import Iterable
from pathlib import Path
from struct import Struct
from typing import Final

from standfast.lab.packets import Packet

_FILE: Final = Struct("<IHHiIII")  # magic, version, zone, accuracy, longest packet, link type
_RECORD: Final = Struct("<IIII")  # seconds, microseconds, bytes here, bytes on the wire
_MAGIC: Final = 0xA1B2C3D4
_LONGEST: Final = 65_535
_ETHERNET: Final = 1


def write_pcap(path: Path, packets: Iterable[Packet]) -> None:
    """Write packets to a file, with their times."""
    pieces = [_FILE.pack(_MAGIC, 2, 4, 0, 0, _LONGEST, _ETHERNET)]
    for packet in packets:
        seconds, microseconds = divmod(packet.at, 1_000_000)
        size = len(packet.frame)
        pieces += (_RECORD.pack(seconds, microseconds, size, size), packet.frame)
    path.write_bytes(b"".join(pieces))
