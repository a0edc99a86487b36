"""What a simulated world is made of: time, clocks, alarms, packets, buffers."""

from dataclasses import replace
from ipaddress import ip_address
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.addresses import Family
from standfast.base.limits import DRAIN_BATCH
from standfast.base.times import SECOND, ZERO, Duration, Instant, WallTime
from standfast.engine.ports import Event, Link, Received, SocketFailed, SocketOpened
from standfast.sim.clock import HostClock, HostTimer, Timeline
from standfast.sim.network import Conditions, Network, Packet, Station, between_parts
from standfast.sim.plans import GROUPS, HostPlan, RouterPlan, own_address, router_of
from standfast.sim.sockets import Sockets

RATES = st.integers(-500_000, 500_000)
LATE = Duration(100)


# ---- time


def test_what_is_due_at_once_happens_in_the_order_asked_for() -> None:
    timeline, seen = Timeline(), list[str]()
    timeline.at(5, lambda: seen.append("b"))
    timeline.at(5, lambda: seen.append("c"))
    timeline.at(3, lambda: seen.append("a"))

    while timeline.next_before(Instant(10)):
        pass

    assert seen == ["a", "b", "c"]
    assert timeline.now == 10


def test_what_lies_behind_the_end_waits() -> None:
    timeline, seen = Timeline(), list[str]()
    timeline.at(11, lambda: seen.append("late"))

    assert not timeline.next_before(Instant(10))
    assert seen == []


@given(RATES, st.integers(0, 10**12), st.integers(0, 10**10))
def test_a_clock_shows_a_moment_exactly_when_it_says_it_will(rate: int, origin: int, later: int) -> None:
    timeline = Timeline()
    clock = HostClock(timeline, rate_ppm=rate, origin=Instant(origin))
    shown = Instant(origin + later)

    when = clock.when(shown)

    assert when is not None
    timeline.now = when
    assert clock.now() >= shown
    timeline.now = Instant(when - 1)
    assert later == 0 or clock.now() < shown


@given(RATES, st.integers(1, 10**9))
def test_a_frozen_clock_goes_on_where_it_stood(rate: int, slept: int) -> None:
    timeline = Timeline()
    clock = HostClock(timeline, rate_ppm=rate, origin=Instant(5))
    clock.freeze()
    timeline.now = Instant(slept)

    assert clock.now() == 5
    assert clock.when(Instant(6)) is None
    clock.thaw()
    assert clock.now() == 5


@given(RATES, st.lists(st.integers(0, 3_000_000), min_size=1, max_size=5))
def test_an_alarm_rings_once_and_never_early_however_often_it_is_moved(rate: int, dues: list[int]) -> None:
    timeline, rings = Timeline(), list[int]()
    clock = HostClock(timeline, rate_ppm=rate)
    timer = HostTimer(timeline, clock, ring=lambda: rings.append(clock.now()), lateness=lambda: LATE)

    for due in dues:
        timer.set(Instant(due))
    while timeline.next_before(Instant(10 * SECOND)):
        pass

    assert len(rings) == 1
    assert 0 <= rings[0] - dues[-1] <= 4 * LATE


def test_an_alarm_that_is_taken_back_does_not_ring() -> None:
    timeline, rings = Timeline(), list[int]()
    timer = HostTimer(timeline, HostClock(timeline), ring=lambda: rings.append(1), lateness=lambda: 0)
    timer.set(Instant(10))

    timer.set(None)
    while timeline.next_before(Instant(100)):
        pass

    assert rings == []


# ---- packets


PACKET = Packet("a", ip_address("10.0.0.1"), GROUPS[Family.IPV4], Family.IPV4, 255, b"x", everybody=True)


class Net:
    """Three hosts on a segment, and what each of them got."""

    def __init__(self, conditions: Conditions) -> None:
        self.timeline = Timeline()
        self.network = Network(self.timeline, Random(1), conditions)
        self.got: list[tuple[str, int]] = []
        self.lost = 0
        self.network.lost = self._lost
        self.stations = [self._station(name, number) for number, name in enumerate("abc", start=1)]

    def _station(self, name: str, number: int) -> Station:
        own = frozenset({own_address(number, Family.IPV4)})
        station = Station(name, "eth0", "lan", own, lambda _: self.got.append((name, self.timeline.now)))
        self.network.attach(station)
        return station

    def _lost(self, *_: object) -> None:
        self.lost += 1

    def send(self, count: int, packet: Packet = PACKET) -> None:
        for _ in range(count):
            self.network.send(self.stations[0], packet)
        while self.timeline.next_before(Instant(self.timeline.now + SECOND)):
            pass


