"""Clients, a director and real servers: what is asked gets there and back, by each way that IPVS knows."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pytest
from ipvs_site import ignore_redirects

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

FAMILIES: Final = {4: socket.AF_INET, 6: socket.AF_INET6}
SERVICE: Final = {4: "10.1.0.100", 6: "fd00:1::100"}
SERVERS: Final = {4: ("10.0.0.2", "10.0.0.3"), 6: ("fd00::2", "fd00::3")}
NAMES: Final = ("one", "two")
ALL: Final = set(NAMES)
PROGRAM: Final = """
import socket, sys
listener = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    client = listener.accept()[0]
    try:
        client.sendall(sys.argv[1].encode())
    except OSError:
        pass  # a check that has gone already
    client.close()
"""
TUNNELS: Final = {
    4: "ip tunnel add tunnel mode ipip local {}",
    6: "ip -6 tunnel add tunnel mode ip6ip6 local {}",
}
ATTEMPTS: Final = 6
PATIENCE: Final = 2.0  # seconds for one answer


class Site:
    """Clients and two servers, in two networks; the director is in both and leads from one to the other."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.director = lab.host("director", "10.0.0.1/24", "fd00::1/64", "10.1.0.1/24", "fd00:1::1/64")
        self.client = lab.host("client", "10.1.0.2/24", "fd00:1::2/64")
        self.other = lab.host("other", "10.1.0.3/24", "fd00:1::3/64")
        self.hosts = [
            lab.host("one", "10.0.0.2/24", "fd00::2/64"),
            lab.host("two", "10.0.0.3/24", "fd00::3/64"),
        ]
        for words in ("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"):
            self.director.command("sysctl", "-qw", words)
        for version, address in SERVICE.items():
            self.director.command(*f"ip addr add {address}/{128 if version == 6 else 32} dev eth0".split())
        self.servers = [self.serve(number) for number in range(2)]

    def serve(self, number: int) -> Process:
        return self.hosts[number].start("/usr/bin/python3", "-IS", "-c", PROGRAM, NAMES[number])

    def prepare(self, method: str, version: int) -> None:
        """Have the servers answer in the way that the method needs."""
        via, clients = ("10.0.0.1", "10.1.0.0/24") if version == 4 else ("fd00::1", "fd00:1::/64")
        for host, own in zip(self.hosts, SERVERS[version], strict=True):
            if method == "NAT":  # answers go back through the director
                ignore_redirects(host)
                host.command(*f"ip -{version} route add {clients} via {via}".split())
                continue
            for words in ("arp_ignore=1", "arp_announce=2", "rp_filter=0"):
                host.command("sysctl", "-qw", f"net.ipv4.conf.all.{words}")
            device = "lo"
            if method == "TUN":
                device = "tunnel"
                host.command(*TUNNELS[version].format(own).split())
                host.command("ip", "link", "set", device, "up")
                host.command("sysctl", "-qw", "net.ipv4.conf.tunnel.rp_filter=0")
            nodad = " nodad" if version == 6 else ""
            size = 128 if version == 6 else 32
            host.command(*f"ip addr add {SERVICE[version]}/{size} dev {device}{nodad}".split())
            host.command(*f"ip -{version} route add {clients} dev eth0".split())

    def start(self, text: str) -> Daemon:
        daemon = self.director.run(text, "-C", "-c", "/run/checkers.pid")
        assert self.lab.within(30, lambda: "Startup complete" in daemon.log()), daemon.log()
        return daemon

    def ask(self, version: int, *, by: str = "client") -> str:
        """What a server answers to one connection; empty if none does."""
        host = self.client if by == "client" else self.other
        with host.socket(FAMILIES[version], socket.SOCK_STREAM) as connection, suppress(OSError):
            connection.settimeout(PATIENCE)
            connection.connect((SERVICE[version], 80))
            return connection.recv(100).decode()
        return ""

    def wait_for(self, version: int, who: set[str]) -> None:
        """Until these answer, and only these; if they do not in a minute, what the kernel knows is said."""
        seen: list[set[str]] = []

        def as_wanted() -> bool:
            seen.append(self.answers(version))
            return seen[-1] == who

        done = self.lab.within(60, as_wanted)
        assert done, f"{seen}\n{self.director.command('ipvsadm', '-L', '-n', '--stats')}"

    def answers(self, version: int, *, by: str = "client") -> set[str]:
        """What some connections are answered."""
        return {self.ask(version, by=by) for _ in range(ATTEMPTS)}


@pytest.fixture
def site() -> Iterator[Site]:
    with Lab() as lab:
        made = Site(lab)
        yield made
        print(made.director.log())


def config(version: int, method: str, *, service: str = "", more: str = "") -> str:
    reals = "".join(
        f"""real_server {address} 80 {{
            TCP_CHECK {{
                connect_timeout 2
                delay_loop 1
                warmup 0
                retry 1
                delay_before_retry 0
            }}
        }}
        """
        for address in SERVERS[version]
    )
    return f"""virtual_server {service or f"{SERVICE[version]} 80"} {{
        lvs_sched rr
        lvs_method {method}
        protocol TCP
        alpha
        {more}
        {reals}
    }}
    """


@pytest.mark.behaviour("LV-08", "LV-20")
@pytest.mark.parametrize("version", [4, 6], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("method", ["NAT", "DR", "TUN"])
def test_a_killed_server_is_asked_no_more_until_it_returns(site: Site, method: str, version: int) -> None:
    site.prepare(method, version)
    site.start(config(version, method))
    site.wait_for(version, ALL)

    site.servers[0].kill()

    site.wait_for(version, {"two"})
    site.serve(0)
    site.wait_for(version, ALL)


def test_a_client_stays_with_its_server_until_that_fails(site: Site) -> None:
    site.prepare("NAT", 4)
    site.start(config(4, "NAT", more="persistence_timeout 100"))
    assert site.lab.within(60, lambda: site.answers(4) in ({"one"}, {"two"}))
    (mine,), (others,) = site.answers(4), site.answers(4, by="other")

    assert site.answers(4) == {mine}
    assert {mine, others} == ALL  # the next client gets the next server
    site.servers[NAMES.index(mine)].kill()
    site.wait_for(4, {others})


@pytest.mark.behaviour("LV-19")
def test_what_is_marked_is_a_service(site: Site) -> None:
    site.prepare("NAT", 4)
    matching = f"flower dst_ip {SERVICE[4]} ip_proto tcp"
    mark = f"tc filter add dev eth0 parent ffff: protocol ip {matching} action skbedit mark 7"
    site.director.command("tc", "qdisc", "add", "dev", "eth0", "ingress")
    site.director.command(*mark.split())

    site.start(config(4, "NAT", service="fwmark 7"))

    site.wait_for(4, ALL)
