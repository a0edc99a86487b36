"""What the core does for sync groups, trackers and two masters, damaged on purpose: the simulator must see it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from standfast.base.times import Duration, Instant, seconds
from standfast.core.track.verdict import Tracker, TrackerKind, Verdict
from standfast.core.vrrp import conduct, conflict, roster, standing, step
from standfast.core.vrrp.effects import Effects, SendAdvert
from standfast.core.vrrp.events import Due, RouterEvent
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, State
from standfast.core.vrrp.timing import silence_ends
from standfast.sim.grouped import generate_grouped
from standfast.sim.oracles.oracle import Violation
from standfast.sim.plans import RouterPlan, Watch
from standfast.sim.scenario import play
from standfast.sim.world import World

WORLDS = range(1, 61)
Patch = pytest.MonkeyPatch


def first_violation(worlds: Iterable[int] = WORLDS) -> str | None:
    """The oracle that complains first, of worlds that nothing is wrong with."""
    violations = (play(generate_grouped(seed)).violation for seed in worlds)
    return next((violation.oracle for violation in violations if violation is not None), None)


def nobody_follows(patch: Patch) -> None:
    """A member that lets a stronger master be leaves the others of its group master."""
    patch.setattr(conduct, "gives_way", lambda *_: False)


def the_first_decides(patch: Patch) -> None:
    """A group takes over when the silence of its first member ends."""

    def first(members: Iterable[Member]) -> Instant | None:
        return min(
            (silence_ends(m.router, m.state) for m in members if isinstance(m.state, Backup)), default=None
        )

    def all_at_once(members: Sequence[Member], _: Instant) -> tuple[Sequence[Member], Due]:
        return [member for member in members if isinstance(member.state, Backup)], Due()

    patch.setattr(roster, "takeover_due", first)
    patch.setattr(conduct, "candidates", all_at_once)


def each_for_itself(patch: Patch) -> None:
    """A fault of one member is no fault of the others."""
    patch.setattr(conduct, "shared_faults", lambda members, own: list(own))


def a_word_too_much(patch: Patch) -> None:
    """A member that goes into fault sends one more advert."""
    give = conduct.Conduct.give

    def talkative(self: conduct.Conduct, member: Member, event: RouterEvent, now: Instant) -> Effects:
        effects = give(self, member, event, now)
        more = isinstance(member.state, Fault) and effects
        return (*effects, SendAdvert(member.router.name, member.router.priority)) if more else effects

    patch.setattr(conduct.Conduct, "give", talkative)


def deaf_to_verdicts(patch: Patch) -> None:
    patch.setattr(conduct.Conduct, "_judged", lambda *_: ())


def files_are_ignored(patch: Patch) -> None:
    change = standing._change

    def ignoring(tracker: Tracker, verdict: Any) -> int:
        return 0 if tracker.key.kind is TrackerKind.FILE else change(tracker, verdict)

    patch.setattr(standing, "_change", ignoring)


def no_limits(patch: Patch) -> None:
    def unlimited(router: Router, shares: Sequence[standing.Share]) -> int:
        return max(1, min(255, router.priority + sum(share.change for share in shares)))

    patch.setattr(standing, "_limited", unlimited)


def no_delay(patch: Patch) -> None:
    """The startup delay is forgotten."""
    take_part = step._take_part

    def at_once(router: Router, old: State, reason: str, now: Instant, not_before: Instant) -> step.Step:
        return take_part(router, old, reason, now, min(now, not_before))

    patch.setattr(step, "_take_part", at_once)


def every_return_is_a_conflict(patch: Patch) -> None:
    patch.setattr(conflict, "_no_gap", lambda *_: Duration(seconds(1000)))


def a_backup_sees_nothing(patch: Patch) -> None:
    patch.setattr(conflict.Masters, "hear", lambda *_: ())


def no_conflict_ends(patch: Patch) -> None:
    patch.setattr(conflict.Masters, "ends", lambda *_: None)


@pytest.mark.parametrize(
    ("damage", "oracles"),
    [
        pytest.param(nobody_follows, {"Together"}, id="one yields and the others stay master"),
        pytest.param(the_first_decides, {"Together", "Silence"}, id="the first silence that ends is enough"),
        pytest.param(each_for_itself, {"Faulty"}, id="faults are not shared"),
        pytest.param(a_word_too_much, {"NoWordInFault"}, id="an advert from a group in fault"),
        pytest.param(deaf_to_verdicts, {"Faulty", "Weight"}, id="verdicts are not heard"),
        pytest.param(no_limits, {"Weight"}, id="priorities without limits"),
        pytest.param(no_delay, {"Silence", "Delayed"}, id="no startup delay"),
        pytest.param(every_return_is_a_conflict, {"Rumours"}, id="a handover taken for two masters"),
        pytest.param(no_conflict_ends, {"Alarm"}, id="two masters for ever"),
    ],
)
def test_damage_to_the_core_is_seen(
    damage: Callable[[Patch], None], oracles: set[str], monkeypatch: Patch
) -> None:
    damage(monkeypatch)

    assert first_violation() in oracles


def test_a_file_that_counts_for_nothing_is_seen(monkeypatch: Patch) -> None:
    files_are_ignored(monkeypatch)
    world, watch = World(1), Watch(TrackerKind.FILE, "load", weight=1)
    host = world.add("a", priority=150, watches=(watch,))
    host.begin_trouble(watch.key, Verdict(up=True, value=-60))
    host.start()

    with pytest.raises(Violation, match=r"^Weight at .*: a spoke for VI_1 with priority 150, not 90"):
        world.run(seconds(10))


def test_an_owner_that_does_not_wait_for_the_startup_delay_is_seen(monkeypatch: Patch) -> None:
    no_delay(monkeypatch)
    world = World(1)
    host = world.add("a", priority=255, starts_as_master=True, startup_delay=seconds(3))

    with pytest.raises(Violation, match=r"^Delayed at 0 s"):
        host.start()


def test_a_backup_that_does_not_see_two_masters_is_seen(monkeypatch: Patch) -> None:
    a_backup_sees_nothing(monkeypatch)
    world = World(1)
    for name, priority in (("a", 150), ("b", 120), ("c", 100)):
        world.add(name, priority=priority).start()
    world.run(seconds(10))
    world.cut("a", "b")

    with pytest.raises(Violation, match=r"^Alarm at .*: c does not tell of the two masters"):
        world.run(seconds(20))


def test_a_survivor_that_is_not_left_is_seen(monkeypatch: Patch) -> None:
    """b and c do not hear each other and are both master; the stronger a takes over and is left."""
    agree = conflict.Masters._agree

    def wrong(self: conflict.Masters, name: str, survivor: Any, now: Instant) -> Effects:
        two = self.conflict
        assert two is not None
        other = two.first if two.first.address != survivor else two.second
        return agree(self, name, other.address, now)

    monkeypatch.setattr(conflict.Masters, "_agree", wrong)
    world = World(1)
    for name, priority in (("a", 150), ("b", 120), ("c", 100)):
        world.add(name, routers=(RouterPlan(priority=priority),))
    world.host("b").start()
    world.host("c").start()
    world.cut("b", "c")
    world.run(seconds(10))
    world.host("a").start()

    with pytest.raises(Violation, match=r"^Survivors at .* is left of the masters"):
        world.run(seconds(60))


def test_the_core_as_it_is_has_no_violation_in_these_worlds() -> None:
    assert first_violation(range(1, 16)) is None


def test_every_kind_of_tracker_and_group_occurs_in_these_worlds() -> None:
    """What is never generated is never judged."""
    plans = [plan for seed in WORLDS for host in generate_grouped(seed).hosts for plan in host.routers]
    kinds = {watch.kind for plan in plans for watch in plan.watches}
    sizes = {
        sum(r.sync_group == "G" for r in h.routers) for seed in WORLDS for h in generate_grouped(seed).hosts
    }

    assert kinds == set(TrackerKind)
    assert sizes >= {1, 2, 3, 4, 8}
    assert {plan.interface for plan in plans} == {"eth0", "eth1", "eth2"}
    assert any(watch.reverse for plan in plans for watch in plan.watches)
