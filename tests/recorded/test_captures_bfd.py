"""BFD packets that others sent, as tcpdump's own tests hold them (captures/SOURCES.md says what they are)."""

import re
from hashlib import md5, sha1
from typing import Any

import pytest
from captures import ETHERNET, capture, print_out, vectors

from standfast.base.errors import Malformed
from standfast.wire.bfd import (
    Authentication,
    AuthenticationType,
    ControlPacket,
    SessionState,
    decode_authentication,
    decode_control,
    encode_control,
)
from standfast.wire.ethernet import TYPE_IPV4, TYPE_IPV6, decode_ethernet
from standfast.wire.ip import decode_ipv4, decode_ipv6

UDP = 8  # bytes of its header
PRINTED = re.compile(
    r"BFDv1, length: (?P<length>\d+)\n"
    r"\t(?:Control|Multihop|LAG|S-BFD), State (?P<state>\w+), Flags: \[(?P<flags>[^]]*)\], "
    r"Diagnostic: [\w ]+ \(0x(?P<diagnostic>\w+)\)\n"
    r"\tDetection Timer Multiplier: (?P<multiplier>\d+) \(\d+ ms Detection time\), BFD Length: (?P<size>\d+)\n"
    r"\tMy Discriminator: 0x(?P<mine>\w+), Your Discriminator: 0x(?P<yours>\w+)\n"
    r"\t  Desired min Tx Interval: +(?P<tx>\d+) ms\n"
    r"\t  Required min Rx Interval: +(?P<rx>\d+) ms\n"
    r"\t  Required min Echo Interval: +(?P<echo>\d+) ms"
    r"(?:\n\tAuthentication: (?P<auth>[\w ]+) \((?P<kind>\d)\), length: (?P<auth_length>\d+)\n"
    r"\t  Auth Key ID: (?P<key>\d+), (?:Sequence Number: 0x(?P<sequence>\w+)\n\t  (?:Digest|Hash): (?P<digest>\w+)"
    r"|Password: (?P<password>\w+)))?"
)
FLAGS = {
    "Poll": "poll",
    "Final": "final",
    "Control Plane Independent": "independent",
    "Demand": "demand",
}
STATES = {"AdminDown": 0, "Down": 1, "Init": 2, "Up": 3}


def payloads(name: str) -> list[bytes]:
    """What the datagrams of a capture carry."""
    seen = capture(name)
    assert seen.link_type == ETHERNET
    frames = [decode_ethernet(frame) for frame in seen.frames]
    assert {frame.ether_type for frame in frames} <= {TYPE_IPV4, TYPE_IPV6}
    return [
        (decode_ipv4 if frame.ether_type == TYPE_IPV4 else decode_ipv6)(frame.payload).payload[UDP:]
        for frame in frames
    ]


def as_printed(payload: bytes) -> dict[str, Any]:
    """A packet in the words of tcpdump."""
    packet = decode_control(payload)
    section = packet.authentication
    read = None if section is None else decode_authentication(section)
    flags = {word for word, field in FLAGS.items() if getattr(packet, field)}
    flags |= {"Authentication Present"} if section is not None else set()
    return {
        "state": packet.state,
        "flags": flags or {"none"},
        "diagnostic": packet.diagnostic,
        "multiplier": packet.multiplier,
        "length": len(payload),
        "mine": packet.mine,
        "yours": packet.yours,
        "tx": packet.desired_min_tx_us // 1000,
        "rx": packet.required_min_rx_us // 1000,
        "echo": packet.required_min_echo_rx_us // 1000,
        "kind": 0 if read is None else read.type,
        "key": 0 if read is None else read.key_id,
        "sequence": 0 if read is None else read.sequence,
        "digest": "" if read is None else read.digest.hex(),
    }


