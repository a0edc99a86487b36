"""The state of the routers in slices: everything is told, and adverts find their way in between."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from vrrp_made import ETH0, OWNER

from standfast.base.limits import STATE_AHEAD, STATE_SLICE, STATE_STEP
from standfast.base.times import Duration, Instant, after
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.node import Node
from standfast.daemon.telling import Piece
from standfast.daemon.vrrp_state import vrrp_slices
from standfast.observe.counters import Counters
from standfast.observe.state.instances import Instances
from standfast.observe.state.moment import Moment

START = Instant(0)
COUNT = 12 * STATE_STEP


class Host:
    """Routers, and a clock that the test sets."""

    def __init__(self) -> None:
        self.node = Node()
        self.time, self.step = START, Duration(0)
        routers = [replace(OWNER, name=f"VI_{n}", vrid=n + 1) for n in range(COUNT)]
        self.node.start(routers, links={"eth0": ETH0}, present={}, now=START)
        while self.node.deadline() == START:  # they become master together
            self.node.handle(Due(), START)
        counters = Counters()
        self._parts = self.node, Instances(counters, self.node.verdict), counters

    @property
    def due(self) -> Instant:
        """When the next advert is."""
        due = self.node.deadline()
        assert due is not None
        return due

    def slices(self, *names: str) -> Iterator[Piece]:
        return vrrp_slices(*self._parts, lambda: TrackersSnapshot(self.time, ()), self._moment, names)

    def _moment(self) -> Moment:
        """This moment; each look at the clock comes a little later."""
        now, self.time = self.time, after(self.time, self.step)
        return Moment(now, 1000.0)


@pytest.fixture
def host() -> Host:
    return Host()


def told(pieces: Iterator[Piece]) -> list[list[str]]:
    """The names of the routers, slice by slice."""
    return [
        [each["name"] for each in msgspec.json.decode(msgspec.json.encode(piece.get("instances", ())))]
        for piece in pieces
    ][:-1]


def test_every_router_is_told_once_and_in_order(host: Host) -> None:
    slices = told(host.slices())

    assert [name for each in slices for name in each] == list(host.node.names)


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        pytest.param(Duration(STATE_SLICE + STATE_AHEAD), 4, id="there is time for a whole slice"),
        pytest.param(Duration(STATE_SLICE // 2 + STATE_AHEAD), 2, id="there is time for a part of one"),
        pytest.param(STATE_AHEAD, 1, id="an advert is about to be due"),
        pytest.param(Duration(-1000), 1, id="an advert is late already"),
    ],
)
def test_a_slice_ends_before_the_next_advert_is_due(host: Host, left: Duration, steps: int) -> None:
    host.time = after(host.due, Duration(-left))
    host.step = Duration(STATE_SLICE // 4)

    first = told(host.slices())[0]

    assert len(first) == steps * STATE_STEP


def test_who_is_not_asked_about_does_not_hold_up_adverts(host: Host) -> None:
    host.step = STATE_SLICE

    slices = told(host.slices("VI_40"))

    assert [len(each) for each in slices] == [0] * 5 + [1] + [0] * 6


def test_who_asks_by_name_is_told_of_that_one(host: Host) -> None:
    slices = told(host.slices("VI_40"))

    assert [name for each in slices for name in each] == ["VI_40"]
