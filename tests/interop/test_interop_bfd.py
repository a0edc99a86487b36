"""BFD with neighbours of other makes: FRR's bfdd, BIRD 2, Keepalived."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from bfd_lab import LEFT, LEFT6, RIGHT, RIGHT6, is_up, run, session, states, words

from standfast.base.times import MILLISECOND
from standfast.lab.bfd_peers import Bird, Frr, Keepalived, Peer, PeerKind, Way
from standfast.lab.capture import Capture
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking

PATIENCE = 30.0  # seconds; Keepalived starts anew only after a while
CALM = 20  # packets that may be missed where a session must stay up: no machine stands still for a second
MAKES: list[tuple[str, PeerKind, Path]] = [
    ("FRR", Frr, Frr.PROGRAM),
    ("BIRD", Bird, Bird.PROGRAM),
    ("Keepalived", Keepalived, Keepalived.PROGRAM),
]
makes = pytest.mark.parametrize("make", [pytest.param(make, id=make[0]) for make in MAKES])


class Story(NamedTuple):
    """We on one host, a neighbour of another make on the other."""

    lab: Lab
    left: Host
    right: Host
    ours: Daemon
    theirs: Peer
    capture: Capture

    def up(self) -> bool:
        return self.lab.within(PATIENCE, lambda: is_up(self.ours))

    def down(self) -> bool:
        return self.lab.within(PATIENCE, lambda: states(self.ours)[-1:] == ["Down"])


@pytest.fixture
def lab() -> Iterator[Lab]:
    if why := lacking():
        pytest.skip(why)
    with Lab() as made:
        yield made
        print(made.log())


@pytest.fixture
def capture(lab: Lab) -> Iterator[Capture]:
    with lab.capture() as made:
        yield made


def there(make: tuple[str, PeerKind, Path]) -> PeerKind:
    """How the neighbour is started; skips where it cannot be."""
    name, kind, program = make
    if not program.exists():
        pytest.skip(f"{name}, the neighbour, is not installed")
    if name == "FRR" and os.geteuid() != 0:
        pytest.skip("FRR's daemons run as a user of their own, and only root can become that")
    return kind


def begin(lab: Lab, kind: PeerKind, capture: Capture, *, six: bool = False, multiplier: int = 3) -> Story:
    ends = (LEFT6, RIGHT6) if six else (LEFT, RIGHT)
    left, right = lab.host("a", f"{LEFT}/24", f"{LEFT6}/64"), lab.host("b", f"{RIGHT}/24", f"{RIGHT6}/64")
    theirs = kind(right, Way(neighbor=ends[0], source=ends[1], multiplier=multiplier))
    ours = run(left, session(ends[1], ends[0], multiplier=multiplier))
    return Story(lab, left, right, ours, theirs, capture)


@makes
def test_over_ipv6_a_session_comes_up(lab: Lab, capture: Capture, make: tuple[str, PeerKind, Path]) -> None:
    story = begin(lab, there(make), capture, six=True)

    assert story.up()


@makes
def test_both_change_their_pace_and_one_is_taken_down(
    lab: Lab, capture: Capture, make: tuple[str, PeerKind, Path]
) -> None:
    """Up; our pace and theirs change by Poll, and nothing is dropped; their administrator takes it down."""
    story = begin(lab, there(make), capture, multiplier=CALM)
    assert story.up()

    story.ours.reload(session(RIGHT, LEFT, ms=200, multiplier=CALM))
    assert lab.within(
        20.0,
        lambda: any(word.min_tx == 200_000 and not word.poll for word in words(story.capture, LEFT)[-3:]),
    )
    theirs = Way(neighbor=LEFT, source=RIGHT, multiplier=CALM).at(300)
    story.theirs.adjust(theirs)
    assert lab.within(20.0, lambda: words(story.capture, RIGHT)[-1].min_tx == 300_000)
    lab.within(1.0, lambda: "Down" in states(story.ours))
    before = [word.state for word in words(story.capture)]
    assert "Down" not in states(story.ours)
    assert "Down" not in before[before.index("Up") + 2 :]

    story.theirs.take_down()
    assert story.down()


@makes
def test_deaths_and_cuts_are_noticed_and_survived(
    lab: Lab, capture: Capture, make: tuple[str, PeerKind, Path]
) -> None:
    """Killed, it is down within the detection time; begun anew, cut off, and after a restart of ours it is up."""
    kind = there(make)
    story = begin(lab, kind, capture)
    assert story.up()
    assert lab.within(20.0, lambda: words(story.capture, RIGHT)[-1].min_tx == 50_000)  # it is fast, too

    story.theirs.kill()
    assert story.down()
    silent_since = words(story.capture, RIGHT)[-1].at
    noticed = next(
        word.at for word in words(story.capture, LEFT) if word.at > silent_since and word.diagnostic
    )
    # What a busy machine adds is less than a session takes that has kept the pace of its beginning: three seconds.
    assert (noticed - silent_since) / MILLISECOND < 150 + 1_500

    kind(story.right, Way(neighbor=LEFT, source=RIGHT))
    assert story.up()

    story.left.unplug()
    assert story.down()
    story.left.plug()
    assert story.up()

    story.ours.stop()
    again = run(story.left, session(RIGHT, LEFT), name="again")
    assert lab.within(PATIENCE, lambda: is_up(again))


def _knows_multihop(lab: Lab) -> bool:
    """Whether Keepalived's check takes the keyword, which came after 2.2."""
    host = lab.host("try")
    path = host.write("try.conf", session(RIGHT, LEFT, "multihop"))
    return "Unknown keyword 'multihop'" not in host.command(
        "sh", "-c", f"keepalived -t -f {path} 2>&1 || true"
    )


@makes
def test_over_several_hops_a_session_comes_up(lab: Lab, make: tuple[str, PeerKind, Path]) -> None:
    kind = there(make)
    if make[0] == "Keepalived" and not _knows_multihop(lab):
        pytest.skip("this Keepalived does not know the keyword multihop")
    lab.switch("far")
    left, router = lab.host("a", f"{LEFT}/24"), lab.host("r", "10.99.0.254/24")
    router.connect("eth1", "far", ["10.98.0.254/24"])
    right = lab.host("b")
    right.connect("eth1", "far", ["10.98.0.2/24"])
    router.command("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    left.command("ip", "route", "add", "10.98.0.0/24", "via", "10.99.0.254")
    right.command("ip", "route", "add", "10.99.0.0/24", "via", "10.98.0.254")

    theirs = kind(right, Way(neighbor=LEFT, source="10.98.0.2", multihop=True))
    begins = "ttl 64" if make[0] == "BIRD" else ""  # what its packets over several hops begin with
    ours = run(left, session("10.98.0.2", LEFT, f"multihop\n max_hops 1\n {begins}"))

    assert lab.within(PATIENCE, lambda: is_up(ours)), theirs.log()
