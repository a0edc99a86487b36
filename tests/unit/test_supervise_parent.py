"""The parent with all its children: start, hello, restarts, reload as a transaction, stop in order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from standfast.base.limits import CHILD_WAIT, HELLO_INTERVAL, HELLO_MISSES
from standfast.base.times import SECOND, Duration, Instant, after
from standfast.core.supervise.effects import (
    Abort,
    Adopt,
    ChildEnded,
    ChildReady,
    ChildSilent,
    Discard,
    Effects,
    End,
    ForgetFormer,
    GiveBack,
    GiveConfig,
    KeepFormer,
    Kill,
    ReadConfig,
    RecallFormer,
    ReloadComplete,
    ReloadQueued,
    ReloadRefused,
    SendHello,
    Spawn,
    StartupComplete,
    Stopping,
    Terminate,
)
from standfast.core.supervise.events import (
    Answered,
    Begin,
    ConfigRead,
    ConfigRefused,
    ConfigSame,
    ConfirmAsked,
    Due,
    Ended,
    Event,
    Ready,
    ReloadAsked,
    ReturnAsked,
    Spawned,
    StopAsked,
    Took,
)
from standfast.core.supervise.node import Parent
from standfast.core.supervise.state import Running
from standfast.core.supervise.watch import START_ORDER, STOP_ORDER, Watch

ONE = Watch(needed=frozenset({"vrrp"}))
ALL = Watch(needed=frozenset(START_ORDER))


def a_running_parent(watch: Watch = ONE) -> Parent:
    parent = Parent(watch)
    parent.handle(Begin(), Instant(0))
    for pid, name in enumerate((n for n in START_ORDER if n in watch.needed), 100):
        parent.handle(Spawned(name, pid), Instant(0))
        parent.handle(Ready(name), Instant(0))
    return parent


def told(parent: Parent, *events: Event, at: int = 0) -> Effects:
    effects: Effects = ()
    for event in events:
        effects += parent.handle(event, Instant(at))
    return effects


def test_children_start_in_the_order_of_pr_01() -> None:
    effects = told(Parent(ALL), Begin())

    assert effects == (Spawn("messenger"), Spawn("checker"), Spawn("vrrp"), Spawn("bfd"))


def test_a_configuration_without_work_starts_nobody_and_is_complete_at_once() -> None:
    effects = told(Parent(Watch()), Begin())

    assert effects == (StartupComplete(),)


def test_the_start_is_complete_when_the_last_child_is_ready_and_this_is_told_once() -> None:
    parent = Parent(Watch(needed=frozenset({"vrrp", "bfd"})))
    told(parent, Begin(), Spawned("vrrp", 1), Spawned("bfd", 2))

    first = told(parent, Ready("vrrp"))
    last = told(parent, Ready("bfd"))
    respawned = told(parent, Ended("bfd", -9), Due(), Spawned("bfd", 3), Ready("bfd"))

    assert first == (ChildReady("vrrp"),)
    assert last == (ChildReady("bfd"), StartupComplete())
    assert StartupComplete() not in respawned


def test_a_child_that_never_answers_is_killed_after_the_hellos_that_it_may_miss() -> None:
    parent = a_running_parent()
    effects: Effects = ()
    for beat in range(1, HELLO_MISSES + 2):
        due = parent.deadline()
        assert due == beat * HELLO_INTERVAL

        effects += told(parent, Due(), at=due)

    assert effects == (SendHello("vrrp"),) * HELLO_MISSES + (ChildSilent("vrrp", HELLO_MISSES), Abort("vrrp"))


def test_a_pause_of_the_parent_itself_is_not_held_against_the_child() -> None:
    parent = a_running_parent()
    hour_later = 3600 * SECOND

    effects = told(parent, Due(), at=hour_later)

    assert effects == (SendHello("vrrp"),)
    assert parent.deadline() == hour_later + HELLO_INTERVAL


def test_a_dead_child_is_replaced_at_once() -> None:
    parent = a_running_parent()

    effects = told(parent, Ended("vrrp", -9), at=5)

    assert effects == (ChildEnded("vrrp", -9, "respawn"),)
    assert parent.deadline() == 5
    assert told(parent, Due(), at=5) == (Spawn("vrrp"),)


@pytest.mark.parametrize(
    ("watch", "status", "ends_with"),
    [
        pytest.param(ONE, 1, 1, id="a fatal error"),
        pytest.param(ONE, 2, 2, id="a configuration error"),
        pytest.param(ONE, 4, 4, id="a missing permission"),
        pytest.param(Watch(ONE.needed, respawn=False), 70, 70, id="any exit, without respawn"),
        pytest.param(Watch(ONE.needed, respawn=False), -9, 1, id="a signal, without respawn: a fatal error"),
    ],
)
def test_some_deaths_end_the_daemon_with_their_status(watch: Watch, status: int, ends_with: int) -> None:
    effects = told(a_running_parent(watch), Ended("vrrp", status))

    assert effects == (
        ChildEnded("vrrp", status, "ends-daemon"),
        Stopping("vrrp-ended"),
        End(ends_with),
    )


def test_children_end_one_after_the_other_vrrp_first() -> None:
    parent = a_running_parent(ALL)

    first = told(parent, StopAsked("SIGTERM"))
    second = told(parent, Ended("vrrp", 0))
    third = told(parent, Ended("checker", 0))
    fourth = told(parent, Ended("bfd", 0))
    last = told(parent, Ended("messenger", 0))

    assert first == (Stopping("SIGTERM"), Terminate("vrrp"))
    assert second == (ChildEnded("vrrp", 0, "asked"), Terminate("checker"))
    assert third == (ChildEnded("checker", 0, "asked"), Terminate("bfd"))
    assert fourth == (ChildEnded("bfd", 0, "asked"), Terminate("messenger"))
    assert last == (ChildEnded("messenger", 0, "asked"), End(0))


def test_a_stop_waits_for_a_child_only_so_long() -> None:
    parent = a_running_parent()
    told(parent, StopAsked("SIGTERM"))

    assert parent.deadline() == after(Instant(0), CHILD_WAIT)
    effects = told(parent, Due(), at=CHILD_WAIT)

    assert Kill("vrrp") in effects
    assert parent.deadline() is None


def test_a_second_stop_changes_nothing() -> None:
    parent = a_running_parent()
    told(parent, StopAsked("SIGTERM"))

    assert told(parent, StopAsked("SIGINT"), ReloadAsked()) == ()


def test_a_dead_child_does_not_come_back_during_a_stop() -> None:
    parent = a_running_parent()
    told(parent, Ended("vrrp", -9))

    effects = told(parent, StopAsked("SIGTERM"))

    assert effects == (Stopping("SIGTERM"), End(0))


# ---- reload


def test_a_reload_reads_gives_and_adopts() -> None:
    parent = a_running_parent()

    read = told(parent, ReloadAsked())
    given = told(parent, ConfigRead(ONE))
    taken = told(parent, Took("vrrp", ""))

    assert (read, given, taken) == (
        (ReadConfig(),),
        (GiveConfig("vrrp"),),
        (Adopt(), ReloadComplete()),
    )


def test_a_configuration_that_says_the_same_is_given_to_nobody() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked())

    effects = told(parent, ConfigSame())

    assert effects == (Adopt(), ReloadComplete())


def test_an_unusable_configuration_leaves_the_old_one_in_force() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked())

    effects = told(parent, ConfigRefused("line 3"))

    assert effects == (Discard(), ReloadRefused("", "line 3"))


def test_a_child_that_refuses_turns_the_others_back() -> None:
    parent = a_running_parent(ALL)
    told(parent, ReloadAsked(), ConfigRead(ALL), Took("bfd", ""))

    effects = told(parent, Took("vrrp", "eth9 is missing"))

    assert effects == (Discard(), GiveBack("bfd"), ReloadRefused("vrrp", "eth9 is missing"))


def test_a_configuration_that_kills_its_child_is_refused() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked(), ConfigRead(ONE))

    effects = told(parent, Ended("vrrp", -11))

    assert effects[1:] == (
        Discard(),
        ReloadRefused("vrrp", "it ended while it took the new configuration"),
    )


def test_a_reload_that_is_asked_for_during_one_follows_it_once() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked())

    asked_twice = told(parent, ReloadAsked(), ReloadAsked())
    told(parent, ConfigRead(ONE))
    done = told(parent, Took("vrrp", ""))

    assert asked_twice == (ReloadQueued(),)
    assert done == (Adopt(), ReloadComplete(), ReadConfig())


def test_a_reload_starts_what_is_needed_now_and_ends_what_is_not() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked())

    effects = told(parent, ConfigRead(Watch(needed=frozenset({"bfd"}))))

    assert effects == (Adopt(), ReloadComplete(), Terminate("vrrp"), Spawn("bfd"))


def test_a_child_that_is_needed_again_is_made_after_the_old_one_is_gone() -> None:
    parent = a_running_parent()
    told(parent, ReloadAsked(), ConfigRead(Watch()), ReloadAsked(), ConfigRead(ONE))

    effects = told(parent, Ended("vrrp", 0))

    assert effects == (ChildEnded("vrrp", 0, "asked"), Spawn("vrrp"))


# ---- whatever happens


class AnyStory(RuleBasedStateMachine):
    """The parent under any order of events that its edge can give."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = Parent(ALL)
        self.now = Instant(0)
        self.alive: set[str] = set()
        self.reading = False
        self.kept = False  # the former configuration
        self.ended: int | None = None
        self.give(Begin())

    def give(self, event: Event) -> None:
        assert self.ended is None
        pending = [event]
        while pending:
            for effect in self.parent.handle(pending.pop(0), self.now):
                match effect:
                    case Spawn(child):
                        assert child not in self.alive, "two of one child"
                        self.alive.add(child)
                        pending.append(Spawned(child, 1))
                    case (
                        Terminate(child)
                        | Abort(child)
                        | Kill(child)
                        | SendHello(child)
                        | GiveConfig(child)
                        | GiveBack(child)
                    ):
                        assert child in self.alive, "asked nobody"
                    case ReadConfig():
                        self.reading = True
                    case KeepFormer():
                        assert not self.kept, "two configurations to come back to"
                        self.kept = True
                    case ForgetFormer():
                        assert self.kept, "nothing to forget"
                        self.kept = False
                    case RecallFormer():
                        assert self.kept, "nothing to come back to"
                        self.kept, self.reading = False, True
                        pending.append(ConfigRead(Watch()))
                    case Adopt() | Discard():
                        assert self.reading, "nothing was read"
                        self.reading = False
                    case End(status):
                        assert not self.alive, "left a child behind"
                        self.ended = status

    @precondition(lambda self: self.ended is None)
    @rule(wait=st.integers(0, 70 * SECOND))
    def time_passes(self, wait: int) -> None:
        due = self.parent.deadline()
        target = after(self.now, Duration(wait))
        while due is not None and due <= target and self.ended is None:
            self.now = max(self.now, due)
            self.give(Due())
            following = self.parent.deadline()
            assert following != due, "a deadline that stays is a busy loop"
            due = following
        self.now = target

    @precondition(lambda self: self.ended is None)
    @rule(child=st.sampled_from(START_ORDER), status=st.sampled_from([0, 3, -9, -11, 70]))
    def a_child_dies(self, child: str, status: int) -> None:
        if child in self.alive:
            self.alive.remove(child)
            self.give(Ended(child, status))

    @precondition(lambda self: self.ended is None)
    @rule(child=st.sampled_from(START_ORDER), late=st.integers(0, SECOND))
    def a_child_speaks(self, child: str, late: int) -> None:
        if child in self.alive:
            self.give(Ready(child))
            self.give(Answered(child, late))

    @precondition(lambda self: self.ended is None)
    @rule(child=st.sampled_from(START_ORDER), refusal=st.sampled_from(["", "no"]))
    def a_child_answers_a_configuration(self, child: str, refusal: str) -> None:
        if child in self.alive:
            self.give(Took(child, refusal))

    @precondition(lambda self: self.ended is None)
    @rule(
        needed=st.sets(st.sampled_from(START_ORDER)),
        usable=st.booleans(),
        within=st.sampled_from([None, Duration(SECOND), Duration(90 * SECOND)]),
    )
    def a_reload(self, needed: set[str], usable: bool, within: Duration | None) -> None:
        self.give(ReloadAsked(within))
        if self.reading:
            self.give(ConfigRead(Watch(frozenset(needed))) if usable else ConfigRefused("bad"))

    @precondition(lambda self: self.ended is None)
    @rule(event=st.sampled_from([ConfirmAsked("a person"), ReturnAsked("a person")]))
    def somebody_decides(self, event: Event) -> None:
        self.give(event)

    @precondition(lambda self: self.ended is None)
    @rule()
    def a_stop(self) -> None:
        self.give(StopAsked("SIGTERM"))

    @precondition(lambda self: self.ended is not None)
    @rule()
    def the_end_is_the_end(self) -> None:
        assert self.parent.deadline() is None

    @invariant()
    def who_runs_is_alive(self) -> None:
        running = {n for n, c in self.parent.snapshot(self.now).children if isinstance(c, Running)}
        assert running <= self.alive

    def teardown(self) -> None:
        if self.ended is None:
            self.give(StopAsked("SIGTERM"))
            for child in STOP_ORDER:
                if child in self.alive:
                    self.alive.remove(child)
                    self.give(Ended(child, 0))
            assert self.ended is not None, "the parent does not end"


TestAnyStory = AnyStory.TestCase
TestAnyStory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
