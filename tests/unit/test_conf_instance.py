"""What a vrrp_instance says, and what follows from what it says."""

import pytest
from written import config_of, instance_of, instance_text, read, slugs

from standfast.base.addresses import FOREVER, Family
from standfast.base.times import SECOND

VIP = "virtual_ipaddress { 10.0.0.1/24 }"
VIP6 = "virtual_ipaddress { fe80::1/64\n 2001:db8::1/64 }"


def test_an_instance_of_few_words_has_all_defaults() -> None:
    instance = instance_of(VIP)

    assert (instance.name, instance.interface, instance.virtual_router_id) == ("VI_1", "eth0", 51)
    assert (instance.version, instance.priority, instance.advert_int) == (2, 100, SECOND)
    assert (instance.preempt, instance.accept, instance.state) == (True, True, "BACKUP")
    assert (instance.garp_master_delay, instance.garp_master_repeat) == (5 * SECOND, 5)
    assert (instance.family, instance.unicast) == (Family.IPV4, False)


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        pytest.param(
            "state MASTER", "priority", 255, id="MASTER without a priority owns the addresses (SM-04)"
        ),
        pytest.param(
            "state MASTER\n priority 0", "priority", 100, id="a bad priority is 100, also with MASTER"
        ),
        pytest.param("priority 10\n priority 20", "priority", 20, id="the last of two counts (CF-03)"),
        pytest.param("priority 300", "priority", 100, id="out of range: the default (CF-06)"),
        pytest.param("priority 010", "priority", 10, id="a leading zero is no octal number"),
        pytest.param("priority 0x10", "priority", 100, id="hexadecimal is no number"),
        pytest.param("advert_int 0.5", "advert_int", SECOND, id="version 2 rounds to a second (WI-17)"),
        pytest.param("advert_int 1.5", "advert_int", 2 * SECOND, id="version 2 rounds a half up"),
        pytest.param(
            "version 3\n advert_int 0.5", "advert_int", SECOND // 2, id="version 3 takes half a second"
        ),
        pytest.param(
            "version 3\n advert_int 41", "advert_int", 40_950_000, id="version 3 ends at 40.95 (CF-06)"
        ),
        pytest.param("nopreempt", "preempt", False, id="nopreempt"),
        pytest.param("nopreempt\n preempt", "preempt", True, id="preempt takes nopreempt back"),
        pytest.param("nopreempt\n state MASTER\n priority 9", "preempt", True, id="not with MASTER (SM-23)"),
        pytest.param("no_accept", "accept", False, id="no_accept"),
        pytest.param("preempt_delay 2.5", "preempt_delay", 2_500_000, id="parts of a second"),
        pytest.param("garp_master_repeat 0", "garp_master_repeat", 1, id="at least one announcement"),
        pytest.param("lower_prio_no_advert", "lower_prio_no_advert", True, id="the word alone says yes"),
        pytest.param("lower_prio_no_advert off", "lower_prio_no_advert", False, id="off says no"),
        pytest.param(
            "skip_check_adv_addr false", "skip_check_adv_addr", False, id="no is no (WI-13 is not copied)"
        ),
    ],
)
def test_a_keyword_means(body: str, field: str, value: object) -> None:
    instance = instance_of(f"{body}\n{VIP}")

    assert getattr(instance, field) == value


@pytest.mark.parametrize(
    ("defs", "field", "value"),
    [
        pytest.param("vrrp_garp_master_delay 7", "garp_master_delay", 7 * SECOND, id="announcement delay"),
        pytest.param(
            "vrrp_garp_master_delay 7", "garp_lower_prio_delay", 7 * SECOND, id="and the one after a weaker"
        ),
        pytest.param("vrrp_version 3", "version", 3, id="version"),
        pytest.param("vrrp_down_timer_adverts 5", "down_timer_adverts", 5, id="missed adverts"),
        pytest.param("vrrp_check_unicast_src", "check_unicast_src", True, id="peers only"),
        pytest.param("vrrp_min_garp", "garp_master_repeat", 1, id="as few announcements as can be (GA-07)"),
        pytest.param("v3_checksum_as_v2 off", "v3_checksum_as_v2", True, id="the argument is ignored there"),
    ],
)
def test_an_instance_inherits_from_global_defs_wherever_they_stand(
    defs: str, field: str, value: object
) -> None:
    text = instance_text(VIP) + f"global_defs {{\n {defs}\n}}\n"

    assert getattr(config_of(text).vrrp_instances[0], field) == value


