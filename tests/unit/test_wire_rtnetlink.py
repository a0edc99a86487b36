"""Links and addresses over netlink, with pyroute2 as the second opinion on every byte."""

from dataclasses import replace
from ipaddress import IPv4Address, ip_address
from struct import pack
from typing import Any

import pytest

from standfast.base.addresses import HostAddress
from standfast.base.errors import Broken, Malformed
from standfast.wire.netlink import (
    ACK,
    CREATE,
    DONE,
    ERROR,
    EXCLUSIVE,
    REPLACE,
    Answer,
    Message,
    encode_attribute,
    encode_message,
    messages_in,
)
from standfast.wire.rtnetlink import Report, decode_report
from standfast.wire.rtnetlink_address import (
    DEL_ADDRESS,
    NEW_ADDRESS,
    AddressReport,
    add_address,
    delete_address,
    request_addresses,
)
from standfast.wire.rtnetlink_link import DEL_LINK, NEW_LINK, LinkReport, request_links

PLAIN = HostAddress(ip_address("10.0.0.100"), 24, "eth0")
RICH = HostAddress(
    ip_address("10.0.0.101"), 32, "eth0", 253, IPv4Address("10.0.0.255"), "eth0:vip", preferred_seconds=60
)
PEER = HostAddress(ip_address("10.0.0.102"), 32, "eth0", peer=ip_address("10.0.0.200"))
DEPRECATED = HostAddress(ip_address("2001:db8::100"), 128, "eth0", preferred_seconds=0, flags=0x02)
TEMPORARY = HostAddress(ip_address("2001:db8::101"), 64, "eth0", flags=0x0202)
PEER6 = HostAddress(ip_address("2001:db8::102"), 128, "eth0", peer=ip_address("2001:db8::200"))

FOREVER = 0xFFFFFFFF


def theirs(message: bytes) -> Any:
    """The message as pyroute2 reads it."""
    oracle = pytest.importorskip("pyroute2.netlink.rtnl.marshal")
    (read,) = oracle.MarshalRtnl().parse(message)
    return read


def attributes_of(message: Any) -> list[tuple[str, Any]]:
    return [(slot[0], slot[1]) for slot in message["attrs"]]


def encoded_by_them(
    kind: int, flags: int, fields: dict[str, int], attributes: list[tuple[str, Any]]
) -> bytes:
    """A message about an address as pyroute2 writes it."""
    oracle = pytest.importorskip("pyroute2.netlink.rtnl.ifaddrmsg")
    message = oracle.ifaddrmsg()
    for name, value in fields.items():
        message[name] = value
    message["attrs"] = attributes
    message["header"] = {"type": kind, "flags": flags, "sequence_number": 7, "pid": 0}
    message.encode()
    return bytes(message.data)


def read(message: bytes) -> Report | None:
    (one,) = messages_in(message)
    return decode_report(one)


# ---- requests


ADD_FLAGS = 0x1 | CREATE | REPLACE | ACK
IPV4_FIELDS = {"family": 2, "prefixlen": 24, "flags": 0, "scope": 0, "index": 3}
IPV6_FIELDS = {"family": 10, "prefixlen": 128, "flags": 0, "scope": 0, "index": 3}


