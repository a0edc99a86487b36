"""Random edits of real servers, each reloaded under load, on IPVS.

`STANDFAST_EDITS=200` makes it as many.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from edited_servers import ALIVE, EditedServers
from ipvs_site import CHECK, VIP, IpvsSite
from nat_lab import Server
from talkers import Talkers

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab

EDITS: Final = int(os.environ.get("STANDFAST_EDITS", "12"))
CONNECTIONS: Final = 8


@pytest.fixture
def site() -> Iterator[IpvsSite]:
    with Lab() as lab:
        made = IpvsSite(lab)
        yield made
        print(made.director.log())


@pytest.mark.behaviour("RL-05")
@pytest.mark.timeout(max(120, EDITS * 8))
def test_no_connection_to_an_untouched_server_is_reset_and_the_table_is_that_of_a_fresh_start(
    site: IpvsSite,
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
