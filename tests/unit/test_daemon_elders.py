"""The children of the program before: in which order they leave their work, and who takes too long."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from standfast.base.limits import HANDOVER_PATIENCE
from standfast.base.times import Instant, after
from standfast.core.supervise.watch import BFD, CHECKER, MESSENGER, VRRP
from standfast.daemon.channel import Channel, channel_pair
from standfast.daemon.children import ChildProcess
from standfast.daemon.elders import Elder, Elders
from standfast.daemon.poll import PollLoop
from standfast.wire import ipc

START = Instant(1_000_000)
PIDS = {VRRP: 4_100_001, CHECKER: 4_100_002, BFD: 4_100_003, MESSENGER: 4_100_004}  # no process has these


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> Instant:
        """What it shows."""
        return self.at


class Scene:
    """Elders without processes, and what is said to them."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, needed: tuple[str, ...], there: tuple[str, ...]
    ) -> None:
        self.loop, self.clock = PollLoop(), Clock()
        self.signals: list[tuple[str, int]] = []
        names = {pid: name for name, pid in PIDS.items()}
        monkeypatch.setattr(os, "kill", lambda pid, number: self.signals.append((names[pid], number)))
        self.ends: dict[str, Channel] = {}
        self.told: list[tuple[str, ipc.Happened]] = []
        self.alarm = self.loop.alarm(lambda: None)
        self.elders = Elders(
            self.loop,
            self.alarm,
            self.clock,
            [self._elder(name) for name in there],
            pass_on=lambda name, message: self.told.append((name, message)),
            needed=lambda: needed,
        )

    def _elder(self, name: str) -> Elder:
        near, self.ends[name] = channel_pair()
        return Elder(name, ChildProcess(PIDS[name], near, os.memfd_create("stack")))

    def prepare(self, *names: str) -> None:
        """Successors of these are made."""
        for name in names:
            self.elders.lead_to(name, lambda _: 0)
            self.elders.born()

    def asked(self, name: str) -> bool:
        """Whether it was asked to leave what it has, now."""
        return any(isinstance(message, ipc.HandOver) for message in self.ends[name].receive())

    def wait(self, until: Instant) -> None:
        """Time passes."""
        self.clock.at = until
        if self.alarm.due is not None and self.alarm.due <= until:
            self.alarm.ring()

    def close(self) -> None:
        """Give all descriptors back."""
        self.elders.leave()
        for end in self.ends.values():
            end.close()
        self.loop.close()


@pytest.fixture
def scene(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    needed, there = getattr(request, "param", ((VRRP, CHECKER, BFD, MESSENGER),) * 2)
    with ExitStack() as at_end:
        made = Scene(monkeypatch, needed, there)
        at_end.callback(made.close)
        yield made


def test_nobody_leaves_anything_before_somebody_waits_for_it(scene: Scene) -> None:
    scene.prepare(VRRP, CHECKER, BFD)

    scene.elders.go_on()

    assert not any(scene.asked(name) for name in PIDS)
    assert scene.elders.any


def test_one_after_the_other_and_bfd_behind_those_who_follow_it(scene: Scene) -> None:
    scene.prepare(VRRP, CHECKER, BFD)
    for name in (BFD, CHECKER):
        scene.elders.awaited(name)
    before_vrrp = [scene.asked(name) for name in (VRRP, CHECKER, BFD)]

    scene.elders.awaited(VRRP)
    first = [scene.asked(name) for name in (VRRP, CHECKER, BFD)]
    scene.elders.succeeded(VRRP)
    second = [scene.asked(name) for name in (VRRP, CHECKER, BFD)]
    scene.elders.succeeded(CHECKER)
    third = [scene.asked(name) for name in (VRRP, CHECKER, BFD)]
    scene.elders.succeeded(BFD)

    assert before_vrrp == [False, False, False]
    assert (first, second, third) == ([True, False, False], [False, True, False], [False, False, True])
    assert scene.asked(MESSENGER)
    assert not scene.elders.any
    assert scene.signals == []


def test_who_does_not_leave_what_it_has_in_time_is_killed(scene: Scene) -> None:
    scene.prepare(VRRP)
    scene.elders.awaited(VRRP)

    scene.wait(after(START, HANDOVER_PATIENCE))

    assert scene.signals == [(VRRP, signal.SIGKILL)]


@pytest.mark.parametrize("scene", [((VRRP,), (VRRP, CHECKER))], indirect=True)
def test_who_is_not_needed_any_more_ends_in_order(scene: Scene) -> None:
    scene.prepare(VRRP)
    scene.elders.awaited(VRRP)
    scene.elders.succeeded(VRRP)

    assert scene.signals == [(CHECKER, signal.SIGTERM)]
    assert not scene.elders.any


def test_a_successor_that_died_before_it_had_anything_is_followed_by_another(scene: Scene) -> None:
    scene.prepare(VRRP)
    scene.elders.lost(VRRP)
    scene.prepare(VRRP)

    scene.elders.awaited(VRRP)

    assert scene.asked(VRRP)


def test_an_elder_that_dies_is_waited_for_no_longer(scene: Scene) -> None:
    scene.prepare(VRRP, CHECKER, BFD)
    scene.elders.awaited(CHECKER)

    scene.elders.reaped(PIDS[VRRP])

    assert scene.asked(CHECKER)


def test_what_happens_meanwhile_is_passed_on(scene: Scene) -> None:
    happened = ipc.Happened(ipc.raw(b'{"at":1}'))
    scene.ends[VRRP].send(happened)

    hear: Any = scene.elders
    hear.reaped(PIDS[VRRP])

    assert [(name, bytes(message.json)) for name, message in scene.told] == [(VRRP, b'{"at":1}')]


def test_when_we_end_all_of_them_say_goodbye(scene: Scene) -> None:
    scene.elders.stop()

    assert sorted(scene.signals) == sorted((name, signal.SIGTERM) for name in PIDS)
