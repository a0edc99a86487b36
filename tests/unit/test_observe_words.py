"""The words of the log: exact first words, data behind them, no forged lines, no fact without words."""

import re
from ipaddress import IPv4Address
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from standfast.base.addresses import HostAddress
from standfast.base.times import seconds
from standfast.core.supervise import effects as supervise_effects
from standfast.core.track.effects import ProcessesPolled, RunSkipped, TrackerChanged, TrackFact
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp import accept
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    AdvertDropped,
    AdvertHeard,
    AdvertSent,
    Fact,
    Overslept,
    OwnersConflict,
    PeerDiffers,
    RouterChanged,
    WeakerHeard,
)
from standfast.observe import facts
from standfast.observe.line import Level, Line, line
from standfast.observe.reasons import DROPPED
from standfast.observe.words import line_of, wording_of

PEER = IPv4Address("10.0.0.2")
VIP = HostAddress(IPv4Address("10.0.0.100"), 32, "eth0")
CHK, LOAD = TrackerKey(TrackerKind.SCRIPT, "chk"), TrackerKey(TrackerKind.FILE, "load")
COUNTED_ONLY = {AdvertHeard, AdvertSent}  # they come with every advert


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        pytest.param(
            RouterChanged("VI_1", "backup", "master", "master-down", 100, "10.0.0.2 silent for 3.6 s"),
            "(VI_1) Entering MASTER STATE  was=backup reason=master-down priority=100"
            ' why="10.0.0.2 silent for 3.6 s"',
            id="a takeover says who was silent, and how long",
        ),
        pytest.param(
            RouterChanged("VI_1", "init", "backup", "started", 150),
            "(VI_1) Entering BACKUP STATE  was=init reason=started priority=150",
            id="a start",
        ),
        pytest.param(
            RouterChanged("VI_1", "master", "fault", "interface-down", 150, "eth0 is down"),
            '(VI_1) Entering FAULT STATE  was=master reason=interface-down priority=150 why="eth0 is down"',
            id="a fault",
        ),
        pytest.param(
            RouterChanged("VI_1", "fault", "fault", "no-socket", 150, "eth0 is down, no memory"),
            "(VI_1) Stays in FAULT STATE  was=fault reason=no-socket priority=150"
            ' why="eth0 is down, no memory"',
            id="a further reason for a fault",
        ),
        pytest.param(
            RouterChanged("VI_1", "master", "init", "stopped", 150),
            "(VI_1) Stopped  was=master reason=stopped priority=150",
            id="a stop",
        ),
        pytest.param(
            RouterChanged("VI_1", "backup", "init", "deleted", 150),
            "(VI_1) Removed  was=backup reason=deleted priority=150",
            id="a router that the new configuration does not have",
        ),
        pytest.param(
            AdvertDropped("VI_1", "eth0", PEER, "ttl", 254, 255),
            "(VI_1) Ignored a packet from 10.0.0.2: its TTL or hop limit is not 255, so a router stands"
            " between  reason=ttl interface=eth0 got=254 want=255",
            id="a packet that came through a router",
        ),
        pytest.param(
            AdvertDropped("", "eth0", PEER, "vrid"),
            "(eth0) Ignored a packet from 10.0.0.2: no router here has its virtual router id"
            "  reason=vrid interface=eth0",
            id="a packet for nobody here",
        ),
        pytest.param(
            PeerDiffers("VI_1", PEER, "interval", "1", "2"),
            "(VI_1) 10.0.0.2 announces another advert interval  reason=interval ours=1 theirs=2",
            id="an advert that is odd",
        ),
        pytest.param(
            AddressMissing("VI_1", VIP, "reinstated"),
            '(VI_1) 10.0.0.100/32 dev eth0 was removed by somebody else  answer="put back"',
            id="an address taken away",
        ),
        pytest.param(
            AddressMissing("VI_1", VIP, "refilled"),
            '(VI_1) 10.0.0.100/32 dev eth0 was not there any more  answer="put back"',
            id="an address that a reading misses",
        ),
        pytest.param(
            AddressNotHeld("VI_1", VIP, "Permission denied"),
            '(VI_1) The kernel refuses 10.0.0.100/32 dev eth0  why="Permission denied"',
            id="an address refused",
        ),
        pytest.param(
            Overslept("VI_1", 4_000_000, "yields"),
            '(VI_1) Woke 4 s late  answer="yields and listens"',
            id="a long sleep",
        ),
        pytest.param(
            supervise_effects.ChildEnded("vrrp", -9, "respawn"),
            'The vrrp process was killed by SIGKILL  answer="restart at once"',
            id="a child that was killed",
        ),
        pytest.param(
            supervise_effects.ChildEnded("vrrp", 3, "respawn", seconds(4)),
            'The vrrp process ended with status 3  answer="restart in 4 s"',
            id="a child that died again",
        ),
        pytest.param(
            supervise_effects.ReloadRefused("", "line 3"),
            'Reload refused; the running configuration is unchanged  why="line 3"',
            id="a reload that did not happen",
        ),
        pytest.param(
            facts.ConfigComplaint(
                "k.conf:3:14", "error", "value-range", "priority must be 1 to 255, not 300"
            ),
            "k.conf:3:14: error: priority must be 1 to 255, not 300 [value-range]",
            id="a mistake in the configuration",
        ),
        pytest.param(
            facts.ScriptTimedOut("VI_1", "/etc/n.sh", "MASTER", seconds(60)),
            "(VI_1) Script /etc/n.sh did not end in 60 s and was stopped  state=MASTER",
            id="a script that hung",
        ),
        pytest.param(
            TrackerChanged(CHK, Verdict(up=False, reason="exit status 1"), GOOD, "no such host"),
            'VRRP_Script(chk) failed  reason="exit status 1" said="no such host"',
            id="a tracked script fails",
        ),
        pytest.param(
            TrackerChanged(CHK, GOOD, WAITING), "VRRP_Script(chk) succeeded", id="a tracked script succeeds"
        ),
        pytest.param(
            TrackerChanged(LOAD, Verdict(up=True, value=7), GOOD),
            "Track_File(load) holds another number  value=7 was=0",
            id="a tracked file changes",
        ),
        pytest.param(
            TrackerChanged(LOAD, Verdict(up=True, value=7), WAITING),
            "Track_File(load) can be read  value=7",
            id="a tracked file is read first",
        ),
        pytest.param(
            RunSkipped("chk", seconds("1.5")),
            'VRRP_Script(chk) is still running, so a run is skipped  since="1.5 s"',
            id="a script takes longer than its interval",
        ),
        pytest.param(
            ProcessesPolled("no news"),
            'Processes are looked for in /proc every second  reason="no news"',
            id="the kernel does not tell of processes",
        ),
        pytest.param(ProcessesPolled(""), "The kernel tells of processes", id="the kernel tells of them"),
    ],
)
def test_a_fact_is_worded(fact: object, said: str) -> None:
    assert str(line_of(fact)) == said


