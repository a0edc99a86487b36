"""The states of a virtual router, and every way from one to another that `core.vrrp.step` can take."""

from collections.abc import Mapping
from typing import Final

from figures.palette import BLUE, DARK_BLUE, GREEN, PALE, RED, WIDTH, labelled, lines
from standfast.base.frozen import frozen
from standfast.core.vrrp.state import NAMES
from standfast.core.vrrp.step import EDGES
from standfast.lab.svg import Drawing

_HEIGHT: Final = 520
_BOX: Final = (130, 54)
_PLACES: Final[Mapping[str, tuple[int, int, str]]] = {  # upper left corner, and colour
    "init": (235, 33, PALE),
    "backup": (45, 203, BLUE),
    "master": (425, 203, GREEN),
    "fault": (235, 393, RED),
}
_SAYS: Final = {
    "init": "does not take part",
    "backup": "listens",
    "master": "has the addresses",
    "fault": "cannot take part",
}


@frozen
class _Way:
    """How an edge is drawn, and why it is taken."""

    points: tuple[tuple[float, float], ...]
    at: tuple[float, float]  # of its words
    anchor: str
    words: str


_WAYS: Final[Mapping[tuple[str, str], _Way]] = {
    ("init", "backup"): _Way(((240, 87), (130, 203)), (172, 138), "end", "started"),
    ("init", "master"): _Way(((360, 87), (470, 203)), (428, 138), "start", "started as owner"),
    ("init", "fault"): _Way(
        ((235, 50), (22, 50), (22, 430), (235, 430)), (28, 42), "start", "started with a fault"
    ),
    ("backup", "master"): _Way(
        ((175, 220), (425, 220)), (300, 195), "middle", "the master is silent, says\ngoodbye, or is weaker"
    ),
    ("backup", "fault"): _Way(((130, 257), (240, 393)), (172, 330), "end", "a fault"),
    ("backup", "init"): _Way(((163, 203), (266, 87)), (226, 158), "start", "stopped"),
    ("master", "backup"): _Way(
        ((425, 240), (175, 240)),
        (300, 260),
        "middle",
        "a stronger one is heard, the\ngroup yields, it overslept",
    ),
    ("master", "fault"): _Way(((470, 257), (360, 393)), (428, 330), "start", "a fault"),
    ("master", "init"): _Way(((437, 203), (334, 87)), (374, 158), "end", "stopped"),
    ("fault", "fault"): _Way(
        ((265, 447), (265, 480), (335, 480), (335, 447)), (300, 500), "middle", "other reasons"
    ),
    ("fault", "backup"): _Way(((266, 393), (163, 257)), (238, 345), "start", "over"),
    ("fault", "master"): _Way(((334, 393), (437, 257)), (362, 345), "end", "over, owner"),
    ("fault", "init"): _Way(((365, 430), (578, 430), (578, 50), (365, 50)), (572, 42), "end", "stopped"),
}


def states() -> str:
    """The figure; a state or an edge that is not in the tables above is a `KeyError`."""
    sheet = Drawing(WIDTH, _HEIGHT, "The states of a virtual router, and what leads from one to another")
    for edge in sorted(EDGES):
        way = _WAYS[edge]
        sheet.arrow(*way.points, colour=DARK_BLUE)
        lines(sheet, *way.at, way.words, anchor=way.anchor)
    for name in NAMES.values():
        x, y, fill = _PLACES[name]
        labelled(sheet, x, y, *_BOX, fill=fill, head=name, words=_SAYS[name])
    return str(sheet)
