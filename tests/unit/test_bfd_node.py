"""All sessions of a process: which packet is for whom and whether it counts, reloads, sockets, and the end."""

from typing import Any

import pytest
from bfd_made import (
    ADMIN_DOWN,
    DOWN,
    MS,
    NEIGHBOR,
    SESSION,
    UP,
    Play,
    address,
    received,
    said,
    sent,
    session,
)

from standfast.base.addresses import Family
from standfast.base.limits import BFD_PORT_TRIES, BFD_PORTS, BFD_RETRY
from standfast.base.times import SECOND, Duration, Instant
from standfast.core.bfd.effects import (
    Close,
    ControlHeard,
    Effects,
    Listen,
    NotListening,
    NotSending,
    Open,
    PacketDropped,
    SendControl,
    SessionChanged,
    SessionRemoved,
    SessionStarted,
    Tell,
)
from standfast.core.bfd.events import Due, ListenRefused, OpenRefused, PortTaken, Stop
from standfast.core.bfd.node import Node
from standfast.core.bfd.session import Session
from standfast.wire.bfd import encode_control

STRANGER = address("192.0.2.66")


def reason_of(effects: Effects) -> str:
    """Why a packet was dropped; empty if it was not."""
    drops = [effect.reason for effect in effects if isinstance(effect, PacketDropped)]
    return drops[0] if drops else ""


# ---- who a packet is for


@pytest.mark.bfd(2, 22)
def test_the_first_packet_finds_its_session_by_the_neighbours_address() -> None:
    play = Play()

    effects = play.hear(said(DOWN, yours=0), 1000)

    assert reason_of(effects) == ""
    assert play.phase() == "Init"
    assert ControlHeard("wan") in effects


@pytest.mark.bfd(7, 20)
def test_then_the_discriminator_alone_selects() -> None:
    play = Play()
    play.bring_up()

    effects = play.hear(said(UP), 2000, sender=STRANGER)

    assert reason_of(effects) == ""


def section(kind: int, size: int) -> bytes:
    return bytes([kind, size]) + bytes(size - 2)


@pytest.mark.parametrize(
    ("packet", "words", "reason"),
    [
        pytest.param(
            said(UP, yours=0),
            {},
            "your-discriminator-zero",
            id="up, but without our discriminator",
            marks=pytest.mark.bfd(21),
        ),
        pytest.param(
            said(UP, yours=12345), {}, "unknown-discriminator", id="for another", marks=pytest.mark.bfd(20)
        ),
        pytest.param(
            said(DOWN, yours=0),
            {"sender": STRANGER},
            "unknown-neighbour",
            id="of somebody unknown",
            marks=pytest.mark.bfd(22),
        ),
        pytest.param(
            said(UP),
            {"multihop": True},
            "unknown-discriminator",
            id="to the other port",
            marks=pytest.mark.bfd("m1"),
        ),
        pytest.param(said(UP), {"ttl": 254}, "ttl", id="from behind a router", marks=pytest.mark.bfd(4)),
        pytest.param(
            said(UP, authentication=section(1, 9)),
            {},
            "simple-password",
            id="with a password",
            marks=pytest.mark.bfd(23),
        ),
        pytest.param(
            said(UP, authentication=section(2, 24)), {}, "keyed-md5", id="with MD5", marks=pytest.mark.bfd(23)
        ),
        pytest.param(
            said(UP, authentication=section(3, 24)), {}, "meticulous-keyed-md5", id="with meticulous MD5"
        ),
        pytest.param(said(UP, authentication=section(4, 28)), {}, "keyed-sha1", id="with SHA1"),
        pytest.param(
            said(UP, authentication=section(5, 28)), {}, "meticulous-keyed-sha1", id="with meticulous SHA1"
        ),
        pytest.param(
            said(UP, authentication=section(9, 4)), {}, "authentication-type", id="with something unknown"
        ),
        pytest.param(
            said(UP, authentication=b"\1\2"), {}, "authentication-length", id="with next to nothing"
        ),
    ],
)
@pytest.mark.behaviour("BF-01")
def test_a_packet_counts_for_nothing(packet: Any, words: dict[str, Any], reason: str) -> None:
    play = Play()
    play.bring_up()
    before = play.node.snapshot(Instant(0))

    effects = play.hear(packet, 2000, **words)

    assert reason_of(effects) == reason
    assert len(effects) == 1
    assert play.node.snapshot(Instant(0)) == before


