"""The time of a planned reload, as the file of `reload_time_file` says it (behaviour RL-09)."""

import re
from typing import Final

from standfast.base.errors import Refused
from standfast.base.frozen import frozen

_FORM: Final = re.compile(r"(?:(\d{2}|\d{4})-(\d{2})-(\d{2}) )?(\d{2}):(\d{2}):(\d{2})(Z?)", re.ASCII)
_CENTURY: Final = 2000  # of a year of two digits


@frozen
class Appointment:
    """A time of day, of one day or of each; the days of the calendar are the edge's business."""

    clock: tuple[int, int, int]  # hour, minute, second
    day: tuple[int, int, int] | None = None  # year, month, day; None: every day
    utc: bool = False  # otherwise in the time zone of this host


def read_appointment(line: str) -> Appointment:
    """The time that the first line of the file says, without its line end.

    Raises:
        Refused: `reload-time`: it has none of the three forms exactly.
    """
    found = _FORM.fullmatch(line)
    if found is None:
        forms = "HH:MM:SS, YY-MM-DD HH:MM:SS or YYYY-MM-DD HH:MM:SS, perhaps with a Z behind it"
        raise Refused("reload-time", f"{line[:40]!r} is no time", remedy=f"write {forms}")
    year, month, day, *clock = (int(part or 0) for part in found.groups()[:6])
    hour, minute, second = clock
    date = None if found[1] is None else (year + _CENTURY * (year < 100), month, day)
    return Appointment((hour, minute, second), date, utc=bool(found[7]))
