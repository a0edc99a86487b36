"""The life of an advert: its way through a backup, and what happens when the next one does not come."""

from typing import Final

from figures.palette import (
    BLUE,
    DARK_BLUE,
    DARK_RED,
    GREEN,
    GREY,
    PALE,
    RED,
    WIDTH,
    YELLOW,
    labelled,
    lines,
)
from standfast.base.times import SECOND
from standfast.lab.svg import Drawing
from standfast.lab.timeline import Rules
from standfast.observe.reasons import DROPPED

_STATIONS: Final = (  # its colour, where it is, what happens there
    (PALE, "the kernel", "notes when the packet came, and drops\nthose of groups that nobody here is in"),
    (BLUE, "linux/receiver.py", "takes all packets that wait at once"),
    (YELLOW, "core/vrrp/accept.py", "asks the questions of RFC 9568, 7.1, in order"),
    (
        YELLOW,
        "core/vrrp/step.py",
        "as strong as we are, or stronger:\nthe silence begins anew, at the packet's own time",
    ),
    (YELLOW, "core/vrrp/timing.py", "computes from that when we would take over"),
    (BLUE, "engine/driver.py", "sets its one timer to that moment"),
)
_STEP: Final = 88
_RULES: Final = Rules(version=3, interval=SECOND, priority=100)
_SCALE: Final = 58  # points a second
_LEFT: Final = 90


def advert() -> str:
    """The way of an advert through a backup."""
    sheet = Drawing(WIDTH, 30 + _STEP * len(_STATIONS), "The way of an advert through a backup")
    for number, (fill, head, words) in enumerate(_STATIONS):
        top = 20 + number * _STEP
        labelled(sheet, 20, top, 380, 66, fill=fill, head=head, words=words)
        if number:
            sheet.arrow((210, top - 22), (210, top), colour=DARK_BLUE)
        if head.endswith("accept.py"):
            sheet.arrow((400, top + 33), (440, top + 33), colour=DARK_RED)
            why = f"no: counted under\none of {len(DROPPED)} reasons;\nno timer moves"
            lines(sheet, 446, top + 20, why, anchor="start")
    return str(sheet)


def silence() -> str:
    """The last advert of a master, and what a backup does then."""
    words = f"An advert each second; a backup with priority {_RULES.priority} takes over after {_RULES.words}"
    sheet = Drawing(WIDTH, 300, words)
    _lane(sheet, 50, "master")
    _lane(sheet, 150, "backup")
    died, last, over = 2.4, 2, 2 + _RULES.master_down / SECOND
    _bar(sheet, 50, 0, died, GREEN, "has the address")
    for second in range(last + 1):
        _advert(sheet, 50, second)
    sheet.line(_at(died), 36, _at(died), 84, colour=DARK_RED, width=2)
    sheet.text(_at(died) + 6, 66, "dies", colour=DARK_RED, weight="bold")
    _bar(sheet, 150, last, over, YELLOW, f"silence: {_RULES.master_down / SECOND:.2f} s")
    _bar(sheet, 150, over, 8.5, GREEN, "has the address")
    for second in range(3):
        _advert(sheet, 150, over + second)
    _bar(sheet, 215, died, over, RED, "nobody answers")
    lines(sheet, _at(last) + 8, 32, "adverts", anchor="end", colour=DARK_BLUE)
    for second in range(9):
        sheet.text(_at(second), 275, f"{second} s", anchor="middle", size=12, colour=GREY)
    return str(sheet)


def _at(second: float) -> float:
    return _LEFT + second * _SCALE


def _lane(sheet: Drawing, top: float, name: str) -> None:
    sheet.text(14, top + 18, name, weight="bold", size=15)


def _bar(sheet: Drawing, top: float, start: float, end: float, fill: str, words: str) -> None:
    sheet.box(_at(start), top, _at(end) - _at(start), 26, fill=fill)
    sheet.text((_at(start) + _at(end)) / 2, top + 18, words, anchor="middle", size=13)


def _advert(sheet: Drawing, top: float, second: float) -> None:
    sheet.line(_at(second), top - 14, _at(second), top, colour=DARK_BLUE, width=3)