@pytest.mark.parametrize(
    ("address", "fields", "attributes"),
    [
        pytest.param(
            PLAIN,
            IPV4_FIELDS,
            [("IFA_LOCAL", "10.0.0.100"), ("IFA_ADDRESS", "10.0.0.100"), ("IFA_PROTO", 18)],
            id="an address, marked as VRRP's (behaviour AD-03)",
        ),
        pytest.param(
            RICH,
            IPV4_FIELDS | {"prefixlen": 32, "scope": 253},
            [
                ("IFA_LOCAL", "10.0.0.101"),
                ("IFA_ADDRESS", "10.0.0.101"),
                ("IFA_PROTO", 18),
                ("IFA_BROADCAST", "10.0.0.255"),
                ("IFA_LABEL", "eth0:vip"),
                (
                    "IFA_CACHEINFO",
                    {"ifa_preferred": 60, "ifa_valid": FOREVER, "cstamp": 0, "tstamp": 0},
                ),
            ],
            id="one with everything",
        ),
        pytest.param(
            PEER,
            IPV4_FIELDS | {"prefixlen": 32},
            [("IFA_LOCAL", "10.0.0.102"), ("IFA_ADDRESS", "10.0.0.200"), ("IFA_PROTO", 18)],
            id="one with a peer",
        ),
        pytest.param(
            DEPRECATED,
            IPV6_FIELDS | {"flags": 0x02},
            [
                ("IFA_LOCAL", "2001:db8::100"),
                ("IFA_ADDRESS", "2001:db8::100"),
                ("IFA_PROTO", 18),
                ("IFA_FLAGS", 0x02),
                (
                    "IFA_CACHEINFO",
                    {"ifa_preferred": 0, "ifa_valid": FOREVER, "cstamp": 0, "tstamp": 0},
                ),
            ],
            id="a deprecated one without duplicate detection (behaviours AD-01 and AD-02)",
        ),
        pytest.param(
            TEMPORARY,
            IPV6_FIELDS | {"prefixlen": 64, "flags": 0x02},
            [
                ("IFA_LOCAL", "2001:db8::101"),
                ("IFA_ADDRESS", "2001:db8::101"),
                ("IFA_PROTO", 18),
                ("IFA_FLAGS", 0x0202),
            ],
            id="flags that need more than a byte",
        ),
    ],
)
def test_a_request_for_an_address_is_byte_for_byte_theirs(
    address: HostAddress, fields: dict[str, int], attributes: list[tuple[str, Any]]
) -> None:
    expected = encoded_by_them(NEW_ADDRESS, ADD_FLAGS, fields, attributes)

    assert add_address(address, 3, sequence=7).hex() == expected.hex()


@pytest.mark.parametrize("address", [PLAIN, RICH, PEER, DEPRECATED, TEMPORARY, PEER6])
def test_an_address_is_removed_by_what_the_kernel_knows_it_by(address: HostAddress) -> None:
    message = theirs(delete_address(address, 3, sequence=7))

    assert (message["header"]["type"], message["header"]["flags"]) == (DEL_ADDRESS, 0x1 | ACK)
    assert (message["index"], message["prefixlen"]) == (3, address.prefix)
    assert attributes_of(message) == [
        ("IFA_LOCAL", str(address.address)),
        ("IFA_ADDRESS", str(address.peer or address.address)),
    ]


def test_a_request_can_refuse_what_is_there_and_ask_for_no_acknowledgement() -> None:
    message = theirs(add_address(PLAIN, 3, flags=CREATE | EXCLUSIVE, protocol=0))

    assert message["header"]["flags"] == 0x1 | CREATE | EXCLUSIVE
    assert message.get_attr("IFA_PROTO") == 0


def test_all_links_are_asked_for_without_their_statistics() -> None:
    message = theirs(request_links(7))

    assert (message["header"]["type"], message["header"]["flags"]) == (18, 0x301)
    assert message["header"]["sequence_number"] == 7
    assert attributes_of(message) == [("IFLA_EXT_MASK", 8)]


def test_all_addresses_are_asked_for() -> None:
    message = theirs(request_addresses(7))

    assert (message["header"]["type"], message["header"]["flags"]) == (22, 0x301)
    assert (message["family"], message["index"], message["attrs"]) == (0, 0, [])


@pytest.mark.parametrize(
    ("address", "index"),
    [
        pytest.param(PLAIN, 0, id="no link"),
        pytest.param(PLAIN, -1, id="a negative link"),
        pytest.param(PLAIN, 2**31, id="a link beyond the last"),
        pytest.param(replace(PLAIN, prefix=33), 3, id="a prefix longer than the address"),
        pytest.param(replace(PLAIN, label="sixteen letters!"), 3, id="a label of 16 bytes"),
        pytest.param(replace(PLAIN, label="äöüäöüäö"), 3, id="a label of 8 letters and 16 bytes"),
    ],
)
def test_an_address_that_no_request_can_carry_is_our_mistake(address: HostAddress, index: int) -> None:
    with pytest.raises(Broken):
        add_address(address, index)


# ---- reports of addresses


