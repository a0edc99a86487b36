"""Every word of an address entry reaches the kernel, as `ip address add` writes it (AD-01, AD-02, AD-12)."""

import json
from collections.abc import Iterator
from contextlib import closing
from socket import if_nametoindex
from typing import Any

import pytest
from linux_namespace import inside, ip

from standfast.linux.netlink import NetlinkSocket, reports_in
from standfast.model.complaint import Rejected
from standfast.model.virtual_address import AddressEntry, VirtualAddress
from standfast.model.words import Words
from standfast.wire.netlink import ACK, CREATE, REPLACE, Answer
from standfast.wire.rtnetlink_address import add_address

ENTRIES = [
    pytest.param("10.9.0.1", "10.9.0.1/32", id="no prefix"),
    pytest.param("10.9.0.1/24 label eth0:vip", "10.9.0.1/24 label eth0:vip", id="a label"),
    pytest.param("10.9.0.1/24 scope link", "10.9.0.1/24 scope link", id="a scope"),
    pytest.param("10.9.0.1/24 broadcast 10.9.0.255", "10.9.0.1/24 broadcast 10.9.0.255", id="a broadcast"),
    pytest.param("10.9.0.1/24 brd +", "10.9.0.1/24 brd +", id="all ones"),
    pytest.param("10.9.0.1 peer 10.9.1.1/32", "10.9.0.1 peer 10.9.1.1/32", id="a peer"),
    pytest.param("10.9.0.1 peer 10.9.1.1/24", "10.9.0.1 peer 10.9.1.1/24", id="a peer with a network"),
    pytest.param("10.9.0.1/24 noprefixroute", "10.9.0.1/24 noprefixroute", id="no route"),
    pytest.param("10.9.0.1/24 preferred_lft 0", "10.9.0.1/24 preferred_lft 0", id="deprecated"),
    pytest.param("2001:db8::1", "2001:db8::1/128 nodad preferred_lft 0", id="IPv6: deprecated, no DAD"),
    pytest.param(
        "2001:db8::1 preferred_lft forever", "2001:db8::1/128 nodad preferred_lft forever", id="preferred"
    ),
    pytest.param("2001:db8::1/64", "2001:db8::1/64 nodad", id="IPv6 with a network"),
    pytest.param("2001:db8::1/64 home", "2001:db8::1/64 nodad home", id="a home address"),
    pytest.param("2001:db8::1/64 mngtmpaddr", "2001:db8::1/64 nodad mngtmpaddr", id="temporary ones"),
    pytest.param("2001:db8::1/64 noprefixroute", "2001:db8::1/64 nodad noprefixroute", id="IPv6: no route"),
    pytest.param(
        "2001:db8::1 peer 2001:db8:1::1/64",
        "2001:db8::1 peer 2001:db8:1::1/64 nodad preferred_lft 0",
        id="an IPv6 peer",
    ),
    pytest.param(
        "ff05::9 autojoin", "ff05::9/128 nodad preferred_lft 0 autojoin", id="a group that is joined"
    ),
]


def entry(text: str) -> VirtualAddress:
    return AddressEntry().read(Words(text.split(), keyword="virtual_ipaddress", start=0))


@pytest.fixture
def kernel() -> Iterator[NetlinkSocket]:
    with inside(), closing(NetlinkSocket()) as sock:
        yield sock


def does(kernel: NetlinkSocket, text: str) -> Answer:
    address = entry(text).on("eth0")
    kernel.send(add_address(address, if_nametoindex("eth0"), flags=CREATE | REPLACE | ACK))
    (answer,) = reports_in(kernel.receive() or ())
    assert isinstance(answer, Answer)
    return answer


def shown(text: str) -> list[Any]:
    """The address as `ip` shows it; the mark of who put it there is the one thing that differs."""
    (link,) = json.loads(ip("-d -j address show dev eth0"))
    found = [
        one
        for one in link["addr_info"]
        if one["local"] == text.split("/", maxsplit=1)[0].split(maxsplit=1)[0]
    ]
    return [{k: v for k, v in one.items() if k != "protocol"} for one in found]


@pytest.mark.behaviour("AD-01", "AD-02", "AD-12")
@pytest.mark.parametrize(("text", "words"), ENTRIES)
def test_an_address_is_what_ip_would_have_made_of_it(kernel: NetlinkSocket, text: str, words: str) -> None:
    assert does(kernel, text) == Answer(0, 0)
    ours = shown(text)
    ip("address flush dev eth0")

    ip(f"address add {words} dev eth0")

    assert ours == shown(text)
    assert len(ours) == 1


@pytest.mark.behaviour("AD-02")
def test_with_minus_nodad_the_kernel_looks_for_duplicates(kernel: NetlinkSocket) -> None:
    assert does(kernel, "2001:db8::1/64 -nodad") == Answer(0, 0)

    assert "nodad" not in shown("2001:db8::1/64")[0]


@pytest.mark.behaviour("AD-12")
def test_an_address_with_a_peer_takes_no_prefix_of_its_own() -> None:
    with pytest.raises(Rejected):
        entry("10.9.0.1/24 peer 10.9.1.1")
