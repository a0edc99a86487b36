"""What the core asks for is carried out through the ports, in the order given (behaviours SM-19, SM-20)."""

from dataclasses import replace
from ipaddress import ip_address
from typing import get_args

import pytest
from vrrp_made import ABOVE, ETH0, ETH1, OWNER, ROUTER, US, VIP
from vrrp_ports import Call, SetClock, WrittenFacts, written

from standfast.base.addresses import Family
from standfast.base.routes import HostRoute, Network, RouteType
from standfast.base.times import Instant
from standfast.core.vrrp import effects
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    AdvertDropped,
    AdvertHeard,
    AdvertSent,
    Announce,
    Command,
    Effect,
    Fact,
    FirewallRefused,
    FirewallSet,
    FirewallTouched,
    Forget,
    GroupChanged,
    HoldAddresses,
    HoldRouting,
    Listen,
    OneMaster,
    Overslept,
    OwnersConflict,
    PeerDiffers,
    Prepare,
    PriorityChanged,
    ReadAddresses,
    ReadRouting,
    ReleaseAddresses,
    ReleaseRouting,
    RouterChanged,
    RoutingMissing,
    RoutingNotHeld,
    SendAdvert,
    TwoMasters,
    WeakerHeard,
)
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Part
from standfast.engine.vrrp import VrrpEffects

PART = Part("VI_1", 0, (VIP,))
NOW = Instant(7)
ROUTE = HostRoute(Family.IPV4, Network(ip_address("10.7.0.0"), 16), type=RouteType.BLACKHOLE)
CHANGED = RouterChanged("VI_1", "backup", "master", "master-down", 100)


@pytest.fixture
def calls() -> list[Call]:
    return []


def interpreter(calls: list[Call], *listeners: WrittenFacts) -> VrrpEffects:
    """Ready to send for VI_1."""
    made = written(calls, listeners=listeners, clock=SetClock(NOW))
    made.run((Prepare(ROUTER, ETH0, US),))
    calls.clear()
    return made


@pytest.mark.parametrize(
    ("effect", "call"),
    [
        pytest.param(Listen(((ROUTER, ETH0),)), [("listen", ["VI_1"])], id="sockets"),
        pytest.param(SendAdvert("VI_1", 100), [("send", "VI_1", 100), ("flush",)], id="an advert"),
        pytest.param(SendAdvert("VI_1", 0), [("send", "VI_1", 0), ("flush",)], id="a goodbye"),
        pytest.param(HoldAddresses(PART), [("hold", PART)], id="addresses to hold"),
        pytest.param(ReleaseAddresses("VI_1", (VIP,)), [("release", VIP)], id="addresses to let go"),
        pytest.param(Announce(PART), [("announce", PART)], id="announcements"),
        pytest.param(ReadAddresses(), [("read",)], id="a reading"),
        pytest.param(HoldRouting((ROUTE,)), [("hold routing", ROUTE)], id="a route"),
        pytest.param(ReleaseRouting((ROUTE,)), [("release routing", ROUTE)], id="a route that goes"),
        pytest.param(ReadRouting(), [("read routing",)], id="a reading of routes"),
        pytest.param(
            Forget("VI_1"),
            [("forget adverts", "VI_1"), ("forget addresses", "VI_1"), ("forget frames", "VI_1")],
            id="a router that is gone",
        ),
        pytest.param(
            Prepare(replace(ROUTER, priority=50), ETH1, ABOVE),
            [
                ("prepare adverts", "VI_1", "eth1", ABOVE),
                ("prepare addresses", "VI_1"),
                ("prepare frames", "VI_1", 1),
            ],
            id="a router that is made ready",
        ),
    ],
)
def test_a_command_goes_to_its_port(calls: list[Call], effect: Effect, call: list[Call]) -> None:
    interpreter(calls).run((effect,))

    assert calls == call


@pytest.mark.behaviour("SM-19")
@pytest.mark.rfc(28, 65, 71)
def test_a_takeover_is_carried_out_in_its_order_and_the_advert_has_left_before_the_first_address_is_held(
    calls: list[Call],
) -> None:
    listener = WrittenFacts(calls, lambda kind: kind is RouterChanged)

    interpreter(calls, listener).run((SendAdvert("VI_1", 100), HoldAddresses(PART), Announce(PART), CHANGED))

    assert calls == [
        ("send", "VI_1", 100),
        ("flush",),
        ("hold", PART),
        ("announce", PART),
        ("tell", CHANGED, NOW),
    ]


def test_adverts_that_follow_each_other_leave_together(calls: list[Call]) -> None:
    made = interpreter(calls)
    made.run((Prepare(replace(ROUTER, name="VI_2", vrid=2), ETH0, US),))
    calls.clear()

    made.run((SendAdvert("VI_1", 100), SendAdvert("VI_2", 100), Announce(PART), SendAdvert("VI_1", 100)))

    assert calls == [
        ("send", "VI_1", 100),
        ("send", "VI_2", 100),
        ("flush",),
        ("announce", PART),
        ("send", "VI_1", 100),
        ("flush",),
    ]


def test_nothing_to_do_is_nothing_done(calls: list[Call]) -> None:
    interpreter(calls).run(())

    assert calls == []


def test_an_advert_of_a_router_that_was_never_ready_is_not_sent(calls: list[Call]) -> None:
    """It has no source address; the router is in fault, or a fault is on its way."""
    interpreter(calls).run((SendAdvert("VI_9", 100),))

    assert calls == []


