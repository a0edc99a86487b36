"""The balancer: from answers of servers to the kernel's table, and what is told (behaviours LV-*, HC-*, RL-05)."""

import pytest
from lvs_director import GOOD, REFUSED, Director, real, web

from standfast.base.addresses import parse_address
from standfast.base.services import Destination, Endpoint, Mark, Service, Transport
from standfast.core.check.effects import CheckDown
from standfast.core.check.outcome import Outcome
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    ChecksActive,
    EditDestination,
    QuorumChanged,
    RealServerChanged,
    RealServerWeighed,
    RemoveDestination,
    SorryServerChanged,
    VirtualServerGone,
)
from standfast.core.lvs.events import AddressesPresent, Stop
from standfast.core.lvs.table import balanced, table_of
from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict

VS = "[10.0.0.100]:tcp:80"
WEB = "tcp 10.0.0.100:80"
ONE, TWO = "10.0.0.2:80", "10.0.0.3:80"
RS1, RS2 = "[10.0.0.2]:tcp:80", "[10.0.0.3]:tcp:80"
VIP = parse_address("10.0.0.100")
PAIR = web(real(2) + real(3))
FOREIGN = balanced(Service(Endpoint(Transport.TCP, parse_address("10.0.0.200"), 80), "rr"))


# ---- start


@pytest.mark.behaviour("LV-13", "HC-05", "LV-11")
def test_at_the_start_all_servers_are_added_behind_their_service_and_the_quorum_is_told() -> None:
    director = Director(PAIR)

    assert [type(command) for command in director.batches[0]] == [AddService, AddDestination, AddDestination]
    assert director.served == {WEB: {ONE: 1, TWO: 1}}
    assert director.facts(QuorumChanged) == [
        QuorumChanged(VS, up=True, live=2, quorum=1, hysteresis=0, first=True)
    ]
    assert director.facts(RealServerChanged) == []


def test_real_servers_are_told_at_the_start_only_if_that_is_said() -> None:
    director = Director("global_defs {\n rs_init_notifies\n}\n" + PAIR)

    told = [(fact.server, fact.up, fact.first) for fact in director.facts(RealServerChanged)]
    assert told == [(RS1, True, True), (RS2, True, True)]


@pytest.mark.behaviour("HC-05")
def test_with_alpha_nothing_is_served_before_it_has_answered() -> None:
    director = Director(web(real(2) + real(3), "alpha"))
    before = director.served

    director.run(2, {"10.0.0.3": REFUSED})

    assert before == {WEB: {}}
    assert director.served == {WEB: {ONE: 1}}
    assert [fact.up for fact in director.facts(QuorumChanged)] == [False, True]


@pytest.mark.behaviour("LV-14")
def test_what_a_killed_process_of_ours_left_is_adopted_and_put_right() -> None:
    service = Service(Endpoint(Transport.TCP, VIP, 80), "rr")
    left = balanced(
        service, [Destination(parse_address("10.0.0.2"), 80), Destination(parse_address("10.0.0.7"), 80)]
    )
    old = balanced(Service(Mark(9), "rr"))

    director = Director(PAIR, table=table_of([left, old, FOREIGN]), former=(Mark(9),))

    assert director.served == {WEB: {ONE: 1, TWO: 1}, "tcp 10.0.0.200:80": {}}
    first, *_ = director.batches
    assert AddDestination(service.key, Destination(parse_address("10.0.0.2"), 80)) not in first


@pytest.mark.behaviour("LV-14")
def test_with_lvs_flush_services_of_others_go_without_a_gap_in_ours() -> None:
    service = Service(Endpoint(Transport.TCP, VIP, 80), "rr")
    left = balanced(service, [Destination(parse_address("10.0.0.2"), 80)])

    director = Director(PAIR, table=table_of([left, FOREIGN]), flush=True)

    assert director.served == {WEB: {ONE: 1, TWO: 1}}
    assert AddService(service) not in director.batches[0]


# ---- servers that fail


