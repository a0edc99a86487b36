"""What is told of instances: whatever is remembered, it says what is so now."""

import json
from dataclasses import replace

import msgspec
import pytest
from vrrp_made import ETH0, OWNER

from standfast.base.times import Instant, seconds
from standfast.core.track.verdict import GOOD, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.effects import AdvertSent
from standfast.core.vrrp.events import LinkChanged
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.snapshot import RouterSnapshot
from standfast.daemon.kernel_addresses import corrected
from standfast.observe.counters import Counters
from standfast.observe.state.instance import Instance
from standfast.observe.state.instances import Instances
from standfast.observe.state.moment import Moment

START, LATER = Instant(0), Instant(seconds("0.5"))
SCRIPT = TrackerKey(TrackerKind.SCRIPT, "web")
ROUTER = replace(OWNER, trackers=(Tracker(SCRIPT, 0),))


class Told:
    """A router, and who tells of it, with one memory and without."""

    def __init__(self) -> None:
        self.node = Node()
        self.node.start([OWNER], links={"eth0": ETH0}, present={}, now=START)
        self.counters = Counters()
        self.verdict = GOOD
        self.instances = Instances(self.counters, self._ask)

    def _ask(self, _: TrackerKey) -> Verdict:
        return self.verdict

    @property
    def snapshot(self) -> RouterSnapshot:
        (one,) = self.node.snapshot(LATER).routers
        return one

    def tell(self, one: RouterSnapshot | None = None) -> Instance:
        one = one or self.snapshot
        moment = Moment(LATER, 1000.0)
        told, _ = self.instances.tell(one, moment)
        anew, _ = Instances(self.counters, self._ask).tell(one, moment)
        assert bytes(told) == bytes(anew)
        return msgspec.json.decode(told, type=Instance)


@pytest.fixture
def told() -> Told:
    made = Told()
    made.tell()
    return made


def test_the_parts_are_put_together_to_all_that_is_declared(told: Told) -> None:
    whole, _ = told.instances.tell(told.snapshot, Moment(LATER, 1000.0))

    names = [name for name, _ in json.loads(bytes(whole), object_pairs_hook=list)]

    assert sorted(names) == sorted(Instance.__struct_fields__)


def test_counters_count_on(told: Told) -> None:
    told.counters.tell(AdvertSent("VI_1", leaving=False), LATER)

    assert told.tell().statistics["advert_sent"] == 1


def test_times_of_day_follow_a_clock_that_is_set(told: Told) -> None:
    before, after = (
        msgspec.json.decode(told.instances.tell(told.snapshot, Moment(LATER, wall))[0], type=Instance).since
        for wall in (1000.0, 4600.0)
    )

    assert after - before == 3600.0


def test_what_two_have_counted_is_not_mixed_up(told: Told) -> None:
    other = msgspec.structs.replace(told.snapshot, router=replace(OWNER, name="VI_2"))
    for _ in range(3):
        told.counters.tell(AdvertSent("VI_2", leaving=False), LATER)
    told.counters.tell(AdvertSent("VI_1", leaving=True), LATER)

    numbers = [told.tell(one).statistics for one in (told.snapshot, other)]

    assert [(each["advert_sent"], each["pri_zero_sent"]) for each in numbers] == [(1, 1), (3, 0)]


def test_another_state_is_told(told: Told) -> None:
    told.node.handle(LinkChanged(replace(ETH0, up=False)), LATER)

    one = told.tell()

    assert (one.state, one.reason) == ("fault", "interface-down")
    assert not any(each.wanted for each in one.addresses)


def test_what_the_kernel_refuses_is_told(told: Told) -> None:
    key = OWNER.addresses[0].key

    one = told.tell(msgspec.structs.replace(told.snapshot, refused=frozenset({key})))

    assert one.addresses[0].present is False


def test_what_a_tracker_says_is_told(told: Told) -> None:
    tracking = msgspec.structs.replace(told.snapshot, router=ROUTER)
    before = told.tell(tracking).trackers[0].up

    told.verdict = Verdict(up=False, reason="exit status 1")

    assert before is True
    assert told.tell(tracking).trackers[0].reason == "exit status 1"


def test_a_router_that_is_gone_is_forgotten(told: Told) -> None:
    told.instances.keep(())

    assert told.tell().name == "VI_1"


def test_the_kernel_has_the_last_word(told: Told) -> None:
    raw, held = told.instances.tell(told.snapshot, Moment(LATER, 1000.0))
    address = msgspec.json.decode(raw, type=Instance).addresses[0]

    (agreed,) = corrected([raw], [held], frozenset({(address.interface, address.address)}))
    (missing,) = corrected([raw], [held], frozenset())

    assert agreed is raw
    assert msgspec.json.decode(missing, type=Instance).addresses[0].present is False
