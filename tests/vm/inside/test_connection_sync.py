"""Two directors that tell each other of their connections: what is established outlives the one who led it."""

import signal
import socket
from typing import Final

import pytest

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP: Final = "10.0.0.100"
ECHO: Final = """
import socket, threading
def answer(client):
    while data := client.recv(1000):
        client.sendall(data)
listener = socket.create_server(("", 7))
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
"""
NUMBER: Final = 51
TOLD_AFTER: Final = 10  # packets; the kernel tells the other director of a connection after its third


def config(priority: int, more: str = f"lvs_sync_daemon eth0 VI_1 id {NUMBER}") -> str:
    return f"""global_defs {{
        {more}
    }}
    vrrp_instance VI_1 {{
        interface eth0
        virtual_router_id {NUMBER}
        priority {priority}
        advert_int 0.5
        virtual_ipaddress {{
            {VIP}/24
        }}
    }}
    virtual_server {VIP} 7 {{
        lvs_sched rr
        lvs_method DR
        protocol TCP
        real_server 10.0.0.9 7 {{
        }}
    }}
    """


def start(host: Host, text: str) -> Daemon:
    return host.run(text, "-C", "-c", "/run/checkers.pid")


def threads(host: Host) -> list[str]:
    """The first words of what `ipvsadm` says of each thread: master or backup."""
    return [line.split()[0] for line in host.command("ipvsadm", "-L", "--daemon").splitlines()]


@pytest.mark.behaviour("LV-16")
def test_an_established_connection_outlives_its_director(lab: Lab) -> None:
    first, second = lab.host("a", "10.0.0.1/24"), lab.host("b", "10.0.0.2/24")
    client, server = lab.host("client", "10.0.0.8/24"), lab.host("server", "10.0.0.9/24")
    for words in ("arp_ignore=1", "arp_announce=2"):
        server.command("sysctl", "-qw", f"net.ipv4.conf.all.{words}")
    server.command(*f"ip addr add {VIP}/32 dev lo".split())
    server.start("/usr/bin/python3", "-IS", "-c", ECHO)
    start(first, config(150))
    assert lab.within(40, lambda: first.holds(VIP) and threads(first) == ["master"])
    start(second, config(100))
    assert lab.within(40, lambda: threads(second) == ["backup"])
    with client.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(30)
        connection.connect((VIP, 7))
        for _ in range(TOLD_AFTER):
            connection.sendall(b"before")
            assert connection.recv(100) == b"before"
        assert lab.within(20, lambda: f"{VIP}:7" in second.command("ipvsadm", "-L", "-n", "-c"))

        first.power_off()

        assert lab.within(20, lambda: second.holds(VIP) and threads(second) == ["master"])
        connection.sendall(b"after")
        assert connection.recv(100) == b"after"


@pytest.mark.behaviour("LV-16")
def test_the_threads_follow_a_reload_and_end_with_the_daemon(lab: Lab) -> None:
    host = lab.host("a", "10.0.0.1/24")
    daemon = start(host, config(150))
    assert lab.within(40, lambda: threads(host) == ["master"])

    daemon.reload(config(150, "lvs_sync_daemon eth0"))
    assert lab.within(20, lambda: sorted(threads(host)) == ["backup", "master"])
    daemon.reload(config(150, ""))
    assert lab.within(20, lambda: threads(host) == [])
    daemon.reload(config(150))
    assert lab.within(20, lambda: threads(host) == ["master"])
    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert threads(host) == []
