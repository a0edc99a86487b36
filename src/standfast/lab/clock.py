"""The lab's time: the kernel's real-time clock, because that is what it stamps packets with.

A lab lasts seconds, so a step of that clock is a risk that we take; nothing but measurements stands on it.
"""

import struct
import time
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.times import Instant

SO_TIMESTAMPNS: Final = 35  # ask for the kernel's stamp with each packet
STAMP_SPACE: Final = 64  # bytes of ancillary data that one stamp fits in
NANOSECONDS: Final = 1000  # in a microsecond
_POLL: Final = 0.005  # seconds between two looks at something that nobody tells us of


def now() -> Instant:
    """This moment on the real-time clock."""
    return Instant(time.time_ns() // NANOSECONDS)


def stamp_in(ancillary: Iterable[tuple[int, int, bytes]]) -> Instant:
    """The kernel's receive time among the ancillary data of a packet; now, if there is none."""
    for _, kind, value in ancillary:
        if kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", value)
            return Instant(seconds * 1_000_000 + nanoseconds // NANOSECONDS)
    return now()


def within(seconds: float, condition: Callable[[], object], *, every: float = _POLL) -> bool:
    """Whether the condition becomes true in that many seconds; looks every 5 ms if not told otherwise."""
    end = time.monotonic() + seconds
    while True:
        late = time.monotonic() > end  # asked first: who was stopped meanwhile looks once more
        if condition():
            return True
        if late:
            return False
        time.sleep(every)
