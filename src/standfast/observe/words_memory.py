"""The words of the memory debugging mode."""

from standfast.observe.facts_memory import (
    MemoryChanged,
    MemoryCounted,
    MemoryGrew,
    MemoryLeft,
    NothingLeft,
)
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words


@words(MemoryCounted)
def counted(fact: MemoryCounted) -> Line:
    """The census as a whole."""
    return line(
        Level.NOTICE,
        "Memory counted",
        why=fact.why,
        objects=fact.objects,
        descriptors=fact.descriptors,
        children=fact.children,
        traced_kib=fact.traced_kib,
    )


@words(MemoryChanged)
def changed(fact: MemoryChanged) -> Line:
    """One row of the difference."""
    return line(Level.NOTICE, f"Memory: {fact.what}", was=fact.before, now=fact.now)


@words(MemoryGrew)
def grew(fact: MemoryGrew) -> Line:
    """One row of tracemalloc's difference."""
    return line(Level.NOTICE, f"Memory: {fact.place} holds more", kib=fact.grown_kib)


@words(MemoryLeft)
def left(fact: MemoryLeft) -> Line:
    """What should be gone."""
    return line(Level.WARNING, f"Left at the stop: {fact.what}")


@words(NothingLeft)
def nothing_left(_: NothingLeft) -> Line:
    """All is given back."""
    return line(Level.NOTICE, "Nothing is left at the stop")
