"""What is counted for what, and the texts that a signal asks for."""

from ipaddress import IPv4Address

import pytest

from standfast.base.addresses import Family, HostAddress
from standfast.base.times import SECOND, Instant
from standfast.core.supervise.events import Begin, Spawned
from standfast.core.supervise.node import Parent
from standfast.core.supervise.watch import Watch
from standfast.core.vrrp.effects import (
    AdvertDropped,
    AdvertHeard,
    AdvertSent,
    PeerDiffers,
    RouterChanged,
    WeakerHeard,
)
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.snapshot import NodeSnapshot, RouterSnapshot
from standfast.core.vrrp.standing import Standing
from standfast.core.vrrp.state import Backup
from standfast.observe.counters import STATISTICS, Counters
from standfast.observe.dump import node_text, parent_text, statistics_text
from standfast.observe.reasons import DROPPED

PEER = IPv4Address("10.0.0.2")
NOW = Instant(10 * SECOND)


def dropped(reason: str, router: str = "VI_1") -> AdvertDropped:
    return AdvertDropped(router, "eth0", PEER, reason)


@pytest.mark.parametrize(
    ("fact", "counted"),
    [
        pytest.param(AdvertHeard("VI_1", leaving=False), {"advert_rcvd"}, id="an advert"),
        pytest.param(
            AdvertHeard("VI_1", leaving=True),
            {"advert_rcvd", "pri_zero_rcvd"},
            id="an advert of one that leaves",
        ),
        pytest.param(AdvertSent("VI_1", leaving=False), {"advert_sent"}, id="our advert"),
        pytest.param(AdvertSent("VI_1", leaving=True), {"advert_sent", "pri_zero_sent"}, id="our goodbye"),
        pytest.param(
            RouterChanged("VI_1", "backup", "master", "x", 1), {"become_master"}, id="becoming master"
        ),
        pytest.param(
            RouterChanged("VI_1", "master", "fault", "x", 1), {"release_master"}, id="being master no longer"
        ),
        pytest.param(RouterChanged("VI_1", "init", "backup", "x", 1), set(), id="becoming backup"),
        pytest.param(dropped("short"), {"packet_len_err"}, id="a short packet"),
        pytest.param(dropped("truncated"), {"packet_len_err"}, id="a truncated packet"),
        pytest.param(dropped("length"), {"packet_len_err"}, id="a packet too long"),
        pytest.param(dropped("ttl"), {"ip_ttl_err"}, id="a routed packet"),
        pytest.param(dropped("type"), {"invalid_type_rcvd"}, id="no advert"),
        pytest.param(dropped("interval"), {"advert_interval_err"}, id="another interval (not so in SM-13)"),
        pytest.param(dropped("auth-unknown"), {"invalid_authtype"}, id="unknown authentication"),
        pytest.param(dropped("auth-type"), {"authtype_mismatch"}, id="other authentication"),
        pytest.param(dropped("auth-failed"), {"auth_failure"}, id="a wrong password"),
        pytest.param(
            PeerDiffers("VI_1", PEER, "addresses", "a", "b"), {"addr_list_err"}, id="other addresses (WI-12)"
        ),
        pytest.param(PeerDiffers("VI_1", PEER, "interval", "1", "2"), set(), id="another learnt interval"),
    ],
)
def test_a_fact_is_counted(fact: object, counted: set[str]) -> None:
    counters = Counters()

    counters.tell(fact, NOW)

    assert {name for name, n in counters.statistics("VI_1").items() if n} == counted
    assert max(counters.statistics("VI_1").values()) <= 1


def test_the_statistics_stand_in_the_order_of_json_06() -> None:
    order = (
        "advert_rcvd advert_sent become_master release_master packet_len_err advert_interval_err ip_ttl_err"
        " invalid_type_rcvd addr_list_err invalid_authtype authtype_mismatch auth_failure auth_ext_missing"
        " auth_ext_malformed auth_ext_unknown_key auth_ext_invalid_hmac auth_ext_stale auth_ext_replay"
        " pri_zero_rcvd pri_zero_sent"
    )

    assert list(Counters().statistics("VI_1")) == order.split()


