"""Real servers that follow a BFD session, on the nftables engine."""

import pytest
from bfd_lab import is_up, run, session
from nat_lab import PATIENCE, Server, Stage, engine, real, rules, virtual

from standfast.lab.lab import Lab


@pytest.mark.behaviour("HC-19")
def test_a_server_is_there_while_its_session_is_up(lab: Lab) -> None:
    stage = Stage(lab)
    (server, other) = stage.servers
    theirs = run(server, session("10.99.0.1", "10.99.0.11"))
    follows = real(1, more="BFD_CHECK {\nname wan\n}")
    config = engine() + session("10.99.0.11", "10.99.0.1") + virtual([follows, real(2, weight=3)])
    ours = stage.director.direct(config, "-b/run/standfastd-bfd.pid")
    assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(theirs)), ours.log()

    def served() -> bool:
        return "dnat to 10.99.0.11:80" in rules(stage.director)

    with Server(server), Server(other):
        assert lab.within(PATIENCE, served), ours.log()
        server.unplug()
        assert lab.within(PATIENCE, lambda: not served()), ours.log()
        left = {stage.ask() for _ in range(4)}
        server.plug()
        assert lab.within(PATIENCE, served), ours.log()

    assert left == {"s2"}


def test_services_stay_if_that_is_said(lab: Lab) -> None:
    """`-I` (behaviour LV-14): who was served is served on."""
    stage = Stage(lab)
    daemon = stage.director.direct(engine() + virtual([real(1)]), "-I")
    with Server(stage.servers[0]):
        assert lab.within(PATIENCE, lambda: stage.ask() == "s1"), daemon.log()

        assert daemon.stop() == 0

        assert stage.ask() == "s1"