def test_an_instance_of_ipv6_speaks_version_3() -> None:
    instance = instance_of(VIP6)

    assert (instance.version, instance.family) == (3, Family.IPV6)


def test_an_ipv6_address_alone_is_deprecated_and_skips_duplicate_detection() -> None:
    instance = instance_of(
        "virtual_ipaddress { fe80::1\n 2001:db8::2\n 2001:db8::3/64 -nodad preferred_lft forever }"
    )

    alone, network = instance.virtual_ipaddress[1].on("eth0"), instance.virtual_ipaddress[2].on("eth0")

    assert (alone.prefix, alone.preferred_seconds, alone.flags) == (128, 0, 0x02)
    assert (network.prefix, network.preferred_seconds, network.flags) == (64, FOREVER, 0)


def test_an_address_with_all_its_words() -> None:
    body = "virtual_ipaddress { 10.0.0.9/24 dev eth1 scope link brd + label eth1:vip noprefixroute no_track }"

    address = instance_of(body).virtual_ipaddress[0]
    held = address.on("eth0")

    assert address.no_track
    assert (held.interface, held.prefix, held.scope, held.label, held.flags) == (
        "eth1",
        24,
        253,
        "eth1:vip",
        0x200,
    )
    assert str(held.broadcast) == "10.0.0.255"


def test_unicast_peers_with_hop_limits_check_senders() -> None:
    instance = instance_of(
        f"unicast_src_ip 10.0.0.2\n unicast_peer {{\n 10.0.0.3 min_ttl 254\n 10.0.0.4\n}}\n{VIP}"
    )

    assert [str(peer.address) for peer in instance.unicast_peer] == ["10.0.0.3", "10.0.0.4"]
    assert (instance.unicast, instance.check_unicast_src, str(instance.source)) == (True, True, "10.0.0.2")


def test_a_password_is_cut_and_never_shown() -> None:
    reading = read(instance_text(f"authentication {{ auth_type PASS\n auth_pass verysecret }}\n{VIP}"))

    assert reading.config is not None
    instance = reading.config.vrrp_instances[0]
    assert instance.authentication is not None
    assert instance.authentication.auth_pass is not None
    assert instance.authentication.auth_pass.value == b"verysecr"
    assert "secr" not in repr(reading)


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        pytest.param("priorty 5", "unknown-keyword", id="a misspelt keyword"),
        pytest.param("priority", "missing-argument", id="a keyword without its argument"),
        pytest.param("priority 300", "value-range", id="a number out of range"),
        pytest.param("priority 5x", "not-a-number", id="no number"),
        pytest.param("state master", "unknown-choice", id="a state in lower case (CF-05)"),
        pytest.param("lower_prio_no_advert maybe", "not-a-boolean", id="neither yes nor no"),
        pytest.param("advert_int 1.5", "interval-rounded", id="half a second in version 2"),
        pytest.param("advert_int 1.12345678", "too-precise", id="less than a microsecond"),
        pytest.param("unicast_src_ip 10.0.0.300", "not-an-address", id="an address with 300 in it"),
        pytest.param("mcast_src_ip fe80::2", "wrong-family", id="a source of the other family"),
        pytest.param("unicast_src_ip 10.0.0.2", "unicast-without-peers", id="unicast without a peer"),
        pytest.param("unicast_peer { 10.0.0.3\n 10.0.0.3 }", "duplicate-peer", id="a peer twice"),
        pytest.param(
            "version 3\n authentication { auth_pass a }", "authentication-version", id="a password in v3"
        ),
        pytest.param("authentication { auth_type PASS }", "password-missing", id="no password (AU-03)"),
        pytest.param("nopreempt\n state MASTER", "nopreempt-master", id="nopreempt with MASTER"),
        pytest.param("virtual_ipaddress { 10.0.0.1 }", "duplicate-address", id="an address twice"),
        pytest.param(
            "virtual_ipaddress { fe80::1 }", "wrong-family", id="addresses of both families (WI-07)"
        ),
        pytest.param("virtual_ipaddress { 10.0.0 }", "not-an-address", id="half an address"),
        pytest.param("virtual_ipaddress { 10.0.0.5/33 }", "bad-prefix", id="a prefix that is too long"),
        pytest.param(
            "virtual_ipaddress { 10.0.0.5 lavel x }", "unknown-word", id="an unknown word of an address"
        ),
        pytest.param("notify /a\n notify /b", "given-twice", id="a script twice"),
    ],
)
def test_a_mistake_is_named(body: str, slug: str) -> None:
    reading = read(instance_text(f"{VIP}\n{body}"))

    assert slug in slugs(reading)
    assert reading.config is not None
    assert [instance.name for instance in reading.config.vrrp_instances] == ["VI_1"]