def test_every_reason_to_drop_a_packet_is_counted_by_its_slug() -> None:
    counters = Counters()

    for reason in DROPPED:
        counters.tell(dropped(reason), NOW)

    assert {reason: counters.of("VI_1")[reason] for reason in DROPPED} == dict.fromkeys(DROPPED, 1)


def test_statistics_count_only_reasons_that_exist() -> None:
    words = {word for counted in STATISTICS.values() for word in counted}

    assert words <= set(DROPPED) | {
        "heard", "sent", "heard-leaving", "sent-leaving", "become-master", "release-master", "differs-addresses"
    }  # fmt: skip


def test_routers_that_are_gone_are_forgotten_and_clear_forgets_all() -> None:
    counters = Counters()
    for router in ("a", "b", ""):
        counters.tell(dropped("ttl", router), NOW)

    counters.keep(["b"])
    kept = [counters.of(router)["ttl"] for router in ("a", "b", "")]
    counters.clear()

    assert kept == [0, 1, 1]
    assert counters.of("b") == {}


def test_what_is_not_counted_is_not_wanted() -> None:
    assert not Counters().wants(WeakerHeard)
    assert Counters().wants(AdvertDropped)


# ---- texts


def test_the_statistics_text_is_that_of_file_05() -> None:
    counters = Counters()
    for fact in (AdvertHeard("VI_1", leaving=False), AdvertSent("VI_1", leaving=True), dropped("ttl")):
        counters.tell(fact, NOW)

    text = statistics_text(counters, ["VI_1"])

    assert text.splitlines() == [
        "VRRP Instance: VI_1",
        "  Advertisements:",
        "    Received: 1",
        "    Sent: 1",
        "  Became master: 0",
        "  Released master: 0",
        "  Packet Errors:",
        "    Length: 0",
        "    TTL: 1",
        "    Invalid Type: 0",
        "    Advertisement Interval: 0",
        "    Address List: 0",
        "  Authentication Errors:",
        "    Invalid Type: 0",
        "    Type Mismatch: 0",
        "    Failure: 0",
        "  Authentication Extension Errors:",
        "    Missing: 0",
        "    Malformed: 0",
        "    Unknown Key: 0",
        "    Invalid HMAC: 0",
        "    Stale: 0",
        "    Replay: 0",
        "  Priority Zero:",
        "    Received: 0",
        "    Sent: 1",
    ]


def test_the_state_of_a_router_is_told_without_its_password() -> None:
    vip = HostAddress(IPv4Address("10.0.0.100"), 32, "eth0")
    router = Router(
        name="VI_1", vrid=51, family=Family.IPV4, interface="eth0", addresses=(vip,), password=b"geheimni"
    )
    state = Backup(quiet_since=NOW, interval=SECOND, master=PEER, master_priority=150)
    one = RouterSnapshot(router, state, Instant(0), "started", "", (), router, Standing(router.priority))
    counters = Counters()
    counters.tell(dropped("auth-failed"), NOW)

    text = node_text(NodeSnapshot(NOW, (one,)), counters)

    assert "geheimni" not in text
    for said in (
        "Router = VI_1",
        "  State = BACKUP",
        "  Since = 10 s",
        "  Master = 10.0.0.2, priority 150",
        "  Addresses = 1, held 0",
        "    10.0.0.100/32 dev eth0",
        "  Dropped, auth-failed = 1",
    ):
        assert said in text.splitlines()


def test_the_parent_tells_its_children() -> None:
    parent = Parent(Watch(frozenset({"vrrp"})))
    for event in (Begin(), Spawned("vrrp", 7)):
        parent.handle(event, Instant(0))

    text = parent_text(parent.snapshot(NOW), {"Version": "1"})

    assert text.startswith("Version = 1\n")
    assert "Child = vrrp\n  State = running\n  Since = 10 s\n  Restarts = 0\n" in text
