"""From the configuration to the parameters of the routers (behaviours AD-*, AU-*, GA-07, SM-23, WI-06, WI-19)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from written import config_of, instance_of, instance_text

from standfast.base.addresses import FOREVER, Family
from standfast.base.advert_size import most_addresses
from standfast.base.limits import ADDRESSES_MAX
from standfast.base.times import SECOND, ZERO, seconds
from standfast.core.vrrp.configured import router_of, routers_of
from standfast.core.vrrp.router import Announcements, HopLimits, Rounds, Router
from standfast.core.vrrp.tracked import ties_of
from standfast.core.vrrp.vmac import OwnLinks
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs

VIP = "virtual_ipaddress { 10.0.0.100 }"


def router(body: str, *, before: str = "") -> Router:
    (made,) = routers_of(config_of(before + instance_text(f"{VIP}\n{body}")))
    return made


@pytest.mark.rfc(16, 18)
@pytest.mark.behaviour("GA-03", "AD-01")
def test_of_few_words_a_router_has_the_defaults_of_keepalived() -> None:
    made = router("")

    (address,) = made.addresses
    assert (made.name, made.vrid, made.interface, made.family) == ("VI_1", 51, "eth0", Family.IPV4)
    assert (made.version, made.priority, made.interval) == (2, 100, SECOND)
    assert (made.preempt, made.starts_as_master, made.answers_weaker) == (True, False, True)
    assert (made.group, made.peers, made.source) == (ip_address("224.0.0.18"), (), None)
    assert made.announcements == Announcements(Rounds(5, seconds(5)), Rounds(5, seconds(5)), ZERO, 1)
    assert (address.address, address.prefix, address.interface) == (ip_address("10.0.0.100"), 32, "eth0")


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        pytest.param("priority 150", "priority", 150, id="priority"),
        pytest.param("advert_int 3", "interval", 3 * SECOND, id="interval"),
        pytest.param(
            "version 3\n advert_int 0.3",
            "interval",
            seconds("0.3"),
            id="interval of version 3",
            marks=pytest.mark.rfc(16),
        ),
        pytest.param("nopreempt", "preempt", False, id="nopreempt", marks=pytest.mark.behaviour("SM-23")),
        pytest.param(
            "nopreempt\n priority 255",
            "preempt",
            True,
            id="an owner preempts whatever is said",
            marks=[pytest.mark.behaviour("SM-23"), pytest.mark.rfc(18)],
        ),
        pytest.param(
            "state MASTER",
            "owner",
            True,
            id="state MASTER without a priority owns the addresses",
            marks=[pytest.mark.behaviour("SM-04"), pytest.mark.rfc(8)],
        ),
        pytest.param("state MASTER\n priority 9", "starts_as_master", True, id="state MASTER is remembered"),
        pytest.param("preempt_delay 7", "preempt_delay", 7 * SECOND, id="preempt_delay"),
        pytest.param(
            "down_timer_adverts 5",
            "down_timer_adverts",
            5,
            id="adverts missed",
            marks=pytest.mark.behaviour("SM-06"),
        ),
        pytest.param("higher_prio_send_advert", "says_goodbye_to_stronger", True, id="a last word"),
        pytest.param("lower_prio_no_advert", "answers_weaker", False, id="no answer to a weaker router"),
        pytest.param("mcast_src_ip 10.0.0.7", "source", ip_address("10.0.0.7"), id="source"),
        pytest.param("mcast_dst_ip 224.0.0.99", "group", ip_address("224.0.0.99"), id="group"),
        pytest.param("version 3\n v3_checksum_as_v2", "checksum_as_v2", True, id="checksum of RFC 9568"),
        pytest.param("skip_check_adv_addr", "skip_same_sender_check", True, id="addresses compared once"),
        pytest.param(
            "skip_check_adv_addr false",
            "skip_same_sender_check",
            False,
            id="false means false",
            marks=pytest.mark.behaviour("WI-13"),
        ),
        pytest.param(
            "authentication {\n auth_type PASS\n auth_pass secret\n}",
            "password",
            b"secret\0\0",
            id="a password fills its 8 bytes",
            marks=pytest.mark.behaviour("AU-01"),
        ),
        pytest.param(
            "version 3\n authentication {\n auth_type PASS\n auth_pass secret\n}",
            "password",
            None,
            id="version 3 has no password",
            marks=[pytest.mark.behaviour("AU-03"), pytest.mark.rfc(90)],
        ),
    ],
)
def test_a_keyword_becomes_a_parameter(body: str, field: str, value: object) -> None:
    assert getattr(router(body), field) == value


@pytest.mark.behaviour("AU-02")
def test_the_password_of_ah_is_a_key_and_is_never_sent() -> None:
    made = router("authentication {\n auth_type AH\n auth_pass secret\n}")

    assert (made.ah_key, made.password) == (b"secret\0\0", None)
    assert made.proves
    assert made.signs


KEYS = f"key 1 {'a' * 32}\n key 2 hex:{'0f' * 33}\n active_key 2\n"


@pytest.mark.behaviour("AU-07", "AU-10", "AU-13")
@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        pytest.param("", "keys", ((1, b"a" * 32), (2, b"\x0f" * 33)), id="every key is known"),
        pytest.param("", "active", 2, id="one signs"),
        pytest.param("", "window", seconds(5), id="the window is five seconds"),
        pytest.param("time_window 20", "window", seconds(20), id="unless it is configured"),
        pytest.param("", "timed", True, id="time counts"),
        pytest.param("anti_replay monotonic", "timed", False, id="or only the order"),
        pytest.param("", "required", True, id="adverts without a signature are dropped"),
        pytest.param("mode permissive", "required", False, id="permissive takes them"),
        pytest.param("mode permissive", "signs", True, id="and signs its own"),
        pytest.param("mode receive-only", "required", False, id="receive-only takes them"),
        pytest.param("mode receive-only", "signs", False, id="and does not sign its own"),
    ],
)
def test_auth_hmac_becomes_a_signature(words: str, field: str, value: object) -> None:
    made = router(f"auth_hmac {{\n {KEYS} {words}\n}}")

    assert getattr(made.signature, field) == value
    assert not made.unable


@pytest.mark.behaviour("AU-13")
def test_the_window_is_at_least_three_intervals() -> None:
    made = router(f"advert_int 4\n auth_hmac {{\n {KEYS}\n}}")

    assert made.signature is not None
    assert made.signature.window == seconds(12)


@pytest.mark.behaviour("AU-08", "AU-09")
def test_a_router_whose_key_file_was_not_read_takes_no_part_rather_than_go_without() -> None:
    made = router("auth_hmac {\n key 1 file:/no/such/key\n active_key 1\n}")

    assert made.signature is None
    assert "cannot be read" in made.unable


def test_a_signature_takes_room_from_the_addresses() -> None:
    """One packet of 1500 bytes, as behaviour WI-06 has it."""
    assert (most_addresses(Family.IPV6), most_addresses(Family.IPV6, proof=28)) == (90, 89)


def test_no_secret_stands_in_the_representation_of_a_router() -> None:
    for words in (
        f"auth_hmac {{\n {KEYS}\n}}",
        "authentication {\n auth_type AH\n auth_pass secret\n}",
        "authentication {\n auth_type PASS\n auth_pass secret\n}",
    ):
        shown = repr(router(words))
        assert "aaaa" not in shown
        assert "secret" not in shown


@pytest.mark.behaviour("WI-19")
def test_a_router_with_peers_has_no_group() -> None:
    made = router("unicast_peer { 10.0.0.8\n 10.0.0.9 }")

    assert (made.group, made.peers) == (None, (ip_address("10.0.0.8"), ip_address("10.0.0.9")))
    assert not made.peers_only


def test_senders_are_checked_only_where_there_are_peers() -> None:
    assert router("check_unicast_src\n unicast_peer { 10.0.0.8 }").peers_only
    assert not router("check_unicast_src").peers_only


@pytest.mark.behaviour("AD-04")
def test_excluded_addresses_may_be_of_the_other_family() -> None:
    made = router("virtual_ipaddress_excluded { 2001:db8::1 }")

    assert [str(address.address) for address in made.held] == ["10.0.0.100", "2001:db8::1"]
    assert made.family is Family.IPV4


@pytest.mark.rfc(15)
@pytest.mark.behaviour("WI-07")
def test_only_addresses_of_the_adverts_own_family_are_listed() -> None:
    instance = replace(instance_of(VIP), virtual_ipaddress_excluded=())
    mixed = instance_of("virtual_ipaddress { fe80::1\n 2001:db8::1 }")
    both = replace(instance, virtual_ipaddress=(*instance.virtual_ipaddress, *mixed.virtual_ipaddress))

    made = router_of(both, GlobalDefs(), ties=ties_of(Config()), own=OwnLinks())
    assert [address.address.version for address in made.addresses] == [4]


@pytest.mark.behaviour("AD-01", "AD-02")
def test_an_ipv6_address_alone_is_deprecated_so_that_nothing_is_sent_from_it() -> None:
    (made,) = routers_of(config_of(instance_text("virtual_ipaddress { fe80::1/64\n 2001:db8::1 }")))

    assert [address.preferred_seconds for address in made.addresses] == [FOREVER, 0]
    assert made.group == ip_address("ff02::12")


@pytest.mark.behaviour("WI-06")
def test_addresses_that_do_not_fit_into_an_advert_are_held_all_the_same() -> None:
    many = "\n".join(f"2001:db8::{n:x}" for n in range(1, 201))
    (made,) = routers_of(config_of(instance_text(f"virtual_ipaddress {{ fe80::1\n{many} }}")))

    assert len(made.addresses) == most_addresses(Family.IPV6)
    assert len(made.held) == 201


@pytest.mark.behaviour("WI-06")
@pytest.mark.parametrize(
    ("family", "count"),
    [
        pytest.param(Family.IPV4, ADDRESSES_MAX, id="IPv4: the count is one byte"),
        pytest.param(Family.IPV6, (1500 - 40 - 8) // 16, id="IPv6: what Ethernet carries"),
    ],
)
def test_an_advert_lists_at_most(family: Family, count: int) -> None:
    assert most_addresses(family) == count


@pytest.mark.behaviour("TR-21")
def test_addresses_with_no_track_are_left_away_when_somebody_removes_them() -> None:
    made = router("virtual_ipaddress_excluded { 10.0.0.101 no_track }")

    assert made.untracked == {made.held[1].key}


@pytest.mark.behaviour("GA-04", "GA-05", "SM-15")
@pytest.mark.parametrize(
    ("body", "before", "announcements"),
    [
        pytest.param(
            "",
            "global_defs {\n vrrp_garp_master_repeat 3\n vrrp_garp_master_delay 0\n}\n",
            Announcements(Rounds(3, ZERO), Rounds(3, ZERO)),
            id="after a weaker router the same, unless something else is said",
        ),
        pytest.param(
            "garp_lower_prio_repeat 0\n garp_lower_prio_delay 2",
            "",
            Announcements(Rounds(5, seconds(5)), Rounds(0, seconds(2))),
            id="and something else is said",
        ),
        pytest.param(
            "garp_master_refresh 60\n garp_master_refresh_repeat 2",
            "",
            Announcements(refresh=seconds(60), refresh_repeat=2),
            id="a refresh",
        ),
    ],
)
def test_announcements_are_as_asked_for(body: str, before: str, announcements: Announcements) -> None:
    assert router(body, before=before).announcements == announcements


@pytest.mark.behaviour("GA-07")
def test_vrrp_min_garp_is_one_announcement_and_no_second_batch() -> None:
    made = router("", before="global_defs {\n vrrp_min_garp\n}\n")

    assert (made.announcements.takeover, made.announcements.weaker) == (Rounds(1, ZERO), Rounds(1, ZERO))


@pytest.mark.behaviour("GA-07")
@pytest.mark.parametrize(
    ("defaults", "body", "weaker"),
    [
        pytest.param("", "garp_lower_prio_repeat 3", Rounds(3, ZERO), id="of the instance"),
        pytest.param("vrrp_garp_lower_prio_delay 7", "", Rounds(1, seconds(7)), id="of global_defs"),
        pytest.param("vrrp_garp_master_repeat 2", "", Rounds(2, ZERO), id="that it falls back on"),
    ],
)
def test_vrrp_min_garp_leaves_what_is_said(defaults: str, body: str, weaker: Rounds) -> None:
    made = router(body, before=f"global_defs {{\n vrrp_min_garp\n {defaults}\n}}\n")

    assert made.announcements.weaker == weaker


TRACKERS = """
vrrp_script web { script /bin/true
 weight 20 reverse }
