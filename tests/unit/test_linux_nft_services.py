"""The words that nft is given for services, and what it cannot be given."""

from collections import Counter
from ipaddress import ip_address as address
from typing import Any

import pytest

from standfast.base.addresses import Family
from standfast.base.limits import NAT_SLOTS
from standfast.base.schedulers import NAT_SCHEDULERS
from standfast.base.services import (
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    Transport,
)
from standfast.linux.nft_lacking import lacking
from standfast.linux.nft_services import Entry, change, link_pairs, make_table, remove_table
from standfast.linux.nft_slots import slots

WEB = Endpoint(Transport.TCP, address("10.0.0.100"), 80)
NAMES = Endpoint(Transport.UDP, address("fd00::100"), 53)
CHAIN = "tcp_10.0.0.100_80"
ONE = f"{CHAIN}/10.0.0.1_80"
TWO = f"{CHAIN}/10.0.0.2_80"


def server(last: int, weight: int = 1, **more: Any) -> Destination:
    return Destination(address(f"10.0.0.{last}"), 80, weight=weight, **more)


def entry(*destinations: Destination, key: Endpoint | Mark = WEB, **settings: Any) -> Entry:
    settings.setdefault("scheduler", "rr")
    return Service(key, **settings), {one.key: one for one in destinations}


def lines(old: Entry | None, new: Entry | None) -> list[str]:
    return [line.replace("ip standfast_lvs ", "") for line in change(old, new)]


# ---- services


def test_a_new_service_has_its_servers_first_and_then_what_leads_to_it() -> None:
    assert lines(None, entry(server(1), server(2))) == [
        f"add chain {ONE}",
        f"add rule {ONE} meta l4proto {{ tcp, udp, sctp }} dnat to 10.0.0.1:80",
        f"add chain {TWO}",
        f"add rule {TWO} meta l4proto {{ tcp, udp, sctp }} dnat to 10.0.0.2:80",
        f"add chain {CHAIN}",
        f"add element by_endpoint {{ tcp . 10.0.0.100 . 80 : goto {CHAIN} }}",
        "add element endpoints { tcp . 10.0.0.100 . 80 }",
        f"add rule {CHAIN} numgen inc mod 2 vmap {{ 0 : goto {ONE}, 1 : goto {TWO} }}",
    ]


def test_a_drained_server_keeps_its_chain_and_gets_no_slot() -> None:
    assert lines(entry(server(1), server(2)), entry(server(1, 0), server(2))) == [
        f"flush chain {CHAIN}",
        f"add rule {CHAIN} numgen inc mod 1 vmap {{ 0 : goto {TWO} }}",
    ]


def test_a_removed_server_goes_when_nothing_leads_to_it() -> None:
    assert lines(entry(server(1), server(2)), entry(server(2))) == [
        f"flush chain {CHAIN}",
        f"add rule {CHAIN} numgen inc mod 1 vmap {{ 0 : goto {TWO} }}",
        f"flush chain {ONE}",
        f"delete chain {ONE}",
    ]


def test_a_removed_service_takes_its_servers_and_clients_with_it() -> None:
    assert lines(entry(server(1), persistence=Persistence(60)), None) == [
        "delete element by_endpoint { tcp . 10.0.0.100 . 80 }",
        "delete element endpoints { tcp . 10.0.0.100 . 80 }",
        f"flush chain {CHAIN}",
        f"delete chain {CHAIN}",
        f"flush chain {ONE}",
        f"delete chain {ONE}",
        f"delete set {ONE}",
    ]


def test_without_a_server_nothing_is_chosen() -> None:
    assert lines(None, entry(server(1, 0)))[-1] == "add element endpoints { tcp . 10.0.0.100 . 80 }"


def test_nothing_comes_of_nothing() -> None:
    assert lines(None, None) == []


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        pytest.param(entry(server(1)), "numgen inc mod 1", id="rr goes round"),
        pytest.param(entry(server(1), scheduler="wrr"), "numgen inc mod 1", id="wrr goes round"),
        pytest.param(entry(server(1), scheduler="fo"), "numgen inc mod 1", id="fo has one slot"),
        pytest.param(entry(server(1), scheduler="random"), "numgen random mod 1", id="random throws dice"),
        pytest.param(
            entry(server(1), scheduler="sh"),
            "jhash ip saddr mod 1 seed 0x5354414e",
            id="sh hashes the client",
        ),
        pytest.param(
            entry(server(1), scheduler="sh", flags=SchedulerFlag.FLAG_2),
            "jhash ip saddr . th sport mod 1 seed 0x5354414e",
            id="sh-port the client's port, too",
        ),
        pytest.param(
            entry(server(1), scheduler="dh"),
            "jhash ip daddr mod 1 seed 0x5354414e",
            id="dh hashes what is asked",
        ),
    ],
)
def test_a_scheduler_is_a_number(made: Entry, rule: str) -> None:
    assert lines(None, made)[-1] == f"add rule {CHAIN} {rule} vmap {{ 0 : goto {ONE} }}"


