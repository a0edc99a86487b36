"""Routers on interfaces of their own, on the real kernel: what clients see, and that nothing is left behind."""

import json
import signal
from collections.abc import Mapping
from typing import Any

import pytest
from daemon_lab import CALM, VIP, child_of, started

from standfast.base.times import Instant
from standfast.lab.capture import Capture
from standfast.lab.clock import now
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP6 = "fd99::100"
MAC, MAC6 = "00:00:5e:00:01:33", "00:00:5e:00:02:33"
RECORD = "standfastd.interfaces"


def text(
    priority: int = 150,
    words: str = "use_vmac",
    *,
    vrid: int = 51,
    vip: str = f"{VIP}/24",
    name: str = "A",
    interval: str = "0.1",
) -> str:
    return (
        f"vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id {vrid}\nversion 3\n"
        f"advert_int {interval}\n"
        f"priority {priority}\n{words}\nvirtual_ipaddress {{\n{vip}\n}}\n}}\n"
    )


def text6(priority: int = 150, words: str = "use_vmac", *, interval: str = "0.1") -> str:
    return text(priority, words, vip=f"fe80::99\n{VIP6}/64", name="B", interval=interval)


def links(host: Host) -> Mapping[str, Mapping[str, Any]]:
    return {link["ifname"]: link for link in json.loads(host.command("ip", "-d", "-j", "link") or "[]")}


def settings(host: Host) -> str:
    """All that interfaces of our own change of the host."""
    return host.command("sh", "-c", "cd /proc/sys/net/ipv4/conf && grep . */rp_filter */arp_*")


def neighbour(host: Host, address: str) -> str:
    """The Ethernet address that a host has learnt for this address."""
    known = json.loads(host.command("ip", "-j", "neighbour", "show", "to", address))
    return str(known[0].get("lladdr", "")) if known else ""


def answered(host: Host, *addresses: str) -> bool:
    """Whether all of these addresses answer a host."""
    return all(host.start("ping", "-c", "1", "-W", "1", address).wait() == 0 for address in addresses)


def entered(lab: Lab, daemon: Daemon, state: str, times: int = 1) -> bool:
    return lab.within(20.0, lambda: daemon.log().count(f"Entering {state} STATE") >= times)


@pytest.fixture
def peer(lab: Lab) -> Host:
    return lab.host("b", "10.99.0.2/24")


@pytest.fixture
def client(lab: Lab) -> Host:
    return lab.host("client", "10.99.0.9/24", "fd99::9/64")


# ---- what clients and switches see


@pytest.mark.rfc(32, 64, 69)
@pytest.mark.behaviour("VM-01", "VM-02")
@pytest.mark.parametrize(
    ("words", "changes"),
    [
        pytest.param("use_vmac", False, id="with a VMAC it stays"),
        pytest.param("", True, id="without one the announcement changes it"),
    ],
)
def test_what_a_client_has_learnt_of_an_address_at_a_failover(
    lab: Lab, host: Host, peer: Host, client: Host, words: str, *, changes: bool
) -> None:
    strong = started(lab, host, text(150, words, interval=CALM) + text6(150, words, interval=CALM))
    assert lab.within(20.0, lambda: host.holds(VIP) and host.holds(VIP6))
    started(lab, peer, text(100, words, interval=CALM) + text6(100, words, interval=CALM))
    assert lab.within(20.0, lambda: answered(client, VIP, VIP6))
    before = neighbour(client, VIP), neighbour(client, VIP6)
    own = host.mac().hex(":")

    strong.kill()
    assert lab.within(20.0, lambda: peer.holds(VIP) and peer.holds(VIP6))
    host.power_off()
    assert lab.within(20.0, lambda: answered(client, VIP, VIP6))

    after = neighbour(client, VIP), neighbour(client, VIP6)
    if changes:
        assert before == (own, own)
        assert after == (peer.mac().hex(":"),) * 2
    else:
        assert before == after == (MAC, MAC6)


def said_by(wire: Capture, sender: str, since: Instant) -> list[str]:
    return [
        type(packet.content).__name__
        for packet in wire
        if packet.sender.hex(":") == sender and packet.at >= since
    ]


