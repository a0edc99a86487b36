"""Routes and rules over netlink: what no kernel here can be asked, and what no kernel would say."""

from contextlib import suppress
from ipaddress import ip_address
from struct import pack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.addresses import Family
from standfast.base.errors import Broken, Malformed
from standfast.base.routes import (
    Hop,
    HostRoute,
    HostRule,
    LabelEncapsulation,
    LocatorEncapsulation,
    Mark,
    Measure,
    Network,
    RouteMetric,
)
from standfast.wire.netlink import Message, encode_attribute, messages_in
from standfast.wire.rtnetlink import decode_report
from standfast.wire.rtnetlink_route import (
    DEL_ROUTE,
    NEW_ROUTE,
    HopReport,
    RouteReport,
    add_route,
    decode_route,
    delete_route,
)
from standfast.wire.rtnetlink_rule import NEW_RULE, RuleReport, add_rule, decode_rule

NET = Network(ip_address("10.7.0.0"), 16)
GATE = ip_address("10.0.0.2")
PLAIN = HostRoute(Family.IPV4, NET, hops=(Hop(GATE, "eth0"),))
RULE = HostRule(Family.IPV4, 500, table=4711, source=NET, mark=Mark(5, 15))
HEAD = pack("=BBBBBBBBI", 2, 16, 0, 0, 254, 18, 0, 1, 0)
RULE_HEAD = pack("=BBBBBxxBI", 2, 16, 0, 0, 100, 1, 0)


def theirs(message: bytes) -> Any:
    """The message as pyroute2 reads it."""
    oracle = pytest.importorskip("pyroute2.netlink.rtnl.marshal")
    (read,) = oracle.MarshalRtnl().parse(message)
    return read


def with_way(encapsulation: LabelEncapsulation | LocatorEncapsulation) -> bytes:
    hop = Hop(GATE, "eth0", encapsulation=encapsulation)
    return add_route(HostRoute(Family.IPV4, NET, hops=(hop,)), {"eth0": 3})


def test_a_route_reads_elsewhere_as_it_was_meant() -> None:
    route = HostRoute(
        Family.IPV4,
        NET,
        table=4711,
        metric=5,
        hops=PLAIN.hops,
        measures=(Measure(RouteMetric.MTU, 1400, lock=True),),
    )

    read = theirs(add_route(route, {"eth0": 3}, sequence=9))

    assert (read["header"]["sequence_number"], read["dst_len"], read["proto"], read["table"]) == (
        9,
        16,
        18,
        0,
    )
    assert read.get_attr("RTA_TABLE") == 4711
    assert (read.get_attr("RTA_DST"), read.get_attr("RTA_GATEWAY")) == ("10.7.0.0", "10.0.0.2")
    assert (read.get_attr("RTA_OIF"), read.get_attr("RTA_PRIORITY")) == (3, 5)
    assert read.get_attr("RTA_METRICS").get_attr("RTAX_MTU") == 1400


def test_labels_read_elsewhere_as_they_were_meant() -> None:
    read = theirs(with_way(LabelEncapsulation((100, 1_000_000))))

    labels = read.get_attr("RTA_ENCAP").get_attr("MPLS_IPTUNNEL_DST")
    assert read.get_attr("RTA_ENCAP_TYPE") == 1
    assert [(each["label"], each["bos"]) for each in labels] == [(100, 0), (1_000_000, 1)]


def test_a_locator_stands_in_network_order() -> None:
    message = with_way(LocatorEncapsulation(0x0102030405060708))

    assert encode_attribute(1, bytes(range(1, 9))) in message


def test_a_label_has_twenty_bits() -> None:
    with pytest.raises(Broken, match="20 bits"):
        with_way(LabelEncapsulation((1 << 20,)))


def test_a_rule_reads_elsewhere_as_it_was_meant() -> None:
    read = theirs(add_rule(RULE, sequence=9))

    assert (read["src_len"], read["table"], read["action"]) == (16, 0, 1)
    assert (read.get_attr("FRA_TABLE"), read.get_attr("FRA_PRIORITY")) == (4711, 500)
    assert (read.get_attr("FRA_FWMARK"), read.get_attr("FRA_FWMASK")) == (5, 15)
    assert read.get_attr("FRA_PROTOCOL") == 18


