"""Small texts, and Keepalived's exit code for each: 0 it has nothing to say, 5 it goes on without the bad part."""

import pytest
from recorded_host import RecordedHost
from written import TOP, WrittenFiles, config_of

from standfast.base.times import Duration
from standfast.conf.read import Reading, read_config
from standfast.conf.verdict import exit_code

HOST = {"interfaces": ["eth0", "eth1"], "scripts": ["/usr/bin/true"], "users": ["keepalived_script"]}
SERVICE = "virtual_server 10.0.0.1 80 {\n lvs_sched rr\n lvs_method DR\n protocol TCP\n"
SECURE = "global_defs {\n enable_script_security\n script_user root\n}\n"


def reading_of(text: str) -> Reading:
    """What comes of a text, on a host with two interfaces."""
    return read_config(TOP, WrittenFiles({TOP: text}), host=RecordedHost(HOST))


def instance(body: str) -> str:
    """An instance with an address, and these further lines."""
    head = (
        "vrrp_instance VI {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.1/24\n }\n"
    )
    return f"{head}{body}\n}}\n"


def checked(body: str) -> str:
    """A service whose server has this checker."""
    return f"{SERVICE} real_server 10.0.0.2 80 {{\n{body}\n}}\n}}\n"


def url(body: str) -> str:
    """A service whose server has a checker with such a url."""
    return checked(f"HTTP_GET {{\n url {{\n{body}\n}}\n}}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            SERVICE + "real_server 10.0.0.2 {\n}\n}", 0, id="a real server without a port has the service's"
        ),
        pytest.param(
            SERVICE + "sorry_server 10.0.0.9\n real_server 10.0.0.2 80 {\n}\n}",
            0,
            id="a sorry server needs none",
        ),
        pytest.param(
            SERVICE + "real_server 10.0.0.2 {\n}\n real_server 10.0.0.2 80 {\n}\n}",
            0,
            id="a server with and without the port is not seen to be one",
        ),
        pytest.param(
            SERVICE + "real_server 10.0.0.2 80 {\n}\n real_server 10.0.0.2 80 {\n}\n}",
            5,
            id="a server twice is",
        ),
        pytest.param(
            "virtual_server_group G {\n 10.0.0.1 80\n}\nvirtual_server group G {\n lvs_sched rr\n"
            " lvs_method NAT\n real_server 10.0.0.2 80 {\n}\n}",
            5,
            id="a group of addresses wants a protocol",
        ),
        pytest.param(
            "virtual_server_group G {\n fwmark 3\n}\nvirtual_server group G {\n lvs_sched rr\n"
            " lvs_method NAT\n real_server 10.0.0.2 80 {\n}\n}",
            0,
            id="a group of marks has none",
        ),
        pytest.param(
            instance("track_interface {\n eth0 weight 10\n}"),
            5,
            id="one's own interface is not tracked with a weight either",
        ),
        pytest.param(instance("track_interface {\n eth7\n}"), 5, id="a tracked interface exists"),
        pytest.param(instance("virtual_routes {\n 10.3.0.0/16 dev eth1\n}"), 0, id="a route"),
        pytest.param(
            instance("virtual_routes {\n 10.3.0.0/16 dev eth7\n}"), 5, id="the interface of a route exists"
        ),
        pytest.param(
            instance("virtual_routes {\n 10.3.0.0/16 nexthop via 10.0.0.2 dev eth7\n}"),
            5,
            id="and that of each of its ways",
        ),
        pytest.param(
            instance("virtual_rules {\n from 10.0.0.0/8 iif eth7 table 3 preference 5\n}"),
            5,
            id="and those of a rule",
        ),
        pytest.param(
            "static_routes {\n 10.4.0.0/16 dev eth7\n}\n" + instance(""), 5, id="and that of a static route"
        ),
        pytest.param(
            "global_defs {\n dynamic_interfaces\n}\n"
            + instance("virtual_routes {\n 10.3.0.0/16 dev eth7\n}"),
            0,
            id="unless interfaces may come later",
        ),
        pytest.param(
            instance("use_vmac\n virtual_routes {\n 10.3.0.0/16 dev vrrp.5\n}"),
            0,
            id="or we make them",
        ),
        pytest.param(
            instance("virtual_routes {\n 10.3.0.0/16 10.4.0.0/16 dev eth1\n}"),
            0,
            id="the last destination of a route counts",
        ),
        pytest.param(
            SECURE
            + 'vrrp_script S {\n script "</dev/tcp/127.0.0.1/80"\n}\n'
            + instance("track_script {\n S\n}"),
            0,
            id="a script that only opens a file is not looked for",
        ),
        pytest.param(
            SECURE
            + 'vrrp_script S {\n script "< /dev/tcp/127.0.0.1/80"\n}\n'
            + instance("track_script {\n S\n}"),
            5,
            id="with a blank it is a program of that name",
        ),
        pytest.param(instance("track_interface {\n eth1\n eth1\n}"), 5, id="an interface is tracked once"),
        pytest.param(
            instance("") + "vrrp_sync_group G {\n group {\n VI\n VI\n}\n}",
            5,
            id="a member stands once in its group",
        ),
        pytest.param(
            "static_ipaddress {\n 10.3.0.1 peer 10.3.0.2 dev eth1\n}\n" + instance(""),
            0,
            id="an address has a peer",
        ),
        pytest.param(
            "static_ipaddress {\n 10.3.0.1 peer 10.3.0.2/30 dev eth1\n}\n" + instance(""),
            5,
            id="the peer has no prefix length",
        ),
        pytest.param(url("path /\n status_code 100-599"), 0, id="status codes have three digits"),
        pytest.param(url("path /\n status_code 600"), 5, id="of which the first is 1 to 5"),
        pytest.param(url("status_code 200"), 5, id="a url has a path"),
        pytest.param(
            checked("FILE_CHECK {\n track_file F\n}") + "track_file F {\n file /f\n}",
            5,
            id="a file that a checker follows is defined above",
        ),
        pytest.param(
            "track_file F {\n file /f\n}\n" + checked("FILE_CHECK {\n track_file F\n}"),
            0,
            id="there it is found",
        ),
        pytest.param(
            "$A= \\\n$B=4 \\\nstate BACKUP\n" + instance("$A"),
            5,
            id="the first line of a value defines nothing",
        ),
        pytest.param(
            "$A= \\\nstate BACKUP \\\n$B=4\n" + instance("$A\n priority $B"), 0, id="a later one does"
        ),
    ],
)
def test_the_exit_code_is_keepaliveds(text: str, code: int) -> None:
    assert exit_code(reading_of(text)) == code


