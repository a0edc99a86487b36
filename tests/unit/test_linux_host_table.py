"""What the host looks like, from what the kernel reports."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.ports import Link
from standfast.linux.host_table import HostTable
from standfast.wire.netlink import Answer
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_address import AddressReport
from standfast.wire.rtnetlink_link import LinkReport

UP = 0x1 | 0x40
ETH0 = LinkReport(2, "eth0", flags=UP, mac=b"\2\0\0\0\0\1", mtu=1500)
OWN = AddressReport(2, ip_address("10.0.0.1"), 24)
SECOND = AddressReport(2, ip_address("10.0.0.9"), 24, flags=0x01)
VIP = AddressReport(2, ip_address("10.0.0.100"), 24, protocol=18)
LOCAL = AddressReport(2, ip_address("fe80::1"), 64)


def table(*reports: Report, ours: frozenset[tuple[str, object, int]] = frozenset()) -> HostTable:
    made = HostTable()
    made.ours = ours  # type: ignore[assignment]
    for report in reports:
        made.apply(report)
    return made


def source(*reports: Report, **changes: frozenset[tuple[str, object, int]]) -> str:
    link = table(ETH0, *reports, **changes).link("eth0")
    assert link is not None
    return str(link.ipv4)


def test_a_link_is_as_the_kernel_reports_it() -> None:
    assert table(ETH0, OWN, LOCAL).link("eth0") == Link(
        "eth0",
        2,
        up=True,
        mac=ETH0.mac,
        mtu=1500,
        arp=True,
        ipv4=OWN.address,
        ipv6=LOCAL.address,
        addresses=frozenset({OWN.address, LOCAL.address}),
    )


@pytest.mark.parametrize(
    ("flags", "up", "arp"),
    [
        pytest.param(UP, True, True, id="up and running"),
        pytest.param(0x1, False, True, id="up without a carrier"),
        pytest.param(0x40, False, True, id="running but down"),
        pytest.param(UP | 0x80, True, False, id="without ARP"),
    ],
)
def test_flags_of_a_link(flags: int, *, up: bool, arp: bool) -> None:
    link = table(replace(ETH0, flags=flags)).link("eth0")

    assert link is not None
    assert (link.up, link.arp) == (up, arp)


@pytest.mark.parametrize(
    ("reports", "wanted"),
    [
        pytest.param((OWN, SECOND), "10.0.0.1", id="the first"),
        pytest.param((SECOND, OWN), "10.0.0.1", id="a primary one before a secondary one"),
        pytest.param((SECOND,), "10.0.0.9", id="a secondary one if there is no other"),
        pytest.param((VIP, OWN), "10.0.0.1", id="none with our mark"),
        pytest.param((VIP,), "None", id="our mark and nothing else"),
        pytest.param((LOCAL,), "None", id="the other family"),
        pytest.param((OWN, SECOND, replace(OWN, gone=True)), "10.0.0.9", id="none that is gone"),
        pytest.param((OWN, replace(OWN, flags=0x01), SECOND), "10.0.0.1", id="its place when it changes"),
        pytest.param(
            (OWN, replace(OWN, protocol=18)), "10.0.0.1", id="its own, though a router marks it too"
        ),
    ],
)
def test_the_source_of_ipv4_adverts_is(reports: tuple[AddressReport, ...], wanted: str) -> None:
    assert source(*reports) == wanted


def test_a_configured_address_is_a_source_only_for_want_of_another() -> None:
    """Kernels before 5.18 keep no mark; and an owner has no other address than the one he owns."""
    ours = frozenset({("eth0", OWN.address, 24)})

    assert source(OWN, SECOND, ours=ours) == "10.0.0.9"
    assert source(OWN, ours=ours) == "10.0.0.1"


@pytest.mark.parametrize(
    ("reports", "wanted"),
    [
        pytest.param((LOCAL,), "fe80::1", id="the link-local one"),
        pytest.param((replace(LOCAL, address=ip_address("2001:db8::1")),), "None", id="no other"),
        pytest.param((replace(LOCAL, flags=0x40),), "None", id="none that is not verified yet"),
        pytest.param((replace(LOCAL, flags=0x40), LOCAL), "fe80::1", id="the verified one"),
        pytest.param((replace(LOCAL, flags=0x08),), "None", id="none that somebody else has"),
        pytest.param((replace(LOCAL, protocol=18),), "None", id="none with our mark"),
    ],
)
def test_the_source_of_ipv6_adverts_is(reports: tuple[AddressReport, ...], wanted: str) -> None:
    link = table(ETH0, *reports).link("eth0")

    assert link is not None
    assert str(link.ipv6) == wanted


def test_a_new_name_makes_two_names_differ() -> None:
    host = table(ETH0, OWN)

    assert set(host.apply(replace(ETH0, name="lan0"))) == {"eth0", "lan0"}

    assert host.link("eth0") is None
    renamed = host.link("lan0")
    assert renamed is not None
    assert renamed.ipv4 == OWN.address


def test_a_name_can_be_taken_by_another_link() -> None:
    host = table(ETH0, OWN)

    host.apply(replace(ETH0, index=7))
    host.apply(replace(ETH0, gone=True))

    link = host.link("eth0")
    assert link is not None
    assert (link.index, link.ipv4) == (7, None)


def test_a_link_takes_its_addresses_with_it() -> None:
    host = table(ETH0, OWN)

    assert host.apply(replace(ETH0, gone=True)) == ("eth0",)
    host.apply(ETH0)

    link = host.link("eth0")
    assert link is not None
    assert link.ipv4 is None


@pytest.mark.parametrize(
    ("report", "names"),
    [
        pytest.param(OWN, ("eth0",), id="an address"),
        pytest.param(VIP, (), id="an address with our mark"),
        pytest.param(replace(VIP, gone=True), (), id="the end of one"),
        pytest.param(replace(OWN, index=9), (), id="an address of a link that is not known"),
        pytest.param(Answer(0, 0), (), id="an answer"),
        pytest.param(replace(ETH0, index=9, gone=True), (), id="the end of a link that is not known"),
    ],
)
def test_links_that_may_look_different_after(report: Report, names: tuple[str, ...]) -> None:
    assert table(ETH0).apply(report) == names


@given(st.permutations([ETH0, replace(ETH0, name="lan0"), OWN, SECOND, VIP, LOCAL, replace(OWN, gone=True)]))
def test_the_last_report_of_a_thing_counts(reports: list[Report]) -> None:
    host = table(*reports)

    last_name = [report.name for report in reports if isinstance(report, LinkReport)][-1]
    own = [report for report in reports if report in (OWN, replace(OWN, gone=True))][-1]
    assert list(host.names) == [last_name]
    link = host.link(last_name)
    assert link is not None
    assert link.ipv4 == (SECOND if getattr(own, "gone") else OWN).address  # noqa: B009 (a union)
