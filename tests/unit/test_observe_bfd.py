"""What is said, counted and written about BFD sessions."""

from typing import Any, get_args

import pytest
from bfd_made import DOWN, NEIGHBOR, SESSION, UP, Play, received, said, session

from standfast.base.addresses import Family
from standfast.base.times import MILLISECOND, Duration, Instant
from standfast.core.bfd.accept import REFUSED
from standfast.core.bfd.effects import (
    ControlHeard,
    Fact,
    NotListening,
    NotSending,
    PaceChanged,
    PacketDropped,
    SendControl,
    SessionChanged,
    SessionRemoved,
    SessionStarted,
)
from standfast.observe.counters_bfd import SessionCounters
from standfast.observe.dump_bfd import sessions_text, topology_text
from standfast.observe.line import Level
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_bfd import session_of
from standfast.observe.words import line_of, wording_of
from standfast.observe.words_bfd import DROPPED, diagnostic_words

MS = Duration(MILLISECOND)


@pytest.mark.parametrize(
    ("fact", "level", "words"),
    [
        pytest.param(
            SessionChanged("wan", "Init", "Up", "three-ways", 0, 0),
            Level.NOTICE,
            "(wan) Entering Up state  was=Init",
            id="up",
        ),
        pytest.param(
            SessionChanged("wan", "Up", "Down", "time-expired", 1, 0, detection=Duration(150 * MS)),
            Level.WARNING,
            "(wan) Entering Down state (Local diagnostic - Control Detection Time Expired, "
            'Remote diagnostic - No Diagnostic)  was=Up reason=time-expired unheard="150 ms"',
            id="down for silence",
        ),
        pytest.param(
            SessionChanged("wan", "Up", "AdminDown", "removed", 7, 0),
            Level.NOTICE,
            "(wan) Entering AdminDown state (Local diagnostic - Administratively Down, "
            "Remote diagnostic - No Diagnostic)  was=Up reason=removed",
            id="taken down",
        ),
        pytest.param(
            SessionChanged("wan", "Down", "Init", "neighbour-heard", 0, 0),
            Level.DEBUG,
            "(wan) Entering Init state  was=Down",
            id="half way",
        ),
        pytest.param(
            PaceChanged("wan", Duration(50 * MS), Duration(150 * MS)),
            Level.DEBUG,
            '(wan) Poll sequence completed  interval="50 ms" detection="150 ms"',
            id="another pace",
        ),
        pytest.param(
            SessionStarted("wan", NEIGHBOR, 0x1A, 50_000),
            Level.INFO,
            "(wan) BFD session with 192.0.2.2  discriminator=0x0000001a port=50000",
            id="begun",
        ),
        pytest.param(SessionRemoved("wan"), Level.NOTICE, "(wan) Removed", id="removed"),
        pytest.param(
            PacketDropped("wan", NEIGHBOR, "ttl", 64, 255),
            Level.WARNING,
            "(wan) Ignored a packet from 192.0.2.2: it has come farther than a neighbour's may (max_hops)  "
            "reason=ttl got=64 want=255",
            id="a packet from afar",
        ),
        pytest.param(
            PacketDropped("", NEIGHBOR, "unknown-neighbour", 0, 0),
            Level.WARNING,
            "(BFD) Ignored a packet from 192.0.2.2: no session here has its sender as the neighbour  "
            "reason=unknown-neighbour",
            id="a packet for nobody",
        ),
        pytest.param(
            NotSending("wan", "why"), Level.ERROR, "(wan) Cannot send, and tries again: why", id="no socket"
        ),
        pytest.param(
            NotListening(Family.IPV4, multihop=False, words="why"),
            Level.ERROR,
            'BFD is not heard, and tries again: why  hint="another BFD daemon on this host has the port"',
            id="no port",
        ),
    ],
)
def test_a_fact_is_worded(fact: Any, level: Level, words: str) -> None:
    line = line_of(fact)

    assert line is not None
    assert (line.level, str(line)) == (level, words)


