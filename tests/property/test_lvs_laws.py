"""Whatever servers answer and in whatever order: pools and tables are as computed from scratch."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from lvs_director import REFUSED, Director, real, web
from written import config_of

from standfast.base.times import SECOND
from standfast.core.check.outcome import Outcome
from standfast.core.lvs.configured import Planner
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged
from standfast.core.lvs.orders import NO_ORDERS
from standfast.core.lvs.parameters import Plan
from standfast.core.lvs.pool import desired, pool
from standfast.core.lvs.said import words_of
from standfast.core.lvs.table import Table

NUMBERS = (2, 3, 4)
MISC = "MISC_CHECK {\n misc_path /bin/true\n misc_dynamic\n warmup 0\n delay_loop 1\n}"

outcomes = st.one_of(
    st.just(REFUSED), (st.none() | st.integers(0, 5)).map(lambda value: Outcome(ok=True, value=value))
)
rounds = st.lists(st.fixed_dictionaries({f"10.0.0.{n}]": outcomes for n in NUMBERS}), max_size=8)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """One virtual server, perhaps with a sorry server, an own quorum, and servers of several sorts."""
    flag = st.sampled_from(["", "inhibit_on_failure", "alpha"])
    servers = "".join(
        real(
            number, f"{draw(flag)}\n{draw(st.sampled_from(['', MISC]))}", "warmup 0\n delay_loop 1\n retry 1"
        )
        for number in draw(st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True))
    )
    sorry = draw(st.sampled_from(["", "sorry_server 10.0.0.9 80", "sorry_server 10.0.0.2 80"]))
    quorum = f"quorum {draw(st.integers(1, 3))}\n hysteresis {draw(st.integers(0, 1))}"
    return web(servers, f"{sorry}\n{quorum}")


def from_scratch(director: Director, plan: Plan) -> Table:
    """The table that follows from what the checks say now, and from which quorums there are."""
    states = director.balancer._checks.states
    made: Table = {}
    for virtual in plan.servers:
        words = [list(words_of(server, states, {})) for server in virtual.servers]
        up = director.balancer._pools[virtual.name].quorum
        now = pool(virtual, words, NO_ORDERS, before=up)
        assert now.quorum == up  # what there is stands by itself
        made = {**made, **desired(virtual, now)}
    return made


@settings(max_examples=60, deadline=None)
@given(texts(), rounds)
def test_the_table_is_as_computed_from_scratch(text: str, answers: Sequence[dict[str, Outcome]]) -> None:
    director = Director(text)

    for told in answers:
        director.run(1, told)

        assert director.kernel.table == from_scratch(director, Planner().plan(config_of(text)))


@settings(max_examples=40, deadline=None)
@given(texts(), texts(), rounds, rounds)
def test_after_a_reload_it_is_that_of_the_new_configuration(
    text: str, other: str, before: Sequence[dict[str, Outcome]], after: Sequence[dict[str, Outcome]]
) -> None:
    director = Director(text)
    for told in before:
        director.run(1, told)

    director.reload(other)

    assert director.kernel.table == from_scratch(director, Planner().plan(config_of(other)))
    for told in after:
        director.run(1, told)
    assert director.kernel.table == from_scratch(director, Planner().plan(config_of(other)))


@settings(max_examples=40, deadline=None)
@given(texts(), rounds)
def test_changes_are_told_in_turns(text: str, answers: Sequence[dict[str, Outcome]]) -> None:
    director = Director(text)
    for told in answers:
        director.run(1, told)

    ups: dict[str, list[bool]] = {}
    for fact in director.facts(RealServerChanged):
        ups.setdefault(fact.server, []).append(fact.up)
    for turns in (*ups.values(), [fact.up for fact in director.facts(QuorumChanged)]):
        assert all(one != other for one, other in pairwise(turns))


@settings(max_examples=40, deadline=None)
@given(texts(), rounds)
def test_a_reload_of_the_same_asks_nothing_of_the_kernel(
    text: str, answers: Sequence[dict[str, Outcome]]
) -> None:
    director = Director(text)
    for told in answers:
        director.run(1, told)
    director.batches.clear()

    director.reload(text)

    assert director.batches == []


@settings(max_examples=40, deadline=None)
@given(texts(), rounds)
def test_whoever_answers_well_again_is_served_again(text: str, answers: Sequence[dict[str, Outcome]]) -> None:
    director = Director(text)
    for told in answers:
        director.run(1, told)

    director.run(3)

    plan = Planner().plan(config_of(text))
    states = director.balancer._checks.states
    assert all(state.up for state in states.values())
    assert len(states) == sum(len(server.checks) for server in plan.servers[0].servers)
    assert director.now / SECOND == len(answers) + 3
