"""From the configuration to virtual servers (behaviours LV-01 to LV-06, LV-18 to LV-21, LV-26, HC-18, HC-19)."""

import pytest
from written import config_of

from standfast.base.addresses import Family, parse_address
from standfast.base.limits import SERVICES_OF_A_GROUP
from standfast.base.schedulers import SCHEDULERS
from standfast.base.services import (
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
    Transport,
    Tunnel,
    TunnelChecksum,
    TunnelKind,
)
from standfast.core.lvs.configured import Planner
from standfast.core.lvs.parameters import Followed, Plan, VirtualServer
from standfast.core.track.verdict import TrackerKey, TrackerKind

BASICS = "lvs_sched rr\n lvs_method NAT\n protocol TCP"
REAL = "real_server 10.0.0.2 80 {\n}"
WEB = Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80)


def virtual(
    more: str = "",
    name: str = "10.0.0.100 80",
    *,
    servers: str = REAL,
    before: str = "",
    basics: str = BASICS,
) -> VirtualServer:
    (made,) = plan(more, name, servers=servers, before=before, basics=basics).servers
    return made


def plan(
    more: str = "",
    name: str = "10.0.0.100 80",
    *,
    servers: str = REAL,
    before: str = "",
    basics: str = BASICS,
) -> Plan:
    return Planner().plan(config_of(f"{before}\nvirtual_server {name} {{\n{basics}\n{more}\n{servers}\n}}"))


def keys(made: VirtualServer) -> list[ServiceKey]:
    return [service.key for service in made.services]


def endpoint(text: str, port: int = 80) -> Endpoint:
    return Endpoint(Transport.TCP, parse_address(text), port)


# ---- services


@pytest.mark.behaviour("LV-01")
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_every_scheduler_is_the_kernels(scheduler: str) -> None:
    made = virtual(basics=f"lvs_sched {scheduler}\n lvs_method NAT\n protocol TCP")

    assert made.services == (Service(WEB, scheduler),)


@pytest.mark.behaviour("LV-03")
def test_what_is_not_said_is_wlc_nat_and_udp() -> None:
    made = virtual(basics="")

    assert made.services == (Service(Endpoint(Transport.UDP, WEB.address, 80), "wlc"),)
    assert made.servers[0].destination == Destination(parse_address("10.0.0.2"), 80, Forwarding.NAT)


@pytest.mark.parametrize(
    ("scheduler", "words", "flags"),
    [
        pytest.param("sh", "sh-port", 0x10, id="sh-port"),
        pytest.param("sh", "sh-fallback\n sh-port", 0x18, id="sh-fallback and sh-port"),
        pytest.param("mh", "mh-fallback", 0x08, id="mh-fallback"),
        pytest.param("mh", "mh-port", 0x10, id="mh-port"),
        pytest.param("rr", "flag-1\n flag-2\n flag-3", 0x38, id="numbered flags"),
        pytest.param("mh", "sh-port", 0, id="a flag of another scheduler is none"),
    ],
)
def test_flags_of_the_scheduler_are(scheduler: str, words: str, flags: int) -> None:
    made = virtual(words, basics=f"lvs_sched {scheduler}\n lvs_method NAT\n protocol TCP")

    assert made.services[0].flags == SchedulerFlag(flags)


@pytest.mark.behaviour("LV-05")
@pytest.mark.parametrize(
    ("words", "name", "persistence"),
    [
        pytest.param("", "10.0.0.100 80", None, id="none"),
        pytest.param("persistence_timeout", "10.0.0.100 80", Persistence(360), id="the usual time"),
        pytest.param("persistence_timeout 9", "10.0.0.100 80", Persistence(9), id="a time"),
        pytest.param(
            "persistence_timeout 9\n persistence_granularity 255.255.255.0\n persistence_engine sip",
            "10.0.0.100 80", Persistence(9, 24, "sip"), id="of networks, by an engine",
        ),
        pytest.param("", "10.0.0.100 0", Persistence(360), id="a service of every port needs it"),
    ],
)  # fmt: skip
def test_persistence_is(words: str, name: str, persistence: Persistence | None) -> None:
    servers = f"real_server 10.0.0.2 {name.split()[1]} {{\n}}"

    assert virtual(words, name, servers=servers).services[0].persistence == persistence


@pytest.mark.behaviour("LV-06")
@pytest.mark.parametrize(("protocol", "ops"), [("UDP", True), ("TCP", False)])
def test_single_packets_are_scheduled_only_of_udp(protocol: str, ops: bool) -> None:
    made = virtual("ops", basics=f"lvs_sched rr\n lvs_method NAT\n protocol {protocol}")

    assert made.services[0].one_packet is ops