@pytest.mark.parametrize(
    ("address", "report"),
    [
        pytest.param(PLAIN, AddressReport(3, PLAIN.address, 24, protocol=18), id="an address"),
        pytest.param(
            RICH,
            AddressReport(
                3,
                RICH.address,
                32,
                scope=253,
                broadcast=RICH.broadcast,
                label="eth0:vip",
                protocol=18,
                preferred_seconds=60,
            ),
            id="one with everything",
        ),
        pytest.param(
            PEER, AddressReport(3, PEER.address, 32, peer=PEER.peer, protocol=18), id="one with a peer"
        ),
        pytest.param(
            DEPRECATED,
            AddressReport(3, DEPRECATED.address, 128, flags=2, protocol=18, preferred_seconds=0),
            id="a deprecated one",
        ),
        pytest.param(
            TEMPORARY, AddressReport(3, TEMPORARY.address, 64, flags=0x202, protocol=18), id="wide flags"
        ),
        pytest.param(
            PEER6, AddressReport(3, PEER6.address, 128, peer=PEER6.peer, protocol=18), id="an IPv6 peer"
        ),
    ],
)
def test_an_address_is_reported_as_it_was_asked_for(address: HostAddress, report: AddressReport) -> None:
    assert read(add_address(address, 3)) == report


def test_an_ipv6_address_stands_alone_without_a_local_one() -> None:
    """So the kernel reports it; IPv4 always has both."""
    message = encoded_by_them(DEL_ADDRESS, 0, IPV6_FIELDS | {"flags": 0x80}, [("IFA_ADDRESS", "fe80::1")])

    assert read(message) == AddressReport(3, ip_address("fe80::1"), 128, gone=True, flags=0x80)


def address_message(attributes: bytes, *, family: int = 2, prefix: int = 24, index: int = 3) -> bytes:
    return encode_message(NEW_ADDRESS, 0, pack("=BBBBI", family, prefix, 0, 0, index) + attributes)


LOCAL = encode_attribute(2, bytes(4))


