"""A process that computed too long gives its real-time class back, and takes it again after a rest."""

import signal
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from standfast.base.limits import REALTIME_REST_MAX
from standfast.base.times import SECOND, Duration
from standfast.daemon import conduct
from standfast.daemon.conduct import Conduct
from standfast.daemon.flags import Flags
from standfast.model.config import Config


class Class:
    """What the process asked of the kernel, instead of the kernel."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.realtime = 0
        self.rests: list[float] = []
        self.told: list[object] = []
        nothing: Callable[..., None] = lambda *_, **__: None  # noqa: E731
        for name in ("set_process_name", "set_command_line", "run_on", "lock_memory", "allow_descriptors"):
            monkeypatch.setattr(conduct, name, nothing)
        monkeypatch.setattr("os.umask", nothing)
        monkeypatch.setattr("time.sleep", nothing)
        monkeypatch.setattr(conduct, "become_realtime", self._become)
        monkeypatch.setattr(conduct, "be_ordinary", self._rest)
        monkeypatch.setattr("signal.setitimer", lambda _, seconds: self.rests.append(seconds))

    def _become(self, priority: int, *, run: Duration) -> None:
        assert run
        self.realtime = priority

    def _rest(self) -> None:
        self.realtime = 0


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGXCPU, signal.SIGALRM)}
    kernel = Class(monkeypatch)
    Conduct("vrrp", Flags(), kernel.told.append).follow(Config())
    yield kernel
    for number, handler in kept.items():
        signal.signal(number, handler)


def happens(number: signal.Signals) -> None:
    handler = signal.getsignal(number)
    frame: FrameType | None = None
    assert callable(handler)
    handler(number, frame)


def test_who_computed_too_long_runs_in_its_class_again_after_a_rest(kernel: Class) -> None:
    before = kernel.realtime

    happens(signal.SIGXCPU)
    resting = kernel.realtime
    happens(signal.SIGALRM)

    assert (before, resting, kernel.realtime) == (1, 0, 1)


def test_each_further_rest_is_twice_as_long_up_to_an_hour(kernel: Class) -> None:
    for _ in range(12):
        happens(signal.SIGXCPU)
        happens(signal.SIGALRM)

    assert kernel.rests[:3] == [10, 20, 40]
    assert kernel.rests[-1] == REALTIME_REST_MAX // SECOND
    assert "for 10 s" in str(kernel.told[-12])