def test_what_is_written_is_read_back() -> None:
    (route,) = messages_in(add_route(PLAIN, {"eth0": 3}))
    (going,) = messages_in(delete_route(PLAIN, {"eth0": 3}))
    (rule,) = messages_in(add_rule(RULE))

    read = RouteReport(Family.IPV4, NET, 1, 254, 18, hops=(HopReport(GATE, 3),))
    assert decode_report(route) == read
    assert decode_route(going) == RouteReport(
        Family.IPV4, NET, 1, 254, 18, hops=(HopReport(GATE, 3),), gone=True
    )
    assert decode_rule(rule) == RuleReport(RULE)


@pytest.mark.parametrize(
    ("kind", "body", "slug"),
    [
        pytest.param(NEW_ROUTE, HEAD[:7], "body-short", id="half a head"),
        pytest.param(NEW_ROUTE, HEAD[:1] + b"\x21" + HEAD[2:], "prefix", id="33 bits of IPv4"),
        pytest.param(DEL_ROUTE, HEAD + encode_attribute(1, bytes(16)), "address", id="an IPv6 destination"),
        pytest.param(NEW_ROUTE, HEAD + encode_attribute(4, b"\1\0"), "attribute-size", id="half an index"),
        pytest.param(NEW_ROUTE, HEAD + encode_attribute(9, bytes(7)), "hop", id="half a hop"),
        pytest.param(NEW_ROUTE, HEAD + encode_attribute(9, bytes(8)), "hop", id="a hop of no length"),
        pytest.param(
            NEW_ROUTE, HEAD + encode_attribute(9, pack("=HBBi", 99, 0, 0, 1)), "hop", id="a hop too long"
        ),
        pytest.param(NEW_ROUTE, HEAD + encode_attribute(18, b"\2"), "address", id="half a family"),
        pytest.param(NEW_RULE, RULE_HEAD[:7], "body-short", id="half a rule"),
        pytest.param(NEW_RULE, RULE_HEAD + encode_attribute(1, bytes(3)), "address", id="no destination"),
        pytest.param(
            NEW_RULE, RULE_HEAD + encode_attribute(23, bytes(3)), "attribute-size", id="half a port"
        ),
        pytest.param(NEW_RULE, RULE_HEAD + encode_attribute(12, bytes(4)), "attribute-size", id="half an id"),
        pytest.param(
            NEW_RULE,
            RULE_HEAD[:1] + b"\x21" + RULE_HEAD[2:] + encode_attribute(1, bytes(4)),
            "prefix",
            id="33 bits of a rule",
        ),
    ],
)
def test_a_broken_report_is_refused(kind: int, body: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as broken:
        decode_report(Message(kind, 0, 0, 0, body))

    assert broken.value.reason == slug


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param(NEW_ROUTE, b"\x1c" + HEAD[1:], id="a route of MPLS"),
        pytest.param(NEW_ROUTE, HEAD[:8] + pack("=I", 0x200), id="an entry of the cache"),
        pytest.param(NEW_RULE, b"\x80" + RULE_HEAD[1:], id="a rule of multicast routing"),
        pytest.param(NEW_RULE, RULE_HEAD[:7] + b"\x63" + RULE_HEAD[8:], id="a rule that does the unknown"),
    ],
)
def test_what_is_no_business_of_ours_is_skipped(kind: int, body: bytes) -> None:
    assert decode_report(Message(kind, 0, 0, 0, body)) is None


@given(
    st.sampled_from([NEW_ROUTE, DEL_ROUTE, NEW_RULE]), st.sampled_from([HEAD, RULE_HEAD, b""]), st.binary()
)
def test_no_bytes_crash_the_decoders(kind: int, head: bytes, rest: bytes) -> None:
    with suppress(Malformed):
        decode_report(Message(kind, 0, 0, 0, head + rest))
