"""Random edits of real servers, each reloaded under load, on the nftables engine; IPVS: `tests/vm`.

`STANDFAST_EDITS=500` makes it as many.
"""

import os
from contextlib import ExitStack
from typing import Final

import pytest
from edited_servers import ALIVE, EditedServers
from nat_lab import CHECKED, PATIENCE, VIP, Server, Stage, engine, rules
from talkers import Talkers

from standfast.lab.daemons import Daemon
from standfast.lab.lab import Lab

EDITS: Final = int(os.environ.get("STANDFAST_EDITS", "60"))
CONNECTIONS: Final = 20


@pytest.mark.behaviour("RL-05")
@pytest.mark.timeout(max(120, EDITS * 2))
def test_no_connection_to_an_untouched_server_is_reset_and_the_tables_are_those_of_a_fresh_start(
    lab: Lab,
) -> None:
    stage = Stage(lab)
    check = CHECKED.replace("warmup 0", "warmup 0\ndelay_loop 2")
    edited = EditedServers(5, network="10.99.0.", vip=VIP[4], check=check, settings=engine())
    daemon = stage.director.direct(edited.text())
    failed = f"TCP_CHECK on service [{edited.dead}]:tcp:80 failed"
    with ExitStack() as stack:
        for host in stage.servers:
            stack.enter_context(Server(host))
        assert lab.within(PATIENCE, lambda: failed in daemon.log() and stage.ask() in ALIVE), daemon.log()
        assert lab.within(PATIENCE, lambda: edited.dead not in rules(stage.director))
        talkers = stack.enter_context(Talkers([stage.open() for _ in range(CONNECTIONS)]))
        for number in range(1, EDITS + 1):
            edited.edit()

            reload(lab, daemon, edited, number)

            assert edited.dead not in rules(stage.director), f"edit {number}: {edited.last}"
            assert talkers.broken == [], f"edit {number}: {edited.last}"
        rounds = talkers.rounds
        assert lab.within(PATIENCE, lambda: talkers.rounds > rounds + 1)
        assert [len(names) for names in talkers.answers] == [1] * CONNECTIONS
        assert set.union(*talkers.answers) == {name.encode() for name in ALIVE}
        assert daemon.log().count(failed) == 1, "the check of an untouched server began anew"
        after = sorted_rules(stage)
        assert daemon.stop() == 0
        stage.serve(edited.text().removeprefix(engine()))

        assert lab.within(PATIENCE, lambda: sorted_rules(stage) == after), f"{after}\n{sorted_rules(stage)}"


def reload(lab: Lab, daemon: Daemon, edited: EditedServers, number: int) -> None:
    """Give it the edited configuration, and wait until it runs on it."""
    daemon.reload(edited.text())
    done = lab.within(30.0, lambda: daemon.log().count("Reload complete") == number)
    assert done, f"edit {number}: {edited.last}\n{daemon.log()[-2000:]}"


def sorted_rules(stage: Stage) -> list[str]:
    """The rules, in whichever order their chains were made."""
    return sorted(rules(stage.director).split("\n\t}\n"))
