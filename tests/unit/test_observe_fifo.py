"""Notification pipes: which notices each one gets, the lines, and what waits for a reader."""

from typing import Any

import pytest

from standfast.base.times import Instant
from standfast.core.vrrp.effects import GroupChanged, PriorityChanged, RouterChanged
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.composed import Fifo
from standfast.model.kinds.scripts import Script
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe.fifo import Backlog, fifo_line, pipes_of
from standfast.observe.notice import Notice, Subject
from standfast.observe.reporter import Reporter, StatesAsked, Told, has_messages

SERVICE = "[10.0.0.1]:tcp:80"
SERVER = "[10.0.0.9]:tcp:8080"


@pytest.mark.behaviour("NO-02")
@pytest.mark.parametrize(
    ("notice", "line"),
    [
        pytest.param(
            Notice(Subject.INSTANCE, "VI_1", "MASTER", 150), 'INSTANCE "VI_1" MASTER 150', id="an instance"
        ),
        pytest.param(
            Notice(Subject.GROUP, "VG", "FAULT"), 'GROUP "VG" FAULT 0', id="a group has no priority"
        ),
        pytest.param(
            Notice(Subject.VIRTUAL_SERVER, SERVICE, "UP"), f"VS {SERVICE} UP", id="a virtual server"
        ),
        pytest.param(
            Notice(Subject.REAL_SERVER, SERVER, "DOWN", 1, of=SERVICE),
            f"RS {SERVER} {SERVICE} DOWN",
            id="a real server",
        ),
        pytest.param(
            Notice(Subject.INSTANCE, "a\nb", "STOP", 1),
            'INSTANCE "a\\x0ab" STOP 1',
            id="no second line is forged",
        ),
    ],
)
def test_a_notice_is_one_line(notice: Notice, line: str) -> None:
    assert fifo_line(notice) == line + "\n"


def defs(**values: object) -> GlobalDefs:
    made: GlobalDefs = GlobalDefs(**values)  # type: ignore[arg-type]
    return made


def test_each_pipe_takes_its_own_notices() -> None:
    pipes = pipes_of(
        defs(notify_fifo=Fifo("/all"), vrrp_notify_fifo=Fifo("/vrrp"), lvs_notify_fifo=Fifo("/lvs"))
    )

    takes = {path: sorted(pipe.takes) for path, pipe in pipes.items()}
    assert takes == {
        "/all": ["GROUP", "INSTANCE", "RS", "VS"],
        "/vrrp": ["GROUP", "INSTANCE"],
        "/lvs": ["RS", "VS"],
    }


def test_of_two_pipes_on_one_path_the_wider_one_counts() -> None:
    script = Script(("/reader",))

    (pipe,) = pipes_of(
        defs(notify_fifo=Fifo("/x"), vrrp_notify_fifo=Fifo("/x"), vrrp_notify_fifo_script=script)
    ).values()

    assert pipe.takes == set(Subject)
    assert pipe.script is None


def test_of_too_many_lines_the_oldest_go_and_are_counted() -> None:
    backlog = Backlog(bound=2)

    for line in (b"1", b"2", b"3", b"4"):
        backlog.add(line)

    assert backlog.first == b"3"
    assert backlog.take_lost() == 2
    assert backlog.take_lost() == 0


# ---- what is reported


def reported(config: Config, *facts: object) -> list[tuple[str, str, int, bool]]:
    told: list[Told] = []
    reporter = Reporter(told.append)
    reporter.configure(config)
    for fact in facts:
        reporter.tell(fact, Instant(0))
    return [(one.notice.name, one.notice.state, one.notice.priority, one.again) for one in told]


def instance(name: str = "VI_1", **values: Any) -> VrrpInstance:
    made: VrrpInstance = VrrpInstance(name=name, interface="eth0", virtual_router_id=1, **values)
    return made


TO_MASTER = RouterChanged("VI_1", "backup", "master", "master-down", 100)
WORTH_120 = PriorityChanged("VI_1", 100, 120, "100 + 20 (file F) = 120")
REMOVED = RouterChanged("VI_1", "master", "init", "deleted", 100)


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        pytest.param(False, ["MASTER"], id="not to those who did not ask"),
        pytest.param(True, ["MASTER", "MASTER_PRIORITY"], id="to those who did"),
    ],
)
def test_a_change_of_priority_is_told(asked: bool, states: list[str]) -> None:
    config = Config(vrrp_instances=(instance(notify_priority_changes=asked),))

    assert [state for _, state, _, _ in reported(config, TO_MASTER, WORTH_120)] == states


def test_a_group_can_ask_for_the_priorities_of_its_members() -> None:
    group = VrrpSyncGroup(name="VG", group=("VI_1",), notify_priority_changes=True)

    told = reported(Config(vrrp_instances=(instance(),), vrrp_sync_groups=(group,)), TO_MASTER, WORTH_120)

    assert told[-1] == ("VI_1", "MASTER_PRIORITY", 120, False)


def test_a_priority_before_the_first_state_is_nobodys_news() -> None:
    config = Config(vrrp_instances=(instance(notify_priority_changes=True),))

    assert reported(config, WORTH_120) == []


@pytest.mark.behaviour("NO-04")
@pytest.mark.parametrize(
    ("values", "state"),
    [
        pytest.param({}, "FAULT", id="a fault, unless"),
        pytest.param({"notify_deleted": Script(())}, "DELETED", id="it is asked for by its name"),
    ],
)
def test_a_removed_instance_is_told(values: dict[str, Any], state: str) -> None:
    told: list[Told] = []
    reporter = Reporter(told.append)
    reporter.configure(Config(vrrp_instances=(instance(**values),)))
    reporter.configure(Config())

    reporter.tell(REMOVED, Instant(0))

    assert [one.notice.state for one in told] == [state]


def test_after_a_reload_groups_come_before_instances_and_what_is_gone_is_not_told() -> None:
    config = Config(vrrp_instances=(instance(), instance("VI_2")))
    other = RouterChanged("VI_2", "init", "backup", "started", 90)

    told = reported(
        config, TO_MASTER, other, GroupChanged("VG", "backup", "master"), WORTH_120, REMOVED, StatesAsked()
    )

    assert told[4:] == [("VG", "MASTER", 0, True), ("VI_2", "BACKUP", 90, True)]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        pytest.param({}, False, id="nobody is to be told"),
        pytest.param({"notification_email": ("a@b",)}, False, id="a recipient without a server (NO-05)"),
        pytest.param({"notify_fifo": Fifo("/x")}, True, id="a pipe"),
        pytest.param({"enable_dbus": True}, True, id="the bus"),
    ],
)
def test_a_messenger_is_needed(values: dict[str, object], wanted: bool) -> None:
    assert has_messages(defs(**values)) is wanted
