"""Virtual servers on the nftables engine, as clients see them."""

import socket
from collections import Counter
from contextlib import ExitStack

import pytest
from daemon_lab import cli
from nat_lab import (
    CHECKED,
    PATIENCE,
    VIP,
    Server,
    Stage,
    engine,
    forward,
    real,
    rules,
    say,
    server_address,
    virtual,
)

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

DATAGRAM = socket.SOCK_DGRAM
each_family = pytest.mark.parametrize("family", [pytest.param(4, id="IPv4"), pytest.param(6, id="IPv6")])


@each_family
@pytest.mark.parametrize(
    ("kind", "protocol"),
    [pytest.param(socket.SOCK_STREAM, "TCP", id="TCP"), pytest.param(DATAGRAM, "UDP", id="UDP")],
)
def test_clients_are_served_in_turn(lab: Lab, family: int, kind: int, protocol: str) -> None:
    stage = Stage(lab)
    stage.serve(virtual([real(1, family), real(2, family)], family=family, protocol=protocol))
    with servers(stage, family=family, kind=kind):
        answers = stage.answers(10, family, kind)

    assert answers == Counter(s1=5, s2=5)


def test_weights_are_the_shares(lab: Lab) -> None:
    stage = Stage(lab)
    stage.serve(virtual([real(1, weight=3), real(2, weight=1)], sched="wrr"))
    with servers(stage):
        answers = stage.answers(12)

    assert answers == Counter(s1=9, s2=3)


@pytest.mark.parametrize(
    ("sched", "names"),
    [
        pytest.param("fo", {"s2"}, id="fo: the heaviest alone"),
        pytest.param("random", {"s1", "s2"}, id="random: everybody"),
    ],
)
def test_other_schedulers(lab: Lab, sched: str, names: set[str]) -> None:
    stage = Stage(lab)
    stage.serve(virtual([real(1, weight=1), real(2, weight=2)], sched=sched))
    with servers(stage):
        answers = stage.answers(40)

    assert set(answers) == names


def test_all_addresses_of_a_group_lead_to_the_same_servers(lab: Lab) -> None:
    stage = Stage(lab)
    stage.director.command("ip", "address", "add", "10.99.0.101/24", "dev", "eth0")
    group = "virtual_server_group G {\n10.99.0.100-101 80\n}\n"
    stage.serve(group + virtual([real(1), real(2)], service="group G"))

    def ask(address: str) -> str:
        with stage.client.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
            one.settimeout(20.0)
            one.connect((address, 80))
            return say(one)

    with servers(stage):
        stage.answers(1)
        answers = {last: {ask(f"10.99.0.{last}") for _ in range(2)} for last in (100, 101)}

    assert answers == {100: {"s1", "s2"}, 101: {"s1", "s2"}}


def test_a_link_that_comes_later_is_masked_on_too(lab: Lab) -> None:
    """Its servers would answer their clients past us as well."""
    lab.switch("later")
    stage = Stage(lab, servers=0)
    inner, visitor = lab.host("inner"), lab.host("visitor")
    stage.serve(virtual(["real_server 10.98.0.11 80 {\nweight 1\n}"]))

    stage.director.connect("eth1", "later", ["10.98.0.1/24"])
    inner.connect("eth1", "later", ["10.98.0.11/24"])
    visitor.connect("eth1", "later", ["10.98.0.9/24"])
    visitor.command("ip", "route", "add", VIP[4], "via", "10.98.0.1")
    stage.client = visitor

    with Server(inner) as server:
        assert lab.within(PATIENCE, lambda: stage.ask() == "inner")
    assert "10.98.0.9" not in server.clients


def test_an_address_stays_with_its_server_where_its_hash_chooses(lab: Lab) -> None:
    stage = Stage(lab)
    for number in range(20, 40):
        stage.client.command("ip", "address", "add", f"10.99.0.{number}/24", "dev", "eth0")
    stage.serve(virtual([real(1), real(2)], sched="sh"))

    def ask_from(address: str) -> str:
        with stage.client.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
            one.settimeout(20.0)
            one.bind((address, 0))
            one.connect((VIP[4], 80))
            return say(one)

    with servers(stage):
        stage.answers(1)
        chosen = {f"10.99.0.{n}": [ask_from(f"10.99.0.{n}") for _ in range(3)] for n in range(20, 40)}

    assert all(len(set(names)) == 1 for names in chosen.values())
    assert {names[0] for names in chosen.values()} == {"s1", "s2"}


