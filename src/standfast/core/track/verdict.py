"""What a tracker says: good, or not and why; and what an instance that listens to it makes of that.

A tracker that cannot run has failed, and one that has not run yet is not good yet: nothing is ever dropped
because it could not be asked (fail closed).
"""

from enum import StrEnum
from typing import Final, NamedTuple

from standfast.base.frozen import frozen


class TrackerKind(StrEnum):
    """What is watched; the value stands behind `track_` in the configuration."""

    INTERFACE = "interface"
    SCRIPT = "script"
    FILE = "file"
    PROCESS = "process"
    BFD = "bfd"


class TrackerKey(NamedTuple):
    """Which tracker: its kind and its name in the configuration."""

    kind: TrackerKind
    name: str


@frozen
class Verdict:
    """The word of one tracker."""

    up: bool
    reason: str = ""  # for people: why it is not good; empty while it is
    value: int = 0  # the number that a tracked file holds; 0 of every other tracker


GOOD: Final = Verdict(up=True)
WAITING: Final = Verdict(up=False, reason="no result yet")


@frozen
class Tracker:
    """A tracker as one instance or sync group listens to it."""

    key: TrackerKey
    weight: int = 0  # 0: not good means fault
    reverse: bool = False
