"""Spans and times of day for people."""

import time

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def span(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min`, `2 h 5 min`, `4 d 2 h`."""
    if seconds < 1:
        return f"{max(0.0, seconds):.1f} s"
    whole = int(seconds)
    for at, (size, unit) in enumerate(_UNITS):
        if whole >= size:
            rest = ""
            if at + 1 < len(_UNITS):
                smaller, name = _UNITS[at + 1]
                rest = f" {whole % size // smaller} {name}" if whole % size >= smaller else ""
            return f"{whole // size} {unit}{rest}"
    return f"{whole} s"


def ago(then: float, now: float) -> str:
    """How long ago something was."""
    return f"{span(now - then)} ago"


def clock(then: float, now: float) -> str:
    """A time of day, with its date if that is another one: `14:02:11`, `2026-11-20 14:02:11`."""
    there, here = time.localtime(then), time.localtime(now)
    form = "%H:%M:%S" if there[:3] == here[:3] else "%Y-%m-%d %H:%M:%S"
    return time.strftime(form, there)