def test_a_mistake_is_named_wherever_its_line_stands_again() -> None:
    texts = [instance_text(f"{VIP}\npriority 300", name=f"VI_{vrid}", vrid=vrid) for vrid in (51, 52)]

    problems = [problem for problem in read("".join(texts)).problems if problem.slug == "value-range"]

    assert len(problems) == 2
    assert problems[0].place.line < problems[1].place.line


def test_lines_that_are_alike_are_judged_by_the_block_that_they_stand_in() -> None:
    server = "virtual_server 10.0.0.9 80 {\nprotocol TCP\nreal_server 10.0.0.8 80 {\nweight 300\n}\n}\n"
    script = "vrrp_script A {\nscript /a\nweight 300\n}\n"

    (problem,) = [each for each in read(server + script).problems if each.slug == "value-range"]

    assert problem.place.line == len(server.splitlines()) + 3


def test_lines_that_are_alike_say_what_they_say_to_each_keyword() -> None:
    text = instance_text(f"{VIP}\nversion 3\nadvert_int 2\npriority 3\nnopreempt")
    more = instance_text(f"{VIP.replace('10.0.0.1', '10.0.0.2')}\nversion 3\npreempt", name="B", vrid=52)

    first, second = config_of(text + more).vrrp_instances

    assert (first.version, first.advert_int, first.priority) == (3, 2 * SECOND, 3)
    assert (first.preempt, second.preempt, second.priority) == (False, True, 100)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        pytest.param(
            f"vrrp_instance A {{\n interface eth0\n {VIP}\n}}", "missing-keyword", id="no router id"
        ),
        pytest.param(
            f"vrrp_instance A {{\n virtual_router_id 1\n {VIP}\n}}", "interface-missing", id="no interface"
        ),
    ],
)
def test_an_instance_that_cannot_be_used_is_left_out(text: str, slug: str) -> None:
    reading = read(text)

    assert slugs(reading) == [slug]
    assert reading.config is not None
    assert reading.config.vrrp_instances == ()


@pytest.mark.parametrize(
    ("second", "slug"),
    [
        pytest.param(
            instance_text("virtual_ipaddress { 10.0.0.2 }", vrid=52), "duplicate-name", id="a name (CF-04)"
        ),
        pytest.param(
            instance_text("virtual_ipaddress { 10.0.0.2 }", name="B"),
            "duplicate-vrid",
            id="a VRID on a link (WI-18)",
        ),
    ],
)
def test_a_second_instance_of_the_same_identity_is_left_out(second: str, slug: str) -> None:
    reading = read(instance_text(VIP) + second)

    assert slugs(reading) == [slug]
    assert reading.config is not None
    assert len(reading.config.vrrp_instances) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("virtual_ipaddress { fe80::1 }", id="of the other family"),
        pytest.param("mcast_dst_ip 224.0.0.99\n virtual_ipaddress { 10.0.0.2 }", id="of another group"),
        pytest.param("unicast_peer { 10.0.0.9 }\n virtual_ipaddress { 10.0.0.2 }", id="unicast"),
    ],
)
def test_a_vrid_may_be_used_again(body: str) -> None:
    reading = read(instance_text(VIP) + instance_text(body, name="B"))

    assert slugs(reading) == []
