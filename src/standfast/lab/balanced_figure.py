"""Answered requests over time, through the death of a web server and that of a director, as a figure."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, after, between
from standfast.lab.balanced import DIRECTORS, SERVICE, VISIT_EVERY, WEBS, Story
from standfast.lab.svg import Drawing

WIDTH, HEIGHT = 1000, 560
_LEFT, _RIGHT = 190, 965  # of the part that is drawn to scale
_TOP, _BASE = 120, 300  # of the requests
_LANES: Final = (345, 385, 425, 465)
_BAR: Final = 22
_AXIS: Final = 505
_BIN: Final = Duration(SECOND // 5)
_GREY, _PALE, _EVENT = "#616e7c", "#e4e7eb", "#b00020"
_LOST: Final = "#ea9999"
_HELD, _WAITING, _SERVES = "#9fc5e8", "#ffe599", "#d9ead3"
_COLOURS: Final = {WEBS[0][0]: "#6aa84f", WEBS[1][0]: "#3d85c6", "": _LOST}


class _Scale:
    """From instants to places on the sheet."""

    def __init__(self, story: Story) -> None:
        self.start = story.visits[0].at
        bins = between(self.start, story.visits[-1].at) // _BIN  # the last, which is not full, is not drawn
        self.end = after(self.start, Duration(bins * _BIN))

    def __call__(self, moment: Instant) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return _LEFT + min(max(share, 0), 1) * (_RIGHT - _LEFT)


def balanced_figure(story: Story) -> str:
    """The figure as SVG text."""
    total = len(story.visits)
    words = f"A web server dies, returns, then a director dies: {total - story.lost:,} of {total:,} answered"
    sheet, scale = Drawing(WIDTH, HEIGHT, words), _Scale(story)
    sheet.text(30, 40, words, size=19, weight="bold")
    every = VISIT_EVERY // MILLISECOND
    about = f"A visitor of {SERVICE} every {every} ms, each on a new connection; bars are fifths of a second."
    sheet.text(30, 64, about, colour=_GREY)
    _draw_seconds(sheet, scale)
    _draw_requests(sheet, scale, story)
    for moment, what in _events(story):
        sheet.line(scale(moment), _TOP - 14, scale(moment), _AXIS, colour=_EVENT, width=1.5)
        sheet.text(scale(moment) + 5, _TOP - 6, what, colour=_EVENT, weight="bold", size=12)
    _draw_lanes(sheet, scale, story)
    return str(sheet)


def _events(story: Story) -> Iterator[tuple[Instant, str]]:
    web, director = WEBS[0][0], DIRECTORS[0][0]
    yield story.killed, f"{web} killed"
    yield story.returned, f"{web} started"
    yield story.cut, f"{director} cut off"


def _draw_requests(sheet: Drawing, scale: _Scale, story: Story) -> None:
    """Stacked bars: who answered how many, and who was lost."""
    bins = Counter((between(scale.start, visit.at) // _BIN, visit.by) for visit in story.visits)
    most = max(Counter(between(scale.start, visit.at) // _BIN for visit in story.visits).values())
    for number in range(between(scale.start, scale.end) // _BIN):
        left = scale(after(scale.start, Duration(number * _BIN)))
        right = scale(after(scale.start, Duration((number + 1) * _BIN)))
        foot = float(_BASE)
        for name, colour in _COLOURS.items():
            height = bins[number, name] / most * (_BASE - _TOP)
            foot -= height
            sheet.box(left, foot, max(right - left - 1, 0.5), height, fill=colour)
    for number, (name, colour) in enumerate(_COLOURS.items()):
        y = _TOP + 20 + number * 24
        sheet.box(30, y - 11, 14, 14, fill=colour)
        count = sum(visit.by == name for visit in story.visits)
        sheet.text(52, y + 1, f"{name or 'nobody'}: {count:,}", size=13)


def _draw_lanes(sheet: Drawing, scale: _Scale, story: Story) -> None:
    (old, *_), (new, *_) = DIRECTORS
    (first, _), (second, _) = WEBS
    start, end = scale.start, scale.end
    _lane(sheet, 0, f"director {old}")
    _bar(sheet, scale, 0, (start, story.cut), _HELD, f"master: holds {SERVICE}")
    _lane(sheet, 1, f"director {new}")
    _bar(sheet, scale, 1, (start, story.cut), _WAITING, "backup")
    _bar(sheet, scale, 1, (story.cut, story.taken_over), _WAITING, "waits")
    _bar(sheet, scale, 1, (story.taken_over, end), _HELD, "master")
    _lane(sheet, 2, f"web server {first}")
    _bar(sheet, scale, 2, (start, story.killed), _SERVES, "serves")
    _bar(sheet, scale, 2, (story.killed, story.left_out), _LOST, "dead")
    _bar(sheet, scale, 2, (story.left_out, story.back), _PALE, "left out")
    _bar(sheet, scale, 2, (story.back, end), _SERVES, "serves")
    _lane(sheet, 3, f"web server {second}")
    _bar(sheet, scale, 3, (start, end), _SERVES, "serves")


def _lane(sheet: Drawing, number: int, name: str) -> None:
    sheet.text(30, _LANES[number] + 16, name, weight="bold", size=13)


def _bar(
    sheet: Drawing, scale: _Scale, number: int, span: tuple[Instant, Instant], colour: str, words: str
) -> None:
    left, right = (scale(moment) for moment in span)
    sheet.box(left, _LANES[number], right - left, _BAR, fill=colour)
    if right - left > 6.6 * len(words):
        sheet.text((left + right) / 2, _LANES[number] + 16, words, anchor="middle", size=12)


def _draw_seconds(sheet: Drawing, scale: _Scale) -> None:
    for number in range(between(scale.start, scale.end) // SECOND + 1):
        place = scale(after(scale.start, Duration(number * SECOND)))
        sheet.line(place, _TOP, place, _AXIS, colour=_PALE)
        sheet.text(place, _AXIS + 18, f"{number} s", anchor="middle", size=12, colour=_GREY)
    sheet.line(_LEFT, _BASE, _RIGHT, _BASE, colour=_GREY)
    sheet.line(_LEFT, _AXIS, _RIGHT, _AXIS, colour=_GREY)
