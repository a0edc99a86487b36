"""What a child wrote when a signal ended it: the stack of each of its threads (`faulthandler`)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.limits import STACK_BYTES

OUTERMOST: Final = "_be_child"  # what stands above belongs to the parent
_THREAD: Final = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+")
_FRAME: Final = re.compile(r'  File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)')


@frozen
class Stack:
    """Where one thread stood."""

    thread: str  # "current", or "other"
    places: tuple[str, ...]  # the innermost first, as file:line function


def stacks_in(file: int) -> tuple[Stack, ...]:
    """The stacks in a file; it is closed by others."""
    return tuple(stacks_of(os.pread(file, STACK_BYTES, 0).decode(errors="replace")))


def stacks_of(text: str) -> Iterator[Stack]:
    """The stacks in what `faulthandler` writes: files and functions, and nothing of the values that were there."""
    thread, places, inside = "", list[str](), True
    for line in text.splitlines():
        if begins := _THREAD.match(line):
            if places:
                yield Stack(thread, tuple(places))
            thread, places, inside = "current" if begins[1] == "Current thread" else "other", [], True
        elif frame := _FRAME.fullmatch(line):
            inside = inside and frame["function"] != OUTERMOST
            if inside:
                places.append(f"{Path(frame['file']).name}:{frame['line']} {frame['function']}")
    if places:
        yield Stack(thread, tuple(places))
