"""What came of a restart that nobody should notice."""

from msgspec import Struct


class Restart(Struct, frozen=True, kw_only=True):
    """It is over."""

    version: str  # of the program that runs now
    pid: int  # of the parent, which is the one of before
    went_on: tuple[str, ...]  # processes that go on where their predecessors stopped
    anew: tuple[str, ...] = ()  # those that had to begin anew
    words: str = ""  # what else is to be known
