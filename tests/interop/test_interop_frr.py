"""Standfast and FRR's vrrpd, which uses virtual MACs, respect each other."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from standfast.base.addresses import Family, parse_address
from standfast.base.times import SECOND, Duration, Instant, between, in_seconds, seconds
from standfast.lab.capture import Capture
from standfast.lab.clock import now
from standfast.lab.frr import FrrRouter, run_frr
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking
from standfast.lab.packets import Advert
from standfast.lab.timeline import Rules

VIRTUAL = bytes.fromhex("00005e")  # how a virtual MAC begins
STRONG, WEAK = 150, 100
HEEDED = 600_000  # microseconds that a word may need for that on a machine that stands still


class Case(NamedTuple):
    """One virtual router: what it is, and whether FRR is the stronger one."""

    vrid: int
    version: int
    family: Family
    frr_is_stronger: bool

    @property
    def id(self) -> str:
        return f"v{self.version}-IPv{self.family}-FRR is {'stronger' if self.frr_is_stronger else 'weaker'}"

    @property
    def interval(self) -> Duration:
        return SECOND if self.version == 2 else seconds("0.5")

    @property
    def addresses(self) -> list[str]:
        if self.family is Family.IPV4:
            return [f"10.99.1.{self.vrid}"]
        return [f"fe80::99:{self.vrid}", f"fd99::99:{self.vrid}"]

    @property
    def prefix(self) -> int:
        return 24 if self.family is Family.IPV4 else 64

    @property
    def frr(self) -> FrrRouter:
        return FrrRouter(
            vrid=self.vrid,
            version=self.version,
            priority=STRONG if self.frr_is_stronger else WEAK,
            interval=self.interval,
            addresses=[parse_address(address) for address in self.addresses],
            prefix=self.prefix,
        )

    @property
    def ours(self) -> str:
        held = "\n".join(f"{address}/{self.prefix}" for address in self.addresses)
        return f"""vrrp_instance case_{self.vrid} {{
            interface eth0
            virtual_router_id {self.vrid}
            version {self.version}
            priority {WEAK if self.frr_is_stronger else STRONG}
            advert_int {in_seconds(self.interval)}
            virtual_ipaddress {{\n{held}\n}}
        }}"""


KINDS = ((2, Family.IPV4), (3, Family.IPV4), (3, Family.IPV6))
CASES = [
    Case(vrid, *kind, frr_is_stronger)
    for vrid, (kind, frr_is_stronger) in enumerate(
        ((kind, frr_is_stronger) for kind in KINDS for frr_is_stronger in (True, False)), start=51
    )
]
against_stronger, against_weaker = (
    pytest.mark.parametrize(
        "case", [pytest.param(case, id=case.id) for case in CASES if case.frr_is_stronger is stronger]
    )
    for stronger in (True, False)
)


class Word(NamedTuple):
    """An advert, and whether FRR sent it."""

    at: Instant
    frr: bool
    advert: Advert


class Story(NamedTuple):
    capture: Capture
    came_at: Instant  # when we were started; FRR was there
    left_at: Instant  # when FRR was told to end
    held_beside: frozenset[str]
    held_alone: frozenset[str]

    def words(self, case: Case, since: Instant) -> list[Word]:
        """The adverts of a case; FRR sends its own from the virtual MAC."""
        return [
            Word(packet.at, packet.sender[:3] == VIRTUAL, packet.content)
            for packet in self.capture
            if isinstance(packet.content, Advert) and packet.content.vrid == case.vrid and packet.at >= since
        ]


@pytest.fixture(scope="module")
def story() -> Story:
    """FRR is there first; we come; it leaves."""
    if words := lacking():
        pytest.skip(words)
    if os.geteuid() != 0:
        pytest.skip("FRR's daemons run as a user of their own, and only root can become that")
    if not Path("/usr/lib/frr/vrrpd").exists():
        pytest.skip("frr, the peer, is not installed")
    with Lab() as lab, lab.capture() as capture:
        host, ours = (
            lab.host("frr", "10.99.0.2/24", "fd99::2/64"),
            lab.host("ours", "10.99.0.1/24", "fd99::1/64"),
        )
        _, vrrpd = run_frr(host, [case.frr for case in CASES])
        vrids = {case.vrid for case in CASES}
        lab.within(30.0, lambda: {advert.vrid for _, advert in capture.adverts()} == vrids)
        came_at = now()
        ours.run("\n".join(case.ours for case in CASES))
        lab.within(
            30.0, lambda: _held(ours) >= _addresses(case for case in CASES if not case.frr_is_stronger)
        )
        lab.within(2.0, lambda: _held(ours) == _addresses(CASES))  # time to do what we should not
        held_beside, left_at = _held(ours), now()
        vrrpd.signal(signal.SIGTERM)
        lab.within(30.0, lambda: _held(ours) == _addresses(CASES))
        held_alone = _held(ours)
        print(lab.log())
    return Story(capture, came_at, left_at, held_beside, held_alone)


def _held(host: Host) -> frozenset[str]:
    """The virtual addresses that a host holds."""
    return frozenset(str(each.ip) for each in host.addresses()) & _addresses(CASES)


def _addresses(cases: Iterable[Case]) -> frozenset[str]:
    return frozenset(address for case in cases for address in case.addresses)


@against_stronger
def test_a_stronger_frr_stays_master(story: Story, case: Case) -> None:
    words = story.words(case, story.came_at)

    assert {word.frr for word in words if word.at < story.left_at} == {True}
    assert not story.held_beside & _addresses([case])


@against_stronger
def test_we_wait_only_our_skew_when_frr_leaves(story: Story, case: Case) -> None:
    words = story.words(case, story.left_at)

    goodbye = next(word.at for word in words if word.advert.priority == 0)
    takeover = next(word.at for word in words if not word.frr)
    late = between(goodbye, takeover) - Rules(case.version, case.interval, WEAK).skew
    assert 0 <= late < SECOND  # any machine may be busy
    assert story.held_alone >= _addresses([case])


@against_weaker
def test_a_weaker_frr_yields_to_us(story: Story, case: Case) -> None:
    words = story.words(case, story.came_at)

    spoken_at = next(word.at for word in words if not word.frr)
    assert {word.frr for word in words if word.at > spoken_at + HEEDED} == {False}
    assert story.held_beside >= _addresses([case])


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_both_say_the_same_of_the_router(story: Story, case: Case) -> None:
    words = story.words(case, Instant(0))

    said = {
        word.frr: (word.advert.version, word.advert.ttl, word.advert.interval, set(word.advert.addresses))
        for word in words
    }
    assert said[True] == said[False]
