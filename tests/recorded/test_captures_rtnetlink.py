"""What a kernel really sends, read by us and by pyroute2 (tests/data/rtnetlink.hex says how it was come by)."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from standfast.base.addresses import FOREVER
from standfast.wire.netlink import Answer, Message, messages_in
from standfast.wire.rtnetlink import Report, decode_report
from standfast.wire.rtnetlink_address import AddressReport
from standfast.wire.rtnetlink_link import DEL_LINK, LinkReport

DATA = Path(__file__).resolve().parents[1] / "data" / "rtnetlink.hex"

pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="recorded on a little-endian machine")


def datagrams(name: str = "") -> list[bytes]:
    """What was received under this name, or all of it."""
    lines = (line.split() for line in DATA.read_text().splitlines() if not line.startswith("#"))
    return [bytes.fromhex(data) for found, data in lines if name in {"", found}]


def messages(name: str = "") -> list[Message]:
    return [message for data in datagrams(name) for message in messages_in(data)]


def reports(name: str = "") -> list[Report | None]:
    return [decode_report(message) for message in messages(name)]


def theirs() -> list[Any]:
    """All messages as pyroute2 reads them."""
    marshal = pytest.importorskip("pyroute2.netlink.rtnl.marshal").MarshalRtnl()
    return [message for data in datagrams() for message in marshal.parse(data)]


def link_of(message: Any) -> LinkReport | None:
    """pyroute2's words for a link in ours."""
    if message["family"]:
        return None
    info = message.get_attr("IFLA_LINKINFO")
    data = info.get_attr("IFLA_INFO_DATA") if info else None
    return LinkReport(
        index=message["index"],
        name=message.get_attr("IFLA_IFNAME"),
        gone=message["event"] == "RTM_DELLINK",
        flags=message["flags"],
        hardware=message["ifi_type"],
        mac=bytes.fromhex(message.get_attr("IFLA_ADDRESS").replace(":", "")),
        mtu=message.get_attr("IFLA_MTU"),
        kind=info.get_attr("IFLA_INFO_KIND") if info else "",
        parent=message.get_attr("IFLA_LINK") or 0,
        master=message.get_attr("IFLA_MASTER") or 0,
        group=message.get_attr("IFLA_GROUP") or 0,
        mode={None: 0, "vepa": 2, "private": 1, "bridge": 4}[data and data.get_attr("IFLA_MACVLAN_MODE")],
    )


def address_of(report: AddressReport) -> dict[str, Any]:
    """Our words for an address in pyroute2's."""
    return {
        "index": report.index,
        "prefixlen": report.prefix,
        "scope": report.scope,
        "IFA_LOCAL or IFA_ADDRESS": str(report.address),
        "IFA_ADDRESS": str(report.peer or report.address),
        "IFA_BROADCAST": str(report.broadcast) if report.broadcast else None,
        "IFA_LABEL": report.label or None,
        "IFA_FLAGS": report.flags,
        "IFA_PROTO": report.protocol or None,
        "ifa_preferred": report.preferred_seconds,
        "ifa_valid": report.valid_seconds,
    }


def their_address(message: Any) -> dict[str, Any]:
    cache = message.get_attr("IFA_CACHEINFO")
    plain = {name: message[name] for name in ("index", "prefixlen", "scope")}
    named = {
        name: message.get_attr(name)
        for name in ("IFA_ADDRESS", "IFA_BROADCAST", "IFA_LABEL", "IFA_FLAGS", "IFA_PROTO")
    }
    own = message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS")
    lifetimes = {name: cache[name] for name in ("ifa_preferred", "ifa_valid")}
    return plain | named | {"IFA_LOCAL or IFA_ADDRESS": own} | lifetimes


def test_pyroute2_reads_the_same_out_of_every_message() -> None:
    kinds: Counter[str] = Counter()

    for message, report, other in zip(messages(), reports(), theirs(), strict=True):
        kinds[type(report).__name__] += 1
        assert (message.kind, message.sequence) == (
            other["header"]["type"],
            other["header"]["sequence_number"],
        )
        if isinstance(report, AddressReport):
            assert address_of(report) == their_address(other)
            assert report.gone is (other["event"] == "RTM_DELADDR")
        elif isinstance(report, Answer):
            refusal = other["header"]["error"]
            assert report.error == (refusal.code if refusal else 0)
        else:
            assert report == link_of(other)
    assert kinds == {"LinkReport": 13, "AddressReport": 28, "Answer": 7, "NoneType": 2}


def test_a_dump_of_links_names_them_all_and_ends() -> None:
    *links, end = reports("links")

    assert end == Answer(1, 0)
    assert [(link.name, link.kind, link.up) for link in links if isinstance(link, LinkReport)] == [
        ("lo", "", True),
        ("v1", "veth", True),
        ("v0", "veth", True),
        ("mv0", "macvlan", False),
        ("br0", "bridge", True),
    ]


def test_a_dump_of_addresses_says_which_are_ours() -> None:
    dump = [report for report in reports("addresses") if isinstance(report, AddressReport)]

    ours = {str(report.address): report for report in dump if report.protocol == 18}

    assert ours.keys() == {
        "10.9.0.100",
        "10.9.0.101",
        "10.9.0.102",
        "2001:db8::100",
        "2001:db8::101",
        "2001:db8::102",
    }
    assert ours["10.9.0.100"].label == "v0:vip"
    assert str(ours["10.9.0.102"].peer) == "10.9.0.200"
    assert str(ours["2001:db8::102"].peer) == "2001:db8::200"
    assert (ours["2001:db8::100"].preferred_seconds, ours["2001:db8::100"].valid_seconds) == (0, FOREVER)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("acknowledged", [Answer(10, 0)]),
        (
            "refused-exists",
            [
                Answer(21, 17, "ipv4: Address already assigned"),
                Answer(21, 17, "ipv6: address already assigned"),
            ],
        ),
        ("refused-no-link", [Answer(22, 19, "ipv4: Device not found")]),
        ("refused-no-address", [Answer(40, 99, "ipv4: Address not found")]),
    ],
)
def test_the_kernel_says_why(name: str, answers: list[Answer]) -> None:
    assert reports(name) == answers


def test_a_port_that_leaves_its_bridge_is_not_gone() -> None:
    gone = [message for message in messages("told") if message.kind == DEL_LINK]

    assert [decode_report(message) and "gone" for message in gone] == [None, "gone"]
    last = decode_report(gone[1])
    assert isinstance(last, LinkReport)
    assert (last.name, last.gone, last.up) == ("mv0", True, False)
