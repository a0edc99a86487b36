"""The colours and boxes that all figures have in common."""

from typing import Final

from standfast.lab.svg import Drawing

WIDTH: Final = 600  # narrow: the words can still be read on a telephone
INK: Final = "#1f2933"
GREY: Final = "#616e7c"
PALE: Final = "#e4e7eb"
BLUE: Final = "#9fc5e8"
YELLOW: Final = "#ffe599"
GREEN: Final = "#b6d7a8"
RED: Final = "#ea9999"
DARK_BLUE: Final = "#0b5394"
DARK_RED: Final = "#b00020"

_LINE: Final = 17  # from one base line to the next


def labelled(
    sheet: Drawing, x: float, y: float, width: float, height: float, *, fill: str, head: str, words: str = ""
) -> None:
    """A box with a heading, and lines of words below it."""
    sheet.box(x, y, width, height, fill=fill, edge=GREY)
    sheet.text(x + width / 2, y + 20, head, anchor="middle", weight="bold", size=15)
    lines(sheet, x + width / 2, y + 22 + _LINE, words)


def lines(
    sheet: Drawing, x: float, y: float, words: str, *, anchor: str = "middle", colour: str = INK
) -> None:
    """Words, a line of the text each."""
    for number, line in enumerate(words.splitlines()):
        sheet.text(x, y + number * _LINE, line, anchor=anchor, colour=colour, size=13)
