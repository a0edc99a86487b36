"""Rules of the firewall and the routers that need them: nothing is held open, and no takeover waits."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from vrrp_made import ETH0, ROUTER, VIP, from_peer, kinds, vip

from standfast.base.limits import READ_BACK_INTERVAL, REINSTATE_BURST
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.effects import (
    CheckShield,
    Effect,
    FirewallRefused,
    FirewallTouched,
    HoldAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
    Shield,
)
from standfast.core.vrrp.events import Due, Event, Shielded, ShieldLost, ShieldRefused, Stop
from standfast.core.vrrp.firewall import Means, RuleSet
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router

CLOSED = replace(ROUTER, accept=False)
WHY = "the program nft is missing"


class Stage:
    """A node with one router, and its firewall, which answers when it is told to."""

    def __init__(self, *routers: Router, left: bool = False) -> None:
        self.node = Node()
        self.now = Instant(0)
        self.asked: list[RuleSet] = []
        self.effects: tuple[Effect, ...] = ()
        links = {"eth0": ETH0}
        self._note(self.node.start(routers, links=links, present={}, now=self.now, rules_left=left))

    def give(self, event: Event) -> Sequence[Effect]:
        return self._note(self.node.handle(event, self.now))

    def reload(self, *routers: Router, means: Means | None = None) -> Sequence[Effect]:
        return self._note(self.node.reload(routers, self.now, means=means))

    def answer(self) -> Sequence[Effect]:
        """The firewall does what it was asked for last."""
        return self.give(Shielded(self.asked[-1]))

    def refuse(self) -> Sequence[Effect]:
        return self.give(ShieldRefused(self.asked[-1], WHY))

    def become_master(self) -> Sequence[Effect]:
        due = self.node.deadline()
        assert due is not None
        self.now = due
        return self.give(Due())

    def _note(self, effects: Sequence[Effect]) -> Sequence[Effect]:
        self.asked += [effect.rules for effect in effects if isinstance(effect, Shield)]
        return effects

    @property
    def state(self) -> str:
        (one,) = self.node.snapshot(self.now).routers
        return type(one.state).__name__.lower()


@pytest.fixture
def master() -> Stage:
    stage = Stage(CLOSED)
    stage.answer()
    stage.become_master()
    return stage


def changes(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    return [(each.new, each.reason) for each in effects if isinstance(each, RouterChanged)]


# ---- the start


def test_a_router_that_accepts_asks_nothing_of_the_firewall() -> None:
    stage = Stage(ROUTER)

    assert stage.asked == []
    assert stage.state == "backup"


def test_what_an_earlier_process_left_is_taken_away_although_nobody_needs_rules() -> None:
    assert Stage(ROUTER, left=True).asked == [RuleSet()]


def test_a_router_that_accepts_nothing_takes_part_when_its_rules_are_in_force_and_not_before() -> None:
    stage = Stage(CLOSED)
    assert stage.state == "init"
    assert [str(one) for rules in stage.asked for one in rules.ipv4] == ["10.0.0.100"]

    effects = stage.answer()

    assert changes(effects) == [("backup", "started")]


def test_without_rules_a_router_is_in_fault_and_says_why() -> None:
    stage = Stage(CLOSED)

    effects = stage.refuse()

    assert FirewallRefused(WHY, 0) in effects
    (change,) = (each for each in effects if isinstance(each, RouterChanged))
    assert (change.new, change.reason) == ("fault", "no-firewall")
    assert change.detail == f"no_accept cannot be enforced: {WHY}"


def test_what_was_refused_is_tried_again_at_each_reading_and_told_once() -> None:
    stage = Stage(CLOSED)
    stage.refuse()
    stage.now = Instant(READ_BACK_INTERVAL)

    again = stage.give(Due())
    told = stage.refuse()

    assert len([each for each in again if isinstance(each, Shield)]) == 1
    assert not any(isinstance(each, FirewallRefused | RouterChanged) for each in told)
    stage.now = Instant(2 * READ_BACK_INTERVAL)
    stage.give(Due())
    assert changes(stage.answer()) == [("backup", "recovered")]


# ---- at work


def test_nothing_is_asked_of_the_firewall_between_the_end_of_a_silence_and_the_addresses() -> None:
    stage = Stage(CLOSED)
    stage.answer()

    effects = stage.become_master()

    assert kinds(effects) == ["SendAdvert", "HoldAddresses", "Announce", "RouterChanged"]


def test_a_master_that_yields_leaves_the_rules_where_they_are(master: Stage) -> None:
    effects = master.give(from_peer(CLOSED, 200, at=master.now))

    assert any(isinstance(each, ReleaseAddresses) for each in effects)
    assert len(master.asked) == 1


def test_the_rules_go_when_all_addresses_have_gone(master: Stage) -> None:
    effects = kinds(master.give(Stop()))

    assert master.asked[-1] == RuleSet()
    assert effects.index("ReleaseAddresses") < effects.index("Shield")


def test_once_a_minute_the_rules_are_looked_at(master: Stage) -> None:
    master.now = Instant(master.now + READ_BACK_INTERVAL)

    assert CheckShield() in [*master.give(Due()), *master.give(Due())]


# ---- somebody else


def test_rules_that_somebody_removed_are_put_back_and_the_master_stays(master: Stage) -> None:
    effects = master.give(ShieldLost())

    assert [*effects] == [Shield(master.asked[0]), FirewallTouched("reinstated")]
    assert master.state == "master"
    assert changes(master.answer()) == []


def test_if_they_cannot_be_put_back_the_master_gives_up(master: Stage) -> None:
    master.give(ShieldLost())

    effects = master.refuse()

    assert SendAdvert("VI_1", 0) in effects
    assert changes(effects) == [("fault", "no-firewall")]


def test_who_removes_them_again_and_again_is_not_fought_for_ever(master: Stage) -> None:
    for _ in range(REINSTATE_BURST):
        master.give(ShieldLost())
        master.answer()

    effects = master.give(ShieldLost())

    assert FirewallTouched("later") in effects
    assert changes(effects) == [("fault", "no-firewall")]
    master.now = Instant(master.now + 10 * SECOND)
    assert Shield(master.asked[0]) in master.give(Due())
    assert changes(master.answer()) == [("backup", "recovered")]


# ---- a reload


def test_a_reload_waits_until_what_it_adds_is_closed(master: Stage) -> None:
    more = replace(CLOSED, addresses=(VIP, vip(101)))

    asking = master.reload(more)
    doing = master.answer()

    assert kinds(asking) == ["Shield"]
    assert [each.part.addresses for each in doing if isinstance(each, HoldAddresses)] == [(vip(101),)]
    assert len(master.asked) == 2, "one transaction"


def test_a_reload_that_only_takes_away_is_done_at_once_and_the_rules_go_last(master: Stage) -> None:
    effects = kinds(master.reload(replace(CLOSED, addresses=(vip(101),), accept=True)))

    assert effects.index("ReleaseAddresses") < effects.index("Shield")
    assert master.asked[-1] == RuleSet()


def test_a_reload_that_replaces_an_address_never_leaves_the_old_one_open(master: Stage) -> None:
    master.reload(replace(CLOSED, addresses=(vip(101),)))
    assert [*map(str, master.asked[-1].ipv4)] == ["10.0.0.100", "10.0.0.101"]

    master.answer()

    assert [*map(str, master.asked[-1].ipv4)] == ["10.0.0.101"]


def test_a_reload_whose_rules_are_refused_is_done_and_the_router_in_fault(master: Stage) -> None:
    master.reload(replace(CLOSED, addresses=(VIP, vip(101))))

    effects = master.refuse()

    assert ("fault", "no-firewall") in changes(effects)
    assert not any(isinstance(each, HoldAddresses) for each in effects)


def test_another_reload_in_the_meantime_is_the_one_that_counts(master: Stage) -> None:
    master.reload(replace(CLOSED, addresses=(VIP, vip(101))))
    first = master.asked[-1]
    master.reload(replace(CLOSED, addresses=(VIP, vip(102))))

    early = master.give(Shielded(first))
    effects = master.answer()

    assert not any(isinstance(each, HoldAddresses) for each in early)
    assert [each.part.addresses for each in effects if isinstance(each, HoldAddresses)] == [(vip(102),)]


def test_a_stop_in_the_meantime_ends_the_waiting(master: Stage) -> None:
    master.reload(replace(CLOSED, addresses=(VIP, vip(101))))

    master.give(Stop())

    assert not any(isinstance(each, HoldAddresses) for each in master.answer())


def test_other_means_are_other_rules(master: Stage) -> None:
    effects = master.reload(CLOSED, means=Means(counters=True))

    assert Shield(replace_means(master.asked[0], counters=True)) in effects


def replace_means(rules: RuleSet, *, counters: bool) -> RuleSet:
    return RuleSet(means=Means(counters=counters), ipv4=rules.ipv4)


def test_the_snapshot_says_whether_the_rules_are_in_force() -> None:
    stage = Stage(CLOSED)
    before = stage.node.snapshot(stage.now).shield
    stage.answer()
    after_ = stage.node.snapshot(stage.now).shield

    assert (before.in_force, after_.in_force) == (False, True)
    assert after_.wanted == stage.asked[0]