def globals_(body: str) -> str:
    """Such settings, and an instance."""
    return f"global_defs {{\n{body}\n}}\n{instance('')}"


def service(body: str) -> str:
    """A service with these further lines."""
    return f"{SERVICE}{body}\n real_server 10.0.0.2 80 {{\n}}\n}}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(instance("state MASTER\n state BACKUP"), 5, id="MASTER is not taken back"),
        pytest.param(instance("state BACKUP\n state MASTER"), 0, id="BACKUP is"),
        pytest.param(instance("use_vmac a\n use_vmac 02:00:00:00:00:01"), 0, id="a VMAC may have two lines"),
        pytest.param(instance("use_vmac a b"), 5, id="and not two names"),
        pytest.param(instance("use_vmac a\n use_vmac b"), 5, id="in two lines neither"),
        pytest.param(instance("use_vmac 02:00:00:01"), 5, id="nor half an address"),
        pytest.param(instance("use_vmac 00:00:5e:00:01:05"), 5, id="nor that of the RFC"),
        pytest.param(instance("use_vmac a/b"), 5, id="nor a name that is none"),
        pytest.param(instance("use_vmac eth1"), 5, id="nor that of another interface"),
        pytest.param(instance("use_ipvlan a 10.0.0.8 bridge private"), 5, id="an ipvlan has one mode"),
        pytest.param(instance("use_ipvlan a 10.0.0.8\n use_ipvlan"), 5, id="and one line"),
        pytest.param(globals_("vrrp_rx_bufs_policy mtu"), 0, id="a policy of buffers in any case"),
        pytest.param(globals_("vrrp_rx_bufs_policy FOO"), 5, id="is one of two or a number"),
        pytest.param(globals_("umask IRUSR | IWUSR"), 0, id="bits of a umask"),
        pytest.param(globals_("umask 0x1ff"), 0, id="in C's notation"),
        pytest.param(globals_("umask 08"), 5, id="8 is no octal digit"),
        pytest.param(globals_("umask 512"), 5, id="beyond the last bit"),
        pytest.param(globals_("umask irusr"), 5, id="bits in capitals"),
        pytest.param(globals_("include_check +match -readable"), 0, id="checks are added and taken away"),
        pytest.param(globals_("include_check glob"), 5, id="and known"),
        pytest.param(globals_("include_check match match"), 5, id="and named once"),
        pytest.param(globals_("smtp_server localhost"), 0, id="a mail server that is found"),
        pytest.param(globals_("smtp_server mail.invalid"), 5, id="and one that is not"),
        pytest.param(globals_("nftables 7"), 0, id="a table may be called 7"),
        pytest.param(globals_("reload_time_file /a b"), 5, id="one file only"),
        pytest.param(service("delay_loop 0"), 5, id="checks need time between them"),
        pytest.param(service("delay_loop 10000000"), 0, id="however much"),
        pytest.param(service("persistence_granularity 255.0.255.0"), 0, id="any mask puts clients together"),
        pytest.param(checked("DNS_CHECK {\n name a..b\n}"), 5, id="a label is not empty"),
        pytest.param(checked("DNS_CHECK {\n name 1.5\n}"), 5, id="nor of one letter, if it is the first"),
        pytest.param(checked("DNS_CHECK {\n name ab.c.\n type aaaa\n}"), 0, id="a name and a type"),
        pytest.param(
            url("path /\n digest 00112233445566778899aabbccddeeff\n digest 00112233445566778899aabbccddeeff"),
            5,
            id="one digest",
        ),
        pytest.param(
            "bfd_instance B {\n neighbor_ip 10.0.0.9\n}\n" + checked("BFD_CHECK {\n name B C\n}"),
            5,
            id="one session",
        ),
        pytest.param(
            "bfd_instance B {\n neighbor_ip 10.0.0.9\n vrrp\n}\n" + checked("BFD_CHECK {\n name B\n}"),
            5,
            id="which tells checkers",
        ),
        pytest.param(
            "bfd_instance B {\n neighbor_ip 10.0.0.9\n checker\n}\n" + instance("track_bfd {\n B\n}"),
            5,
            id="or instances",
        ),
        pytest.param(globals_("router_id"), 5, id="where Keepalived goes on without the argument"),
        pytest.param(globals_("umask"), 2, id="where it ends"),
        pytest.param(url("path /\n status_code"), 0, id="where it says nothing"),
        pytest.param(instance("virtual_ipaddress {\n 10.0.0.7 dev\n}"), 5, id="in the entry of an address"),
        pytest.param(instance("virtual_routes {\n 10.3.0.0/16 dev\n}"), 2, id="in that of a route"),
        pytest.param(
            globals_("startup_script /usr/bin/nothing"), 0, id="a script that is seen when it is run"
        ),
        pytest.param("SSL {\n key a\n key b\n}\n" + url("path /"), 5, id="a key is given once"),
        pytest.param("SSL {\n}\nSSL {\n}\n" + url("path /"), 5, id="and so is SSL"),
        pytest.param("linkbeat_interfaces {\n eth7\n}\n" + instance(""), 4, id="what is polled is there"),
        pytest.param(
            "garp_group {\n garp_interval 1\n interfaces {\n  eth0 eth7\n }\n}\n" + instance(""),
            5,
            id="and what shares a limit",
        ),
        pytest.param(
            "track_group T {\n group {\n  VI\n }\n group {\n  VI\n }\n}\n" + instance(""), 5, id="one list"
        ),
        pytest.param("instance a\ninstance b\n" + instance(""), 5, id="a daemon has one name"),
        pytest.param(
            SECURE
            + "vrrp_script S {\n script /usr/bin/true\n user root nogrp\n}\n"
            + instance("track_script {\n S\n}"),
            5,
            id="the group of a script is there",
        ),
        pytest.param(
            globals_("enable_script_security\n startup_script /usr/bin/true nouser"),
            5,
            id="so is the user of a startup script",
        ),
        pytest.param(
            globals_("enable_script_security\n script_user 0") + instance(""), 5, id="users are no numbers"
        ),
        pytest.param(SECURE + instance("notify /usr/bin/true nouser"), 0, id="of notifications nobody asks"),
    ],
)
def test_what_is_given_once_and_what_is_there(text: str, code: int) -> None:
    assert exit_code(reading_of(text)) == code