def test_a_drained_server_keeps_its_connections_and_gets_no_others(lab: Lab) -> None:
    stage = Stage(lab)
    daemon = stage.serve(virtual([real(1), real(2)]))
    with servers(stage), ExitStack() as opened:
        stage.answers(1)
        connections = [opened.enter_context(stage.open()) for _ in range(6)]
        before = [say(one) for one in connections]

        daemon.reload(engine() + virtual([real(1, weight=0), real(2)]))
        assert lab.within(PATIENCE, lambda: {stage.ask() for _ in range(4)} == {"s2"})
        after = [say(one) for one in connections]  # a reset would raise

    assert before == after
    assert set(after) == {"s1", "s2"}


def test_a_removed_server_keeps_its_connections_too(lab: Lab) -> None:
    stage = Stage(lab)
    daemon = stage.serve(virtual([real(1), real(2)]))
    with servers(stage), ExitStack() as opened:
        stage.answers(1)
        connections = [opened.enter_context(stage.open()) for _ in range(4)]
        before = [say(one) for one in connections]

        daemon.reload(engine() + virtual([real(2)]))
        assert lab.within(PATIENCE, lambda: {stage.ask() for _ in range(4)} == {"s2"})

        assert [say(one) for one in connections] == before


def test_a_killed_server_leaves_and_returns(lab: Lab) -> None:
    stage = Stage(lab)
    with servers(stage, 2):
        with servers(stage, 1):
            stage.serve(virtual([real(1, more=CHECKED), real(2, more=CHECKED)]))
            assert stage.answers(4) == Counter(s1=2, s2=2)
        assert lab.within(PATIENCE, lambda: {stage.ask() for _ in range(4)} == {"s2"})
        with servers(stage, 1):
            assert lab.within(PATIENCE, lambda: {stage.ask() for _ in range(4)} == {"s1", "s2"})


def test_the_sorry_server_serves_while_nobody_else_does(lab: Lab) -> None:
    stage = Stage(lab)
    with servers(stage, 2):
        stage.serve(virtual([real(1, more=CHECKED)], more="sorry_server 10.99.0.12 80"))
        assert lab.within(PATIENCE, lambda: stage.ask() == "s2")
        with servers(stage, 1):
            assert lab.within(PATIENCE, lambda: stage.ask() == "s1")


@each_family
def test_without_a_server_clients_are_refused_at_once(lab: Lab, family: int) -> None:
    """Also where this host itself would answer: the service is not its own."""
    stage = Stage(lab)
    with Server(stage.director, family=family):
        assert lab.within(PATIENCE, lambda: stage.ask(family) == "director")
        stage.serve(virtual([real(1, family, more=CHECKED)], family=family))

        assert lab.within(PATIENCE, lambda: stage.ask(family) == "")
        with pytest.raises(ConnectionRefusedError):
            stage.open(family)


def test_persistent_clients_stay_with_their_server(lab: Lab) -> None:
    stage = Stage(lab)
    daemon = stage.serve(virtual([real(1), real(2)], more="persistence_timeout 60"))
    with servers(stage):
        answers = stage.answers(6)
        assert len(answers) == 1
        first, other = (1, 2) if "s1" in answers else (2, 1)

        daemon.reload(engine() + virtual([real(other)], more="persistence_timeout 60"))
        assert lab.within(PATIENCE, lambda: stage.ask() == f"s{other}")
        daemon.reload(engine() + virtual([real(first), real(other)], more="persistence_timeout 60"))

        assert lab.within(PATIENCE, lambda: f"10.99.0.{10 + first}_80" in rules(stage.director))
        assert stage.answers(4) == Counter({f"s{other}": 4})
    assert "somebody" not in daemon.log()


def test_a_service_of_a_mark_has_whatever_is_marked(lab: Lab) -> None:
    stage = Stage(lab)
    stage.director.command(
        "nft", "-f", "-",
        text="table ip other { chain pre { type filter hook prerouting priority -150; "
        "tcp dport { 81, 82 } meta mark set 7\n}\n}\n",
    )  # fmt: skip
    before = stage.director.command("nft", "list", "table", "ip", "other")
    stage.serve(virtual([real(1), real(2)], service="fwmark 7"))
    with servers(stage):
        assert lab.within(PATIENCE, lambda: stage.ask(port=81))
        answers = {port: {stage.ask(port=port) for _ in range(4)} for port in (81, 82, 83)}

    assert answers == {81: {"s1", "s2"}, 82: {"s1", "s2"}, 83: {""}}
    assert stage.director.command("nft", "list", "table", "ip", "other") == before


def test_servers_behind_the_director_see_their_clients(lab: Lab) -> None:
    """Who is reached through another link answers through us: nothing is masked."""
    lab.switch("inside")
    stage = Stage(lab, servers=0)
    inner = lab.host("inner")
    stage.director.connect("eth1", "inside", ["10.98.0.1/24"])
    inner.connect("eth1", "inside", ["10.98.0.11/24"])
    inner.command("ip", "route", "add", "default", "via", "10.98.0.1")
    stage.serve(virtual(["real_server 10.98.0.11 80 {\nweight 1\n}"]))
    with Server(inner) as server:
        assert lab.within(PATIENCE, lambda: stage.ask() == "inner")

    assert set(server.clients) == {"10.99.0.9"}


