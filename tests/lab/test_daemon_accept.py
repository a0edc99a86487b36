"""no_accept on a real kernel: an address is held and found by its neighbours, but answers nothing."""

import shutil
from functools import partial

import pytest
from daemon_lab import VIP, config, master, started

from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, between, times
from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

OWN = "10.99.0.1"
OWN6, VIP6, LINK6 = "fd99::1", "fd99::100", "fe80::100"
NO_ACCEPT = "no_accept"
IN_FORCE = "Firewall rules are in force"

pytestmark = pytest.mark.skipif(shutil.which("nft") is None, reason="needs nft (package nftables)")


@pytest.fixture
def host(lab: Lab) -> Host:
    return lab.host("a", f"{OWN}/24", f"{OWN6}/64")


@pytest.fixture
def client(lab: Lab) -> Host:
    return lab.host("client", "10.99.0.9/24", "fd99::9/64")


def answers(client: Host, address: str) -> bool:
    """Whether the address answers one question within a second."""
    try:
        client.command("ping", "-c", "1", "-W", "1", *(["-I", "eth0"] if ":" in address else []), address)
    except Refused:
        return False
    return True


def neighbour(client: Host, address: str) -> bool:
    """Whether the client has learnt whose Ethernet address the address has."""
    return "lladdr" in client.command("ip", "neighbour", "show", "to", address, "dev", "eth0")


def tables(host: Host) -> str:
    return host.command("nft", "list", "tables")


@pytest.mark.behaviour("VM-10", "VM-11")
def test_an_address_that_accepts_nothing_is_held_and_resolved_but_does_not_answer(
    lab: Lab, host: Host, client: Host
) -> None:
    daemon = master(lab, host, config(150, more=NO_ACCEPT))

    assert not answers(client, VIP)
    assert neighbour(client, VIP)
    assert answers(client, OWN)
    assert "table ip keepalived" in tables(host)
    assert lab.within(20.0, lambda: "Firewall rules are in force  tool=nftables addresses=1" in daemon.log())


@pytest.mark.behaviour("VM-10")
def test_ipv6_addresses_that_accept_nothing_are_resolved_but_do_not_answer(
    lab: Lab, host: Host, client: Host
) -> None:
    """A link-local one is closed on its interface only."""
    daemon = started(lab, host, config(150, [f"{LINK6}/64", f"{VIP6}/64"], more=NO_ACCEPT))
    assert lab.within(20.0, lambda: host.holds(VIP6) and host.holds(LINK6))

    assert not answers(client, VIP6)
    assert not answers(client, LINK6)
    assert neighbour(client, VIP6)
    assert neighbour(client, LINK6)
    assert answers(client, OWN6)
    assert 'elements = { fe80::100 . "eth0" }' in host.command("nft", "list", "ruleset"), daemon.log()


@pytest.mark.behaviour("VM-09")
@pytest.mark.parametrize(
    ("priority", "more"),
    [
        pytest.param(150, "", id="nothing is said"),
        pytest.param(150, "accept", id="it accepts"),
        pytest.param(255, NO_ACCEPT, id="it owns the addresses, whatever is said"),
    ],
)
def test_an_address_answers_if(lab: Lab, host: Host, client: Host, priority: int, more: str) -> None:
    master(lab, host, config(priority, more=more))

    assert answers(client, VIP)
    assert "keepalived" not in tables(host)


@pytest.mark.behaviour("VM-11")
def test_the_table_is_gone_when_the_daemon_has_stopped_and_others_are_untouched(lab: Lab, host: Host) -> None:
    host.command("nft", "-f", "-", text="table ip other {\n chain c {\n }\n}\n")
    daemon = master(lab, host, config(150, more=NO_ACCEPT))

    assert daemon.stop() == 0

    assert tables(host).strip() == "table ip other"


def test_after_a_kill_the_next_start_takes_over_the_table_of_the_one_before(
    lab: Lab, host: Host, client: Host
) -> None:
    daemon = master(lab, host, config(150, more=NO_ACCEPT))
    daemon.kill()
    assert "keepalived" in tables(host)

    again = master(lab, host, config(150))

    assert answers(client, VIP)
    assert "keepalived" not in tables(host)
    again.stop()


def test_rules_that_somebody_flushes_are_put_back_at_once_and_the_master_stays(
    lab: Lab, host: Host, client: Host
) -> None:
    daemon = master(lab, host, config(150, more=NO_ACCEPT))

    def closed(times_: int) -> bool:
        return "table ip keepalived" in tables(host) and daemon.log().count(IN_FORCE) >= times_

    assert lab.within(20.0, lambda: closed(1))
    for number in range(2, 5):
        host.command("nft", "flush", "ruleset")
        assert lab.within(20.0, partial(closed, number)), number  # once a minute it would be in any case

    assert not answers(client, VIP)
    assert lab.within(20.0, lambda: "removed or changed by somebody else" in daemon.log())
    assert "Entering FAULT" not in daemon.log()
    assert daemon.log().count(IN_FORCE) == 4, "it does not answer to its own changes"


def test_without_nft_a_router_that_must_be_closed_is_in_fault_and_says_what_to_do(
    lab: Lab, host: Host
) -> None:
    """The program is hidden from this daemon alone, in a mount namespace of its own."""
    hidden = f'mount --bind /dev/null {shutil.which("nft")} && exec "$@"'
    host.write("d.conf", config(150, more=NO_ACCEPT))

    daemon = host.start("unshare", "-m", "sh", "-c", hidden, "sh", *lab.daemon, "-nlGP", "-f", "/run/d.conf")

    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log())
    assert "reason=no-firewall" in daemon.log()
    assert lab.within(
        20.0, lambda: "the program nft is missing; install the package nftables" in daemon.log()
    )
    assert not host.holds(VIP)
    assert daemon.stop() == 0


