"""What systemd hears of the daemon, and when it hears nothing."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from standfast.base.limits import HEADLINE_AFTER, HELLO_STALE
from standfast.base.times import SECOND, Duration, Instant, after
from standfast.core.supervise.effects import (
    ReloadComplete,
    ReloadNotBegun,
    ReloadRefused,
    StartupComplete,
    Stopping,
)
from standfast.core.supervise.fresh import all_fresh
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Child, Running, Silent, Waiting
from standfast.core.supervise.watch import Watch
from standfast.daemon.poll import Alarm
from standfast.daemon.service_notices import ServiceNotices
from standfast.linux.service_manager import ServiceManager
from standfast.observe.headline import headline
from standfast.observe.state.status import Status

PID = os.getpid()
NOW = Instant(7 * SECOND)
WAITS_US = 30_000_000
STATUS: dict[str, Any] = {
    "version": "1", "host": "a", "pid": 1, "started": 1, "taken": 2,
    "configuration": {"path": "/etc/keepalived/keepalived.conf", "generation": 1, "since": 1},
}  # fmt: skip


class Clock:
    """It is always now."""

    def now(self) -> Instant:
        return NOW


class Systemd:
    """A socket, and what it heard."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind(address)

    def close(self) -> None:
        self._socket.close()

    def heard(self) -> list[str]:
        found = []
        try:
            while True:
                found.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return found


@pytest.fixture(params=["a path", "an abstract name"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    path = str(tmp_path / "notify")
    abstract = request.param == "an abstract name"
    made = Systemd("\0" + path if abstract else path, "@" + path if abstract else path)
    yield made
    made.close()


class Parent:
    """The notices of a parent, with its alarms."""

    def __init__(self, environment: dict[str, str], *, fresh: bool = True) -> None:
        self.watchdog, self.refresh = Alarm(lambda: None), Alarm(lambda: None)
        self.gathered = 0
        self.notices = ServiceNotices(
            ServiceManager(environment),
            Clock(),
            watchdog=self.watchdog,
            refresh=self.refresh,
            fresh=lambda: fresh,
            gather=self._gather,
        )

    def _gather(self, _: tuple[str, ...], done: Callable[[Mapping[str, Any]], None]) -> None:
        self.gathered += 1
        done(STATUS)


def test_a_start_a_reload_and_a_stop(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name})

    parent.notices.tell(StartupComplete())
    parent.notices.reading()
    parent.notices.tell(ReloadComplete())
    parent.notices.reading()
    parent.notices.tell(ReloadRefused("", "no"))
    parent.notices.tell(Stopping("SIGTERM"))

    reading = f"RELOADING=1\nMONOTONIC_USEC={NOW}\nSTATUS=Reading the configuration"
    assert systemd.heard() == [
        f"READY=1\nMAINPID={PID}\nSTATUS=Ready",
        reading,
        "READY=1",
        reading,
        "READY=1",
        "STOPPING=1\nSTATUS=Stopping",
    ]


def test_a_reload_that_cannot_begin_does_not_keep_systemctl_waiting(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name})

    parent.notices.tell(ReloadNotBegun("another one waits to be confirmed"))

    assert [each.split("\n")[0] for each in systemd.heard()] == ["RELOADING=1", "READY=1"]


def test_the_state_is_shown_a_little_after_each_change(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name})
    parent.notices.changed()

    assert parent.refresh.due == after(NOW, HEADLINE_AFTER)
    parent.refresh.ring()

    assert systemd.heard() == ["STATUS=all is well"]


def test_without_systemd_the_state_is_made_ready_all_the_same() -> None:
    parent = Parent({})
    parent.notices.changed()
    parent.notices.changed()

    parent.refresh.ring()

    assert parent.gathered == 1


def test_nothing_is_shown_after_the_stop_has_begun(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name})
    parent.notices.changed()
    parent.notices.tell(Stopping("SIGTERM"))
    systemd.heard()

    parent.refresh.ring()

    assert systemd.heard() == []


def test_signs_of_life_come_thrice_as_often_as_systemd_wants_them(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name, "WATCHDOG_USEC": str(WAITS_US), "WATCHDOG_PID": str(PID)})
    parent.notices.tell(StartupComplete())
    systemd.heard()

    parent.watchdog.ring()

    assert systemd.heard() == ["WATCHDOG=1"]
    assert parent.watchdog.due == after(NOW, Duration(WAITS_US // 3))


def test_there_is_no_sign_of_life_while_a_child_gives_none(systemd: Systemd) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name, "WATCHDOG_USEC": str(WAITS_US)}, fresh=False)

    parent.watchdog.ring()

    assert systemd.heard() == []
    assert parent.watchdog.due is not None, "it looks again"


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="nobody listens"),
        pytest.param({"NOTIFY_SOCKET": "/nowhere/notify"}, id="the socket is not there"),
        pytest.param({"WATCHDOG_USEC": "1000000"}, id="a watchdog without a socket"),
    ],
)
def test_without_systemd_all_goes_on(environment: dict[str, str]) -> None:
    parent = Parent(environment)

    for fact in (StartupComplete(), ReloadComplete(), Stopping("SIGTERM")):
        parent.notices.tell(fact)

    assert parent.watchdog.due is None


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}, id="of another process"),
        pytest.param({"WATCHDOG_USEC": "soon"}, id="that is no number"),
        pytest.param({"WATCHDOG_USEC": "0"}, id="that is off"),
    ],
)
def test_a_watchdog_is_not_fed(systemd: Systemd, more: dict[str, str]) -> None:
    parent = Parent({"NOTIFY_SOCKET": systemd.name, **more})

    parent.notices.tell(StartupComplete())

    assert parent.watchdog.due is None


@pytest.mark.parametrize(
    ("child", "fresh"),
    [
        pytest.param(Running(NOW, 0, NOW, unanswered=1), True, id="an answer is on its way"),
        pytest.param(Running(NOW, 0, NOW, unanswered=HELLO_STALE), False, id="it has kept silent for long"),
        pytest.param(Silent(NOW, 0, NOW), False, id="it is being ended"),
        pytest.param(Waiting(NOW, SECOND, 3), True, id="it died: its parent knows, and looks after it"),
    ],
)
def test_one_child_decides(child: Child, fresh: bool) -> None:
    others = ("checker", Running(NOW, 0, NOW))

    assert all_fresh(ParentSnapshot(NOW, Watch(), (others, ("vrrp", child)), stopping=False)) is fresh


def test_the_line_says_what_there_is_and_what_is_wrong_first() -> None:
    session = {"name": "wan", "state": "down", "up": False, "since": 1, "neighbour": "10.0.0.2"}
    process = {"name": "bfd", "state": "waiting"}
    status = msgspec.convert(STATUS | {"sessions": [session], "processes": [process]}, Status)

    assert headline(status) == "1 BFD session, 0 up; 2 things are wrong: the bfd process is waiting …"