def test_a_strict_router_of_ipv6_begins_with_a_link_local_address() -> None:
    strict = "vrrp_instance VI {\n interface eth0\n virtual_router_id 5\n strict_mode\n virtual_ipaddress {\n"

    wrong, right = (
        reading_of(f"{strict} 2001:db8::1\n}}\n}}"),
        reading_of(f"{strict} fe80::1\n 2001:db8::1\n}}\n}}"),
    )

    assert [problem.slug for problem in wrong.problems] == ["strict-first-address"]
    assert right.problems == ()


def test_an_address_that_one_instance_accepts_and_another_does_not_is_closed() -> None:
    other = instance("no_accept").replace("VI {", "VB {").replace("eth0", "eth1")

    reading = reading_of(instance("") + other)

    assert [(problem.slug, problem.place.line) for problem in reading.problems] == [("closed-address", 13)]
    assert exit_code(reading) == 0


def test_of_two_names_of_a_vmac_the_first_is_used() -> None:
    (router,) = config_of(instance("use_vmac a\n use_vmac b 02:00:00:00:00:01")).vrrp_instances

    assert router.use_vmac is not None
    assert (router.use_vmac.name, router.use_vmac.mac) == ("a", "02:00:00:00:00:01")


@pytest.mark.parametrize(
    ("written", "mask"),
    [
        pytest.param("022", 0o22, id="octal"),
        pytest.param("18", 0o22, id="decimal"),
        pytest.param("0x12", 0o22, id="hexadecimal"),
        pytest.param("IWGRP|IWOTH", 0o22, id="by name"),
        pytest.param("0", 0, id="none"),
    ],
)
def test_a_umask_is_read(written: str, mask: int) -> None:
    assert config_of(globals_(f"umask {written}")).global_defs.umask == mask


