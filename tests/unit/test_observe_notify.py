"""Notify scripts: which ones, with which words, in which order, and never too many."""

import json
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.limits import SCRIPTS_AT_ONCE
from standfast.base.times import Duration, Instant
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged
from standfast.core.vrrp.effects import AdvertHeard, GroupChanged, RouterChanged, WeakerHeard
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.servers import Endpoint, Service
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.virtual_server import RealServer, VirtualServer
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe.facts import ScriptNotRun, ScriptRan, ScriptsSuperseded, ScriptTimedOut
from standfast.observe.notice import notice_of
from standfast.observe.notify import CONTEXT, Notifier, ScriptEnd

FINE = ScriptEnd(0)
PEER = ip_address("10.0.0.3")
VIRTUAL = "[10.0.0.1]:tcp:80"
REAL = "[10.0.0.9]:tcp:80"


class Runner:
    """A script port whose scripts end when the test says so."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.told: list[dict[str, object]] = []
        self.running: list[Callable[[ScriptEnd], None]] = []

    def start(
        self,
        script: Script,
        *,
        limit: Duration,
        ended: Callable[[ScriptEnd], None],
        variables: Mapping[str, str] = {},
    ) -> None:
        self.started.append(str(script))
        self.told.append(json.loads(variables[CONTEXT]))
        self.running.append(ended)


class Desk:
    """A notifier with a runner, and a loop that turns when it is told to."""

    def __init__(self, *names: str, **scripts: str) -> None:
        self.facts: list[object] = []
        self.runner = Runner()
        self.turns: list[Callable[[], None]] = []
        self.notifier = Notifier(
            self.runner, tell=self.facts.append, clock=lambda: Instant(0), soon=self.turns.append
        )
        self.configure(*names, **scripts)

    def configure(self, *names: str, **scripts: str) -> None:
        parts: Any = {keyword: Script((text,)) for keyword, text in scripts.items()}
        instances = tuple(
            VrrpInstance(name=name, interface="eth0", virtual_router_id=n, **parts)
            for n, name in enumerate(names, 1)
        )
        self.notifier.configure(Config(vrrp_instances=instances))

    def change(self, old: str, new: str, *, name: str = "VI_1", reason: str = "x") -> None:
        self.notifier.tell(RouterChanged(name, old, new, reason, 150), Instant(0))

    def turn(self) -> None:
        while self.turns:
            self.turns.pop(0)()

    def end(self, end: ScriptEnd = FINE) -> None:
        self.runner.running.pop(0)(end)
        self.turn()

    def end_all(self) -> None:
        self.turn()
        while self.runner.running:
            self.end()


@pytest.mark.parametrize(
    ("old", "new", "reason", "state"),
    [
        pytest.param("init", "backup", "started", "BACKUP", id="the first state is announced, too (NO-03)"),
        pytest.param("backup", "master", "master-down", "MASTER", id="a takeover"),
        pytest.param("master", "fault", "interface-down", "FAULT", id="a fault"),
        pytest.param("master", "init", "stopped", "STOP", id="a stop"),
        pytest.param("backup", "init", "deleted", "DELETED", id="removed by a reload"),
    ],
)
def test_a_change_is_worth_a_notice(old: str, new: str, reason: str, state: str) -> None:
    notice = notice_of(RouterChanged("VI_1", old, new, reason, 100))

    assert notice is not None
    assert notice.words == ("INSTANCE", "VI_1", state, "100")
    assert (notice.was, notice.reason) == ("" if old == "init" else old.upper(), reason)


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(
            RouterChanged("VI_1", "fault", "fault", "no-source-address", 100), id="another reason for a fault"
        ),
        pytest.param(WeakerHeard("VI_1", PEER, 50), id="a weaker master that a backup hears"),
        pytest.param(AdvertHeard("VI_1", leaving=False), id="an advert"),
    ],
)
def test_this_is_worth_none(fact: object) -> None:
    assert notice_of(fact) is None


@pytest.mark.behaviour("SG-05")
@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        pytest.param("init", "backup", "BACKUP", id="it begins"),
        pytest.param("backup", "master", "MASTER", id="it takes over"),
        pytest.param("master", "fault", "FAULT", id="it cannot go on"),
        pytest.param("master", "init", "STOP", id="it stops"),
    ],
)
def test_the_scripts_of_a_group_are_told_priority_0(old: str, new: str, state: str) -> None:
    desk = Desk()
    script = Script(("/g",))
    desk.notifier.configure(Config(vrrp_sync_groups=(VrrpSyncGroup(name="VG_1", notify=script),)))

    desk.notifier.tell(GroupChanged("VG_1", old, new), Instant(0))
    desk.end_all()

    assert desk.runner.started == [f"/g GROUP VG_1 {state} 0"]


@pytest.mark.behaviour("SM-15")
def test_a_master_that_hears_a_weaker_one_runs_only_the_script_for_that() -> None:
    desk = Desk("VI_1", notify="/n", notify_master_rx_lower_pri="/w")

    desk.notifier.tell(WeakerHeard("VI_1", PEER, 50, ours=100), Instant(0))
    desk.end_all()

    assert desk.runner.started == ["/w"]


@pytest.mark.behaviour("NO-04", "RL-04")
@pytest.mark.parametrize(
    ("scripts", "started"),
    [
        pytest.param({"notify_fault": "/f"}, ["/f", "/n INSTANCE VI_1 FAULT 150"], id="a fault"),
        pytest.param(
            {"notify_fault": "/f", "notify_deleted": "/d"},
            ["/d", "/n INSTANCE VI_1 DELETED 150"],
            id="with notify_deleted, what it is",
        ),
    ],
)
def test_an_instance_that_a_reload_removed_is(scripts: dict[str, str], started: list[str]) -> None:
    desk = Desk("VI_1", notify="/n", **scripts)

    desk.change("backup", "init", reason="deleted")
    desk.end_all()

    assert desk.runner.started == started


def test_the_script_of_the_state_runs_first_then_the_one_of_all_states_with_its_words() -> None:
    desk = Desk("VI_1", notify_master="/m", notify="/n")

    desk.change("backup", "master")
    desk.turn()
    first = list(desk.runner.started)
    desk.end()

    assert first == ["/m"], "one after the other"
    assert desk.runner.started == ["/m", "/n INSTANCE VI_1 MASTER 150"]


def test_nothing_is_started_while_the_change_is_told() -> None:
    desk = Desk("VI_1", notify="/n")

    desk.change("backup", "master")

    assert desk.runner.started == []


def test_an_instance_without_scripts_runs_none() -> None:
    desk = Desk("VI_1", notify_backup="/b")

    desk.change("backup", "master")
    desk.end_all()

    assert desk.runner.started == []
    assert not desk.notifier.busy


def test_a_state_that_waits_gives_way_to_the_same_state_later() -> None:
    desk = Desk("VI_1", notify="/n")
    desk.change("init", "backup")
    desk.turn()
    for _ in range(1000):
        desk.change("backup", "master")
        desk.change("master", "backup")

    desk.end_all()

    assert [words.split()[-2] for words in desk.runner.started] == ["BACKUP", "MASTER", "BACKUP"]
    assert sum(fact.count for fact in desk.facts if isinstance(fact, ScriptsSuperseded)) == 2 * 999


def test_after_a_stop_nothing_older_runs() -> None:
    desk = Desk("VI_1", notify="/n", notify_stop="/s")
    desk.change("init", "backup")
    desk.turn()
    desk.change("backup", "master")
    desk.change("master", "init", reason="stopped")

    desk.end_all()

    assert desk.runner.started == ["/n INSTANCE VI_1 BACKUP 150", "/s", "/n INSTANCE VI_1 STOP 150"]


def test_a_removed_instance_still_has_its_last_word() -> None:
    desk = Desk("VI_1", notify_fault="/f")
    desk.configure("VI_2", notify_fault="/g")

    desk.change("master", "init", reason="deleted")
    desk.change("init", "fault", name="VI_2")
    desk.end_all()

    assert sorted(desk.runner.started) == ["/f", "/g"]


def test_a_reload_gives_the_next_change_its_new_script() -> None:
    desk = Desk("VI_1", notify_master="/old")
    desk.configure("VI_1", notify_master="/new")

    desk.change("backup", "master")
    desk.end_all()

    assert desk.runner.started == ["/new"]


def test_instances_do_not_wait_for_one_another_but_only_so_many_run_at_once() -> None:
    names = [f"VI_{n}" for n in range(1, SCRIPTS_AT_ONCE + 11)]
    desk = Desk(*names, notify="/n")
    for name in names:
        desk.change("backup", "master", name=name)

    desk.turn()
    at_once = len(desk.runner.started)
    desk.end_all()

    assert at_once == SCRIPTS_AT_ONCE
    assert len(desk.runner.started) == len(names)
    assert not desk.notifier.busy


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        pytest.param(ScriptEnd(0), ScriptRan, id="it ran"),
        pytest.param(ScriptEnd(-15, timed_out=True), ScriptTimedOut, id="it took too long"),
        pytest.param(ScriptEnd(0, refusal="not found"), ScriptNotRun, id="it could not be started"),
    ],
)
def test_the_end_of_a_script_is_told(end: ScriptEnd, kind: type) -> None:
    desk = Desk("VI_1", notify="/n")
    desk.change("backup", "master")
    desk.turn()

    desk.end(end)

    assert [type(fact) for fact in desk.facts] == [kind]


def test_only_changes_of_state_are_of_interest() -> None:
    desk = Desk("VI_1", notify="/n")

    desk.notifier.tell(AdvertHeard("VI_1", leaving=False), Instant(0))

    assert desk.notifier.wants(RouterChanged)
    assert not desk.notifier.wants(AdvertHeard)
    assert not desk.notifier.busy


STATES = ("master", "backup", "fault")


@given(st.lists(st.tuples(st.sampled_from(STATES), st.booleans())))
def test_the_last_state_is_the_last_that_is_told_and_the_order_is_kept(steps: list[tuple[str, bool]]) -> None:
    desk = Desk("VI_1", notify="/n")
    path = ["init"]
    for new, script_ends in steps:
        if new != path[-1]:
            desk.change(path[-1], new)
            path.append(new)
        desk.turn()
        if script_ends and desk.runner.running:
            desk.end()

    desk.end_all()

    told = [words.split()[-2].lower() for words in desk.runner.started]
    remaining = iter(path)
    assert all(state in remaining for state in told), "an order that never was"
    assert told[-1:] == path[1:][-1:]
    assert not desk.notifier.busy


@pytest.mark.behaviour("SCR-03")
@pytest.mark.parametrize(
    ("fact", "script"),
    [
        pytest.param(
            QuorumChanged(VIRTUAL, up=True, live=2, quorum=1, hysteresis=0), "/quorum-up", id="quorum gained"
        ),
        pytest.param(
            QuorumChanged(VIRTUAL, up=False, live=0, quorum=1, hysteresis=0), "/quorum-down", id="quorum lost"
        ),
        pytest.param(
            RealServerChanged(VIRTUAL, REAL, up=True, weight=1), "/server-up", id="a real server is up"
        ),
        pytest.param(
            RealServerChanged(VIRTUAL, REAL, up=False, weight=1), "/server-down", id="a real server fails"
        ),
    ],
)
def test_servers_run_their_scripts_without_further_words(fact: object, script: str) -> None:
    desk = Desk()
    real = RealServer(
        endpoint=Endpoint(ip_address("10.0.0.9"), 80),
        notify_up=Script(("/server-up",)),
        notify_down=Script(("/server-down",)),
    )
    virtual = VirtualServer(
        service=Service(Endpoint(ip_address("10.0.0.1"), 80)),
        protocol="TCP",
        quorum_up=Script(("/quorum-up",)),
        quorum_down=Script(("/quorum-down",)),
        real_servers=(real,),
    )
    desk.notifier.configure(Config(virtual_servers=(virtual,)))

    desk.notifier.tell(fact, Instant(0))
    desk.end_all()

    assert desk.runner.started == [script]


def test_a_script_finds_the_whole_notice_in_its_environment() -> None:
    desk = Desk("VI_1", notify_master="/master")

    desk.notifier.tell(RouterChanged("VI_1", "backup", "master", "master-down", 150, "3.6 s"), Instant(0))
    desk.end_all()

    assert desk.runner.told == [
        {
            "version": 1,
            "subject": "INSTANCE",
            "name": "VI_1",
            "state": "MASTER",
            "priority": 150,
            "was": "BACKUP",
            "reason": "master-down",
            "detail": "3.6 s",
        }
    ]