@pytest.mark.bfd(34)
def test_what_counts_for_nothing_does_not_keep_a_session_up() -> None:
    play = Play()
    play.bring_up()

    for at in range(10 * MS, 170 * MS, 10 * MS):
        play.hear(said(UP), 1000 + at, ttl=64)
    play.give(Due(), 1010 + 150 * MS)

    assert play.phase() == "Down"


@pytest.mark.behaviour("BF-06")
@pytest.mark.parametrize(
    ("words", "ttl", "counts"),
    [
        pytest.param({}, 255, True, id="from the same link"),
        pytest.param({}, 254, False, id="from one router away, which is too far as a rule"),
        pytest.param({"max_hops": 2}, 253, True, id="from two routers away, with two allowed"),
        pytest.param({"max_hops": 2}, 252, False, id="from three routers away, with two allowed"),
        pytest.param({"max_hops": None}, 1, True, id="from anywhere, if nobody asks"),
        pytest.param({"ttl": 64}, 64, True, id="of a neighbour that begins with less, as we do"),
        pytest.param({"ttl": 64}, 63, False, id="and from one router away"),
    ],
)
def test_a_packet_may_come(words: dict[str, Any], ttl: int, counts: bool) -> None:
    play = Play(session(**words))

    effects = play.hear(said(DOWN, yours=0), 1000, ttl=ttl)

    assert (reason_of(effects) == "") is counts


@pytest.mark.bfd("m2", "m4")
def test_over_several_hops_the_sender_must_be_the_neighbour() -> None:
    play = Play(session(multihop=True, max_hops=None))
    play.hear(said(DOWN, yours=0), 1000, multihop=True)

    assert reason_of(play.hear(said(UP), 1001, multihop=True, sender=STRANGER)) == "sender"
    assert reason_of(play.hear(said(UP), 1002, multihop=True)) == ""


@pytest.mark.bfd(1)
def test_two_families_to_one_neighbour_are_two_sessions() -> None:
    six = address("2001:db8::2")
    play = Play(SESSION, session(name="six", neighbor=six))

    play.hear(said(DOWN, yours=0), 1000)

    assert [play.phase(0), play.phase(1)] == ["Init", "Down"]


def test_a_session_with_an_address_of_its_own_hears_what_comes_to_that() -> None:
    play = Play(session(source=address("192.0.2.1")))

    elsewhere = play.hear(said(DOWN, yours=0), 1000, destination=address("192.0.2.9"))
    here = play.hear(said(DOWN, yours=0), 1001)

    assert (reason_of(elsewhere), reason_of(here)) == ("unknown-neighbour", "")


def test_no_moment_of_a_packet_lies_ahead() -> None:
    play = Play()
    yours = play.ours
    play.give(received(said(DOWN, yours=0), 9_000), 1_000)

    remote = play.node.snapshot(Instant(0)).sessions[0].state.remote
    assert remote is not None
    assert remote.heard_at == 1_000
    assert yours == play.ours


# ---- numbers that differ


@pytest.mark.bfd(3, 10)
@pytest.mark.behaviour("BF-05", "BF-08")
def test_discriminators_and_source_ports_differ() -> None:
    sessions = [session(name=f"s{n}", neighbor=address(f"192.0.2.{n + 2}")) for n in range(200)]
    here, there = Play(*sessions, seed=1), Play(*sessions, seed=2)

    for play in (here, there):
        shown = play.node.snapshot(Instant(0)).sessions
        assert len({one.state.discriminator for one in shown}) == len(shown)
        assert 0 not in {one.state.discriminator for one in shown}
        assert len({one.port for one in shown}) == len(shown)
        assert all(one.port in BFD_PORTS for one in shown)
    assert here.ours != there.ours


@pytest.mark.bfd(3)
def test_a_port_that_is_taken_is_not_insisted_on() -> None:
    play = Play()
    first = play.node.snapshot(Instant(0)).sessions[0].port

    (asked,) = play.give(PortTaken(play.ours), 1000)

    assert isinstance(asked, Open)
    assert asked.port != first
    assert asked.port in BFD_PORTS


def test_where_all_ports_are_taken_it_waits() -> None:
    play = Play()

    answers = [play.give(PortTaken(play.ours), 1000) for _ in range(BFD_PORT_TRIES)]

    assert isinstance(answers[-1][0], NotSending)
    assert play.node.snapshot(Instant(0)).sessions[0].trouble