track_file load { file /load
 weight -2 }
"""


@pytest.mark.behaviour("TR-22")
def test_a_tracker_has_the_weight_of_the_entry_or_its_own() -> None:
    made = router(
        "track_script { web }\n track_file { load weight 3 }\n track_interface { eth1 }", before=TRACKERS
    )

    assert [(t.key.name, t.weight, t.reverse) for t in made.trackers] == [
        ("eth1", 0, False),
        ("web", 20, True),
        ("load", 3, False),
    ]


def grouped(group: str, *instances: str) -> list[Router]:
    texts = [
        f"vrrp_instance V{n} {{ interface eth0\n virtual_router_id {n}\n {VIP}\n {body} }}\n"
        for n, body in enumerate(instances, start=1)
    ]
    return list(
        routers_of(
            config_of(TRACKERS + "".join(texts) + f"vrrp_sync_group G {{ group {{ V1\n V2 }}\n{group} }}")
        )
    )


@pytest.mark.behaviour("SG-07")
def test_the_trackers_of_a_group_count_for_each_member() -> None:
    made = grouped("track_script { web }\n sync_group_tracking_weight", "priority 90", "track_file { load }")

    assert [[t.key.name for t in router.trackers] for router in made] == [["web"], ["load", "web"]]
    assert [router.sync_group for router in made] == ["G", "G"]


@pytest.mark.behaviour("SG-04", "SG-08")
@pytest.mark.parametrize(
    ("second", "first_states"),
    [
        pytest.param("state MASTER\n priority 255", [True, True], id="all members own their addresses"),
        pytest.param("priority 90", [False, False], id="one of them does not"),
    ],
)
def test_a_group_begins_as_master_only_if(second: str, first_states: list[bool]) -> None:
    made = grouped("", "state MASTER\n priority 255", second)

    assert [router.starts_as_master for router in made] == first_states


# ---- how adverts travel


@pytest.mark.behaviour("WI-10", "WI-11")
def test_peers_have_hop_limits_and_that_turns_the_check_of_senders_on() -> None:
    made = router("unicast_peer {\n 10.0.0.8 min_ttl 250\n 10.0.0.9 max_ttl 3\n 10.0.0.10\n}")

    assert made.hop_limits == (
        HopLimits(ip_address("10.0.0.8"), 250, 255),
        HopLimits(ip_address("10.0.0.9"), 0, 3),
    )
    assert made.peers_only


@pytest.mark.behaviour("WI-10")
@pytest.mark.parametrize(
    ("body", "limit"),
    [
        pytest.param("unicast_ttl 3\n unicast_peer {\n 10.0.0.8\n}", 3, id="that of unicast adverts"),
        pytest.param("unicast_peer {\n 10.0.0.8\n}", 255, id="255 where nothing is said"),
        pytest.param("unicast_ttl 3", 255, id="255 of multicast adverts whatever is said"),
    ],
)
def test_the_hop_limit_is(body: str, limit: int) -> None:
    assert router(body).hop_limit == limit


@pytest.mark.behaviour("WI-19")
def test_without_peers_unicast_fault_no_peer_is_a_fault() -> None:
    assert "unicast_peer" in router("unicast_src_ip 10.0.0.1\n unicast_fault_no_peer").unable


@pytest.mark.behaviour("WI-20")
def test_unicast_without_an_interface_goes_by_any_and_its_addresses_have_the_default_one() -> None:
    body = f"virtual_router_id 1\n unicast_src_ip 10.0.0.1\n unicast_peer {{\n 10.0.0.8\n}}\n {VIP}"
    (made,) = routers_of(config_of(f"global_defs {{ default_interface eth7 }}\nvrrp_instance V {{ {body} }}"))
    (in_vrf,) = routers_of(config_of(f"vrrp_instance V {{ vrf blue\n {body} }}"))

    assert (made.interface, made.addresses[0].interface) == ("", "eth7")
    assert in_vrf.interface == "blue"


@pytest.mark.parametrize(
    ("before", "body", "room"),
    [
        pytest.param("", "", 0, id="nothing is asked for"),
        pytest.param("vrrp_rx_bufs_policy 50000", "", 50_000, id="so many bytes"),
        pytest.param("vrrp_rx_bufs_policy MTU", "", 4_500, id="three packets of Ethernet"),
        pytest.param("vrrp_rx_bufs_policy ADVERT\n vrrp_rx_bufs_multiplier 10", "", 400, id="ten adverts"),
        pytest.param(
            "vrrp_rx_bufs_policy MTU", "kernel_rx_buf_size 9000", 9_000, id="what the instance says"
        ),
    ],
)
def test_the_receive_buffer_that_it_asks_for(before: str, body: str, room: int) -> None:
    assert router(body, before=f"global_defs {{ {before} }}\n").receive_buffer == room
