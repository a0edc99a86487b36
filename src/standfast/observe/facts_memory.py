"""Facts of the memory debugging mode (`--debug-memory`)."""

from msgspec import Struct


class MemoryCounted(Struct, frozen=True):
    """What a process holds now."""

    why: str  # start, reload, signal
    objects: int  # of our classes
    descriptors: int
    children: int
    traced_kib: int  # allocated since the start, as tracemalloc knows


class MemoryChanged(Struct, frozen=True):
    """There is more or less of something than at the count before."""

    what: str
    before: int
    now: int


class MemoryGrew(Struct, frozen=True):
    """Lines of code that hold more than at the count before."""

    place: str
    grown_kib: int


class MemoryLeft(Struct, frozen=True):
    """Something is still there at the end that was not there at the beginning."""

    what: str


class NothingLeft(Struct, frozen=True):
    """At the end a process holds what it held at its beginning."""
