"""Laws of BFD: packets survive the wire, no bytes crash, timers keep their bounds whatever happens."""

from contextlib import suppress
from itertools import pairwise

from bfd_made import NEIGHBOR, SESSION, STRANGERS, Play, received
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.errors import Malformed
from standfast.base.frozen import changed
from standfast.base.times import Duration, Instant, between
from standfast.core.bfd.dice import rolled
from standfast.core.bfd.effects import PacketDropped, SendControl, Tell
from standfast.core.bfd.events import Due
from standfast.core.bfd.timing import agreed_interval, shortened, silence_ends
from standfast.wire.bfd import (
    ControlPacket,
    SessionState,
    decode_authentication,
    decode_control,
    encode_control,
)

WORD = st.integers(0, 0xFFFFFFFF)


@st.composite
def packets(draw: st.DrawFn) -> ControlPacket:
    poll = draw(st.booleans())
    return ControlPacket(
        state=draw(st.sampled_from(SessionState)),
        multiplier=draw(st.integers(1, 255)),
        mine=draw(st.integers(1, 0xFFFFFFFF)),
        yours=draw(WORD),
        desired_min_tx_us=draw(WORD),
        required_min_rx_us=draw(WORD),
        required_min_echo_rx_us=draw(WORD),
        diagnostic=draw(st.integers(0, 31)),
        poll=poll,
        final=not poll and draw(st.booleans()),
        independent=draw(st.booleans()),
        demand=draw(st.booleans()),
        authentication=draw(st.none() | st.binary(min_size=2, max_size=40)),
    )


@given(packets())
def test_a_packet_survives_the_wire(packet: ControlPacket) -> None:
    assert decode_control(encode_control(packet)) == packet


@given(st.binary(max_size=100))
def test_no_bytes_crash_the_decoder(payload: bytes) -> None:
    with suppress(Malformed):
        decode_control(payload)
    with suppress(Malformed):
        decode_authentication(payload)


@given(st.integers(0, (1 << 64) - 1), st.integers(1_000, 4_294_967_000), st.integers(1, 255))
def test_jitter_keeps_its_bounds(dice: int, interval: int, multiplier: int) -> None:
    found = shortened(Duration(interval), dice, multiplier=multiplier)

    most = interval * 90 // 100 if multiplier == 1 else interval
    assert interval * 75 // 100 <= found <= most


@given(st.integers(0, (1 << 64) - 1))
def test_the_dice_stay_what_they_are(dice: int) -> None:
    assert 0 <= rolled(dice) < 1 << 64


steps = st.lists(
    st.tuples(
        st.integers(0, 400_000),  # microseconds until then
        st.none() | packets() | st.binary(max_size=60),
        st.sampled_from(["ours", "zero", "any"]),
        st.sampled_from([NEIGHBOR, STRANGERS]),
        st.sampled_from([255, 255, 254]),
    ),
    max_size=40,
)


@given(steps, st.integers(1, 5), st.booleans())
def test_whatever_comes_the_node_goes_on_and_keeps_its_pace(
    story: list[tuple[int, ControlPacket | bytes | None, str, object, int]], multiplier: int, passive: bool
) -> None:
    """No event raises; a deadline is never forgotten; periodic packets are never too fast; verdicts alternate."""
    play = Play(changed(SESSION, multiplier=multiplier, passive=passive))
    now, verdicts = 0, [False]
    for wait, content, yours, sender, ttl in story:
        end = now + wait
        while (due := play.node.deadline()) is not None and due <= end:
            now = max(now, due)
            before = play.node.snapshot(Instant(now)).sessions[0].state
            effects = play.give(Due(), now)
            verdicts += [effect.up for effect in effects if isinstance(effect, Tell)]
            periodic = [effect for effect in effects if isinstance(effect, SendControl)]
            spoken = before.spoken
            if periodic and spoken is not None and (ends := silence_ends(before)) is not None and ends > now:
                assert between(spoken.at, Instant(now)) >= agreed_interval(before) * 75 // 100
            after = play.node.deadline()
            assert after is None or after > now, "a deadline that came stays in the past"
        now = end
        if content is None:
            continue
        payload = content if isinstance(content, bytes) else _addressed(content, yours, play.ours)
        event = received(payload, now, sender=sender, ttl=ttl)
        before_all = play.node.snapshot(Instant(now))
        effects = play.give(event, now)
        verdicts += [effect.up for effect in effects if isinstance(effect, Tell)]
        if any(isinstance(effect, PacketDropped) for effect in effects):
            assert len(effects) == 1
            assert play.node.snapshot(Instant(now)) == before_all
    assert all(a != b for a, b in pairwise(verdicts))
    assert verdicts[-1] == (play.phase() == "Up")


def _addressed(packet: ControlPacket, yours: str, ours: int) -> bytes:
    """The packet, to our session, to none, or to whom it was drawn for."""
    known = {"ours": ours, "zero": 0, "any": packet.yours}[yours]
    payload = encode_control(packet)
    return payload[:8] + known.to_bytes(4, "big") + payload[12:]