def as_read(found: dict[str, Any]) -> dict[str, Any]:
    """The same out of what tcpdump printed."""
    return {
        "state": STATES[found["state"]],
        "flags": set(found["flags"].split(", ")),
        "diagnostic": int(found["diagnostic"], 16),
        "multiplier": int(found["multiplier"]),
        "length": int(found["length"]),
        "mine": int(found["mine"], 16),
        "yours": int(found["yours"], 16),
        "tx": int(found["tx"]),
        "rx": int(found["rx"]),
        "echo": int(found["echo"]),
        "kind": int(found["kind"] or 0),
        "key": int(found["key"] or 0),
        "sequence": int(found["sequence"] or "0", 16),
        "digest": found["digest"] or "",
    }


@pytest.mark.parametrize(
    ("name", "count"),
    [
        pytest.param("bfd-raw-auth-simple", 15, id="with passwords"),
        pytest.param("bfd-raw-auth-md5", 31, id="with MD5"),
        pytest.param("bfd-raw-auth-sha1", 25, id="with SHA1"),
        pytest.param("bfd-multihop", 40, id="single hop and multihop"),
        pytest.param("bfd-lag", 5, id="over members of a link aggregation"),
        pytest.param("bfd-sbfd", 20, id="seamless, over both families"),
    ],
)
def test_tcpdump_reads_the_same_out_of_the_packets(name: str, count: int) -> None:
    printed = [as_read(found.groupdict()) for found in PRINTED.finditer(print_out(f"{name}-v.out"))]

    assert [as_printed(payload) for payload in payloads(f"{name}.pcap")] == printed
    assert len(printed) == count


def test_the_only_packet_of_a_source_port_is_read() -> None:
    (printed,) = PRINTED.finditer(print_out("bfd_source_port_49152.out"))
    (payload,) = payloads("bfd_source_port_49152.pcap")

    assert as_printed(payload) == as_read(printed.groupdict())
    assert decode_control(payload).independent


@pytest.mark.parametrize("name", ["bfd-multihop", "bfd_source_port_49152", "bfd-lag", "bfd-raw-auth-sha1"])
def test_what_others_wrote_we_would_write(name: str) -> None:
    for payload in payloads(f"{name}.pcap"):
        assert encode_control(decode_control(payload)) == payload


def test_what_is_no_control_packet_is_dropped() -> None:
    for frame in capture("hoobr_bfd_print.pcap").frames:
        for at in range(len(frame)):
            with pytest.raises(Malformed):
                decode_control(frame[at:])


# ---- vectors


def vector(name: str) -> dict[str, Any]:
    return next(one for one in vectors("bfd") if one["id"] == name)


def test_a_packet_of_holo_is_read_and_written() -> None:
    one = vector("bfd-up")
    fields = one["fields"]

    packet = decode_control(bytes.fromhex(one["hex"]))

    assert packet == ControlPacket(
        state=SessionState.UP,
        multiplier=fields["detect_mult"],
        mine=fields["my_discr"],
        yours=fields["your_discr"],
        desired_min_tx_us=fields["desired_min_tx_us"],
        required_min_rx_us=fields["required_min_rx_us"],
        required_min_echo_rx_us=fields["required_min_echo_rx_us"],
    )
    assert encode_control(packet).hex() == one["hex"]


@pytest.mark.parametrize(
    ("name", "digest", "padded"),
    [
        pytest.param("bfd-auth-md5", md5, 16, id="keyed MD5"),
        pytest.param("bfd-auth-sha1", sha1, 20, id="keyed SHA1"),
    ],
)
def test_the_digest_stands_where_it_is_read(name: str, digest: Any, padded: int) -> None:
    one = vector(name)
    payload = bytes.fromhex(one["hex"])

    section = decode_control(payload).authentication
    assert section is not None
    read = decode_authentication(section)

    key = one["fields"]["key"].encode().ljust(padded, b"\0")
    assert read == Authentication(
        AuthenticationType(one["fields"]["auth_type"]),
        one["fields"]["key_id"],
        one["fields"]["seq"],
        digest(payload[:-padded] + key).digest(),
    )