def test_servers_beside_the_director_see_the_director(lab: Lab) -> None:
    stage = Stage(lab, servers=1)
    stage.serve(virtual([real(1)]))
    with Server(stage.servers[0]) as server:
        assert lab.within(PATIENCE, lambda: stage.ask() == "s1")

    assert "10.99.0.9" not in server.clients


def test_a_stop_leaves_nothing(lab: Lab) -> None:
    stage = Stage(lab)
    daemon = stage.serve(virtual([real(1), real(2)]) + virtual([real(1, 6)], family=6))

    assert daemon.stop() == 0
    assert rules(stage.director) == ""


def test_what_a_killed_process_left_is_replaced(lab: Lab) -> None:
    stage = Stage(lab)
    stage.serve(virtual([real(1)]) + virtual([real(1, 6)], family=6)).kill()
    left = rules(stage.director)

    with servers(stage):
        stage.serve(virtual([real(2)]))
        assert lab.within(PATIENCE, lambda: stage.ask() == "s2")
    assert "table ip6" in left
    assert "table ip6" not in rules(stage.director)


def test_somebody_elses_hand_is_noticed_and_the_tables_are_made_anew(lab: Lab) -> None:
    stage = Stage(lab)
    daemon = stage.serve(virtual([real(1)]))

    stage.director.command("nft", "flush", "ruleset")

    with servers(stage, 1):
        assert lab.within(PATIENCE, lambda: stage.ask() == "s1")
    assert "somebody has changed the tables standfast_lvs" in daemon.log()


def test_a_table_of_somebody_else_is_left_alone(lab: Lab) -> None:
    stage = Stage(lab)
    stage.director.command("nft", "add", "table", "ip", "standfast_lvs")

    daemon = stage.serve(virtual([real(1)]))

    assert lab.within(PATIENCE, lambda: "standfast_lvs of nftables is somebody else's" in daemon.log())
    assert rules(stage.director).split() == ["table", "ip", "standfast_lvs", "{", "}"]


def test_a_kernel_without_ipvs_is_balanced_by_nftables_unless_that_cannot_do_it(lab: Lab) -> None:
    """What cannot be served is refused to clients, and said; forwarding that is off is said."""
    stage = Stage(lab)
    forwarding_off(stage.director)
    served, not_served = virtual([real(1)]), virtual([real(2)], service=f"{VIP[4]} 81", method="DR")
    daemon = stage.director.direct(served + not_served.replace("12 80 {", "12 81 {"))
    assert lab.within(PATIENCE, lambda: "Balancing by" in daemon.log())
    if "Balancing by ipvs" in daemon.log():
        pytest.skip("this kernel has IPVS")

    assert lab.within(PATIENCE, lambda: "lvs_method DR" in daemon.log())
    for words in ("Balancing by nftables", "there is no IPVS", "net.ipv4.ip_forward is off"):
        assert words in daemon.log()
    assert "net.ipv4.ip_forward is off" in cli(stage.director, "status")[1]
    forward(stage.director)
    assert "net.ipv4.ip_forward is off" not in cli(stage.director, "status")[1]
    with servers(stage):
        assert lab.within(PATIENCE, lambda: stage.ask() == "s1")
        assert stage.ask(port=81) == ""


def test_without_ipvs_who_wants_nothing_else_is_told_what_to_do_and_checks_go_on(lab: Lab) -> None:
    stage = Stage(lab)
    with servers(stage, 1):
        text = virtual([real(number, more=CHECKED) for number in (1, 2)])
        daemon = stage.director.direct("global_defs {\nlvs_engine ipvs\n}\n" + text)

        assert lab.within(PATIENCE, lambda: f"Removing service [{server_address(2)}]:tcp:80" in daemon.log())
        if "cannot balance" not in daemon.log():
            pytest.skip("this kernel has IPVS")
        assert "modprobe ip_vs" in daemon.log()
        assert daemon.log().count("cannot balance") == 1
        assert daemon.stop() == 0


def forwarding_off(host: Host) -> None:
    host.command("sysctl", "-qw", "net.ipv4.ip_forward=0")


def servers(stage: Stage, *numbers: int, family: int = 4, kind: int = socket.SOCK_STREAM) -> ExitStack:
    """These servers answer while it lasts; all, if none is named."""
    stack = ExitStack()
    for number, host in enumerate(stage.servers, start=1):
        if not numbers or number in numbers:
            stack.enter_context(Server(host, family=family, kind=kind))
    return stack
