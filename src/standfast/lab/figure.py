"""A failover as a figure: above its seconds, host by host; below its decisive milliseconds, step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, after, between, in_seconds
from standfast.lab.svg import Drawing
from standfast.lab.timeline import Observed, Rules, Timeline

WIDTH, HEIGHT = 1000, 640
_LEFT, _RIGHT = 190, 965  # of the part that is drawn to scale
_LANES: Final = (138, 208, 278)  # where the bars of the three lanes begin
_BAR: Final = 26
_SECONDS_AXIS: Final = 333
_ROWS_TOP, _ROW, _ROWS = 436, 30, 5
_STEPS_AXIS: Final = _ROWS_TOP + _ROWS * _ROW
_MARKS: Final = 12  # on an axis, at most
_LETTER: Final = 6.6  # width of one in a bar, on the average, and some more

_INK, _GREY, _PALE = "#1f2933", "#616e7c", "#e4e7eb"
_HELD, _WAITING, _ANSWERED, _LOST, _KILL = "#9fc5e8", "#ffe599", "#b6d7a8", "#ea9999", "#b00020"
_ADVERT: Final = "#0b5394"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in the story that a figure tells."""

    old: str  # name of the host that is killed
    new: str  # name of the one that takes over
    address: str
    announcement: str  # what an announcement is called in this family


@dataclass(frozen=True, slots=True)
class _Scale:
    """From microseconds (of any origin) to places on the sheet."""

    start: int
    end: int

    def __call__(self, moment: int) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return _LEFT + min(max(share, 0), 1) * (_RIGHT - _LEFT)


def figure(cast: Cast, rules: Rules, observed: Observed, timeline: Timeline) -> str:
    """The figure as SVG text."""
    words = (
        f"The master is killed: {cast.address} moves from {cast.old} to {cast.new}, "
        f"unanswered for {timeline.silence / SECOND:.3f} s"
    )
    sheet = Drawing(WIDTH, HEIGHT, words)
    sheet.text(30, 40, words, size=19, weight="bold")
    about = (
        f"VRRP version {rules.version}, an advert every {in_seconds(rules.interval)} s. "
        "Zero is the kill. Packets carry the kernel's own times; the address's is read a moment later."
    )
    sheet.text(30, 64, about, colour=_GREY)
    _draw_seconds(sheet, cast, rules, observed, timeline)
    _draw_steps(sheet, cast, timeline)
    return str(sheet)


# ---- the seconds