@pytest.mark.rfc(58, 65, 66, 67, 71, 72, 73)
@pytest.mark.behaviour("VM-05", "VM-06", "VM-12")
def test_a_vmac_says_adverts_and_announcements_and_nothing_else(lab: Lab, host: Host, peer: Host) -> None:
    """Neither IGMP nor MLD nor a solicitation: a switch that hears one from a backup would lead packets there."""
    since = now()
    with lab.capture() as wire:
        strong = started(lab, host, text(150) + text6(150))
        assert lab.within(20.0, lambda: host.holds(VIP) and host.holds(VIP6))
        weak = started(lab, peer, text(100) + text6(100))
        assert entered(lab, weak, "BACKUP", 2)
        assert strong.stop() == 0
        assert lab.within(20.0, lambda: peer.holds(VIP) and peer.holds(VIP6))
        assert weak.stop() == 0
        sources = {advert.source for _, advert in wire.adverts(51, since=since)}

    assert set(said_by(wire, MAC, since)) == {"Advert", "Announcement"}
    assert set(said_by(wire, MAC6, since)) == {"Advert", "Announcement"}
    assert {str(source) for source in sources} == {
        "10.99.0.1",
        "10.99.0.2",
        "fe80::ff:fe00:100",
        "fe80::ff:fe00:200",
    }


@pytest.mark.behaviour("VM-06")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param("use_vmac\nvmac_xmit_base", id="vmac_xmit_base"),
        pytest.param("use_vmac\nunicast_peer {\n10.99.0.2\n}", id="unicast"),
    ],
)
def test_adverts_leave_by_the_interface_below_with(lab: Lab, host: Host, peer: Host, words: str) -> None:
    since = now()
    peer.command("ping", "-c", "1", "10.99.0.1")

    with lab.capture() as wire:
        started(lab, host, text(150, words))
        assert lab.within(20.0, lambda: host.holds(VIP))
        assert lab.within(20.0, lambda: len(wire.adverts(51, since=since)) > 2)
        assert lab.within(20.0, lambda: said_by(wire, MAC, since))

    assert set(said_by(wire, MAC, since)) == {"Announcement"}
    assert "Advert" in said_by(wire, host.mac().hex(":"), since)


# ---- the interface, and what it leaves


@pytest.mark.rfc(61)
@pytest.mark.behaviour("VM-01", "VM-02", "VM-03", "VM-04", "VM-07")
def test_a_vmac_is_there_while_the_daemon_runs_and_nothing_is_left_of_it(lab: Lab, host: Host) -> None:
    host.command("ip", "link", "set", "eth0", "group", "7")
    host.command("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter")
    before, there_before = settings(host), links(host).keys()
    daemon = started(lab, host, text() + text6(words="use_vmac name vip6 group 9"))

    there, told = links(host), settings(host).split()

    for name, mac, group in (("vrrp.51", MAC, "7"), ("vip6", MAC6, "9")):
        link = there[name]
        assert (link["link"], link["address"], link["group"]) == ("eth0", mac, group)
        assert link["linkinfo"] == {"info_kind": "macvlan", "info_data": link["linkinfo"]["info_data"]}
        assert link["linkinfo"]["info_data"]["mode"] == "private"
        assert link["inet6_addr_gen_mode"] == "none"
    assert {"vrrp.51/rp_filter:0", "vrrp.51/arp_ignore:1"} <= set(told)
    assert {"eth0/arp_ignore:1", "eth0/arp_filter:1", "eth0/rp_filter:1", "all/rp_filter:0"} <= set(told)

    assert daemon.stop() == 0
    assert links(host).keys() == there_before
    assert settings(host) == before
    assert host.read(RECORD) == ""


