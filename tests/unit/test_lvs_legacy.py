"""Virtual servers that go on where another process stopped: the table is not touched, and nobody is told."""

import pytest
from lvs_director import REFUSED, Director, real, web
from written import config_of

from standfast.conf.transport import decode_value, encode_value
from standfast.core.lvs.configured import Planner
from standfast.core.lvs.effects import AddDestination, ChangeTable, QuorumChanged
from standfast.core.lvs.legacy import BalancerLegacy
from standfast.core.lvs.node import Balancer

PAIR = web(real(2) + real(3))
KEPT = web(real(2) + real(3), "quorum 2\nhysteresis 1")


def going_on(director: Director, text: str) -> tuple[Balancer, tuple[object, ...]]:
    left = decode_value(BalancerLegacy, encode_value(director.balancer.bequeath()))
    balancer = Balancer()
    balancer.give_legacy(left)
    plan = Planner().plan(config_of(text))
    former = tuple(director.balancer.ours)
    effects = balancer.start(plan, table=director.kernel.table, now=director.now, former=former)
    return balancer, tuple(effects)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        pytest.param(PAIR, "nobody", id="all are good"),
        pytest.param(PAIR, "10.0.0.3", id="one has failed"),
        pytest.param(KEPT, "10.0.0.3", id="a quorum is kept that would not be gained"),
        pytest.param(web(real(2) + real(3), "alpha"), "10.0.0.", id="none has ever answered"),
    ],
)
def test_nothing_is_changed_and_nothing_is_told(text: str, dead: str) -> None:
    director = Director(text)
    director.run(5, {dead: REFUSED})
    was = director.balancer.snapshot(director.now)

    balancer, effects = going_on(director, text)

    now = balancer.snapshot(director.now)
    assert effects == ()
    assert [one.pool for one in now.virtuals] == [one.pool for one in was.virtuals]


def test_the_next_attempts_are_made_when_they_would_have_been() -> None:
    director = Director(PAIR)
    director.run(5)
    due = director.balancer.deadline()

    balancer, _ = going_on(director, PAIR)

    assert balancer.deadline() == due


def test_a_server_that_the_file_has_now_is_added_and_the_others_keep_their_places() -> None:
    director = Director(PAIR)
    director.run(5)

    _, effects = going_on(director, web(real(2) + real(3) + real(4)))

    commands = [command for e in effects if isinstance(e, ChangeTable) for command in e.commands]
    assert [type(command) for command in commands] == [AddDestination]
    assert not any(isinstance(e, QuorumChanged) for e in effects)
