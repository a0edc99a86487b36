"""The laws of the state machine, under any sequence of events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vrrp_drawn import pauses, router_events, routers
from vrrp_made import US, advert

from standfast.base.limits import ANSWERS_PER_INTERVAL
from standfast.base.priorities import LEAVING
from standfast.base.times import Duration, Instant, after
from standfast.core.vrrp.effects import Effects, HoldAddresses, ReleaseAddresses, RouterChanged, SendAdvert
from standfast.core.vrrp.events import Due, Heard, Started
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Init, Master, State, name_of
from standfast.core.vrrp.step import EDGES, step
from standfast.core.vrrp.timing import deadline, master_down

SPOOFER = US + 50

Life = tuple[Router, list[tuple[State, Effects, State, Instant]]]  # before, effects, after, when


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A router and what happened to it."""
    router = draw(routers())
    state: State = Init()
    now = Instant(0)
    story = []
    for _ in range(draw(st.integers(1, 25))):
        now = after(now, draw(pauses))
        before = state
        state, effects = step(router, before, draw(router_events(router, now)), now)
        story.append((before, effects, state, now))
    return router, story


@given(lives())
def test_no_sequence_of_events_raises_and_who_takes_part_always_has_a_deadline(life: Life) -> None:
    router, story = life

    for _, _, state, _ in story:
        assert (deadline(router, state) is not None) == isinstance(state, Backup | Master)


@given(lives())
def test_every_change_of_state_is_told_and_is_one_of_the_known_ways(life: Life) -> None:
    _, story = life

    for before, effects, state, _ in story:
        told = [(e.old, e.new) for e in effects if isinstance(e, RouterChanged)]
        assert set(told) <= EDGES
        assert len(told) <= 1
        if name_of(before) != name_of(state):
            assert told == [(name_of(before), name_of(state))]


@pytest.mark.rfc(22, 23, 26, 37)
@pytest.mark.behaviour("SM-20")
@given(lives())
def test_addresses_are_held_exactly_while_it_is_master(life: Life) -> None:
    """Carrying the effects out one after the other gives what the state says."""
    router, story = life
    host: set[object] = set()

    for _, effects, state, _ in story:
        for effect in effects:
            if isinstance(effect, HoldAddresses):
                host.update(effect.part.addresses)
            elif isinstance(effect, ReleaseAddresses):
                host.difference_update(effect.addresses)
        assert host == (set(router.held) if isinstance(state, Master) else set())


@given(lives())
def test_only_a_master_speaks_and_says_goodbye_only_when_it_ends(life: Life) -> None:
    router, story = life

    for before, effects, state, _ in story:
        sent = [effect.priority for effect in effects if isinstance(effect, SendAdvert)]
        assert not sent or isinstance(before, Master) or isinstance(state, Master)
        assert LEAVING not in sent or (isinstance(before, Master) and name_of(state) in {"fault", "init"})
        assert set(sent) <= {LEAVING, router.priority}


@given(lives())
def test_a_router_that_has_become_master_speaks_before_it_holds(life: Life) -> None:
    _, story = life

    for before, effects, state, _ in story:
        if isinstance(state, Master) and not isinstance(before, Master):
            assert isinstance(effects[0], SendAdvert)
            assert isinstance(effects[-1], RouterChanged)


@given(lives())
def test_an_alarm_at_the_deadline_always_leads_on(life: Life) -> None:
    """A driver that rings at each deadline comes to a time beyond it: no alarm rings for ever."""
    router, story = life
    state, now = story[-1][2], story[-1][3]

    due = deadline(router, state)
    for _ in range(1000):
        if due is None or due > now:
            break
        state, _ = step(router, state, Due(), now)
        due = deadline(router, state)

    assert due is None or due > now


@given(lives())
def test_an_early_alarm_changes_nothing(life: Life) -> None:
    router, story = life
    state = story[-1][2]
    due = deadline(router, state)

    if due is not None:
        assert step(router, state, Due(), Instant(due - 1)) == (state, ())


@given(routers())
def test_left_alone_it_is_master_after_one_silence_and_speaks_on_time_for_ever(router: Router) -> None:
    state, effects = step(router, Init(), Started(), Instant(0))
    spoken, now = [Instant(0) for effect in effects if isinstance(effect, SendAdvert)], Instant(0)

    while len(spoken) < 20:
        due = deadline(router, state)
        assert due is not None
        assert due >= now
        now = due
        state, effects = step(router, state, Due(), now)
        spoken += [now for effect in effects if isinstance(effect, SendAdvert)]

    first = 0 if router.owner and router.starts_as_master else master_down(router, router.interval)
    assert spoken == [first + n * router.interval for n in range(20)]


@pytest.mark.rfc(41, 43)
@given(routers(), st.lists(st.tuples(st.integers(0, 1), st.integers(0, 40_000)), max_size=80))
def test_whatever_weaker_routers_say_a_master_speaks_at_least_once_an_interval_and_not_without_bounds(
    router: Router, said: list[tuple[int, int]]
) -> None:
    """Adverts with priority 0 or 1, at any pace; alarms ring on time."""
    router = replace(router, priority=200, starts_as_master=False)
    state: State = Backup(Instant(0), router.interval)
    now = Instant(master_down(router, router.interval))
    state, _ = step(router, state, Due(), now)
    spoken = [now]

    for priority, pause in said:
        until = after(now, Duration(pause))
        while (due := deadline(router, state)) is not None and due <= until:
            now = max(due, now)
            state, effects = step(router, state, Due(), now)
            spoken += [now for effect in effects if isinstance(effect, SendAdvert)]
        now = until
        state, effects = step(router, state, Heard(advert(router, priority), SPOOFER, US, now), now)
        spoken += [now for effect in effects if isinstance(effect, SendAdvert)]

    assert isinstance(state, Master)
    gaps = [later - earlier for earlier, later in zip(spoken, [*spoken[1:], now], strict=True)]
    assert max(gaps) <= router.interval
    for start in spoken:
        near = [at for at in spoken if start <= at < start + router.interval]
        assert len(near) <= 2 * (ANSWERS_PER_INTERVAL + 1)
