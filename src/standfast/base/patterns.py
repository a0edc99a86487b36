"""Regular expressions that are compiled when they are first asked: most starts need a few of some forty."""

import re
from collections.abc import Callable
from functools import cache


def late(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """What gives a compiled pattern; the first call compiles it, a tenth to a half of a millisecond."""
    return cache(lambda: re.compile(pattern, flags))