@pytest.mark.behaviour("LV-08", "LV-24")
def test_a_server_that_fails_leaves_the_table_and_returns() -> None:
    director = Director(PAIR)
    director.run(2)

    director.run(20, {"10.0.0.2": REFUSED})
    without = director.served
    director.run(10)

    assert without == {WEB: {TWO: 1}}
    assert director.served == {WEB: {ONE: 1, TWO: 1}}
    told = [(fact.server, fact.up, fact.reason) for fact in director.facts(RealServerChanged)]
    assert told == [(RS1, False, "connect: refused"), (RS1, True, "")]
    assert len(director.facts(QuorumChanged)) == 1


@pytest.mark.behaviour("HC-04")
def test_it_leaves_after_its_retries() -> None:
    director = Director(web(real(2, check="warmup 0\n retry 2\n delay_before_retry 3") + real(3)))
    director.run(2)

    director.run(30, {"10.0.0.2": REFUSED})

    assert director.times("10.0.0.2")[:5] == [1, 11, 14, 17, 27]
    assert director.facts(CheckDown)[0].failures == 3


@pytest.mark.behaviour("LV-08")
def test_with_inhibit_on_failure_it_keeps_its_place_with_weight_0() -> None:
    director = Director(web(real(2, "inhibit_on_failure") + real(3)))

    director.run(2, {"10.0.0.2": REFUSED})

    assert director.served == {WEB: {ONE: 0, TWO: 1}}
    assert [type(command) for command in director.batches[-1]] == [EditDestination]


@pytest.mark.behaviour("HC-06")
def test_a_server_is_up_when_all_its_checks_are() -> None:
    checks = "TCP_CHECK {\n warmup 0\n}\nPING_CHECK {\n warmup 0\n}"
    director = Director(web(real(2, checks, check="") + real(3)))

    director.run(2, {"PING_CHECK": REFUSED})

    assert director.served == {WEB: {TWO: 1}}


@pytest.mark.behaviour("LV-10")
def test_without_a_quorum_the_sorry_server_comes_before_the_others_go() -> None:
    director = Director(web(real(2) + real(3), "quorum 2\n sorry_server 10.0.0.9 80"))

    director.run(2, {"10.0.0.2": REFUSED})
    sorry = director.served
    director.run(10)

    assert sorry == {WEB: {"10.0.0.9:80": 1}}
    kinds = [type(command) for command in director.batches[1]]
    assert kinds == [AddDestination, RemoveDestination, RemoveDestination]
    assert director.served == {WEB: {ONE: 1, TWO: 1}}
    used = [(fact.server, fact.used) for fact in director.facts(SorryServerChanged)]
    assert used == [("[10.0.0.9]:tcp:80", True), ("[10.0.0.9]:tcp:80", False)]


@pytest.mark.behaviour("LV-24")
def test_the_quorum_is_told_once_a_change() -> None:
    director = Director(PAIR)

    director.run(30, {"TCP_CHECK": REFUSED})
    director.run(20)

    assert [fact.up for fact in director.facts(QuorumChanged)] == [True, False, True]


# ---- weights


MISC = "MISC_CHECK {\n misc_path /bin/true\n misc_dynamic\n warmup 0\n}"


@pytest.mark.behaviour("HC-16")
def test_a_program_changes_the_weight() -> None:
    director = Director(web(real(2, MISC, check="") + real(3)))

    director.run(2, {"MISC": Outcome(ok=True, value=7)})

    assert director.served == {WEB: {ONE: 7, TWO: 1}}
    assert director.facts(RealServerWeighed) == [RealServerWeighed(VS, RS1, 7, 1)]


@pytest.mark.behaviour("LV-22")
def test_a_weight_that_a_program_has_set_outlives_a_reload_with_another() -> None:
    director = Director(web(real(2, MISC, check="")))
    director.run(2, {"MISC": Outcome(ok=True, value=10)})

    director.reload(web(real(2, MISC, check="").replace("weight 1", "weight 3")))

    assert director.served == {WEB: {ONE: 10}}


