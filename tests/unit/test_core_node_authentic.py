"""A node whose routers prove what they say: copies change nothing, and each fact says what was wrong (AU-*)."""

from dataclasses import replace
from typing import Any

import pytest
from vrrp_made import ABOVE, BELOW, ETH0, GROUP, ROUTER, ROUTER2, advert, altered, from_peer, received

from standfast.base.addresses import IpAddress
from standfast.base.frozen import changed
from standfast.base.times import SECOND, Instant, WallTime, seconds
from standfast.core.vrrp import node as node_module
from standfast.core.vrrp.accept import accept
from standfast.core.vrrp.authentic import Signature
from standfast.core.vrrp.effects import AdvertDropped, AdvertHeard, Effects, PeerDiffers, SendAdvert
from standfast.core.vrrp.events import Due, Received
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Master, State
from standfast.wire.ah import AH_SIZE, authenticated, identification_of
from standfast.wire.ip import ipv4_header
from standfast.wire.vrrp import Advert, encode_advert
from standfast.wire.vrrp_hmac import joined, sequence_at, sign

KEY, NEXT = b"k" * 32, b"n" * 32
WALL = 1_800_000_000 * SECOND
SIGNATURE = Signature(keys=((1, KEY),), active=1, window=seconds(5))
SIGNING = replace(ROUTER, signature=SIGNATURE)
AH = replace(ROUTER2, ah_key=b"secret\0\0")


def started(router: Router) -> Node:
    node = Node()
    node.start([router], links={"eth0": ETH0}, present={}, now=Instant(0))
    return node


def master(router: Router) -> tuple[Node, Effects]:
    """A node that has become master, and what it did then."""
    node = started(router)
    return node, node.handle(Due(), node.deadline() or Instant(0))


def state_of(node: Node) -> State:
    return node.snapshot(Instant(0)).routers[0].state


def signed(
    priority: int, *, at: int = 0, sender: IpAddress = ABOVE, key: bytes = KEY, key_id: int = 1
) -> Received:
    """An advert that was signed and came at this moment."""
    message = encode_advert(advert(ROUTER, priority), sender, GROUP)
    wall = WallTime(WALL + at)
    trailer = sign(message, sender, key_id=key_id, key=key, sequence=sequence_at(wall))
    return altered(
        received(joined(message, trailer, source=sender, destination=GROUP), sender=sender, at=at), wall=wall
    )


def headed(priority: int, sequence: int, *, at: int = 0, sender: IpAddress = ABOVE) -> Received:
    """An advert behind an Authentication Header."""
    message = encode_advert(advert(AH, priority), sender, GROUP)
    payload = authenticated(message, sender, GROUP, key=b"secret", sequence=sequence)  # type: ignore[arg-type]
    number = identification_of(sequence)
    header = ipv4_header(sender, GROUP, len(payload), identification=number, ttl=255, protocol=51)  # type: ignore[arg-type]
    return altered(received(message, sender=sender, at=at), covering=header + payload[:AH_SIZE])


def again(packet: Received, at: int) -> Received:
    """The same bytes at a later moment."""
    return altered(packet, at=Instant(at), wall=WallTime(WALL + at))


def reasons(effects: Effects) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, AdvertDropped)]


@pytest.mark.behaviour("AU-12", "AU-13")
@pytest.mark.parametrize(
    ("router", "packet", "reason"),
    [
        pytest.param(SIGNING, signed(150), "hmac-replay", id="auth_hmac, by time"),
        pytest.param(
            replace(ROUTER, signature=changed(SIGNATURE, timed=False)),
            signed(150),
            "hmac-replay",
            id="auth_hmac, by order",
        ),
        pytest.param(AH, headed(150, 1), "ah-replay", id="AH"),
    ],
)
def test_a_copy_of_the_last_advert_is_no_sign_of_life(router: Router, packet: Received, reason: str) -> None:
    """The bytes that are known are the very bytes that must not count again."""
    node = started(router)
    node.handle(packet, Instant(0))
    before, due = state_of(node), node.deadline()

    effects = node.handle(again(packet, SECOND), Instant(SECOND))

    assert reasons(effects) == [reason]
    assert state_of(node) == before
    assert node.deadline() == due


@pytest.mark.behaviour("AU-13")
def test_the_next_advert_is_one() -> None:
    node = started(SIGNING)
    node.handle(signed(150), Instant(0))

    effects = node.handle(signed(150, at=SECOND), Instant(SECOND))

    assert [type(effect) for effect in effects] == [AdvertHeard]
    assert isinstance(state := state_of(node), Backup)
    assert state.quiet_since == Instant(SECOND)