def test_a_table_of_somebody_else_is_left_alone_and_the_router_is_in_fault(lab: Lab, host: Host) -> None:
    theirs = "table ip keepalived {\n\tchain c {\n\t}\n}\n"
    host.command("nft", "-f", "-", text=theirs)

    daemon = started(lab, host, config(150, more=NO_ACCEPT))
    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log())

    why = "the table ip keepalived of nftables is somebody else's; name another with `nftables`"
    assert lab.within(20.0, lambda: why in daemon.log())
    assert not host.holds(VIP)
    assert daemon.stop() == 0
    assert host.command("nft", "list", "ruleset") == theirs


def test_a_router_in_fault_for_want_of_rules_comes_back_with_a_reload(
    lab: Lab, host: Host, client: Host
) -> None:
    host.command("nft", "add", "table", "ip", "keepalived")
    daemon = started(lab, host, config(150, more=NO_ACCEPT))
    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log())

    host.command("nft", "delete", "table", "ip", "keepalived")
    daemon.reload(config(140, more=NO_ACCEPT))

    assert lab.within(20.0, lambda: host.holds(VIP))
    assert not answers(client, VIP)


def test_a_reload_closes_what_it_adds_before_it_is_held(lab: Lab, host: Host, client: Host) -> None:
    """Asked every millisecond from another host, the new address never answers, and the old one does no more."""
    added = "10.99.0.101"
    daemon = master(lab, host, config(150))
    assert answers(client, VIP)

    with client.probe(added, every=times(1, MILLISECOND)) as probe:
        daemon.reload(config(150, [f"{VIP}/24", f"{added}/24"], more=NO_ACCEPT))
        assert lab.within(20.0, lambda: host.holds(added))
        held_at = now()
        assert lab.within(20.0, lambda: between(held_at, now()) > times(300, MILLISECOND))
        answered = [question for question in probe.questions if question.answered_at]

    assert answered == []
    assert not answers(client, VIP)
    assert daemon.log().count("Entering") == 2, "it stays master"


def test_a_reload_opens_what_accepts_from_now_on(lab: Lab, host: Host, client: Host) -> None:
    daemon = master(lab, host, config(150, more=NO_ACCEPT))
    assert not answers(client, VIP)

    daemon.reload(config(150))

    assert lab.within(20.0, lambda: "keepalived" not in tables(host))
    assert answers(client, VIP)


def test_the_table_its_priority_and_counters_are_those_of_the_configuration(lab: Lab, host: Host) -> None:
    words = (
        "global_defs {\n nftables fence\n nftables_priority -7\n nftables_counters\n nftables_ifindex\n}\n"
    )
    text = words + config(150, [f"{LINK6}/64"], more=NO_ACCEPT)

    started(lab, host, text)
    assert lab.within(20.0, lambda: host.holds(LINK6))

    listed = host.command("nft", "list", "table", "ip6", "fence")
    assert "priority filter - 7" in listed
    assert "counter packets" in listed
    assert "type ipv6_addr . iface_index" in listed


@pytest.mark.skipif(
    shutil.which("iptables") is None or shutil.which("ipset") is None, reason="needs iptables and ipset"
)
@pytest.mark.parametrize(
    "sets", [pytest.param("", id="with sets"), pytest.param("vrrp_ipsets", id="without sets")]
)
def test_iptables_closes_addresses_where_it_is_configured(
    lab: Lab, host: Host, client: Host, sets: str
) -> None:
    host.command("iptables", "-A", "INPUT", "-s", "10.77.0.1", "-j", "DROP")
    text = f"global_defs {{\n vrrp_iptables\n {sets}\n}}\n"
    addresses = [f"{VIP}/24"]
    second = config(150, [f"{LINK6}/64", f"{VIP6}/64"], more=NO_ACCEPT).replace("VI_1", "VI_2")
    daemon = master(lab, host, text + config(150, addresses, more=NO_ACCEPT) + second)
    assert lab.within(20.0, lambda: host.holds(VIP6) and host.holds(LINK6))

    assert [answers(client, address) for address in (VIP, VIP6, LINK6)] == [False] * 3
    assert all(neighbour(client, address) for address in (VIP, VIP6, LINK6))
    assert answers(client, OWN)
    assert answers(client, OWN6)
    assert daemon.stop() == 0

    rules = host.command("iptables", "-S") + host.command("ip6tables", "-S")
    assert "standfast" not in rules
    assert "-s 10.77.0.1/32 -j DROP" in rules
    assert host.command("ipset", "list", "-name") == ""


def test_the_dump_says_what_is_held_but_does_not_accept(lab: Lab, host: Host) -> None:
    host.write("d.conf", config(150, more=NO_ACCEPT))
    files = ("-f", "/run/d.conf", "-p", "/run/d.pid", "-r", "/run/d-v.pid")
    daemon = host.start("env", "TMPDIR=/run", *lab.daemon, "-nlGP", *files)
    assert lab.within(20.0, lambda: host.holds(VIP))

    host.command("kill", "-USR1", host.read("d.pid").strip())

    assert lab.within(20.0, lambda: "Firewall = nftables, 1 addresses" in host.read("keepalived.data"))
    assert "Addresses = 1, held 1, not accepting" in host.read("keepalived.data")
    assert daemon.stop() == 0
