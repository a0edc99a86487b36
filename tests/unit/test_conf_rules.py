"""What follows from several keywords or blocks."""

from operator import attrgetter

import pytest
from written import TOP, WrittenFiles, config_of, instance_of, instance_text, read, slugs

from standfast.base.times import MILLISECOND
from standfast.conf.meaning.host import KeyFile, ScriptState
from standfast.conf.read import read_config
from standfast.conf.verdict import exit_code

VIP = "virtual_ipaddress { 10.0.0.1/24 }"
PASSWORD = "authentication {\n auth_type PASS\n auth_pass a\n}"
KEY = "0123456789abcdef0123456789abcdef"
HMAC = f"auth_hmac {{\n key 1 {KEY}\n active_key 1\n mode permissive\n}}"
TWO = instance_text(VIP, name="A", vrid=1) + instance_text("virtual_ipaddress { 10.0.0.2 }", name="B", vrid=2)
TRACKED = "vrrp_script S {\n script /a\n weight 5\n}\ntrack_file F {\n file /f\n weight 5\n}\n"
TRACKS = "track_script { S }\n track_file { F }\n track_interface { eth1 weight 5\n eth2 }"


# ---- strict mode


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        pytest.param("", "accept", False, id="accepts nothing for its addresses (VM-09)"),
        pytest.param("priority 255", "accept", True, id="unless it owns them"),
        pytest.param("version 3\n accept", "accept", True, id="or is told so, in version 3"),
        pytest.param("accept", "accept", False, id="but not in version 2"),
        pytest.param("priority 255", "owner_ignore_adverts", True, id="ignores adverts as the owner"),
        pytest.param("priority 255", "state", "MASTER", id="starts as master as the owner"),
        pytest.param("state MASTER\n priority 9", "state", "BACKUP", id="starts as backup otherwise"),
        pytest.param("", "lower_prio_no_advert", True, id="does not answer a weaker master at once"),
        pytest.param("higher_prio_send_advert", "higher_prio_send_advert", False, id="nor a stronger one"),
        pytest.param(
            "garp_lower_prio_repeat 3", "garp_lower_prio_repeat", 0, id="announces nothing to it either"
        ),
        pytest.param("", "garp_lower_prio_repeat", 0, id="nor if nothing is said"),
        pytest.param(f"version 3\n{HMAC}", "auth_hmac.mode", "enforce", id="enforces signatures"),
        pytest.param("use_vmac\n vmac_xmit_base", "vmac_xmit_base", False, id="speaks on its own interface"),
        pytest.param(
            "use_vmac v 02:00:00:00:00:01", "use_vmac.mac", "", id="with the RFC's Ethernet address"
        ),
        pytest.param("no_virtual_ipaddress", "no_virtual_ipaddress", False, id="has addresses"),
        pytest.param("preempt_delay 5", "preempt_delay", 0, id="takes over without delay"),
        pytest.param("down_timer_adverts 5", "down_timer_adverts", 3, id="waits for three adverts"),
        pytest.param(PASSWORD, "authentication", None, id="has no password"),
        pytest.param("unicast_peer { 10.0.0.3 }", "strict_mode", False, id="is off with unicast"),
        pytest.param("unicast_peer { 10.0.0.3 }", "accept", True, id="and changes nothing then"),
    ],
)
@pytest.mark.behaviour("ST-01", "ST-02", "VM-09")
def test_an_instance_in_strict_mode(body: str, field: str, value: object) -> None:
    instance = instance_of(f"strict_mode\n{body}\n{VIP}")

    assert attrgetter(field)(instance) == value


def test_strict_mode_of_all_can_be_switched_off_for_one() -> None:
    text = (
        "global_defs { vrrp_strict }\n"
        + instance_text(VIP)
        + instance_text(f"strict_mode off\n{VIP}", vrid=9, name="B")
    )

    assert [instance.accept for instance in config_of(text).vrrp_instances] == [False, True]


# ---- signatures