@pytest.mark.behaviour("AU-10", "AU-12")
@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(from_peer(ROUTER, 254), "hmac-missing", id="a higher priority without a signature"),
        pytest.param(from_peer(ROUTER, 0), "hmac-missing", id="a goodbye without a signature"),
        pytest.param(signed(254, key=NEXT), "hmac-invalid", id="a higher priority by another key"),
        pytest.param(signed(254, at=-60 * SECOND), "hmac-stale", id="one that was recorded a minute ago"),
        pytest.param(altered(signed(254), ttl=254), "ttl", id="one through a router"),
    ],
)
def test_a_master_does_not_yield_to(packet: Received, reason: str) -> None:
    node, _ = master(SIGNING)
    now = Instant(4 * SECOND)

    effects = node.handle(altered(packet, at=now, wall=WallTime(WALL)), now)

    assert reasons(effects) == [reason]
    assert len(effects) == 1
    assert isinstance(state_of(node), Master)


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(signed(254, key=NEXT), id="by another key"),
        pytest.param(from_peer(ROUTER, 254), id="without a signature"),
    ],
)
def test_a_flood_of_the_same_forgery_costs_one_look(
    forged: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each is counted by its reason; what is genuine in between is heard."""
    node, looks = started(SIGNING), 0

    def counting(*given: Any, **more: Any) -> Advert:
        nonlocal looks
        looks += 1
        return accept(*given, **more)

    monkeypatch.setattr(node_module, "accept", counting)
    flood = [node.handle(altered(forged, at=Instant(at)), Instant(at)) for at in range(100)]
    genuine = node.handle(signed(150, at=SECOND), Instant(SECOND))
    more = node.handle(altered(forged, at=Instant(2 * SECOND)), Instant(2 * SECOND))

    assert len({tuple(reasons(effects)) for effects in (*flood, more)}) == 1
    assert looks == 2
    assert any(isinstance(effect, AdvertHeard) for effect in genuine)


def test_a_forgery_that_was_refused_is_looked_at_again_with_other_keys() -> None:
    node, packet = started(SIGNING), signed(254, key=NEXT)
    refused = node.handle(packet, Instant(0))

    node.reload([replace(SIGNING, signature=changed(SIGNATURE, keys=((1, NEXT),)))], Instant(0))
    heard = node.handle(packet, Instant(0))

    assert reasons(refused) == ["hmac-invalid"]
    assert any(isinstance(effect, AdvertHeard) for effect in heard)


def test_what_was_too_early_or_heard_before_is_judged_anew() -> None:
    """A clock that was set right makes good what was stale."""
    node, packet = started(SIGNING), signed(150, at=60 * SECOND)
    stale = node.handle(altered(packet, wall=WallTime(WALL)), Instant(0))

    heard = node.handle(packet, Instant(SECOND))

    assert reasons(stale) == ["hmac-stale"]
    assert any(isinstance(effect, AdvertHeard) for effect in heard)


def test_what_is_odd_is_said_once_though_no_two_adverts_are_alike() -> None:
    node = started(replace(SIGNING, addresses=()))

    told = [
        sum(
            isinstance(effect, PeerDiffers)
            for effect in node.handle(signed(150, at=at * SECOND), Instant(at * SECOND))
        )
        for at in range(3)
    ]

    assert told == [1, 0, 0]


@pytest.mark.behaviour("AU-07")
def test_a_reload_with_other_keys_keeps_what_was_heard_and_the_state() -> None:
    node = started(SIGNING)
    old = signed(150, at=SECOND)
    node.handle(old, Instant(SECOND))
    both = replace(SIGNING, signature=changed(SIGNATURE, keys=((1, KEY), (2, NEXT)), active=2))
    before = state_of(node)

    node.reload([both], Instant(SECOND))

    assert state_of(node) == before
    assert reasons(node.handle(again(old, SECOND), Instant(SECOND))) == ["hmac-replay"]
    assert reasons(node.handle(signed(150, at=2 * SECOND, key=NEXT, key_id=2), Instant(2 * SECOND))) == []


# ---- AH: heard and sent count together


def sequences(effects: Effects) -> list[int]:
    return [effect.sequence for effect in effects if isinstance(effect, SendAdvert)]


@pytest.mark.behaviour("AU-02")
def test_the_first_advert_has_the_number_one() -> None:
    assert sequences(master(AH)[1]) == [1]


@pytest.mark.behaviour("AU-02")
def test_what_is_sent_is_above_all_that_was_heard() -> None:
    node = started(AH)
    node.handle(headed(150, 4711), Instant(0))

    due = node.deadline() or Instant(0)
    took_over = node.handle(Due(), due)
    beat = node.handle(Due(), Instant(due + SECOND))

    assert (sequences(took_over), sequences(beat)) == ([4712], [4713])


@pytest.mark.behaviour("AU-02")
def test_what_is_heard_is_above_all_that_was_sent() -> None:
    node, _ = master(AH)
    now = Instant((node.deadline() or 0) + SECOND)
    assert sequences(node.handle(Due(), now)) == [2]

    old = node.handle(altered(headed(254, 2, sender=BELOW), at=now), now)
    new = node.handle(altered(headed(254, 3, sender=BELOW), at=now), now)

    assert reasons(old) == ["ah-replay"]
    assert isinstance(new[0], AdvertHeard)
    assert isinstance(state_of(node), Backup)


def test_an_answer_to_a_weaker_master_is_above_what_it_said() -> None:
    node, _ = master(AH)
    now = node.deadline() or Instant(0)

    assert sequences(node.handle(altered(headed(50, 900), at=now), now)) == [901]


def test_a_rehearsed_takeover_uses_no_number() -> None:
    node = started(AH)

    foreseen = [sequences(node.foresee()) for _ in range(3)]
    done = node.handle(Due(), node.deadline() or Instant(0))

    assert foreseen == [[1], [1], [1]]
    assert sequences(done) == [1]


def test_a_reload_of_a_master_says_so_with_a_number_of_its_own() -> None:
    node, _ = master(AH)

    effects = node.reload([replace(AH, priority=120)], node.deadline() or Instant(0))

    assert sequences(effects) == [2]


def test_routers_without_it_have_no_number() -> None:
    assert sequences(master(ROUTER)[1]) == [0]
    assert sequences(master(SIGNING)[1]) == [0]
