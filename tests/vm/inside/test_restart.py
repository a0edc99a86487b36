"""`standfast restart --keep` with IPVS: the program begins anew, the kernel's table and its connections do not."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from ipvs_site import CHECK, VIP, IpvsSite
from nat_lab import Server, say
from talkers import Talkers

from standfast.lab.lab import Lab

STANDFAST: Final = str(Path(sys.executable).with_name("standfast"))
CONNECTIONS: Final = 6
CHILD: Final = "checkers.pid"


@pytest.fixture
def site() -> Iterator[IpvsSite]:
    with Lab() as lab:
        made = IpvsSite(lab)
        yield made
        print(made.director.log())


def config() -> str:
    servers = "".join(f"real_server 10.0.0.{number} 80 {{\n{CHECK}\n}}\n" for number in (11, 12, 13))
    return f"virtual_server {VIP} 80 {{\nlvs_sched rr\nlvs_method NAT\nprotocol TCP\n{servers}}}\n"


def test_nothing_leaves_the_table_and_connections_go_on(site: IpvsSite) -> None:
    """A service or server that had been taken out and put back would have begun to count its connections anew."""
    with ExitStack() as opened:
        first = opened.enter_context(ExitStack())
        first.enter_context(Server(site.servers[0]))
        opened.enter_context(Server(site.servers[1]))
        daemon = site.start(config())
        assert site.lab.within(20, lambda: len(site.table) == 3), daemon.log()  # nobody is at 10.0.0.13
        talkers = opened.enter_context(Talkers([site.open() for _ in range(CONNECTIONS)], pause=0.05))
        assert site.lab.within(20, lambda: talkers.rounds > 1)
        # The kernel adds up what each processor has counted every two seconds.
        assert site.lab.within(20, lambda: sorted(site.connections.values()) == [3, 3, 6])
        before, counted, child = site.table, site.connections, site.director.read(CHILD)
        seen = {tuple(before)}

        asking = site.director.start(STANDFAST, "restart", "--keep", "--socket", "/run/standfastd.sock")
        while not site.lab.within(0.5, lambda: not asking.alive):
            seen.add(tuple(site.table))

        assert asking.wait() == 0, asking.log()
        assert site.director.read(CHILD) not in ("", child)
        assert seen | {tuple(site.table)} == {tuple(before)}
        assert site.connections == counted
        rounds = talkers.rounds
        assert site.lab.within(20, lambda: talkers.rounds > rounds + 1), f"{talkers.broken}\n{site.state}"
        assert talkers.broken == []
        assert [len(names) for names in talkers.answers] == [1] * CONNECTIONS
        with site.open() as one:
            assert say(one) in ("s1", "s2")
        first.close()
        assert site.lab.within(20, lambda: len(site.table) == 2), daemon.log()  # its checks go on
