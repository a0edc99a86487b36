"""A reload that somebody must confirm: it is undone as a reload of its own."""

import pytest

from standfast.base.times import SECOND, Duration, Instant
from standfast.core.supervise.effects import (
    Adopt,
    ConfirmationAwaited,
    Discard,
    Effects,
    ForgetFormer,
    GiveConfig,
    KeepFormer,
    ReadConfig,
    RecallFormer,
    ReloadComplete,
    ReloadConfirmed,
    ReloadNotBegun,
    ReloadQueued,
    ReloadRefused,
    ReloadUndone,
    Stopping,
    Terminate,
)
from standfast.core.supervise.events import (
    Begin,
    ConfigRead,
    ConfigRefused,
    ConfigSame,
    ConfirmAsked,
    Due,
    Event,
    Ready,
    ReloadAsked,
    ReturnAsked,
    Spawned,
    StopAsked,
    Took,
)
from standfast.core.supervise.node import Parent
from standfast.core.supervise.watch import Watch

ONE = Watch(needed=frozenset({"vrrp"}))
MINUTE = Duration(60 * SECOND)
SOON = Duration(3 * SECOND)  # before the first hello


def told(parent: Parent, *events: Event, at: int = 0) -> Effects:
    effects: Effects = ()
    for event in events:
        effects += parent.handle(event, Instant(at))
    return effects


@pytest.fixture
def parent() -> Parent:
    """One that runs."""
    made = Parent(ONE)
    told(made, Begin(), Spawned("vrrp", 100), Ready("vrrp"))
    return made


@pytest.fixture
def waiting(parent: Parent) -> Parent:
    """One whose configuration waits to be confirmed within three seconds."""
    told(parent, ReloadAsked(SOON), ConfigRead(ONE), Took("vrrp", ""))
    return parent


def test_the_new_configuration_is_in_force_and_the_former_one_is_kept(parent: Parent) -> None:
    read = told(parent, ReloadAsked(MINUTE), ConfigRead(ONE))
    taken = told(parent, Took("vrrp", ""), at=SECOND)

    assert read == (ReadConfig(), GiveConfig("vrrp"))
    assert taken == (KeepFormer(), Adopt(), ConfirmationAwaited(MINUTE), ReloadComplete())
    assert parent.snapshot(Instant(0)).confirm_by == 61 * SECOND


def test_what_is_confirmed_stays(waiting: Parent) -> None:
    confirmed = told(waiting, ConfirmAsked("root"), at=SECOND)
    later = told(waiting, Due(), at=SOON)

    assert confirmed == (ForgetFormer(), ReloadConfirmed("root"))
    assert later == ()
    assert waiting.snapshot(Instant(0)).confirm_by is None


def test_what_nobody_confirms_is_undone_at_its_time_and_not_before(waiting: Parent) -> None:
    due = waiting.deadline()
    early = told(waiting, Due(), at=SOON - 1)
    undone = told(waiting, Due(), at=SOON)
    given = told(waiting, ConfigRead(ONE), Took("vrrp", ""), at=SOON)

    assert (due, early) == (Instant(SOON), ())
    assert undone == (ReloadUndone("nobody confirmed it within 3 s"), RecallFormer())
    assert given == (GiveConfig("vrrp"), Adopt(), ReloadComplete())


def test_somebody_may_go_back_at_once(waiting: Parent) -> None:
    assert told(waiting, ReturnAsked("root")) == (ReloadUndone("root went back"), RecallFormer())


def test_another_reload_meanwhile_is_not_even_read(waiting: Parent) -> None:
    effects = told(waiting, ReloadAsked())

    assert [type(each) for each in effects] == [ReloadNotBegun]
    assert waiting.snapshot(Instant(0)).confirm_by == Instant(SOON)


def test_one_that_was_queued_before_is_not_read_either(parent: Parent) -> None:
    queued = told(parent, ReloadAsked(SOON), ReloadAsked())
    done = told(parent, ConfigRead(ONE), Took("vrrp", ""))

    assert queued == (ReadConfig(), ReloadQueued())
    assert [type(each) for each in done[-2:]] == [ReloadComplete, ReloadNotBegun]


def test_requests_that_one_reload_answers_are_confirmed_in_the_shortest_time(parent: Parent) -> None:
    told(parent, ReloadAsked(), ReloadAsked(MINUTE), ReloadAsked(SOON), ReloadAsked())
    follows = told(parent, ConfigRead(ONE), Took("vrrp", ""))
    done = told(parent, ConfigRead(ONE), Took("vrrp", ""))

    assert follows[-1] == ReadConfig()
    assert ConfirmationAwaited(SOON) in done


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ConfigSame(), id="one that says the same"),
        pytest.param(ConfigRefused("line 3"), id="one that is refused"),
    ],
)
def test_what_did_not_come_need_not_be_confirmed(parent: Parent, answer: Event) -> None:
    told(parent, ReloadAsked(SOON), answer)

    assert parent.snapshot(Instant(0)).confirm_by is None


def test_if_the_former_one_is_refused_now_the_new_one_stays(waiting: Parent) -> None:
    told(waiting, ReturnAsked("root"), ConfigRead(ONE))

    effects = told(waiting, Took("vrrp", "eth0 is missing"))

    assert effects == (Discard(), ReloadRefused("vrrp", "eth0 is missing"))
    assert waiting.snapshot(Instant(0)).confirm_by is None


def test_with_nothing_to_confirm_nothing_happens(parent: Parent) -> None:
    assert told(parent, ConfirmAsked("root"), ReturnAsked("root")) == ()


def test_a_stop_ends_the_waiting(waiting: Parent) -> None:
    stopped = told(waiting, StopAsked("SIGTERM"), at=SECOND)
    later = told(waiting, Due(), at=SOON)

    assert stopped == (Stopping("SIGTERM"), Terminate("vrrp"))
    assert later == ()