def test_after_a_router_is_forgotten_nothing_of_it_can_be_sent(calls: list[Call]) -> None:
    made = interpreter(calls)
    made.run((Forget("VI_1"),))
    calls.clear()

    made.run((SendAdvert("VI_1", 100), SendAdvert("VI_1", 7)))

    assert calls == []


def test_what_is_sent_follows_the_last_preparation(calls: list[Call]) -> None:
    """Another source makes another checksum: a datagram of before must not survive."""
    sent: list[bytes] = []
    made = written(calls, clock=SetClock())
    made._adverts.send = lambda _, datagrams: sent.extend(datagrams)  # type: ignore[method-assign, assignment]

    for source in (US, ABOVE):
        made.run((Prepare(ROUTER, ETH0, source), SendAdvert("VI_1", 77), SendAdvert("VI_1", 100)))

    assert len(set(sent)) == 4


# ---- facts


FACTS = {
    RouterChanged: CHANGED,
    GroupChanged: GroupChanged("VG_1", "backup", "master"),
    PriorityChanged: PriorityChanged("VI_1", 100, 120, "100 + 20 (script web) = 120"),
    AdvertSent: AdvertSent("VI_1", leaving=False),
    AdvertHeard: AdvertHeard("VI_1", leaving=True),
    AdvertDropped: AdvertDropped("VI_1", "eth0", ABOVE, "ttl"),
    PeerDiffers: PeerDiffers("VI_1", ABOVE, "interval", "1", "2"),
    WeakerHeard: WeakerHeard("VI_1", ABOVE, 1),
    TwoMasters: TwoMasters("VI_1", US, 100, ABOVE, 50),
    OneMaster: OneMaster("VI_1", US, 9),
    OwnersConflict: OwnersConflict("VI_1", ABOVE),
    AddressMissing: AddressMissing("VI_1", VIP, "reinstated"),
    AddressNotHeld: AddressNotHeld("VI_1", VIP, "busy"),
    RoutingMissing: RoutingMissing("VI_1", ROUTE, "reinstated"),
    RoutingNotHeld: RoutingNotHeld("VI_1", ROUTE, "busy"),
    Overslept: Overslept("VI_1", 9, "listens"),
    FirewallSet: FirewallSet("nftables", addresses=3, vmacs=0),
    FirewallRefused: FirewallRefused("the program nft is missing", vmacs=0),
    FirewallTouched: FirewallTouched("reinstated"),
}


@pytest.mark.parametrize("fact", FACTS.values(), ids=[kind.__name__ for kind in FACTS])
def test_a_fact_is_told_to_each_listener_that_wants_it(calls: list[Call], fact: Fact) -> None:
    keen, deaf = WrittenFacts(calls), WrittenFacts(calls, lambda _: False)

    interpreter(calls, keen, deaf, keen).run((fact,))

    assert calls == [("tell", fact, NOW)] * 2


def test_these_are_all_facts_there_are_and_every_effect_is_a_command_or_a_fact() -> None:
    assert set(FACTS) == set(get_args(Fact))
    assert set(get_args(Effect)) == set(get_args(Command)) | set(get_args(Fact))
    assert not set(get_args(Command)) & set(get_args(Fact))
    assert {vars(effects)[kind.__name__] for kind in get_args(Effect)} == set(get_args(Effect))


def test_a_listener_is_asked_once_for_each_kind_of_fact(calls: list[Call]) -> None:
    listener = WrittenFacts(calls)

    interpreter(calls, listener).run((CHANGED, CHANGED, FACTS[WeakerHeard]))  # type: ignore[arg-type]

    assert listener.asked == [RouterChanged, WeakerHeard]


@pytest.mark.parametrize(("priority", "leaving"), [(100, False), (0, True)], ids=["an advert", "a goodbye"])
def test_an_advert_that_was_handed_to_the_socket_is_told(
    *, calls: list[Call], priority: int, leaving: bool
) -> None:
    interpreter(calls, WrittenFacts(calls)).run((SendAdvert("VI_1", priority),))

    assert calls == [
        ("send", "VI_1", priority),
        ("flush",),
        ("tell", AdvertSent("VI_1", leaving=leaving), NOW),
    ]


def test_the_core_and_the_interpreter_understand_each_other(calls: list[Call]) -> None:
    node = Node()

    written(calls, clock=SetClock()).run(
        node.start((OWNER,), links={"eth0": ETH0}, present={}, now=Instant(0))
    )

    assert [call[0] for call in calls] == [
        "listen",
        "prepare adverts",
        "prepare addresses",
        "prepare frames",
        "send",
        "flush",
        "hold",
        "announce",
    ]


@pytest.mark.parametrize(
    ("work", "call"),
    [
        pytest.param(HoldAddresses(PART), ("hold", PART), id="addresses are held"),
        pytest.param(ReleaseAddresses("VI_1", (VIP,)), ("release", VIP), id="addresses are let go"),
    ],
)
def test_adverts_that_come_due_leave_between_two_slices_while(
    calls: list[Call], work: Effect, call: Call
) -> None:
    made = interpreter(calls)
    made.speak_with(lambda now: (SendAdvert("VI_1", 100),) if len(calls) == 1 else ())

    made.run((work, work, work))

    assert calls == [call, ("send", "VI_1", 100), ("flush",), call, call]