class KeyHost:
    """A host whose key files are all in one state."""

    def __init__(self, state: KeyFile) -> None:
        self.state = state

    def key_file(self, path: str) -> KeyFile:
        return self.state

    def has_interface(self, name: str) -> bool:
        return True

    has_user = has_group = knows_host = has_interface

    def link_kind(self, name: str) -> str | None:
        return None

    def script(self, path: str, user: str) -> ScriptState:
        return ScriptState.FINE

    def cpus(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("state", "signs", "code"),
    [
        pytest.param(KeyFile.FINE, True, 0, id="a key that is kept"),
        pytest.param(KeyFile.OPEN, True, 6, id="one that others can read (AU-09)"),
        pytest.param(KeyFile.MISSING, False, 5, id="none (AU-08)"),
        pytest.param(KeyFile.LENGTH, False, 5, id="one that is too short"),
    ],
)
def test_a_key_in_a_file(state: KeyFile, signs: bool, code: int) -> None:
    text = instance_text(f"auth_hmac {{\n key 1 file:/k\n active_key 1\n}}\n{VIP}")

    reading = read_config(TOP, WrittenFiles({TOP: text}), host=KeyHost(state))

    assert reading.config is not None
    assert (reading.config.vrrp_instances[0].auth_hmac is not None) is signs
    assert exit_code(reading) == code


@pytest.mark.parametrize(
    ("keys", "signs"),
    [
        pytest.param(f"key 1 {KEY}\n active_key 1", True, id="the active one is there"),
        pytest.param(f"key 1 {KEY}\n active_key 2", False, id="the active one is not there"),
        pytest.param(f"key 1 {KEY}", False, id="none is active"),
        pytest.param("key 1 short\n active_key 1", False, id="it is too short"),
        pytest.param("active_key 1", False, id="there is none"),
    ],
)
def test_keys_sign_adverts_unless(keys: str, signs: bool) -> None:
    instance = instance_of(f"{PASSWORD}\nauth_hmac {{\n{keys}\n}}\n{VIP}")

    assert (instance.auth_hmac is not None) is signs
    assert (instance.authentication is None) is signs  # AU-15


@pytest.mark.behaviour("WI-06")
@pytest.mark.parametrize(
    ("proof", "told"),
    [
        pytest.param("", [], id="90 of IPv6 fit"),
        pytest.param(f"auth_hmac {{\n key 1 {KEY}\n active_key 1\n}}\n", ["too-many-addresses"],
                     id="one less beside a signature"),
    ],
)  # fmt: skip
def test_who_lists_more_addresses_than_an_advert_has_room_for_is_told(proof: str, told: list[str]) -> None:
    addresses = "".join(f"fe80::{n:x}/64\n" for n in range(1, 91))

    reading = read(instance_text(f"version 3\n{proof}virtual_ipaddress {{\n{addresses}}}\n"))

    assert slugs(reading) == told


# ---- trackers and groups


@pytest.mark.parametrize(
    ("body", "group", "kept"),
    [
        pytest.param("", "", (["S"], [None], ["eth1", "eth2"]), id="alone: all weights count"),
        pytest.param("priority 255", "", ([], [0], ["eth2"]), id="the owner has none (SM-28)"),
        pytest.param("", "group { A B }", ([], [0], ["eth2"]), id="nor has a member of a group (SG-07)"),
        pytest.param(
            "",
            "group { A B }\n sync_group_tracking_weight",
            (["S"], [None], ["eth1", "eth2"]),
            id="unless it adds up",
        ),
    ],
)
def test_weights_count_where_they_change_something(
    body: str, group: str, kept: tuple[list[str], list[int | None], list[str]]
) -> None:
    text = TRACKED + instance_text(f"{body}\n{TRACKS}\n{VIP}", name="A", vrid=1)
    text += instance_text("virtual_ipaddress { 10.0.0.2 }", name="B", vrid=2)
    text += f"vrrp_sync_group G {{\n{group}\n}}\n" if group else ""

    first = config_of(text).vrrp_instances[0]

    assert [entry.name for entry in first.track_script] == kept[0]
    assert [entry.weight for entry in first.track_file] == kept[1]
    assert [entry.name for entry in first.track_interface] == kept[2]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "track_file F { file /f }\n" + instance_text(f"track_file {{ F }}\n{VIP}"), False, id="above"
        ),
        pytest.param(
            instance_text(f"track_file {{ F }}\n{VIP}") + "track_file F { file /f }\n", True, id="below"
        ),
        pytest.param(
            TWO + "vrrp_sync_group G { group { A B }\n track_file { F } }\ntrack_file F { file /f }\n",
            True,
            id="below a group that names it",
        ),
    ],
)
def test_a_definition_may_stand(text: str, told: bool) -> None:
    reading = read(text)

    assert ("defined-later" in slugs(reading)) is told
    assert exit_code(reading) == (5 if told else 0)  # Keepalived would not track it (CF-01)
    assert reading.config is not None
    tracked = [it for one in reading.config.vrrp_instances for it in one.track_file]
    tracked += [it for one in reading.config.vrrp_sync_groups for it in one.track_file]
    assert [it.name for it in tracked] == ["F"]