# ---- what is served


@pytest.mark.behaviour("LV-19")
@pytest.mark.parametrize(
    ("name", "more", "servers", "key"),
    [
        pytest.param("fwmark 7", "", REAL, Mark(7), id="a mark is of IPv4"),
        pytest.param(
            "fwmark 7", "", "real_server 2001:db8::2 80 {\n}", Mark(7, Family.IPV6), id="unless servers say else"
        ),
        pytest.param(
            "fwmark 7", "ip_family inet6", "real_server 10.0.0.2 80 {\n lvs_method TUN\n}", Mark(7, Family.IPV6),
            id="or it is said, and servers are behind tunnels",
        ),
    ],
)  # fmt: skip
def test_a_mark_has_a_family(name: str, more: str, servers: str, key: Mark) -> None:
    assert keys(virtual(more, name, servers=servers, basics="lvs_sched rr\n lvs_method NAT")) == [key]


@pytest.mark.behaviour("LV-18")
def test_a_group_is_a_service_for_each_address_port_and_mark() -> None:
    before = """virtual_server_group G {
        10.0.0.100 80
        10.0.0.110-112 80
        10.0.1.0/30 443
        fwmark 9
        10.0.0.100 80
    }"""

    made = virtual(name="group G", before=before)

    ranges = [endpoint(f"10.0.0.{n}") for n in (100, 110, 111, 112)]
    assert keys(made) == [*ranges, *(endpoint(f"10.0.1.{n}", 443) for n in range(4)), Mark(9)]


@pytest.mark.behaviour("LV-18")
def test_a_range_without_end_is_cut_and_that_is_said() -> None:
    made = plan(name="group G", before="virtual_server_group G {\n 2001:db8::/64 80\n}",
                servers="real_server 2001:db8:1::2 80 {\n}")  # fmt: skip

    assert len(made.servers[0].services) == SERVICES_OF_A_GROUP
    assert len(made.left_out) == 1
    assert "virtual_server_group G" in made.left_out[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("10.0.0.100 80", "[10.0.0.100]:tcp:80"),
        ("fwmark 7", "FWM 7"),
        ("group G", "G:tcp"),
    ],
)
def test_virtual_servers_are_called(name: str, shown: str) -> None:
    before = "virtual_server_group G {\n 10.0.0.100 80\n}" if name == "group G" else ""

    assert virtual(name=name, before=before).name == shown


def test_the_same_service_twice_has_two_names() -> None:
    text = f"virtual_server 10.0.0.100 80 {{\n{BASICS}\n{REAL}\n}}\n"

    names = [made.name for made in Planner().plan(config_of(text * 3)).servers]

    assert names == ["[10.0.0.100]:tcp:80", "[10.0.0.100]:tcp:80 #2", "[10.0.0.100]:tcp:80 #3"]


# ---- servers


@pytest.mark.behaviour("LV-20")
@pytest.mark.parametrize(
    ("method", "forwarding", "tunnel"),
    [
        pytest.param("NAT", Forwarding.NAT, Tunnel(), id="NAT"),
        pytest.param("DR", Forwarding.DIRECT, Tunnel(), id="DR"),
        pytest.param("TUN", Forwarding.TUNNEL, Tunnel(), id="TUN is ipip"),
        pytest.param("TUN type ipip", Forwarding.TUNNEL, Tunnel(), id="ipip"),
        pytest.param(
            "TUN type gue port 6080 nocsum", Forwarding.TUNNEL, Tunnel(TunnelKind.GUE, 6080), id="gue"
        ),
        pytest.param(
            "TUN type gue port 6080 remcsum", Forwarding.TUNNEL,
            Tunnel(TunnelKind.GUE, 6080, TunnelChecksum.REMOTE), id="gue with remote checksums",
        ),
        pytest.param(
            "TUN type gre csum", Forwarding.TUNNEL, Tunnel(TunnelKind.GRE, 0, TunnelChecksum.FULL), id="gre"
        ),
    ],
)  # fmt: skip
def test_packets_get_to_a_server_by(method: str, forwarding: Forwarding, tunnel: Tunnel) -> None:
    made = virtual(basics=f"lvs_sched rr\n lvs_method {method}\n protocol TCP").servers[0].destination

    assert (made.forwarding, made.tunnel) == (forwarding, tunnel)


