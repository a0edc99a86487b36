"""The few shapes that a figure is drawn with, as SVG text."""

from math import hypot
from typing import Final
from xml.sax.saxutils import escape, quoteattr

FONT: Final = "DejaVu Sans, Helvetica, Arial, sans-serif"
_HEAD: Final = 9  # length of an arrow's head


class Drawing:
    """A white sheet; shapes are put on it in order."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="{FONT}" role="img">'
        )
        self._shapes = [f"<title>{escape(title)}</title>"]
        self.box(0, 0, width, height, fill="#ffffff")

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: str = "none") -> None:
        """A rectangle."""
        self._add("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill, stroke=edge)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, colour: str, width: float = 1, dash: str = "none"
    ) -> None:
        """A straight line."""
        self._add(
            "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width, stroke_dasharray=dash
        )

    def arrow(self, *points: tuple[float, float], colour: str, width: float = 1.5) -> None:
        """Straight pieces from point to point, with a head at the last one."""
        (from_x, from_y), (x, y) = points[-2:]
        length = hypot(x - from_x, y - from_y)
        ahead_x, ahead_y = (x - from_x) / length * _HEAD, (y - from_y) / length * _HEAD
        neck = (x - ahead_x, y - ahead_y)
        self._add(
            "polyline", points=_points(*points[:-1], neck), fill="none", stroke=colour, stroke_width=width
        )
        sides = (
            (neck[0] - ahead_y / 2, neck[1] + ahead_x / 2),
            (neck[0] + ahead_y / 2, neck[1] - ahead_x / 2),
        )
        self._add("polygon", points=_points((x, y), *sides), fill=colour)

    def dot(self, x: float, y: float, *, radius: float, colour: str) -> None:
        """A filled circle."""
        self._add("circle", cx=x, cy=y, r=radius, fill=colour)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 13,
        colour: str = "#1f2933",
        anchor: str = "start",
        weight: str = "normal",
    ) -> None:
        """Words whose base line is at y; `anchor` says which end of them is at x."""
        attributes = _attributes(
            x=x, y=y, font_size=size, fill=colour, text_anchor=anchor, font_weight=weight
        )
        self._shapes.append(f"<text {attributes}>{escape(words)}</text>")

    def __str__(self) -> str:
        return "\n".join([self._head, *self._shapes, "</svg>", ""])

    def _add(self, shape: str, **values: float | str) -> None:
        self._shapes.append(f"<{shape} {_attributes(**values)}/>")


def _attributes(**values: float | str) -> str:
    return " ".join(f"{name.replace('_', '-')}={quoteattr(_text(value))}" for name, value in values.items())


def _points(*points: tuple[float, float]) -> str:
    return " ".join(f"{_text(x)},{_text(y)}" for x, y in points)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