def test_what_was_refused_is_asked_for_again() -> None:
    play = Play()
    (refused,) = play.give(OpenRefused(play.ours, "no such address"), 1000)
    later = 1000 + BFD_RETRY

    asked = [
        e for at in range(0, later + 1, SECOND // 2) for e in play.give(Due(), at) if isinstance(e, Open)
    ]
    asked += [e for e in play.give(Due(), later) if isinstance(e, Open)]

    assert isinstance(refused, NotSending)
    assert len(asked) == 1
    assert not play.node.snapshot(Instant(0)).sessions[0].trouble


def test_what_cannot_be_heard_is_asked_for_again() -> None:
    play = Play()

    (told,) = play.give(ListenRefused(Family.IPV4, multihop=False, words="taken"), 1000)
    assert isinstance(told, NotListening)
    assert play.node.snapshot(Instant(0)).deaf
    asked = play.give(Due(), 1000 + BFD_RETRY)

    assert [effect for effect in asked if isinstance(effect, Listen)]
    assert not play.node.snapshot(Instant(0)).deaf


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(PortTaken(99), id="a taken port"),
        pytest.param(OpenRefused(99, "why"), id="a refusal"),
    ],
)
def test_what_comes_too_late_for_a_session_is_nothing(event: Any) -> None:
    assert Play().give(event, 1000) == ()


# ---- start and reload


def test_a_start_opens_tells_and_listens() -> None:
    play = Play()
    line = play.ours

    listen, opened, told, started = play.effects
    assert isinstance(listen, Listen)
    (medium,) = listen.media
    assert (medium.family, medium.multihop, medium.least_ttl) == (Family.IPV4, False, 255)
    assert set(medium.discriminators) == {line}
    assert set(medium.neighbors) == {NEIGHBOR}
    assert isinstance(opened, Open)
    assert opened.line == line
    assert told == Tell("wan", up=False, reason="it has only begun", vrrp=True, checker=True)
    assert isinstance(started, SessionStarted)


@pytest.mark.bfd(2)
def test_an_active_side_speaks_first() -> None:
    (packet,) = sent(Play().give(Due(), 0))

    assert (packet.state, packet.yours, packet.diagnostic) == (DOWN, 0, 0)


def reload(play: Play, *sessions: Session, at: int = 5_000) -> Effects:
    return play.node.reload(sessions, Instant(at))


@pytest.mark.behaviour("BF-07")
def test_a_reload_of_the_same_sessions_does_nothing_to_them() -> None:
    play = Play()
    play.bring_up()
    before = play.node.snapshot(Instant(0))

    effects = reload(play, SESSION)

    assert [effect for effect in effects if not isinstance(effect, Listen)] == []
    assert play.node.snapshot(Instant(0)) == before


@pytest.mark.behaviour("BF-07")
@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"min_tx": Duration(20 * MS)}, id="min_tx"),
        pytest.param({"min_rx": Duration(20 * MS)}, id="min_rx"),
        pytest.param({"multiplier": 9}, id="multiplier"),
        pytest.param({"passive": True}, id="passive"),
        pytest.param({"max_hops": 3}, id="max_hops"),
        pytest.param({"ttl": 64}, id="ttl"),
        pytest.param({"name": "other"}, id="its name"),
        pytest.param({"tells_checker": False}, id="whom it tells"),
    ],
)
def test_a_session_with_other_parameters_stays_up(words: dict[str, Any]) -> None:
    play = Play()
    play.bring_up()
    ours = play.ours

    effects = reload(play, session(**words))

    assert (play.phase(), play.ours) == ("Up", ours)
    assert not [effect for effect in effects if isinstance(effect, SessionChanged)]


def test_a_new_ttl_needs_its_socket_anew() -> None:
    play = Play()

    effects = reload(play, session(ttl=64))

    asked = [effect for effect in effects if isinstance(effect, Open | Close)]
    assert [type(effect) for effect in asked] == [Close, Open]


@pytest.mark.bfd(51)
def test_a_removed_session_says_so_for_a_while_and_is_forgotten() -> None:
    play = Play()
    play.bring_up()
    line = play.ours

    effects = reload(play, at=1 * SECOND)
    told = [effect for effect in effects if isinstance(effect, Tell)]
    removed = [effect for effect in effects if isinstance(effect, SessionRemoved)]
    packets = sent(effects)
    until = 1 * SECOND
    while (due := play.node.deadline()) is not None:
        until = due
        packets += sent(effects := play.give(Due(), due))

    assert told == [Tell("wan", up=False, reason="it is no longer configured", vrrp=True, checker=True)]
    assert removed == [SessionRemoved("wan")]
    assert {packet.state for packet in packets} == {ADMIN_DOWN}
    assert 4 <= len(packets) <= 6
    assert until == 4 * SECOND  # three packets a second apart: the neighbour's detection time of us
    assert effects[0] == Close(line)
    assert play.node.snapshot(Instant(0)).sessions == ()