def test_a_real_server_without_a_port_has_that_of_its_service() -> None:
    text = SERVICE + "sorry_server 10.0.0.9\n real_server 10.0.0.2 {\n}\n}"

    (server,) = config_of(text).virtual_servers

    assert server.real_servers[0].endpoint.port == 80
    assert server.sorry_server is not None
    assert server.sorry_server.port == 80  # without NAT


def test_a_service_of_every_port_leaves_it_open() -> None:
    text = "virtual_server 10.0.0.1 {\n protocol TCP\n real_server 10.0.0.2 {\n}\n}"

    (server,) = config_of(text).virtual_servers

    assert server.real_servers[0].endpoint.port == 0


@pytest.mark.parametrize(
    ("written", "microseconds"),
    [
        pytest.param("rtt 4007", 500_875, id="the kernel keeps round trips in eighths of a millisecond"),
        pytest.param("rttvar 4000", 1_000_000, id="and their variance in quarters"),
        pytest.param("rto_min 400", 400_000, id="and timeouts in milliseconds"),
        pytest.param("rtt 1.5s", 1_500_000, id="a unit says what is meant"),
    ],
)
def test_times_of_routes_are_taken_in_their_units(written: str, microseconds: int) -> None:
    config = config_of(f"static_routes {{\n 10.0.0.0/8 dev eth0 {written}\n}}")

    metric = getattr(config.static_routes[0], written.partition(" ")[0])

    assert metric.value == Duration(microseconds)


def test_a_route_with_an_unknown_word_is_left_out() -> None:
    text = "static_routes {\n 10.0.0.0/8 dev eth0 restore\n 10.1.0.0/16 dev eth0\n}"

    routes = config_of(text).static_routes

    assert [str(route.destination) for route in routes] == ["10.1.0.0/16"]


def test_a_process_that_must_not_run_needs_no_quorum() -> None:
    text = "vrrp_track_process P {\n process a\n quorum_max 0\n}\n"

    reading = reading_of(text + instance("track_process {\n P\n}"))

    assert reading.config is not None
    assert exit_code(reading) == 0
    assert reading.config.vrrp_track_processes[0].quorum == 0
