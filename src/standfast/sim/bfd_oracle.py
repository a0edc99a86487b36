"""Who watches worlds of BFD: no false up, no false down, and every silence noticed in time.

The oracle reads packets itself, and computes with what was configured; it asks no core for its opinion. It knows
when a host's kernel had each packet, by that host's clock, which is what a neighbour's silence is measured by.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from standfast.base.times import Duration, Instant, in_seconds
from standfast.core.bfd.effects import SessionChanged
from standfast.sim.bfd_host import BfdHost, Watch
from standfast.sim.clock import TURN

SLACK: Final = Duration(300 + 4 * TURN)  # an alarm's lateness, and some turns of the loop
_DOWN, _INIT, _UP = 1, 2, 3
_HEAD: Final = struct.Struct("!BBBBIIII")
_WITHOUT_OURS: Final = frozenset({0, 1})


class BfdViolation(AssertionError):
    """A rule does not hold; with the story that led there."""


@dataclass(slots=True)
class Seen:
    """What is true about one host, in this life of its process."""

    ours: int = 0  # its discriminator, by its own packets
    state: int = _DOWN
    heard_at: Instant | None = None  # by its clock: the last packet that counts
    named: bool = False  # whether the neighbour has ever been Init or Up with this life of ours
    multiplier: int = 0  # said in it
    min_tx: int = 0
    rx: list[int] = field(default_factory=list)  # every min_rx that was ever configured here


class BfdOracle(Watch):
    """Watches all hosts of a world."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.story: list[str] = []
        self.ups = 0
        self.expired = 0

    def of(self, host: BfdHost) -> Seen:
        """What is known of a host."""
        return self.seen.setdefault(host.name, Seen())

    # ---- what happens

    def sent(self, host: BfdHost, payload: bytes) -> None:
        """A process names itself in each packet."""
        self.of(host).ours = _HEAD.unpack_from(payload)[4]

    def arrived(self, host: BfdHost, payload: bytes, at: Instant) -> None:
        """A packet that the host must count keeps its session alive."""
        _, second, multiplier, _, _, yours, min_tx, _ = _HEAD.unpack_from(payload)
        state, seen = second >> 6, self.of(host)
        if yours not in {0, seen.ours} or (yours == 0 and state not in _WITHOUT_OURS):
            return
        seen.heard_at = at
        seen.named = seen.named or (yours != 0 and state in {_INIT, _UP})
        seen.multiplier, seen.min_tx = multiplier, min_tx

    def changed(self, host: BfdHost, fact: SessionChanged) -> None:
        """A transition is told; it must be right."""
        seen = self.of(host)
        now = in_seconds(Duration(host.timeline.now))
        self.story.append(f"{now}: {host.name} {fact.old} -> {fact.new} ({fact.reason})")
        if fact.new == "Up":
            self._judge_up(host, seen)
        if fact.reason == "time-expired":
            self._judge_silence(host, seen)
        seen.state = {"AdminDown": 0, "Down": _DOWN, "Init": _INIT, "Up": _UP}[fact.new]

    def ended(self, host: BfdHost) -> None:
        """The next process knows nothing of this one."""
        before = self.of(host)
        self.seen[host.name] = Seen(rx=before.rx)

    # ---- the rules

    def _judge_up(self, host: BfdHost, seen: Seen) -> None:
        """Up: the neighbour has heard this very life of ours, and says so."""
        self.ups += 1
        if not seen.named:
            self._violated(host, "is up, though the neighbour never named it")

    def _judge_silence(self, host: BfdHost, seen: Seen) -> None:
        """Down for silence: there was one, of the detection time or more."""
        self.expired += 1
        if seen.heard_at is None:
            self._violated(host, "is down for silence, though it heard nobody ever")
            return
        silent = host.clock.now() - seen.heard_at
        least = seen.multiplier * max(min(seen.rx), seen.min_tx)
        if silent < least:
            self._violated(host, f"is down after {silent} us of silence; it takes {least} us")

    def look(self, host: BfdHost) -> None:
        """After every event: nobody is up who should have noticed a silence."""
        seen = self.of(host)
        if not host.runs or seen.state not in {_INIT, _UP} or seen.heard_at is None:
            return
        now = host.clock.now()
        most = seen.multiplier * max(*seen.rx, seen.min_tx, 0)
        due = max(seen.heard_at + most, host.resumed_at)
        if now > due + SLACK:
            self._violated(
                host, f"has not noticed a silence of {now - seen.heard_at} us; it should after {most}"
            )

    def at_rest(self, hosts: list[BfdHost]) -> None:
        """Long after the last trouble: both ends are up."""
        for host in hosts:
            if self.of(host).state != _UP:
                self._violated(host, "is not up, though nothing was wrong for long")

    def _violated(self, host: BfdHost, words: str) -> None:
        raise BfdViolation(f"{host.name} {words}\n" + "\n".join(self.story[-30:]))