def test_a_removed_session_hears_nothing() -> None:
    play = Play()
    play.bring_up()
    yours = play.ours
    reload(play)

    effects = play.give(received(said(UP, yours=yours), 6_000), 6_000)

    assert reason_of(effects) == "admin-down"


def test_a_name_may_be_given_again_at_once() -> None:
    play = Play()
    play.bring_up()

    reload(play, session(neighbor=STRANGER))
    farewell, fresh = play.node.snapshot(Instant(0)).sessions

    assert (farewell.phase, fresh.phase) == ("AdminDown", "Down")
    assert farewell.session.name == fresh.session.name
    assert [verdict.up for verdict in play.node.verdicts()] == [False]


@pytest.mark.behaviour("BF-04")
def test_who_begins_to_listen_is_told_how_things_stand() -> None:
    play = Play(SESSION, session(name="lan", neighbor=STRANGER))
    play.bring_up()

    assert [(one.session, one.up, bool(one.reason)) for one in play.node.verdicts()] == [
        ("wan", True, False),
        ("lan", False, True),
    ]


def test_at_the_end_all_sessions_say_so_and_then_nothing_counts() -> None:
    play = Play()
    play.bring_up()
    yours = play.ours

    effects = play.give(Stop(), 5_000)
    later = play.give(received(said(DOWN, yours=yours), 6_000), 6_000)

    assert [packet.state for packet in sent(effects)] == [ADMIN_DOWN]
    assert (later, play.node.deadline()) == ((), None)


@pytest.mark.bfd(12)
def test_a_session_is_kept_however_long_the_neighbour_is_silent() -> None:
    play = Play()
    play.bring_up()

    for _ in range(500):
        due = play.node.deadline()
        assert due is not None
        play.give(Due(), due)

    assert play.phase() == "Down"


def test_two_nodes_talk_and_come_up() -> None:
    """Down, Init, Up over an ideal wire: three packets, without a clock that goes on."""
    ends = {
        "a": (Node(), session(neighbor=address("192.0.2.2")), address("192.0.2.1")),
        "b": (Node(), session(neighbor=address("192.0.2.1")), address("192.0.2.2")),
    }
    wire = [
        ("a", effect)
        for name, (node, its, _) in ends.items()
        for effect in node.start([its], Instant(0), seed=ord(name))
        if isinstance(effect, SendControl)
    ]
    for name in ends:
        wire += [(name, e) for e in ends[name][0].handle(Due(), Instant(0)) if isinstance(e, SendControl)]
    for _ in range(10):
        if not wire:
            break
        name, effect = wire.pop(0)
        other = "b" if name == "a" else "a"
        packet = received(encode_control(effect.packet), 10, sender=ends[name][2], destination=ends[other][2])
        wire += [(other, e) for e in ends[other][0].handle(packet, Instant(10)) if isinstance(e, SendControl)]

    assert [node.snapshot(Instant(0)).sessions[0].phase for node, _, _ in ends.values()] == ["Up", "Up"]


# ---- the same packet again


def test_a_packet_that_came_before_keeps_the_session_up_without_being_judged_anew() -> None:
    play = Play()
    play.bring_up()
    play.hear(said(UP, final=True), 2_000)
    packet = said(UP, mine=0x0B)
    play.hear(packet, 3_000)

    effects = play.hear(packet, 90_000)
    play.give(Due(), 3_000 + 150 * MS)

    assert effects == (ControlHeard("wan"),)
    assert play.phase() == "Up"
    assert [e for e in play.give(Due(), 90_000 + 150 * MS) if isinstance(e, SessionChanged)]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"ttl": 254}, id="from farther away"),
        pytest.param({"multihop": True}, id="to the other port"),
    ],
)
def test_a_packet_that_came_before_is_judged_anew_when_it_comes(words: dict[str, Any]) -> None:
    play = Play()
    play.bring_up()
    play.hear(said(UP, final=True), 2_000)
    play.hear(said(UP), 3_000)

    assert reason_of(play.hear(said(UP), 4_000, **words))


def test_after_a_reload_it_is_judged_by_the_new_parameters() -> None:
    play = Play(session(max_hops=2))
    play.bring_up()
    play.hear(said(UP, final=True), 2_000)
    play.hear(said(UP), 3_000, ttl=254)

    reload(play, session(max_hops=0), at=4_000)

    assert reason_of(play.hear(said(UP), 5_000, ttl=254)) == "ttl"
