"""What a client notices of a failover: its gateway is a virtual address, and its connection goes on."""

import select
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import pytest
from daemon_lab import started

from standfast.base.times import SECOND, Instant, between, in_seconds
from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

PORT: Final = 7007
GATES: Final = {4: "10.99.0.100", 6: "fe80::99:100"}
SERVERS: Final = {4: "10.77.0.9", 6: "fd77::9"}
FAMILIES: Final = {4: socket.AF_INET, 6: socket.AF_INET6}
# Of a silence of some 0.4 s, more on a busy machine: TCP asks again after 0.2, 0.6, 1.4 and 3 s. Who is told of no
# new place asks for it after 5 s and more (delay_first_probe_time and three probes).
LONGEST: Final = 5 * SECOND


def gate(priority: int, *, vmac: bool, interval: str) -> str:
    """Both sides of a router move together, so that answers find back."""
    own = "use_vmac\n" if vmac else ""

    def side(name: str, vrid: int, interface: str, held: str) -> str:
        return f"""vrrp_instance {name} {{
            interface {interface}
            virtual_router_id {vrid}
            version 3
            priority {priority}
            advert_int {interval}
            {own}
            virtual_ipaddress {{\n{held}\n}}
        }}
        """

    return (
        side("IN4", 51, "eth0", f"{GATES[4]}/24")
        + side("OUT4", 52, "eth1", "10.77.0.100/24")
        + side("IN6", 53, "eth0", f"{GATES[6]}/64")
        + side("OUT6", 54, "eth1", "fe80::77:100/64")
        + "vrrp_sync_group G {\ngroup {\nIN4\nOUT4\nIN6\nOUT6\n}\n}\n"
    )


class Scene:
    """A client and a server on two networks, and two routers between them."""

    def __init__(self, lab: Lab, *, vmac: bool, interval: str = "0.1") -> None:
        self.lab = lab
        self._interval = interval
        lab.switch("inside")
        self.client = lab.host("client", "10.99.0.9/24", "fd99::9/64")
        self.routers = [self._router(name, number, vmac=vmac) for number, name in ((1, "a"), (2, "b"))]
        self.server = lab.host("server")
        self.server.connect("eth1", "inside", ["10.77.0.9/24", "fd77::9/64"])
        for host, link, gates in (
            (self.client, "eth0", GATES),
            (self.server, "eth1", {4: "10.77.0.100", 6: "fe80::77:100"}),
        ):
            host.command("ip", "route", "add", "default", "via", gates[4], "dev", link)
            host.command("ip", "-6", "route", "add", "default", "via", gates[6], "dev", link)

    def _router(self, name: str, number: int, *, vmac: bool) -> Host:
        host = self.lab.host(name, f"10.99.0.{number}/24", f"fd99::{number}/64")
        host.connect("eth1", "inside", [f"10.77.0.{number}/24", f"fd77::{number}/64"])
        host.command("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        started(self.lab, host, gate(150 if name == "a" else 100, vmac=vmac, interval=self._interval))
        return host

    def leads(self, host: Host) -> bool:
        return host.holds(GATES[4]) and host.holds(GATES[6])


@contextmanager
def connection(scene: Scene, family: int) -> Iterator[tuple[socket.socket, socket.socket]]:
    """An open connection, the client's end and the server's."""
    with closing(scene.server.socket(FAMILIES[family], socket.SOCK_STREAM)) as listening:
        listening.bind((SERVERS[family], PORT))
        listening.listen()
        ours = scene.client.socket(FAMILIES[family], socket.SOCK_STREAM)
        ours.settimeout(20.0)
        ours.connect((SERVERS[family], PORT))
        theirs, _ = listening.accept()
        with closing(ours), closing(theirs):
            yield ours, theirs


def echo(ours: socket.socket, theirs: socket.socket) -> Instant:
    """One word there and back; when it was back."""
    for sender, receiver in ((ours, theirs), (theirs, ours)):
        sender.send(b"x")
        assert select.select([receiver], [], [], 30.0)[0], "the connection is dead"
        assert receiver.recv(1) == b"x"
    return now()


@pytest.mark.parametrize("vmac", [pytest.param(False, id="no VMAC"), pytest.param(True, id="VMAC")])
@pytest.mark.parametrize("family", [4, 6], ids=["IPv4", "IPv6"])
def test_an_open_connection_to_a_routed_service_survives_a_failover(
    lab: Lab, family: int, vmac: bool
) -> None:
    scene = Scene(lab, vmac=vmac)
    first, second = scene.routers
    assert lab.within(20.0, lambda: scene.leads(first) and not second.holds(GATES[4])), lab.log()
    with connection(scene, family) as (ours, theirs):
        before = echo(ours, theirs)

        first.power_off()
        after_ = echo(ours, theirs)

        assert lab.within(20.0, lambda: scene.leads(second))
        echo(ours, theirs)
    assert between(before, after_) < LONGEST
    print(f"the connection stood still for {in_seconds(between(before, after_))} s")


def test_the_connection_stands_still_for_a_moment_only_when_the_master_is_told_to_stop(lab: Lab) -> None:
    """Without the goodbye it would be six seconds and more until the other one speaks."""
    scene = Scene(lab, vmac=False, interval="1.8")
    first, second = scene.routers
    assert lab.within(20.0, lambda: scene.leads(first) and not second.holds(GATES[4])), lab.log()
    with connection(scene, 4) as (ours, theirs):
        echo(ours, theirs)
        first.command("sh", "-c", "kill $(cat /run/standfastd.pid)")
        begun = now()
        assert lab.within(20.0, lambda: scene.leads(second))
        assert between(begun, echo(ours, theirs)) < LONGEST