@pytest.mark.parametrize(
    ("message", "slug"),
    [
        pytest.param(encode_message(NEW_ADDRESS, 0, bytes(7)), "body-short", id="half a body"),
        pytest.param(address_message(LOCAL, index=0, prefix=33), "index", id="no link, before prefix"),
        pytest.param(address_message(LOCAL, index=0xFFFFFFFF), "index", id="a link beyond the last"),
        pytest.param(address_message(b"", prefix=33), "prefix", id="a long prefix, before address"),
        pytest.param(address_message(LOCAL, family=10, prefix=129), "prefix", id="a long IPv6 prefix"),
        pytest.param(address_message(b""), "address", id="no address"),
        pytest.param(
            address_message(encode_attribute(4, bytes(4))), "address", id="a broadcast address only"
        ),
        pytest.param(
            address_message(encode_attribute(2, bytes(16))), "address", id="one of the other family"
        ),
        pytest.param(address_message(LOCAL + encode_attribute(1, b"")), "address", id="an empty peer"),
        pytest.param(
            address_message(LOCAL + encode_attribute(4, b"a")), "address", id="half a broadcast address"
        ),
        pytest.param(
            address_message(LOCAL + encode_attribute(6, bytes(15))), "attribute-size", id="lifetimes"
        ),
        pytest.param(address_message(LOCAL + encode_attribute(8, bytes(1))), "attribute-size", id="flags"),
        pytest.param(
            address_message(LOCAL + encode_attribute(11, bytes(4))), "attribute-size", id="protocol"
        ),
        pytest.param(address_message(LOCAL + b"\1\0\0\0"), "attribute-length", id="a bad attribute"),
    ],
)
def test_a_bad_report_of_an_address_has_its_slug(message: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(message)

    assert caught.value.reason == slug


# ---- reports of links


def link_message(
    kind: int, attributes: bytes, *, family: int = 0, index: int = 3, flags: int = 0x41
) -> bytes:
    return encode_message(kind, 0, pack("=BxHiII", family, 1, index, flags, 0) + attributes)


NAME = encode_attribute(3, b"eth0\0")
MAC = bytes.fromhex("0200000000fe")
ALL = (
    NAME
    + encode_attribute(1, MAC)
    + encode_attribute(4, pack("=I", 1500))
    + encode_attribute(5, pack("=I", 2))
    + encode_attribute(10, pack("=I", 9))
    + encode_attribute(
        18 | 0x8000,
        encode_attribute(1, b"macvlan\0") + encode_attribute(2, encode_attribute(1, pack("=I", 4))),
    )
    + encode_attribute(27, pack("=I", 7))
)


def test_a_link_is_read() -> None:
    assert read(link_message(NEW_LINK, ALL)) == LinkReport(
        index=3,
        name="eth0",
        flags=0x41,
        hardware=1,
        mac=MAC,
        mtu=1500,
        kind="macvlan",
        parent=2,
        master=9,
        group=7,
        mode=4,
    )


def test_a_link_with_nothing_but_a_name_is_read() -> None:
    assert read(link_message(DEL_LINK, NAME)) == LinkReport(index=3, name="eth0", gone=True, flags=0x41)


def test_a_vrf_says_which_table_its_routes_are_in() -> None:
    info = encode_attribute(1, b"vrf\0") + encode_attribute(2, encode_attribute(1, pack("=I", 1001)))

    report = read(link_message(NEW_LINK, NAME + encode_attribute(18 | 0x8000, info)))

    assert isinstance(report, LinkReport)
    assert (report.kind, report.table) == ("vrf", 1001)


def test_a_port_that_leaves_its_bridge_is_no_link_that_is_gone() -> None:
    """The bridge (family 7) tells it with the same kind of message."""
    assert read(link_message(DEL_LINK, NAME, family=7)) is None


@pytest.mark.parametrize(
    ("flags", "up"),
    [
        pytest.param(0x41, True, id="up and running"),
        pytest.param(0x01, False, id="up, no carrier"),
        pytest.param(0x40, False, id="running, not up"),
        pytest.param(0x00, False, id="neither"),
        pytest.param(0x110C9, True, id="others do not count"),
    ],
)
def test_a_link_is_up_if_it_runs(flags: int, up: bool) -> None:
    """Behaviour TR-15."""
    assert LinkReport(3, "eth0", flags=flags).up is up


def test_a_link_that_is_gone_is_not_up() -> None:
    assert not LinkReport(3, "eth0", gone=True, flags=0x41).up


@pytest.mark.parametrize(
    ("flags", "arp"),
    [
        pytest.param(0x41, True, id="they are on Ethernet"),
        pytest.param(0xC1, False, id="not on a link without ARP (behaviour GA-10)"),
    ],
)
def test_neighbours_are_looked_up_unless_a_link_says_no(flags: int, arp: bool) -> None:
    assert LinkReport(3, "eth0", flags=flags).arp is arp


@pytest.mark.parametrize(
    ("message", "slug"),
    [
        pytest.param(encode_message(NEW_LINK, 0, bytes(15)), "body-short", id="half a body"),
        pytest.param(link_message(NEW_LINK, b"", index=0), "index", id="no index, before name"),
        pytest.param(link_message(NEW_LINK, NAME, index=-1), "index", id="a negative index"),
        pytest.param(link_message(NEW_LINK, b""), "name", id="no name"),
        pytest.param(link_message(NEW_LINK, encode_attribute(3, b"\0")), "name", id="an empty name"),
        pytest.param(link_message(NEW_LINK, NAME + encode_attribute(4, b"\0\0")), "attribute-size", id="MTU"),
        pytest.param(
            link_message(NEW_LINK, NAME + encode_attribute(18, b"\0\0\0\0")), "attribute-length", id="info"
        ),
    ],
)
def test_a_bad_report_of_a_link_has_its_slug(message: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(message)

    assert caught.value.reason == slug


# ---- the rest


@pytest.mark.parametrize("kind", [ERROR, DONE])
def test_an_answer_is_a_report(kind: int) -> None:
    assert decode_report(Message(kind, 0, 7, 0, bytes(4))) == Answer(7, 0)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(encode_message(24, 0, bytes(12)), id="a route"),
        pytest.param(encode_message(1, 0, b""), id="nothing to do"),
        pytest.param(address_message(b"", family=7), id="an address of another family"),
    ],
)
def test_what_is_about_something_else_is_passed_over(message: bytes) -> None:
    assert read(message) is None