def test_a_group_is_everybody_else_and_an_address_is_its_host() -> None:
    net = Net(Conditions())

    net.send(1)
    net.send(1, PACKET._replace(destination=ip_address("10.0.0.3"), everybody=False))

    assert [name for name, _ in net.got] == ["b", "c", "c"]


def test_packets_take_their_delay_and_some_jitter() -> None:
    net = Net(Conditions(delay=Duration(500), jitter=Duration(100)))

    net.send(1000)

    times = [at for _, at in net.got]
    assert (min(times), max(times)) == (500, 600)


def test_loss_and_duplicates_come_as_often_as_they_should() -> None:
    lossy, double = Net(Conditions(loss=0.3)), Net(Conditions(duplicate=0.3))

    lossy.send(5000)
    double.send(5000)

    assert lossy.lost + len(lossy.got) == 10_000
    assert 2_800 < lossy.lost < 3_200
    assert 12_800 < len(double.got) < 13_200


@pytest.mark.parametrize(
    ("cuts", "gets"),
    [
        pytest.param({("a", "b")}, {"c"}, id="one way is cut"),
        pytest.param({("b", "a")}, {"b", "c"}, id="the other way is cut"),
        pytest.param(between_parts([["a", "b"], ["c"]]), {"b"}, id="the network is in parts"),
    ],
)
def test_who_is_cut_off_gets_nothing(cuts: set[tuple[str, str]], gets: set[str]) -> None:
    net = Net(Conditions())
    net.network.cuts = frozenset(cuts)

    net.send(1)

    assert {name for name, _ in net.got} == gets


def test_two_troubles_at_a_time_are_the_worse_of_each() -> None:
    slow = Conditions(delay=Duration(900), loss=0.1)
    lossy = Conditions(delay=ZERO, loss=0.5)

    assert slow.worse_of(lossy) == replace(slow, loss=0.5)


# ---- sockets


class Ears:
    """The sockets of one host that listens to one router."""

    def __init__(self, room: int) -> None:
        plan = HostPlan("a", 1, (RouterPlan(),))
        self.told: list[Event] = []
        self.sockets = Sockets(
            Network(Timeline(), Random(1)), {}, tell=self.told.append, sent=lambda *_: None, room=room
        )
        self.router = router_of(plan.routers[0], plan, [plan])

    def take(self, count: int) -> list[bool]:
        return [self.sockets.take("eth0", PACKET, Instant(at), WallTime(at)) for at in range(count)]


def listening(room: int = 1000) -> Ears:
    ears = Ears(room)
    ears.sockets.listen([(ears.router, Link("eth0", 2, up=True))])
    return ears


def test_a_full_buffer_loses_the_newest() -> None:
    ears = listening(room=3)

    kept = ears.take(5)
    ears.sockets.drain()

    assert kept == [True, True, True, False, False]
    assert [event.at for event in ears.told if isinstance(event, Received)] == [0, 1, 2]


def test_a_buffer_is_read_a_batch_at_a_time() -> None:
    ears = listening()
    ears.take(DRAIN_BATCH + 1)

    assert ears.sockets.drain() is True
    assert len(ears.told) == DRAIN_BATCH
    assert ears.sockets.drain() is False
    assert len(ears.told) == DRAIN_BATCH + 1


def test_a_socket_that_cannot_be_had_hears_nothing_and_says_so() -> None:
    ears = listening()
    medium = ("eth0", Family.IPV4)

    assert ears.sockets.hears("eth0", PACKET)
    assert isinstance(ears.sockets.fail(medium), SocketFailed)
    assert not ears.sockets.hears("eth0", PACKET)
    assert isinstance(ears.sockets.mend(medium), SocketOpened)
    assert ears.sockets.hears("eth0", PACKET)


def test_a_packet_to_another_group_is_not_heard() -> None:
    ears = listening()

    assert not ears.sockets.hears("eth0", PACKET._replace(destination=ip_address("224.0.0.99")))
    assert not ears.sockets.hears("eth0", PACKET._replace(family=Family.IPV6))
