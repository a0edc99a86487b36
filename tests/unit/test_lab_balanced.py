"""What the demo says of a web service: sums of what visitors saw, and a figure of them."""

from xml.etree import ElementTree as ET

from standfast.base.times import MILLISECOND, Instant
from standfast.lab.balanced import Story
from standfast.lab.balanced_figure import balanced_figure
from standfast.lab.demo import balance
from standfast.lab.visitors import Visit


def at(milliseconds: int) -> Instant:
    return Instant(milliseconds * MILLISECOND)


def visits() -> tuple[Visit, ...]:
    """One every 25 ms for 10 s: nobody answers for 0.1 s after 2 s, and for 1 s after 6 s."""
    moments = range(0, 10_000, 25)
    silent = [*range(2_000, 2_100), *range(6_000, 7_000)]
    return tuple(
        Visit(at(moment), "" if moment in silent else f"w{1 + number % 2}")
        for number, moment in enumerate(moments)
    )


STORY = Story(
    killed=at(2_000), left_out=at(2_100), returned=at(4_000), back=at(4_400),
    cut=at(6_000), taken_over=at(7_000), visits=visits(),
)  # fmt: skip


def test_lost_visitors_are_counted_by_what_they_met() -> None:
    said = list(balance(STORY))

    for line, took, lost in zip(said[1:4], ("0.100", "0.400", "1.000"), ("4", "0", "40"), strict=True):
        words = line.split()
        assert (words[0], words[-2]) == (took, lost)
    assert said[-1] == "356 of 400 visitors were answered."


def test_the_figure_shows_who_answered() -> None:
    words = [one.text for one in ET.fromstring(balanced_figure(STORY)).iter() if one.tag.endswith("text")]

    for expected in ("w1: 178", "w2: 178", "nobody: 44", "w1 killed", "w1 started", "d1 cut off", "left out"):
        assert expected in words
