"""A client and two servers in two networks, and a director with IPVS between them: for tests inside a machine."""

import re
import socket
from typing import Final

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP: Final = "10.1.0.100"
CHECK: Final = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\ndelay_loop 2\n}"
_COUNTED: Final = re.compile(r"(\d+\.\d+\.\d+\.\d+:\d+)\s+(\d+)")  # an address, and its first figure


class IpvsSite:
    """The director is in both networks and leads from one to the other; servers are s1 and s2."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.director = lab.host("director", "10.0.0.1/24", "10.1.0.1/24", f"{VIP}/32")
        self.director.command("sysctl", "-qw", "net.ipv4.ip_forward=1")
        self.client = lab.host("client", "10.1.0.2/24")
        self.servers = [lab.host("s1", "10.0.0.11/24"), lab.host("s2", "10.0.0.12/24")]
        for server in self.servers:
            ignore_redirects(server)
            server.command("ip", "route", "add", "10.1.0.0/24", "via", "10.0.0.1")

    def start(self, text: str) -> Daemon:
        """Start the director's daemon."""
        daemon = self.director.run(text, "-C", "-c", "/run/checkers.pid")
        assert self.lab.within(60, lambda: "Startup complete" in daemon.log()), daemon.log()
        return daemon

    @property
    def table(self) -> list[str]:
        """What the kernel balances."""
        return sorted(self.director.command("ipvsadm", "-S", "-n").splitlines())

    @property
    def connections(self) -> dict[str, int]:
        """How many each service and each server has had since it is in the table."""
        said = self.director.command("ipvsadm", "-L", "-n", "--stats", "--exact")
        return {address: int(count) for address, count in _COUNTED.findall(said)}

    @property
    def state(self) -> str:
        """What a person would look at if packets do not pass."""
        on_director = ("ipvsadm -L -n -c", "ipvsadm -L -n --stats", "ip neighbour", "ip -s link", "nstat -az")
        director = (self.director.command(*words.split()) for words in on_director)
        client = (self.client.command(*words.split()) for words in ("ss -tino", "ip neighbour"))
        return "\n".join((*director, *client))

    def open(self) -> socket.socket:
        """A connection to the virtual server."""
        one = self.client.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.settimeout(10.0)
        one.connect((VIP, 80))
        return one


def ignore_redirects(server: Host) -> None:
    """Have a server answer by way of its director: on one cable the kernel there tells it of a shorter one.

    What went that way would not be translated back, and the client would not know it.
    """
    families, places = ("ipv4", "ipv6"), ("all", "eth0")
    settings = (f"net.{family}.conf.{place}.accept_redirects=0" for family in families for place in places)
    server.command("sysctl", "-qw", *settings)