@pytest.mark.behaviour("VM-01", "VM-03", "VM-04")
def test_after_a_kill_the_next_one_adopts_what_it_needs_and_removes_the_rest(lab: Lab, host: Host) -> None:
    before, there_before = settings(host), links(host).keys()
    first = started(
        lab, host, text(255, "state MASTER\nuse_vmac") + text(100, vrid=52, vip="10.99.0.102", name="C")
    )
    assert lab.within(20.0, lambda: host.holds(VIP))
    index = links(host)["vrrp.51"]["ifindex"]
    first.kill()
    assert {"vrrp.51", "vrrp.52"} <= links(host).keys()

    second = started(lab, host, text(100, interval="10"))  # it is a backup for half a minute

    assert links(host)["vrrp.51"]["ifindex"] == index
    assert "vrrp.52" not in links(host)
    assert not host.holds(VIP), "a backup must not go on with what the killed master held"
    assert second.stop() == 0
    assert links(host).keys() == there_before
    assert settings(host) == before


@pytest.mark.behaviour("PR-18")
def test_a_child_that_is_killed_is_followed_by_one_that_adopts(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, text(255, "state MASTER\nuse_vmac"))
    assert lab.within(20.0, lambda: host.holds(VIP))
    index = links(host)["vrrp.51"]["ifindex"]

    daemon.signal(signal.SIGKILL, child_of(host))

    assert entered(lab, daemon, "MASTER", 2)
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert links(host)["vrrp.51"]["ifindex"] == index
    assert daemon.stop() == 0
    assert "vrrp.51" not in links(host)


@pytest.mark.behaviour("VM-01")
def test_a_name_that_is_taken_is_said_and_another_one_made(lab: Lab, host: Host) -> None:
    host.command("ip", "link", "add", "vip0", "type", "bridge")

    daemon = started(lab, host, text(words="use_vmac vip0"))

    assert lab.within(20.0, lambda: host.holds(VIP))
    assert lab.within(20.0, lambda: "vip0 is an interface of this host and no macvlan" in daemon.log())
    assert daemon.stop() == 0
    assert "vip0" in links(host)
    assert "vrrp.51" not in links(host)


# ---- while it runs


def test_a_vmac_that_somebody_removes_is_made_again(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, text())
    assert entered(lab, daemon, "MASTER")

    host.command("ip", "link", "delete", "vrrp.51")

    assert entered(lab, daemon, "MASTER", 2)
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert links(host)["vrrp.51"]["address"] == MAC


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("link set eth0 name lan0\nlink set lan0 name eth0", id="renamed, and back"),
        pytest.param("link set eth0 mtu 1400", id="a smaller MTU"),
        pytest.param("link set eth0 down\nlink set eth0 up", id="down and up"),
        pytest.param("link set vrrp.51 address 02:00:00:00:00:77", id="another MAC for the VMAC"),
        pytest.param("link set vrrp.51 down\nlink set vrrp.51 up", id="the VMAC down and up"),
        pytest.param("link set vrrp.51 down\nlink set vrrp.51 name x", id="the VMAC renamed"),
    ],
)
@pytest.mark.behaviour("TR-20")
def test_a_router_is_master_again_after_a_change_of_its_interface(lab: Lab, host: Host, change: str) -> None:
    daemon = started(lab, host, "global_defs {\ndynamic_interfaces\n}\n" + text())
    assert entered(lab, daemon, "MASTER")
    since = now()

    with lab.capture() as wire:
        host.command("ip", "-batch", "-", text=change + "\n")
        assert lab.within(20.0, lambda: len([1 for at, _ in wire.adverts(51, since=since)]) > 12)

    def whole() -> bool:
        there = links(host)
        own, below = there.get("vrrp.51", {}), there["eth0"]
        return host.holds(VIP) and (own.get("address"), own.get("mtu")) == (MAC, below["mtu"])

    assert lab.within(20.0, whole), links(host)
    assert daemon.stop() == 0
    assert {"lo", "eth0"} == links(host).keys()


@pytest.mark.behaviour("TR-20", "VM-03")
def test_a_parent_that_goes_and_comes_again_gets_its_vmac_and_settings(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, "global_defs {\ndynamic_interfaces\n}\n" + text())
    assert entered(lab, daemon, "MASTER")

    host.command("ip", "link", "delete", "eth0")
    assert entered(lab, daemon, "FAULT")
    assert "vrrp.51" not in links(host)
    host.connect("eth0", "switch", ["10.99.0.1/24"])

    assert entered(lab, daemon, "MASTER", 2)
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert "eth0/arp_ignore:1" in settings(host)
    assert daemon.stop() == 0
    assert "vrrp.51" not in links(host)
    assert "eth0/arp_ignore:0" in settings(host)