@pytest.mark.parametrize(
    ("key", "element"),
    [
        pytest.param(WEB, "add element endpoints { tcp . 10.0.0.100 . 80 }", id="an address and a port"),
        pytest.param(
            Endpoint(Transport.SCTP, address("10.0.0.100"), 0),
            "add element hosts { sctp . 10.0.0.100 }",
            id="every port of an address",
        ),
        pytest.param(Mark(7), "add element marks { 7 }", id="a mark"),
    ],
)
def test_a_service_is_found_by(key: Endpoint | Mark, element: str) -> None:
    assert element in lines(None, entry(server(1), key=key))


def test_a_service_of_ipv6_stands_in_its_own_table() -> None:
    made = entry(Destination(address("fd00::1"), 0), key=NAMES)

    found = list(change(None, made))

    assert all("ip6 standfast_lvs" in line for line in found)
    assert found[1] == "add rule ip6 standfast_lvs udp_fd00--100_53/fd00--1_0 dnat to fd00::1"


@pytest.mark.parametrize(
    ("prefix", "client"),
    [
        pytest.param(None, "ip saddr", id="each address by itself"),
        pytest.param(32, "ip saddr", id="a network of one address"),
        pytest.param(24, "ip saddr & 255.255.255.0", id="a network"),
    ],
)
def test_persistent_clients_are_remembered_by_their_server(prefix: int | None, client: str) -> None:
    found = lines(None, entry(server(1), persistence=Persistence(60, prefix)))

    assert f"add rule {ONE} update @{ONE} {{ {client} }}" in found
    assert f"add rule {CHAIN} {client} @{ONE} goto {ONE}" in found
    assert any("flags dynamic, timeout; timeout 60s;" in line for line in found)


def test_other_persistence_makes_a_service_anew() -> None:
    found = lines(entry(server(1)), entry(server(1), persistence=Persistence(60)))

    assert f"delete chain {CHAIN}" in found
    assert f"add chain {CHAIN}" in found


# ---- tables


@pytest.mark.parametrize("family", [pytest.param(one, id=one.name) for one in Family])
def test_a_table_replaces_what_is_there(family: Family) -> None:
    found = list(make_table(family, [("eth0", "eth0")]))

    table = found[0].removeprefix("add table ")
    assert found[:4] == [*remove_table(family), f"add table {table}", f"add chain {table} standfast"]
    assert f'add element {table} same_link {{ "eth0" . "eth0" }}' in found


def test_without_links_no_element_is_added() -> None:
    assert list(link_pairs(Family.IPV4, [])) == ["flush set ip standfast_lvs same_link"]


# ---- slots


@pytest.mark.parametrize(
    ("scheduler", "shares"),
    [
        pytest.param("rr", {1: 1, 2: 1}, id="rr: alike"),
        pytest.param("dh", {1: 1, 2: 1}, id="dh: alike"),
        pytest.param("wrr", {1: 3, 2: 2}, id="wrr: by weight, in lowest terms"),
        pytest.param("sh", {1: 3, 2: 2}, id="sh: by weight"),
        pytest.param("random", {1: 3, 2: 2}, id="random: by weight"),
        pytest.param("fo", {1: 1}, id="fo: the heaviest alone"),
    ],
)
def test_slots_are_shared(scheduler: str, shares: dict[int, int]) -> None:
    found = slots(scheduler, [server(1, 30), server(2, 20), server(3, 0)])

    assert Counter(found) == {(address(f"10.0.0.{last}"), 80): count for last, count in shares.items()}


def test_weighted_turns_are_spread() -> None:
    found = slots("wrr", [server(1, 3), server(2, 1)])

    assert [str(name[0]) for name in found] == ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1"]


def test_large_weights_become_few_slots() -> None:
    found = slots("wrr", [server(1, 65_535), server(2, 65_534), server(3, 1)])

    assert len(found) <= NAT_SLOTS + 1
    assert len(set(found)) == 3


@pytest.mark.parametrize("scheduler", NAT_SCHEDULERS)
def test_there_are_no_slots_without_weight(scheduler: str) -> None:
    assert slots(scheduler, [server(1, 0)]) == ()


# ---- what cannot be had


@pytest.mark.parametrize(
    ("service", "one", "words"),
    [
        pytest.param(Service(WEB, "rr"), server(1), "", id="nothing"),
        *(
            pytest.param(Service(WEB, name), server(1), f"scheduler {name}", id=f"scheduler {name}")
            for name in ("lc", "wlc", "lblc", "lblcr", "mh", "ovf", "sed", "nq", "twos")
        ),
        pytest.param(Service(NAMES, "rr", one_packet=True), server(1), "ops", id="one packet at a time"),
        pytest.param(
            Service(WEB, "rr", persistence=Persistence(60, None, "sip")),
            server(1),
            "persistence_engine sip",
            id="an engine of persistence",
        ),
        pytest.param(
            Service(WEB, "rr"), server(1, forwarding=Forwarding.DIRECT), "lvs_method DR", id="direct routing"
        ),
        pytest.param(
            Service(WEB, "rr"), server(1, forwarding=Forwarding.TUNNEL), "lvs_method TUN", id="tunnels"
        ),
        pytest.param(Service(WEB, "rr"), server(1, upper=5), "uthreshold", id="limits of connections"),
        pytest.param(
            Service(WEB, "rr"), Destination(address("fd00::1"), 80), "another family", id="another family"
        ),
    ],
)
def test_what_needs_ipvs_is_named(service: Service, one: Destination, words: str) -> None:
    found = lacking(service, [one])

    assert words in found
    assert bool(found) is bool(words)
