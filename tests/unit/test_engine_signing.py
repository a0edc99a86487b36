"""How adverts are signed when they leave: what a clock may do to the numbers, and what each peer gets."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, BELOW, ETH0, ROUTER, ROUTER2, ROUTER6, US, US6, advert, altered, received
from vrrp_ports import (
    Call,
    SetClock,
    SetTimeOfDay,
    WrittenAddresses,
    WrittenAdverts,
    WrittenAnnouncements,
    WrittenFirewall,
    WrittenRouting,
)

from standfast.base.addresses import IpAddress
from standfast.base.frozen import changed
from standfast.base.times import SECOND, WallTime, seconds
from standfast.core.vrrp.accept import accept
from standfast.core.vrrp.authentic import Signature
from standfast.core.vrrp.effects import Forget, Prepare, SendAdvert
from standfast.core.vrrp.router import Router
from standfast.engine.adverts import datagrams_of, destinations
from standfast.engine.signing import Signer
from standfast.engine.vrrp import VrrpEffects
from standfast.wire.ah import AH_SIZE, sequence_in
from standfast.wire.vrrp_hmac import TRAILER_SIZE, decode_trailer, sequence_at

KEY = b"k" * 32
TIMED = Signature(keys=((1, b"o" * 32), (7, KEY)), active=7, window=seconds(5))
SIGNING = replace(ROUTER, signature=TIMED)
ORDERED = replace(ROUTER, signature=changed(TIMED, timed=False))
UNICAST = replace(SIGNING, group=None, peers=(BELOW, ABOVE))
SIGNING6 = replace(ROUTER6, signature=TIMED)
AH = replace(ROUTER2, ah_key=b"secret\0\0")


class Desk:
    """A signer and its clock."""

    def __init__(self) -> None:
        self.clock = SetTimeOfDay()
        self.signer = Signer(self.clock)

    def signed(self, router: Router = SIGNING, source: IpAddress = US) -> tuple[bytes, ...]:
        return self.signer.signed(router, source, datagrams_of(router, source, 100), counter=5)

    def sequence(self, router: Router = SIGNING) -> int:
        return decode_trailer(self.signed(router)[0][-TRAILER_SIZE:]).sequence

    def set(self, offset: float) -> int:
        """Set the clock that far; the number of the moment."""
        self.clock.at = WallTime(self.clock.at + seconds(offset))
        return sequence_at(self.clock.at)


@pytest.mark.behaviour("AU-04", "AU-06", "AU-07")
@pytest.mark.parametrize(
    ("router", "source"),
    [
        pytest.param(SIGNING, US, id="version 3 over IPv4"),
        pytest.param(replace(ROUTER2, signature=TIMED), US, id="version 2"),
        pytest.param(SIGNING6, US6, id="IPv6"),
        pytest.param(UNICAST, US, id="unicast"),
    ],
)
def test_what_is_signed_is_believed_by_a_peer(router: Router, source: IpAddress) -> None:
    desk = Desk()

    sent = desk.signed(router, source)

    assert len(sent) == len(destinations(router))
    for data, to in zip(sent, destinations(router), strict=True):
        packet = altered(received(data, sender=source, destination=to), wall=desk.clock.at)
        assert accept(router, packet, ip_address("10.0.0.77")) == advert(router)


def test_all_peers_get_one_signature() -> None:
    first, second = Desk().signed(UNICAST)

    assert first[-TRAILER_SIZE:] == second[-TRAILER_SIZE:]
    assert first != second, "the checksum knows the destination"


@pytest.mark.behaviour("AU-13")
def test_the_numbers_follow_the_clock() -> None:
    desk = Desk()

    assert desk.sequence() == sequence_at(desk.clock.at)
    assert desk.sequence() == sequence_at(desk.clock.at) + 1, "in one moment they count"
    assert desk.sequence() == sequence_at(desk.clock.at) + 2
    now = desk.set(1)
    assert desk.sequence() == now


@pytest.mark.behaviour("AU-13", "AU-14")
@pytest.mark.parametrize(
    ("router", "back", "restarts"),
    [
        pytest.param(SIGNING, -4, False, id="time mode, within the window: one number more"),
        pytest.param(SIGNING, -3600, True, id="time mode, beyond it: from the clock"),
        pytest.param(ORDERED, -4, False, id="monotonic: one number more"),
        pytest.param(ORDERED, -3600, False, id="monotonic, however far"),
    ],
)
def test_a_clock_that_is_set_back(router: Router, back: float, *, restarts: bool) -> None:
    desk = Desk()
    last = desk.sequence(router)

    now = desk.set(back)

    assert desk.sequence(router) == (now if restarts else last + 1)


def test_each_router_counts_for_itself() -> None:
    desk = Desk()
    other = replace(SIGNING, name="VI_2")

    assert desk.sequence() == desk.sequence(other)
    desk.signer.forget("VI_2")
    assert desk.sequence(other) < desk.sequence()


@pytest.mark.behaviour("AU-02")
def test_behind_a_header_stands_the_number_that_was_asked_for() -> None:
    (sent,) = Desk().signed(AH)

    assert sequence_in(sent) == 5
    assert sent[AH_SIZE:] == datagrams_of(AH, US, 100)[0]


@pytest.mark.behaviour("AU-10")
def test_receive_only_signs_nothing() -> None:
    router = replace(ROUTER, signature=changed(TIMED, signs=False, required=False))

    assert not router.signs
    assert Desk().signed(replace(ROUTER, signature=None)) == datagrams_of(ROUTER, US, 100)


# ---- by the interpreter of effects


class KeptAdverts(WrittenAdverts):
    """Keeps what is sent."""

    def __init__(self, calls: list[Call]) -> None:
        super().__init__(calls)
        self.sent: list[bytes] = []

    def send(self, router: str, datagrams: object) -> None:
        self.sent += datagrams  # type: ignore[arg-type]


def interpreter(clock: SetTimeOfDay) -> tuple[VrrpEffects, KeptAdverts]:
    calls: list[Call] = []
    adverts = KeptAdverts(calls)
    effects = VrrpEffects(
        adverts=adverts,
        addresses=WrittenAddresses(calls),
        announcer=WrittenAnnouncements(calls),
        firewall=WrittenFirewall(calls),
        routing=WrittenRouting(calls),
        listeners=(),
        clock=SetClock(),
        signer=Signer(clock),
    )
    return effects, adverts


def test_each_advert_is_signed_when_it_leaves() -> None:
    clock = SetTimeOfDay()
    effects, adverts = interpreter(clock)
    effects.run([Prepare(SIGNING, ETH0, US)])
    clock.at = WallTime(clock.at + SECOND)

    effects.run([SendAdvert("VI_1", 100)])
    effects.run([SendAdvert("VI_1", 0)])

    first, second = (decode_trailer(data[-TRAILER_SIZE:]).sequence for data in adverts.sent)
    assert first == sequence_at(clock.at)
    assert second == first + 1
    assert [data[2] for data in adverts.sent] == [100, 0]


def test_a_router_that_ceases_to_sign_sends_what_it_did_before() -> None:
    effects, adverts = interpreter(SetTimeOfDay())
    effects.run([Prepare(SIGNING, ETH0, US), Prepare(ROUTER, ETH0, US)])

    effects.run([SendAdvert("VI_1", 100)])

    assert tuple(adverts.sent) == datagrams_of(ROUTER, US, 100)


def test_who_is_forgotten_sends_nothing() -> None:
    effects, adverts = interpreter(SetTimeOfDay())
    effects.run([Prepare(SIGNING, ETH0, US), Forget("VI_1")])

    effects.run([SendAdvert("VI_1", 100)])

    assert adverts.sent == []


def test_ah_takes_the_number_of_the_effect() -> None:
    effects, adverts = interpreter(SetTimeOfDay())
    effects.run([Prepare(AH, ETH0, US)])

    effects.run([SendAdvert("VI_1", 100, 41)])

    assert [sequence_in(data) for data in adverts.sent] == [41]


def test_whoever_goes_on_with_the_work_of_another_process_signs_with_later_numbers() -> None:
    before, after = Desk(), Desk()
    last = [before.sequence(ORDERED) for _ in range(5)][-1]

    after.signer.recall(before.signer.last)
    after.set(-3600)

    assert after.sequence(ORDERED) > last