@pytest.mark.behaviour("TR-20")
def test_a_parent_that_comes_after_the_start_gets_its_vmac(lab: Lab, host: Host) -> None:
    late = text().replace("interface eth0", "interface eth9")
    daemon = started(lab, host, "global_defs {\ndynamic_interfaces\n}\n" + late)
    assert entered(lab, daemon, "FAULT")

    host.connect("eth9", "switch", ["10.99.0.7/24"])

    assert entered(lab, daemon, "MASTER")
    assert links(host)["vrrp.51"]["link"] == "eth9"


@pytest.mark.behaviour("TR-20")
def test_a_parent_that_moves_to_another_namespace_takes_the_router_with_it_until_it_is_back(
    lab: Lab, host: Host
) -> None:
    daemon = started(lab, host, "global_defs {\ndynamic_interfaces\n}\n" + text())
    assert entered(lab, daemon, "MASTER")
    away = host.start("unshare", "-n", "sleep", "60")

    assert lab.within(20.0, lambda: network_of(host, away.pid) != network_of(host, daemon.pid))

    host.command("ip", "link", "set", "eth0", "netns", str(away.pid))
    assert entered(lab, daemon, "FAULT")
    back = f"nsenter -t {away.pid} -n ip link set eth0 netns {daemon.pid}"
    host.command("sh", "-c", f"{back} && ip address add 10.99.0.1/24 dev eth0 && ip link set eth0 up")

    assert entered(lab, daemon, "MASTER", 2)
    assert daemon.stop() == 0
    assert "vrrp.51" not in links(host)


def network_of(host: Host, pid: int) -> str:
    """The name of a process's network namespace."""
    return host.command("readlink", f"/proc/{pid}/ns/net")


@pytest.mark.behaviour("VM-01")
def test_a_reload_adds_and_removes_vmacs_and_leaves_others_alone(lab: Lab, host: Host, peer: Host) -> None:
    daemon = started(lab, host, text() + text(vrid=52, vip="10.99.0.102", name="C"))
    assert entered(lab, daemon, "MASTER", 2)
    index = links(host)["vrrp.51"]["ifindex"]
    since = now()

    with lab.capture() as wire:
        daemon.reload(text(vrid=53, vip="10.99.0.103", name="D") + text())
        assert lab.within(20.0, lambda: "vrrp.52" not in links(host))
        assert entered(lab, daemon, "MASTER", 3)
        goodbyes = [advert for _, advert in wire.adverts(52, since=since) if advert.priority == 0]

    assert links(host)["vrrp.51"]["ifindex"] == index
    assert links(host)["vrrp.53"]["address"] == "00:00:5e:00:01:35"
    assert len(goodbyes) == 1
    assert "FAULT" not in daemon.log().replace("Deleted", "")


def test_reports_of_local_groups_are_switched_off_and_on_again(lab: Lab, host: Host) -> None:
    path = "/proc/sys/net/ipv4/igmp_link_local_mcast_reports"
    daemon = started(lab, host, "global_defs {\ndisable_local_igmp\n}\n" + text(words=""))

    during = host.command("cat", path).strip()
    assert daemon.stop() == 0

    assert (during, host.command("cat", path).strip()) == ("0", "1")


def test_addresses_on_other_interfaces_have_their_own_vmac(lab: Lab, host: Host) -> None:
    lab.switch("other")
    host.connect("eth1", "other", ["10.98.0.1/24"])
    since = now()

    with lab.capture("other") as wire:
        daemon = started(lab, host, text(words="use_vmac_addr", vip=f"{VIP}/24\n10.98.0.100/24 dev eth1"))
        assert lab.within(20.0, lambda: host.holds("10.98.0.100"))
        assert lab.within(20.0, lambda: said_by(wire, MAC, since))

    assert links(host)["vrrp.51"]["link"] == "eth1"
    assert set(said_by(wire, MAC, since)) == {"Announcement"}
    assert daemon.stop() == 0
    assert "vrrp.51" not in links(host)