@pytest.mark.behaviour("SG-09")
def test_who_is_not_there_is_in_no_group_and_a_group_of_nobody_is_none() -> None:
    groups = "vrrp_sync_group G { group { A nobody } }\nvrrp_sync_group E { group { nobody } }\n"

    config = config_of(f"vrrp_instance A {{ interface eth0\n virtual_router_id 1\n {VIP} }}\n{groups}")

    assert [(group.name, group.group) for group in config.vrrp_sync_groups] == [("G", ("A",))]


def test_an_instance_is_in_one_group() -> None:
    config = config_of(TWO + "vrrp_sync_group G { group { A B } }\nvrrp_sync_group H { group { B A } }\n")

    assert [(group.name, group.group) for group in config.vrrp_sync_groups] == [("G", ("A", "B"))]


def test_a_static_entry_whose_track_group_is_not_there_stays() -> None:
    (address,) = config_of("static_ipaddress {\n 10.0.0.1/24 dev eth0 track_group T\n}\n").static_ipaddress

    assert (str(address.address), address.track_group) == ("10.0.0.1", "")


# ---- routes, checkers


def test_a_route_is_brought_within_what_the_kernel_takes() -> None:
    (route,) = config_of(
        "static_routes {\n 10.1.0.0/16 via 10.0.0.9 rtt 100 rto_min 300ms protocol bird\n}\n"
    ).static_routes

    assert route.rtt is not None
    assert route.rto_min is not None
    assert (route.rtt.value, route.rto_min.value, route.protocol) == (
        200 * MILLISECOND,
        300 * MILLISECOND,
        "",
    )


@pytest.mark.parametrize(
    ("checker", "left"),
    [
        pytest.param("HTTP_GET {\n}", 0, id="nothing to fetch (CF-08)"),
        pytest.param("HTTP_GET {\n url { path / }\n}", 1, id="a page to fetch"),
        pytest.param("MISC_CHECK {\n}", 0, id="no program"),
        pytest.param("FILE_CHECK {\n track_file none\n}", 0, id="a file that is not defined"),
        pytest.param("FILE_CHECK {\n track_file F\n}", 1, id="a file that is defined"),
        pytest.param("BFD_CHECK {\n name none\n}", 0, id="a session that is not defined"),
        pytest.param("TCP_CHECK {\n}", 1, id="a connection needs nothing"),
    ],
)
def test_a_checker_without_its_part_is_left_out(checker: str, left: int) -> None:
    head = "virtual_server 10.0.0.1 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
    text = f"track_file F {{ file /f }}\n{head} real_server 10.0.0.2 80 {{\n{checker}\n}}\n}}\n"

    reading = read(text)

    assert reading.config is not None
    (server,) = reading.config.virtual_servers[0].real_servers
    checks = (server.http_get, server.misc_check, server.file_check, server.bfd_check, server.tcp_check)
    assert sum(map(len, checks)) == left
    assert exit_code(reading) == (0 if left else 5)