def test_every_fact_of_the_routers_and_of_the_parent_has_words_or_is_only_counted() -> None:
    kinds = {*get_args(Fact), *get_args(supervise_effects.Fact), *get_args(TrackFact)}

    wordless = {kind for kind in kinds if wording_of(kind) is None}

    assert wordless == COUNTED_ONLY


def test_every_fact_of_the_edge_has_words() -> None:
    kinds = {
        kind for kind in vars(facts).values() if isinstance(kind, type) and kind.__module__ == facts.__name__
    }

    assert {kind for kind in kinds if wording_of(kind) is None} == set()


def test_every_reason_to_drop_a_packet_has_words() -> None:
    assert accept.__doc__ is not None
    ladder = accept.__doc__.split("The ladder:")[1].split(".")[0]
    reasons = set(re.findall(r"[a-z-]+", re.sub(r"\(.*?\)", "", ladder, flags=re.DOTALL)))

    assert reasons == set(DROPPED)


@pytest.mark.parametrize(
    "fact",
    [
        AdvertDropped("VI_1", "eth0", PEER, "ttl"),
        PeerDiffers("VI_1", PEER, "interval", "1", "2"),
        WeakerHeard("VI_1", PEER, 90),
        OwnersConflict("VI_1", PEER),
        AddressMissing("VI_1", VIP, "later"),
        AddressNotHeld("VI_1", VIP, "no"),
        Overslept("VI_1", 1, "listens"),
    ],
)
def test_what_others_can_provoke_is_a_complaint_that_is_held_back_for_its_router(fact: Struct) -> None:
    wording = wording_of(type(fact))

    assert wording is not None
    assert wording.same is not None
    assert wording.same(replace(fact)) == wording.same(fact)
    assert wording.same(replace(fact, router="VI_2")) != wording.same(fact)


@given(st.text(), st.text())
def test_nobody_outside_can_forge_a_second_line(text: str, value: str) -> None:
    said = str(line(Level.INFO, text, why=value))

    assert said.isprintable() or not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in said)
    assert "\n" not in said


def test_empty_data_is_not_said_and_zero_is() -> None:
    assert str(Line(Level.INFO, "x", (("a", ""), ("b", 0)))) == "x  b=0"


def test_data_with_spaces_quotes_or_equal_signs_is_quoted() -> None:
    assert str(line(Level.INFO, "x", why='say "no" = never')) == 'x  why="say \\"no\\" = never"'
