"""A mistake of ours, in one line: what it was and where."""

import traceback
from pathlib import Path

from standfast.observe.facts import Crashed

_PLACES = 4


def crashed(error: BaseException) -> Crashed:
    """The innermost places of the error, without anything of the values that were there: they may be secret."""
    places = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    where = " < ".join(f"{Path(p.filename).name}:{p.lineno} {p.name}" for p in reversed(places))
    words = str(error) if type(error).__module__.startswith("standfast") else ""
    return Crashed(f"{type(error).__name__} {words}".strip(), where)
