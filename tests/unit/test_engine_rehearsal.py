"""Just before a takeover the process is awake, and goes through it in thought; nothing comes of that."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from standfast.base.addresses import Family, HostAddress
from standfast.base.limits import APPROACH
from standfast.base.times import Instant
from standfast.core.vrrp.effects import HoldAddresses, SendAdvert
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Link, Router
from standfast.engine.driver import Driver

DUE = Instant(10_000_000)
EARLY = Instant(DUE - APPROACH)


@dataclass
class TickingClock:
    """Goes on by a tenth of the approach each time it is looked at."""

    at: int = 0

    def now(self) -> Instant:
        self.at += APPROACH // 10
        return Instant(self.at)


@dataclass
class Scene:
    """A machine, its alarm and its rehearsal, all of which write down what happens."""

    pays_off: bool = True
    deadline_at: Instant | None = DUE
    heard_while_waiting: bool = False
    log: list[str] = field(default_factory=list)
    alarms: list[Instant | None] = field(default_factory=list)
    clock: TickingClock = field(default_factory=TickingClock)
    acted_at: int = 0

    def handle(self, event: str, now: Instant) -> Iterable[str]:
        self.log.append(event)
        self.acted_at = now
        self.deadline_at = None
        return ()

    def deadline(self) -> Instant | None:
        return self.deadline_at

    def pays(self) -> bool:
        return self.pays_off

    def run(self) -> None:
        self.log.append("rehearse")

    def set(self, due: Instant | None) -> None:
        self.alarms.append(due)

    def drain(self, until: Instant) -> bool:
        self.log.append("hear")
        if self.heard_while_waiting and self.log.count("hear") == 2:
            self.deadline_at = Instant(DUE + 5_000_000)
        return False

    def driver(self) -> Driver[str, str]:
        made = Driver[str, str](
            self, clock=self.clock, run=lambda _: None, drain=self.drain, due="due", rehearsal=self
        )
        made.arm(self)
        self.clock.at = EARLY
        return made


def test_before_a_takeover_the_alarm_rings_early_and_the_deadline_is_awaited_awake() -> None:
    scene = Scene()

    scene.driver().ring()

    assert scene.alarms[0] == EARLY
    assert scene.log == ["hear", "rehearse", "hear", "due"]
    assert scene.acted_at >= DUE


def test_an_advert_that_comes_in_the_last_moment_still_counts() -> None:
    scene = Scene(heard_while_waiting=True)

    scene.driver().ring()

    assert "due" not in scene.log
    assert scene.alarms[-1] == DUE + 5_000_000 - APPROACH


def test_an_everyday_deadline_is_waited_for_asleep() -> None:
    scene = Scene(pays_off=False)

    scene.driver().ring()

    assert scene.alarms == [DUE, DUE]
    assert scene.log == ["hear"]


def a_backup() -> Node:
    node = Node()
    address = HostAddress(IPv4Address("10.0.0.100"), 32, "eth0")
    router = Router("VI_1", 1, Family.IPV4, "eth0", addresses=(address,), group=IPv4Address("224.0.0.18"))
    link = Link("eth0", 2, up=True, ipv4=IPv4Address("10.0.0.1"))
    node.start((router,), links={"eth0": link}, present={}, now=Instant(0))
    return node


def test_to_foresee_a_takeover_changes_nothing() -> None:
    node = a_backup()
    before = node.snapshot(Instant(0)), node.deadline()

    foreseen = node.foresee()

    assert [type(effect) for effect in foreseen][:2] == [SendAdvert, HoldAddresses]
    assert (node.snapshot(Instant(0)), node.deadline()) == before


def test_only_the_end_of_a_silence_is_worth_a_rehearsal() -> None:
    node = a_backup()
    assert node.ends_silence_next()

    due = node.deadline()
    assert due is not None
    node.handle(Due(), due)

    assert not node.ends_silence_next()
