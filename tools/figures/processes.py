"""The processes of the daemon: who starts whom, who tells whom, and who speaks with the outside."""

from collections.abc import Mapping
from typing import Final

from figures.palette import BLUE, DARK_BLUE, GREEN, GREY, PALE, WIDTH, YELLOW, labelled, lines
from standfast.core.supervise.watch import BFD, CHECKER, LINKS, MESSENGER, START_ORDER, VRRP
from standfast.lab.svg import Drawing

_HEIGHT: Final = 430
_BOX: Final = (136, 76)
_TOP: Final = 210  # of the children
_PARENT: Final = (182, 66, 236, 60)  # x, y, width, height
_LEFT: Final[Mapping[str, int]] = {CHECKER: 8, BFD: 157, VRRP: 306, MESSENGER: 455}
_DOES: Final[Mapping[str, tuple[str, str, str]]] = {  # its colour, what it does, who is outside
    CHECKER: (GREEN, "health checks,\nbalancing", "servers;\nIPVS or nftables"),
    BFD: (BLUE, "BFD sessions", "neighbours"),
    VRRP: (BLUE, "adverts, addresses,\ntrackers, scripts", "other routers; the\nkernel's addresses"),
    MESSENGER: (YELLOW, "notices", "pipes, mail servers,\nwebhooks, D-Bus"),
}


def processes() -> str:
    """The figure; a child that is not in the tables above is a `KeyError`."""
    sheet = Drawing(WIDTH, _HEIGHT, "The parent and its children, and whom they speak with")
    lines(sheet, 120, 26, "standfast status, reload …", colour=GREY)
    lines(sheet, 480, 26, "keepalived.conf, systemd", colour=GREY)
    sheet.arrow((120, 34), (215, 64), colour=GREY)
    sheet.arrow((480, 34), (385, 64), colour=GREY)
    labelled(sheet, *_PARENT, fill=PALE, head="parent", words="reads, watches, answers")
    for name in START_ORDER:
        _child(sheet, name)
    for teller, listeners in LINKS.items():
        for listener in listeners:
            if _LEFT[teller] < _LEFT[listener]:  # a pair of sockets is drawn once
                y = _TOP + _BOX[1] - 12
                sheet.line(_LEFT[teller] + _BOX[0], y, _LEFT[listener], y, colour=DARK_BLUE, width=3)
    lines(
        sheet,
        300,
        410,
        "thick: pairs of sockets between children, for what a session of BFD says",
        colour=GREY,
    )
    return str(sheet)


def _child(sheet: Drawing, name: str) -> None:
    left, (fill, does, outside) = _LEFT[name], _DOES[name]
    middle = left + _BOX[0] / 2
    sheet.arrow((300 + (middle - 300) / 3, 126), (middle, _TOP), colour=DARK_BLUE)
    labelled(sheet, left, _TOP, *_BOX, fill=fill, head=name, words=does)
    sheet.arrow((middle, _TOP + _BOX[1]), (middle, _TOP + 126), colour=GREY)
    lines(sheet, middle, _TOP + 146, outside, colour=GREY)
