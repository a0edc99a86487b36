"""Random edits of real servers, each reloaded under load, on IPVS.

`STANDFAST_EDITS=200` makes it as many.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from edited_servers import ALIVE, EditedServers
from nat_lab import Server
from talkers import Talkers

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab

EDITS: Final = int(os.environ.get("STANDFAST_EDITS", "12"))
CONNECTIONS: Final = 8
VIP: Final = "10.1.0.100"
CHECK: Final = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\ndelay_loop 2\n}"


class Site:
    """A client and two servers, in two networks; the director is in both and leads from one to the other."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.director = lab.host("director", "10.0.0.1/24", "10.1.0.1/24", f"{VIP}/32")
        self.director.command("sysctl", "-qw", "net.ipv4.ip_forward=1")
        self.client = lab.host("client", "10.1.0.2/24")
        self.servers = [lab.host("s1", "10.0.0.11/24"), lab.host("s2", "10.0.0.12/24")]
        for server in self.servers:
            server.command("ip", "route", "add", "10.1.0.0/24", "via", "10.0.0.1")

    def start(self, text: str) -> Daemon:
        daemon = self.director.run(text, "-C", "-c", "/run/checkers.pid")
        assert self.lab.within(60, lambda: "Startup complete" in daemon.log()), daemon.log()
        return daemon

    @property
    def table(self) -> list[str]:
        return sorted(self.director.command("ipvsadm", "-S", "-n").splitlines())

    def open(self) -> socket.socket:
        """A connection to the virtual server."""
        one = self.client.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.settimeout(10.0)
        one.connect((VIP, 80))
        return one


@pytest.fixture
def site() -> Iterator[Site]:
    with Lab() as lab:
        made = Site(lab)
        yield made
        print(made.director.log())


@pytest.mark.behaviour("RL-05")
@pytest.mark.timeout(max(120, EDITS * 8))
def test_no_connection_to_an_untouched_server_is_reset_and_the_table_is_that_of_a_fresh_start(
    site: Site,
) -> None:
    edited = EditedServers(5, network="10.0.0.", vip=VIP, check=CHECK)
    failed = f"TCP_CHECK on service [{edited.dead}]:tcp:80 failed"
    with ExitStack() as stack:
        for host in site.servers:
            stack.enter_context(Server(host))
        daemon = site.start(edited.text())
        assert site.lab.within(20, lambda: failed in daemon.log() and len(site.table) == 3), daemon.log()
        talkers = stack.enter_context(Talkers([site.open() for _ in range(CONNECTIONS)]))
        for number in range(1, EDITS + 1):
            edited.edit()

            reload(site.lab, daemon, edited, number)

            assert not any(f"-r {edited.dead}:80" in line for line in site.table), edited.last
            assert talkers.broken == [], f"edit {number}: {edited.last}"
        rounds = talkers.rounds
        assert site.lab.within(20, lambda: talkers.rounds > rounds + 1)
        assert [len(names) for names in talkers.answers] == [1] * CONNECTIONS
        assert set.union(*talkers.answers) == {name.encode() for name in ALIVE}
        assert daemon.log().count(failed) == 1, "the check of an untouched server began anew"
        after = site.table
        assert daemon.stop() == 0
        site.start(edited.text())

        assert site.lab.within(20, lambda: site.table == after), f"{after}\n{site.table}"


def reload(lab: Lab, daemon: Daemon, edited: EditedServers, number: int) -> None:
    """Give it the edited configuration, and wait until it runs on it."""
    daemon.reload(edited.text())
    done = lab.within(20, lambda: daemon.log().count("Reload complete") == number)
    assert done, f"edit {number}: {edited.last}\n{daemon.log()[-2000:]}"