def _draw_seconds(sheet: Drawing, cast: Cast, rules: Rules, observed: Observed, timeline: Timeline) -> None:
    margin = Duration(rules.interval * 5 // 4)  # enough for one more advert on either side
    scale = _Scale(timeline.last_advert - margin, timeline.first_answer + margin)
    _draw_axis(
        sheet, scale, _SECONDS_AXIS, top=_LANES[0] - 26, zero=timeline.killed_at, unit=SECOND, name="s"
    )
    _draw_old(sheet, scale, cast, observed, timeline)
    _draw_new(sheet, scale, cast, observed, timeline, rules)
    _draw_client(sheet, scale, timeline)
    kill = scale(timeline.killed_at)
    sheet.line(kill, _LANES[0] - 30, kill, _SECONDS_AXIS, colour=_KILL, width=2)
    sheet.text(kill + 6, _LANES[0] - 20, f"{cast.old} is killed", colour=_KILL, weight="bold")


def _draw_old(sheet: Drawing, scale: _Scale, cast: Cast, observed: Observed, timeline: Timeline) -> None:
    top = _LANES[0]
    _name(sheet, top, cast.old, "master")
    _bar(sheet, top, _LEFT, scale(timeline.killed_at), _HELD, f"holds {cast.address}")
    _adverts(sheet, scale, top, observed.old_adverts)


def _draw_new(
    sheet: Drawing, scale: _Scale, cast: Cast, observed: Observed, timeline: Timeline, rules: Rules
) -> None:
    top = _LANES[1]
    _name(sheet, top, cast.new, "backup, then master")
    kill, waits_until = scale(timeline.killed_at), scale(timeline.down_ends)
    _bar(sheet, top, scale(timeline.last_advert), kill, _WAITING)
    interval = "Master_Down_Interval"
    _bar(sheet, top, kill, waits_until, _WAITING, f"{interval}: {rules.words}", interval, "waits")
    _bar(sheet, top, scale(timeline.address_up), _RIGHT, _HELD, f"holds {cast.address}")
    _adverts(sheet, scale, top, observed.new_adverts)


def _draw_client(sheet: Drawing, scale: _Scale, timeline: Timeline) -> None:
    top = _LANES[2]
    _name(sheet, top, "client", f"asked {timeline.asked:,} times")
    silent_from, silent_until = scale(timeline.last_answer), scale(timeline.first_answer)
    _bar(sheet, top, _LEFT, silent_from, _ANSWERED, "answered")
    _bar(sheet, top, silent_from, silent_until, _LOST, f"no answer: {timeline.lost:,} questions lost")
    _bar(sheet, top, silent_until, _RIGHT, _ANSWERED, "answered")


def _name(sheet: Drawing, top: float, name: str, part: str) -> None:
    sheet.text(30, top + 11, name, weight="bold", size=14)
    sheet.text(30, top + 27, part, colour=_GREY, size=12)


def _bar(sheet: Drawing, top: float, start: float, end: float, colour: str, *words: str) -> None:
    """A bar that carries the first of these words that it is long enough for."""
    sheet.box(start, top, end - start, _BAR, fill=colour)
    for each in words:
        if end - start > _LETTER * len(each):
            sheet.text((start + end) / 2, top + 18, each, anchor="middle", size=12)
            return


def _adverts(sheet: Drawing, scale: _Scale, top: float, moments: Sequence[Instant]) -> None:
    places = [scale(moment) for moment in moments if scale.start <= moment <= scale.end]
    for place in places:
        sheet.line(place, top - 12, place, top, colour=_ADVERT, width=2)
    if places:
        sheet.text(max(places[-1], _LEFT) - 5, top - 3, "adverts", anchor="end", size=11, colour=_ADVERT)


# ---- the milliseconds


def _draw_steps(sheet: Drawing, cast: Cast, timeline: Timeline) -> None:
    top = _ROWS_TOP - 42
    sheet.text(30, top, f"How {cast.new} takes over", size=15, weight="bold")
    sheet.text(30, top + 20, "milliseconds after the end of Master_Down_Interval", colour=_GREY, size=12)
    steps = sorted(_steps(cast, timeline), key=lambda step: step[1])
    offsets = [between(timeline.down_ends, moment) for _, moment in steps]
    spread = max(offsets[-1] - offsets[0], MILLISECOND)
    scale = _Scale(offsets[0] - spread // 12, offsets[-1] + spread // 6)
    _draw_axis(sheet, scale, _STEPS_AXIS, top=_ROWS_TOP - 12, zero=Instant(0), unit=MILLISECOND, name="ms")
    for number, ((words, _), offset) in enumerate(zip(steps, offsets, strict=True)):
        middle = _ROWS_TOP + number * _ROW + 4
        sheet.text(_LEFT - 14, middle + 4, words, anchor="end", size=12)
        sheet.line(_LEFT, middle, scale(offset), middle, colour=_HELD, width=2)
        sheet.dot(scale(offset), middle, radius=5, colour=_ADVERT)
        sheet.text(scale(offset) + 10, middle + 4, f"{offset / MILLISECOND:+.2f} ms", size=12)


def _steps(cast: Cast, timeline: Timeline) -> Iterator[tuple[str, Instant]]:
    yield "interval ends", timeline.down_ends
    yield "first advert", timeline.first_advert
    yield "address is up", timeline.address_up
    yield f"first {cast.announcement}", timeline.first_announcement
    yield "first answer", timeline.first_answer


# ---- axes


def _draw_axis(
    sheet: Drawing, scale: _Scale, y: float, *, top: float, zero: Instant, unit: Duration, name: str
) -> None:
    step = _step((scale.end - scale.start) / unit)
    first = -((zero - scale.start) // round(step * unit))
    number = first
    while (moment := after(zero, Duration(round(number * step * unit)))) <= scale.end:
        place = scale(moment)
        sheet.line(place, top, place, y, colour=_PALE)
        sheet.text(place, y + 18, f"{number * step:g} {name}", anchor="middle", size=12, colour=_GREY)
        number += 1
    sheet.line(_LEFT, y, _RIGHT, y, colour=_GREY)


def _step(span: float) -> float:
    """The distance of the marks: 1, 2 or 5 times a power of ten, for at most a dozen of them."""
    steps = (digit * 10.0**exponent for exponent in range(-3, 9) for digit in (1, 2, 5))
    return next(step for step in steps if span / step <= _MARKS)
