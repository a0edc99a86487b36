"""Signatures and sequence numbers: what is believed, what is remembered, what a clock does to it (AU-*)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, BELOW, GROUP, GROUP6, ROUTER, ROUTER2, ROUTER6, US, advert, altered, received

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed
from standfast.base.frozen import changed
from standfast.base.limits import SIGNERS_KEPT
from standfast.base.times import SECOND, Duration, WallTime, seconds
from standfast.core.vrrp.accept import accept, parts_of
from standfast.core.vrrp.authentic import NO_MARKS, Marks, Signature, next_counter, remembered
from standfast.core.vrrp.events import Received
from standfast.core.vrrp.router import Router
from standfast.wire.ah import AH_SIZE, SEQUENCE_MAX, authenticated, identification_of
from standfast.wire.ip import ipv4_header
from standfast.wire.vrrp import encode_advert
from standfast.wire.vrrp_hmac import TRAILER_SIZE, joined, sequence_at, sign

KEY, OTHER, NEXT = b"k" * 32, b"o" * 32, b"n" * 32
NOW = WallTime(1_800_000_000 * SECOND)
TIMED = Signature(keys=((1, KEY), (2, NEXT)), active=1, window=seconds(5))
ORDERED = changed(TIMED, timed=False)
SIGNING = replace(ROUTER, signature=TIMED)


def signed(
    router: Router = SIGNING,
    *,
    sent: float = 0,
    key_id: int = 1,
    key: bytes = KEY,
    sender: IpAddress = ABOVE,
    came: float = 0,
    count: int = 0,
) -> Received:
    """An advert that was signed so many seconds after NOW, and came so many seconds after NOW."""
    group = GROUP if sender.version == 4 else GROUP6
    message = encode_advert(advert(router), sender, group)
    sequence = sequence_at(WallTime(NOW + seconds(sent))) + count
    trailer = sign(message, sender, key_id=key_id, key=key, sequence=sequence)
    packet = received(
        joined(message, trailer, source=sender, destination=group), sender=sender, destination=group
    )
    return altered(packet, wall=WallTime(NOW + seconds(came)))


def slug(router: Router, packet: Received, marks: Marks = NO_MARKS) -> str:
    """The slug of the check that the packet fails; empty if it is believed."""
    try:
        accept(router, packet, US, marks=marks)
    except Malformed as fault:
        return fault.reason
    return ""


def heard(packet: Received, marks: Marks = NO_MARKS, router: Router = SIGNING, room: int = 0) -> Marks:
    """The marks behind a packet that was believed."""
    assert router.signature is not None
    assert slug(router, packet, marks) == ""
    tail = parts_of(router, packet)[1]
    return remembered(router.signature, marks, tail=tail, sender=packet.sender, wall=packet.wall, room=room)


def having(signature: Signature) -> Router:
    return replace(ROUTER, signature=signature)


UNSIGNED = received(advert(ROUTER))
GOOD = signed()


@pytest.mark.behaviour("AU-04", "AU-06", "AU-07")
@pytest.mark.parametrize(
    ("router", "packet"),
    [
        pytest.param(SIGNING, GOOD, id="version 3 over IPv4"),
        pytest.param(
            replace(ROUTER2, signature=TIMED), signed(replace(ROUTER2, signature=TIMED)), id="version 2"
        ),
        pytest.param(
            replace(ROUTER6, signature=TIMED),
            signed(replace(ROUTER6, signature=TIMED), sender=ip_address("fe80::3")),
            id="IPv6",
        ),
        pytest.param(SIGNING, signed(key_id=2, key=NEXT), id="with a key that we do not sign with"),
    ],
)
def test_a_signed_advert_is_believed(router: Router, packet: Received) -> None:
    assert slug(router, packet) == ""


@pytest.mark.behaviour("AU-10", "AU-12")
@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(UNSIGNED, "hmac-missing", id="no signature"),
        pytest.param(
            altered(GOOD, payload=GOOD.payload[:-1]), "hmac-malformed", id="a signature that is cut"
        ),
        pytest.param(altered(GOOD, payload=GOOD.payload + b"x"), "hmac-malformed", id="one that is too long"),
        pytest.param(signed(key_id=3), "hmac-unknown-key", id="a key that nobody has"),
        pytest.param(signed(key=OTHER), "hmac-invalid", id="another key of the same id"),
        pytest.param(signed(key_id=2), "hmac-invalid", id="one of our keys under the id of another"),
        pytest.param(
            altered(signed(), sender=BELOW), "checksum", id="another sender: already the checksum is wrong"
        ),
        pytest.param(signed(sent=-6), "hmac-stale", id="six seconds old"),
        pytest.param(signed(sent=6), "hmac-stale", id="six seconds ahead"),
        pytest.param(
            signed(sent=-6, key=OTHER), "hmac-invalid", id="old, and by another key: not ours at all"
        ),
    ],
)
def test_an_advert_is_dropped_for_the_first_thing_that_is_wrong(packet: Received, reason: str) -> None:
    assert slug(SIGNING, packet) == reason


@pytest.mark.behaviour("AU-05")
def test_a_signature_is_not_good_for_another_sender() -> None:
    """Version 2 has no pseudo-header: the checksum is right from any address."""
    router = replace(ROUTER2, signature=TIMED)

    assert slug(router, altered(signed(router), sender=BELOW)) == "hmac-invalid"


@pytest.mark.behaviour("AU-10")
@pytest.mark.parametrize(
    ("signature", "unsigned"),
    [
        pytest.param(TIMED, "hmac-missing", id="enforce"),
        pytest.param(changed(TIMED, required=False), "", id="permissive"),
        pytest.param(changed(TIMED, required=False, signs=False), "", id="receive-only"),
    ],
)
def test_only_what_is_not_signed_at_all_is_a_matter_of_the_mode(signature: Signature, unsigned: str) -> None:
    router = having(signature)

    assert slug(router, UNSIGNED) == unsigned
    assert slug(router, GOOD) == ""
    assert slug(router, signed(key=OTHER)) == "hmac-invalid"
    assert slug(router, altered(GOOD, payload=GOOD.payload[:-1])) == "hmac-malformed"
    assert slug(router, GOOD, heard(GOOD)) == "hmac-replay"


def test_padding_is_no_signature() -> None:
    """Behaviour WI-14: a short advert of version 2 may come with the padding of its frame."""
    router = replace(ROUTER2, signature=changed(TIMED, required=False))
    packet = received(advert(ROUTER2))

    assert slug(router, altered(packet, payload=packet.payload.ljust(26, b"\0"))) == ""


# ---- what was heard before


@pytest.mark.behaviour("AU-12", "AU-13")
@pytest.mark.parametrize("signature", [pytest.param(TIMED, id="time"), pytest.param(ORDERED, id="monotonic")])
@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(signed(), "hmac-replay", id="the same again"),
        pytest.param(signed(sent=-1), "hmac-replay", id="one from before"),
        pytest.param(signed(count=1), "", id="the next in the same moment"),
        pytest.param(signed(sent=1), "", id="a later one"),
        pytest.param(signed(sent=-1, sender=BELOW), "", id="another sender counts for itself"),
    ],
)
def test_a_sender_is_heard_once_with_each_number(signature: Signature, packet: Received, reason: str) -> None:
    assert slug(having(signature), packet, heard(GOOD)) == reason


@pytest.mark.behaviour("AU-13")
@pytest.mark.parametrize(
    ("sent", "timed", "ordered"),
    [
        pytest.param(1, "", "", id="a moment later"),
        pytest.param(100, "hmac-stale", "", id="by a clock that is ahead"),
        pytest.param(-100, "hmac-stale", "hmac-replay", id="by a clock that is behind"),
    ],
)
def test_only_time_mode_asks_for_the_time(sent: float, timed: str, ordered: str) -> None:
    packet = signed(sent=sent)

    assert slug(SIGNING, packet, heard(GOOD)) == timed
    assert slug(having(ORDERED), packet, heard(GOOD)) == ordered


def test_the_edge_of_the_window_is_in_it() -> None:
    assert slug(SIGNING, signed(sent=-5)) == slug(SIGNING, signed(sent=5)) == ""
    assert slug(SIGNING, signed(sent=-5.001)) == slug(SIGNING, signed(sent=5.001)) == "hmac-stale"


def test_what_is_stale_says_by_how_much() -> None:
    with pytest.raises(Malformed) as late:
        accept(SIGNING, signed(sent=-60), US)
    with pytest.raises(Malformed) as early:
        accept(SIGNING, signed(sent=60), US)

    assert (late.value.got, late.value.want) == (60, 5)
    assert early.value.got == -60


def test_the_number_after_the_last_is_later() -> None:
    """The seconds start again in 2106 (RFC 1982)."""
    end = WallTime((1 << 32) * SECOND)
    message = encode_advert(advert(SIGNING), ABOVE, GROUP)

    def at(moment: int) -> Received:
        trailer = sign(message, ABOVE, key_id=1, key=KEY, sequence=sequence_at(WallTime(moment)))
        return altered(received(message + trailer), wall=WallTime(moment))

    before, after = at(end - SECOND), at(end + SECOND)

    assert slug(SIGNING, after, heard(before)) == ""
    assert slug(having(ORDERED), altered(before, wall=after.wall), heard(after)) == "hmac-replay"


# ---- clocks that are set


@pytest.mark.behaviour("AU-14")
def test_a_sender_whose_clock_was_ahead_and_is_right_again_is_heard_at_once_in_time_mode() -> None:
    """Both clocks were an hour ahead; then they are set, and the sender starts again."""
    hour = 3600
    marks = heard(signed(sent=hour, came=hour))

    assert slug(SIGNING, signed(sent=1, came=1), marks) == ""
    assert slug(having(ORDERED), signed(sent=1, came=1), marks) == "hmac-replay"


@pytest.mark.behaviour("AU-14")
def test_within_the_window_a_clock_that_is_set_back_makes_nothing_old_good_again() -> None:
    marks = heard(signed(sent=4, came=4))

    assert slug(SIGNING, signed(sent=3, came=0), marks) == "hmac-replay"
    assert slug(SIGNING, signed(sent=4, count=1, came=0), marks) == ""


# ---- many senders


def many(count: int, *, step: float = 0.1) -> list[Received]:
    return [signed(sender=ip_address(f"10.0.0.{n + 10}"), sent=step * n, came=step * n) for n in range(count)]


@pytest.mark.behaviour("AU-14")
@pytest.mark.parametrize("signature", [pytest.param(TIMED, id="time"), pytest.param(ORDERED, id="monotonic")])
def test_four_senders_are_remembered_and_a_fifth_makes_nothing_old_good_again(signature: Signature) -> None:
    router, marks = having(signature), NO_MARKS
    packets = many(SIGNERS_KEPT + 1)

    for packet in packets:
        marks = heard(packet, marks, router)

    assert [sender for sender, _ in marks.latest] == [packet.sender for packet in packets[1:]]
    now = packets[-1].wall
    assert [slug(router, altered(packet, wall=now), marks) for packet in packets] == ["hmac-replay"] * 5
    assert slug(router, signed(sender=packets[0].sender, sent=0.5, came=0.5), marks) == ""


def test_of_unicast_peers_all_are_remembered() -> None:
    marks = NO_MARKS

    for packet in many(9):
        marks = heard(packet, marks, room=9)

    assert len(marks.latest) == 9


def test_who_is_remembered_does_not_grow_with_what_he_says() -> None:
    marks = NO_MARKS

    for number in range(50):
        marks = heard(signed(sent=number / 10, came=number / 10), marks)

    assert len(marks.latest) == 1


def test_in_time_mode_who_has_been_silent_for_longer_than_the_window_leaves_his_place() -> None:
    marks = heard(signed(sender=BELOW))

    marks = heard(signed(sent=6, came=6), marks)

    assert [sender for sender, _ in marks.latest] == [ABOVE]


# ---- keys


@pytest.mark.behaviour("AU-07")
def test_a_rotation_of_keys_keeps_what_was_heard() -> None:
    marks = heard(GOOD)
    rotated = having(changed(TIMED, keys=((2, NEXT), (3, OTHER)), active=2))

    assert slug(rotated, signed(key_id=2, key=NEXT), marks) == "hmac-replay"
    assert slug(rotated, signed(key_id=2, key=NEXT, sent=1), marks) == ""
    assert slug(rotated, signed(sent=1), marks) == "hmac-unknown-key"


def test_no_key_stands_in_a_representation() -> None:
    assert "kkk" not in repr(TIMED)
    assert "kkk" not in repr(SIGNING)


# ---- AH

AH = replace(ROUTER2, ah_key=b"secret\0\0")


def headed(
    sequence: int, *, key: bytes = b"secret", sender: IpAddress = ABOVE, **changes: object
) -> Received:
    """An advert behind an Authentication Header, as a raw socket gives it."""
    message = encode_advert(advert(AH, **changes), sender, GROUP)  # type: ignore[arg-type]
    payload = authenticated(message, sender, GROUP, key=key, sequence=sequence)  # type: ignore[arg-type]
    number = identification_of(sequence)
    header = ipv4_header(sender, GROUP, len(payload), identification=number, ttl=255, protocol=51)  # type: ignore[arg-type]
    return altered(received(message, sender=sender), covering=header + payload[:AH_SIZE])


def ah_slug(packet: Received, counter: int = 0) -> str:
    with pytest.raises(Malformed) as caught:
        accept(AH, packet, US, counter=counter)
    return caught.value.reason


@pytest.mark.behaviour("AU-02")
def test_an_advert_behind_a_header_is_believed() -> None:
    assert accept(AH, headed(7), US, counter=6).priority == 100


@pytest.mark.behaviour("AU-02")
@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(altered(headed(7), covering=b""), "auth-type", id="without a header"),
        pytest.param(received(advert(ROUTER2)), "auth-type", id="without authentication"),
        pytest.param(headed(7, auth_type=1), "auth-type", id="with the type of a password"),
        pytest.param(headed(7, auth_type=3), "auth-unknown", id="with a type that does not exist"),
        pytest.param(
            altered(headed(7), covering=headed(7).covering[:-1]), "ah-malformed", id="the header is cut"
        ),
        pytest.param(headed(7, key=b"secreT"), "auth-failed", id="with another password"),
        pytest.param(headed(6), "ah-replay", id="with a number that was used"),
        pytest.param(headed(1), "ah-replay", id="with an old number"),
        pytest.param(headed(1, sender=BELOW), "ah-replay", id="all senders count together"),
        pytest.param(
            altered(headed(7), payload=headed(7, priority=254).payload), "auth-failed", id="changed"
        ),
    ],
)
def test_behind_a_header_an_advert_is_dropped_for(packet: Received, reason: str) -> None:
    assert ah_slug(packet, counter=6) == reason


def test_a_router_without_a_key_does_not_believe_a_header() -> None:
    with pytest.raises(Malformed, match="auth-type"):
        accept(ROUTER2, headed(7), US)
    with pytest.raises(Malformed, match="auth-type"):
        accept(ROUTER2, altered(headed(7, auth_type=0)), US)


def test_the_last_number_is_used_for_ever() -> None:
    assert (next_counter(6), next_counter(SEQUENCE_MAX)) == (7, SEQUENCE_MAX)


def test_a_window_may_be_wider_than_a_day() -> None:
    assert slug(having(changed(TIMED, window=Duration(100_000 * SECOND))), signed(sent=-90_000)) == ""
    assert TRAILER_SIZE == 28