def test_every_fact_has_words_or_is_only_counted() -> None:
    silent = {kind for kind in get_args(Fact) if wording_of(kind) is None}

    assert silent == {ControlHeard}


def test_every_refused_kind_of_authentication_has_words() -> None:
    assert set(REFUSED.values()) <= DROPPED.keys()


def test_a_diagnostic_of_later_times_is_told_by_its_number() -> None:
    assert diagnostic_words(31) == "Diagnostic 31"


# ---- counting


def counted(*facts: Any) -> SessionCounters:
    counters = SessionCounters()
    for fact in facts:
        assert counters.wants(type(fact))
        counters.tell(fact, Instant(0))
    return counters


def test_packets_and_transitions_are_counted_by_session_and_reason() -> None:
    counters = counted(
        SendControl("wan", said(UP)),
        ControlHeard("wan"),
        ControlHeard("wan"),
        PacketDropped("wan", NEIGHBOR, "ttl", 64, 255),
        PacketDropped("", NEIGHBOR, "short", 3, 24),
        SessionChanged("wan", "Init", "Up", "three-ways", 0, 0),
        SessionChanged("wan", "Up", "Down", "time-expired", 1, 0),
    )

    assert counters.of("wan") == {
        "sent": 1,
        "heard": 2,
        "dropped": 1,
        "ttl": 1,
        "became-up": 1,
        "went-down": 1,
    }
    assert counters.of("") == {"dropped": 1, "short": 1}


def test_counters_begin_again_and_forget_what_was_removed() -> None:
    counters = counted(ControlHeard("wan"), ControlHeard("lan"))

    counters.keep(["lan"])
    kept = counters.of("wan"), counters.of("lan")
    counters.clear()

    assert kept == ({}, {"heard": 1})
    assert counters.of("lan") == {}


# ---- dump and state


def up() -> Play:
    play = Play(SESSION, session(name="lan", neighbor=NEIGHBOR + 1, passive=True))
    play.bring_up()
    return play


def test_a_dump_tells_all_that_a_session_goes_by() -> None:
    play = up()
    counters = counted(ControlHeard("wan"), PacketDropped("", NEIGHBOR, "short", 3, 24))

    text = sessions_text(play.node.snapshot(Instant(11_010)), counters)

    for line in (
        "Session = wan",
        "  State = Up",
        "  Since = 0.01 s",
        "  Detection time = 150 ms",
        "  Remote discriminator = 0x0000000b",
        "  Way = single hop, TTL at least 255",
        "  Counted, heard = 1",
        "Session = lan",
        "  Role = passive",
        "Counted, for no session here, short = 1",
    ):
        assert f"{line}\n" in text


def test_the_other_dump_has_keepalived_s_rows() -> None:
    play = up()

    lines = topology_text(play.node.snapshot(Instant(11_010))).splitlines()

    assert lines[:2] == ["------< BFD Topology >------", " BFD Instance = wan"]
    for row in (
        "local state = Up",
        "remote discriminator = 0xb",
        "local diag = No Diagnostic",
        "passive = true",
    ):
        assert f"   {row}" in lines


def test_programs_are_told_the_same() -> None:
    play = up()
    play.give(received(said(DOWN, yours=0), 2_000), 2_000)
    wan, lan = play.node.snapshot(Instant(1_002_000)).sessions
    counts = {"sent": 3, "heard": 2, "went-down": 1, "dropped": 4, "ttl": 4}

    told = session_of(wan, counts, Moment(Instant(1_002_000), 100.0))
    other = session_of(lan, {}, Moment(Instant(1_002_000), 100.0))

    assert (told.name, told.state, told.up, told.since) == ("wan", "down", False, 99.0)
    assert (told.diagnostic, told.remote_state) == ("Neighbor Signaled Session Down", "down")
    assert (told.sent, told.heard, told.downs, told.drops) == (3, 2, 1, {"ttl": 4})
    assert (other.state, other.remote_state, other.detection) == ("down", "", None)
