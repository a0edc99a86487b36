"""Captures that nobody on this project made: where they are, and a reader for capture files."""

import json
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Any, Final

import pytest

CAPTURES: Final = Path(__file__).resolve().parents[3] / "shared" / "captures"
ETHERNET: Final = 1
FRAME_RELAY: Final = 107

_MAGICS: Final = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}  # of files with microseconds
_FILE_HEADER_SIZE: Final = 24
_LINK_TYPE_AT: Final = 20


@dataclass(frozen=True, slots=True)
class Capture:
    """The frames of a capture file."""

    link_type: int
    frames: tuple[bytes, ...]


def capture(name: str) -> Capture:
    """The capture of this name; skips the test where there is none."""
    return read_pcap(_file(f"tcpdump/{name}").read_bytes())


def print_out(name: str) -> str:
    """What tcpdump prints for a capture."""
    return _file(f"tcpdump/{name}").read_text()


def vectors(protocol: str) -> list[dict[str, Any]]:
    """The messages of one protocol with what is known about them."""
    found = json.loads(_file("vectors.json").read_text())["vectors"]
    return [vector for vector in found if vector["proto"] == protocol]


def read_pcap(data: bytes) -> Capture:
    """Read a capture file (draft-ietf-opsawg-pcap, section 4), up to the first record that is cut."""
    order = _MAGICS[data[:4]]
    (link_type,) = Struct(f"{order}I").unpack_from(data, _LINK_TYPE_AT)
    record = Struct(f"{order}IIII")
    frames, at = [], _FILE_HEADER_SIZE
    while at + record.size <= len(data):
        _, _, size, _ = record.unpack_from(data, at)
        at += record.size
        if at + size > len(data):
            break
        frames.append(data[at : at + size])
        at += size
    return Capture(link_type, tuple(frames))


def _file(name: str) -> Path:
    path = CAPTURES / name
    if not path.exists():
        pytest.skip(f"the captures are not beside the repository: no {path}")
    return path
