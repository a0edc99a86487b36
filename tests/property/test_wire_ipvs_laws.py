"""What IPVS is told survives the wire, and no bytes crash a decoder."""

from contextlib import suppress
from sys import byteorder

from hypothesis import given
from hypothesis import strategies as st
from lvs_drawn import addresses, destinations, services

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Malformed
from standfast.base.services import Destination, Service
from standfast.core.lvs.table import balanced
from standfast.wire.genetlink import HEAD, decode_family
from standfast.wire.ipvs import (
    DestinationRequests,
    Timeouts,
    decode_daemon_report,
    decode_destination_report,
    decode_info,
    decode_service_report,
    decode_timeouts,
    encode_add_service,
    encode_set_timeouts,
    encode_start_daemon,
)
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart
from standfast.wire.netlink import Message, encode_attribute, messages_in


def only(data: bytes) -> Message:
    (message,) = messages_in(data)
    return message


@given(services(few=False))
def test_a_service_survives_the_wire(service: Service) -> None:
    plain = balanced(service).service

    assert decode_service_report(only(encode_add_service(28, plain))).service == plain


@given(services(few=False), destinations(few=False), st.integers(1, 0xFFFFFFFF))
def test_a_destination_survives_the_wire(service: Service, destination: Destination, sequence: int) -> None:
    (plain,) = balanced(service, [destination]).destinations.values()

    message = only(DestinationRequests(28, service.key).add(plain, sequence=sequence))

    assert message.sequence == sequence
    assert decode_service_report(_as_service(message), counters=False).service.key == service.key
    assert decode_destination_report(message, Family.IPV4).destination == plain


def _as_service(message: Message) -> Message:
    """The same, with the flags that the description of a service has and its key has not."""
    flags = encode_attribute(7, bytes(8))
    length = int.from_bytes(message.body[4:6], byteorder)
    head, rest = message.body[:4], message.body[8 : 4 + length]
    return Message(message.kind, 0, 0, 0, head + encode_attribute(1, rest + flags))


@given(
    st.sampled_from(SyncPart),
    st.text("abcdefgh.0123456789", min_size=1, max_size=15),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.none() | addresses(few=False),
    st.integers(0, 0xFFFF),
    st.integers(0, 255),
)
def test_a_sync_daemon_survives_the_wire(
    part: SyncPart, interface: str, number: int, longest: int, group: IpAddress | None, port: int, ttl: int
) -> None:
    daemon = SyncDaemon(part, interface, number, longest, group, port, ttl)

    assert decode_daemon_report(only(encode_start_daemon(28, daemon))) == daemon


@given(st.builds(Timeouts, *[st.integers(0, 0xFFFFFFFF)] * 3))
def test_timeouts_survive_the_wire(timeouts: Timeouts) -> None:
    assert decode_timeouts(only(encode_set_timeouts(28, timeouts))) == timeouts


def hostile() -> st.SearchStrategy[bytes]:
    """Attributes of any kind and content, in one of the kinds that hold others; or just bytes."""
    some = st.builds(encode_attribute, st.integers(0, 17), st.binary(max_size=20))
    nested = st.builds(encode_attribute, st.integers(1, 3), st.lists(some, max_size=12).map(b"".join))
    return st.one_of(st.binary(max_size=120), st.lists(nested, max_size=3).map(b"".join))


@given(hostile(), st.integers(0, 20), st.sampled_from([16, 28]))
def test_no_bytes_crash_a_decoder(data: bytes, command: int, kind: int) -> None:
    message = Message(kind, 0, 1, 0, HEAD.pack(command, 1, 0) + data)

    for decode in (
        decode_service_report,
        decode_daemon_report,
        decode_timeouts,
        decode_info,
        decode_family,
        lambda each: decode_destination_report(each, Family.IPV6),
    ):
        with suppress(Malformed):
            decode(message)


@given(st.binary(max_size=6))
def test_a_message_that_ends_early_is_malformed_or_empty(body: bytes) -> None:
    message = Message(28, 0, 1, 0, body)

    with suppress(Malformed):
        assert decode_timeouts(message) == Timeouts()