@pytest.mark.behaviour("LV-02")
def test_a_server_has_its_weight_and_thresholds() -> None:
    servers = "real_server 10.0.0.2 80 {\n weight 7\n uthreshold 100\n lthreshold 50\n lvs_method DR\n}"

    made = virtual("weight 3", servers=f"{servers}\nreal_server 10.0.0.3 80 {{\n}}").servers

    assert made[0].destination == Destination(parse_address("10.0.0.2"), 80, Forwarding.DIRECT, 7, 100, 50)
    assert made[1].destination.weight == 3


@pytest.mark.behaviour("LV-04")
def test_only_nat_changes_the_port() -> None:
    servers = "real_server 10.0.0.2 8080 {\n}\nreal_server 10.0.0.3 8080 {\n lvs_method DR\n}"

    assert [one.destination.port for one in virtual(servers=servers).servers] == [8080, 80]


@pytest.mark.behaviour("LV-21")
def test_a_server_stands_once_in_a_service() -> None:
    assert len(virtual(servers=f"{REAL}\n{REAL}").servers) == 1


@pytest.mark.behaviour("LV-07")
def test_a_virtual_server_without_servers_is_dropped() -> None:
    assert plan(servers="").servers == ()


@pytest.mark.behaviour("LV-26")
@pytest.mark.parametrize(
    ("more", "forwarding"),
    [("", Forwarding.NAT), ("sorry_server_lvs_method DR", Forwarding.DIRECT)],
)
def test_the_sorry_server_has_its_own_method_or_the_services(more: str, forwarding: Forwarding) -> None:
    made = virtual(f"sorry_server 10.0.0.9 80\n{more}")

    assert made.sorry == Destination(parse_address("10.0.0.9"), 80, forwarding, 1)
    assert made.sorry_name == "[10.0.0.9]:tcp:80"


@pytest.mark.behaviour("LV-23")
@pytest.mark.parametrize(
    ("more", "quorum", "hysteresis"),
    [
        pytest.param("quorum 9\n hysteresis 0", 2, 0, id="no more than all servers weigh"),
        pytest.param("quorum 2\n hysteresis 2", 2, 0, id="a margin less than the quorum"),
        pytest.param("quorum 2\n hysteresis 1", 2, 1, id="as it is said"),
    ],
)
def test_the_quorum_is(more: str, quorum: int, hysteresis: int) -> None:
    made = virtual(more, servers=f"{REAL}\nreal_server 10.0.0.3 80 {{\n}}")

    assert (made.quorum, made.hysteresis) == (quorum, hysteresis)


@pytest.mark.behaviour("HC-18", "HC-19")
def test_files_and_sessions_are_followed() -> None:
    before = "track_file load {\n file /run/load\n weight 5\n}\nbfd_instance peer {\n neighbor_ip 10.0.0.7\n}"
    servers = """real_server 10.0.0.2 80 {
        FILE_CHECK {
            track_file load
        }
        FILE_CHECK {
            track_file load
            weight 3 reverse
        }
        BFD_CHECK {
            name peer
            alpha
        }
    }"""

    made = virtual(before=before, servers=servers).servers[0]

    load = TrackerKey(TrackerKind.FILE, "load")
    assert made.follows == (
        Followed(load, 5),
        Followed(load, -3),
        Followed(TrackerKey(TrackerKind.BFD, "peer"), alpha=True),
    )


@pytest.mark.behaviour("LV-17")
def test_a_service_rests_without_its_addresses_only_if_that_is_said() -> None:
    assert virtual("ha_suspend").needs == {WEB.address}
    assert virtual().needs == frozenset()
    assert virtual("ha_suspend", "fwmark 7", basics="lvs_sched rr\n lvs_method NAT").needs == frozenset()


# ---- one mark for a group (nftables_ipvs)


def grouped(members: str, more: str = "", servers: str = "") -> str:
    """A configuration with a group whose addresses are one service."""
    used = f"virtual_server group G {{\n{BASICS}\n{more}\n{REAL}\n}}\n"
    return f"global_defs {{\nnftables_ipvs\n}}\nvirtual_server_group G {{\n{members}\n}}\n{used}{servers}"


def marked(made: Plan) -> list[str]:
    return [
        f"{one.transport.name} {one.first}-{one.last} {one.port}: {one.mark}" for one in made.marking.ranges
    ]