@pytest.mark.behaviour("HC-18")
def test_a_file_adds_to_the_weight_however_often_it_changes() -> None:
    text = "track_file load {\n file /run/load\n weight 1\n}\n" + web(
        real(2, "FILE_CHECK {\n track_file load\n weight 10\n}", check="")
    )
    director = Director(text)
    load = TrackerKey(TrackerKind.FILE, "load")

    weights = []
    for value in (3, 5, 0, 3):
        director.judge(load, Verdict(up=True, value=value))
        weights.append(director.served[WEB][ONE])

    assert weights == [31, 51, 1, 31]


# ---- addresses that are elsewhere


@pytest.mark.behaviour("LV-17", "HC-26")
def test_while_its_address_is_elsewhere_a_service_is_not_checked_and_stays_as_it_is() -> None:
    director = Director(web(real(2), "ha_suspend"))
    director.run(30)
    asleep = director.times("10.0.0.2")

    director.give(AddressesPresent(frozenset({VIP})))
    director.run(5, {"10.0.0.2": REFUSED})
    awake = director.served
    director.give(AddressesPresent(frozenset()))
    director.run(60)

    assert asleep == []
    assert awake == {WEB: {}}
    assert director.times("10.0.0.2") == [31]
    assert director.served == {WEB: {}}
    told = [(fact.active, fact.resting) for fact in director.facts(ChecksActive)]
    assert told == [(False, True), (True, False), (False, False)]


# ---- the end


@pytest.mark.behaviour("LV-12", "LV-14")
@pytest.mark.parametrize(
    ("stop", "left"),
    [
        pytest.param(Stop(), {"tcp 10.0.0.200:80"}, id="ours go, others' stay"),
        pytest.param(Stop(flush=True), set(), id="with lvs_flush_on_stop all go"),
        pytest.param(Stop(keep=True), {WEB, "tcp 10.0.0.200:80"}, id="with -I all stay"),
        pytest.param(Stop(keep=True, flush=True), {WEB, "tcp 10.0.0.200:80"}, id="-I is stronger"),
    ],
)
def test_at_the_stop_services_go_or_stay(stop: Stop, left: set[str]) -> None:
    director = Director(PAIR, table=table_of([FOREIGN]))
    director.run(1)

    director.give(stop)

    assert director.served.keys() == left
    assert director.balancer.deadline() is None
    assert director.facts(RealServerChanged) == []


@pytest.mark.behaviour("LV-12")
def test_with_omega_the_end_is_told_as_a_failure() -> None:
    director = Director(web(real(2) + real(3), "omega"))

    director.give(Stop())

    assert [(one.server, one.up, one.stopping) for one in director.facts(RealServerChanged)] == [
        (RS1, False, True),
        (RS2, False, True),
    ]
    assert [one.up for one in director.facts(QuorumChanged)] == [True, False]


# ---- several virtual servers of one service


def test_the_same_service_twice_is_balanced_over_all_their_servers() -> None:
    director = Director(web(real(2)) + web(real(3)))
    both = director.served

    director.reload(web(real(2)))

    assert both == {WEB: {ONE: 1, TWO: 1}}
    assert director.served == {WEB: {ONE: 1}}


# ---- what is shown


def test_a_snapshot_shows_all_virtual_servers() -> None:
    director = Director(PAIR + web(real(2), "ha_suspend", "10.0.0.101 80"))
    director.run(2, {"10.0.0.2": REFUSED})

    shown = director.balancer.snapshot(director.now).virtuals

    assert [(one.virtual.name, one.idle) for one in shown] == [(VS, False), ("[10.0.0.101]:tcp:80", True)]
    assert [standing.up for standing in shown[0].pool.standings] == [False, True]
    assert shown[0].checks[0][0].state.last == REFUSED
    assert shown[0].checks[1][0].state.last == GOOD
    assert [len(entry.destinations) for entry in shown[0].table] == [1]


def test_what_is_no_longer_configured_is_told() -> None:
    director = Director(PAIR)

    director.reload("")

    assert director.facts(VirtualServerGone) == [VirtualServerGone(VS, 2)]
    assert director.served == {}