@pytest.mark.behaviour("LV-18")
def test_the_addresses_of_a_group_are_one_service_if_nftables_marks_them() -> None:
    made = Planner().plan(config_of(grouped("10.0.0.100-110 80\n10.0.1.1 443\nfwmark 7 inet\nfd00::1 80")))

    assert keys(made.servers[0]) == [
        Mark(1000, Family.IPV4), Mark(7, Family.IPV4), Mark(1000, Family.IPV6),
    ]  # fmt: skip
    assert made.marking.table == "keepalived_ipvs"
    assert made.marking.priority == -1
    assert marked(made) == [
        "TCP 10.0.0.100-10.0.0.110 80: 1000", "TCP 10.0.1.1-10.0.1.1 443: 1000", "TCP fd00::1-fd00::1 80: 1000",
    ]  # fmt: skip


def test_a_group_of_two_protocols_has_two_marks_and_no_mark_that_is_taken() -> None:
    udp = f"virtual_server group G {{\nprotocol UDP\nlvs_sched rr\nlvs_method NAT\n{REAL}\n}}\n"
    other = f"virtual_server fwmark 1000 {{\nlvs_sched rr\nlvs_method NAT\n{REAL}\n}}\n"
    made = Planner().plan(config_of(grouped("10.0.0.100 80", servers=udp + other)))

    assert marked(made) == ["TCP 10.0.0.100-10.0.0.100 80: 1001", "UDP 10.0.0.100-10.0.0.100 80: 1002"]


def test_what_two_members_name_is_marked_once_by_the_first() -> None:
    made = Planner().plan(config_of(grouped("10.0.0.10-20 80\n10.0.0.5-30 80\n10.0.0.12 80\n10.0.0.12 81")))

    assert marked(made) == [
        "TCP 10.0.0.10-10.0.0.20 80: 1000",
        "TCP 10.0.0.5-10.0.0.9 80: 1000",
        "TCP 10.0.0.21-10.0.0.30 80: 1000",
        "TCP 10.0.0.12-10.0.0.12 81: 1000",
    ]


def test_many_addresses_are_one_service_and_none_is_left_out() -> None:
    made = Planner().plan(config_of(grouped("fd00::1-ffff 80")))

    assert len(keys(made.servers[0])) == 1
    assert made.left_out == ()


def test_an_address_that_a_marked_group_waits_for_is_still_its_own() -> None:
    assert Planner().plan(config_of(grouped("10.0.0.100 80", "ha_suspend"))).servers[0].needs == {WEB.address}


def test_nothing_is_marked_where_nftables_balances_or_nobody_asks_for_it() -> None:
    text = grouped("10.0.0.100 80")

    assert Planner().plan(config_of(text), by_nft=True).marking.ranges == ()
    assert Planner().plan(config_of(text.replace("nftables_ipvs", ""))).marking.ranges == ()


def test_a_group_keeps_its_mark_when_another_goes() -> None:
    def text(*names: str) -> str:
        return "global_defs {\nnftables_ipvs\nnftables_ipvs_start_fwmark 7\n}\n" + "".join(
            f"virtual_server_group {name} {{\n10.0.0.{ord(name)} 80\n}}\n"
            f"virtual_server group {name} {{\n{BASICS}\n{REAL}\n}}\n"
            for name in names
        )

    planner = Planner()
    planner.plan(config_of(text("A", "B")))
    later = planner.plan(config_of(text("C", "B")))

    assert marked(later) == ["TCP 10.0.0.67-10.0.0.67 80: 7", "TCP 10.0.0.66-10.0.0.66 80: 8"]


# ---- reloads


def test_what_a_reload_does_not_change_is_not_made_anew() -> None:
    planner = Planner()
    text = "".join(f"virtual_server 10.0.0.{n} 80 {{\n{BASICS}\n{REAL}\n}}\n" for n in (100, 101))
    before = planner.plan(config_of(text)).servers

    after = planner.plan(config_of(text.replace("10.0.0.101", "10.0.0.102"))).servers

    assert after[0] is before[0]
    assert after[1].name == "[10.0.0.102]:tcp:80"


def test_a_server_whose_file_has_another_weight_is_made_anew() -> None:
    planner = Planner()
    text = (
        "track_file load {\n file /run/load\n weight 5\n}\n"
        f"virtual_server 10.0.0.100 80 {{\n{BASICS}\nreal_server 10.0.0.2 80 {{\n FILE_CHECK {{\n"
        "track_file load\n}\n}\n}"
    )
    planner.plan(config_of(text))

    (after,) = planner.plan(config_of(text.replace("weight 5", "weight 6"))).servers

    assert after.servers[0].follows[0].multiplier == 6
