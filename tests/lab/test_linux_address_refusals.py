"""What the kernel refuses of addresses and links: each refusal has its answer, proved on the kernel."""

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import NoReturn

import pytest
from linux_namespace import inside, ip, turn

from standfast.base.addresses import HostAddress
from standfast.base.errors import Refused
from standfast.base.own_links import OwnLink
from standfast.engine.ports import AD_HOC, AddressesRead, AddressGone, AddressRefused, Event, Part
from standfast.linux.addresses import Addresses
from standfast.linux.links import Links
from standfast.linux.loop import new_loop
from standfast.linux.own_links import OwnLinkRequests
from standfast.linux.requests import Requests

VIP = HostAddress(ip_address("10.0.0.100"), 24, "eth0")
OWN = HostAddress(ip_address("10.0.0.1"), 24, "eth0")  # without our mark: the host's
ELSEWHERE = HostAddress(ip_address("10.0.0.101"), 24, "nowhere0")
VMAC = OwnLink("vrrp.51", "eth0", mac=bytes.fromhex("00005e000133"))


@dataclass
class Host:
    """The port of addresses, and what it told."""

    loop: asyncio.AbstractEventLoop
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links = Links(self.loop, self.told.append, print)
        self.requests = Requests(self.loop, self.links.read)
        self.addresses = Addresses(self.requests, self.links, self.told.append)
        self.links.start({VIP.key, OWN.key}, self.requests.port)

    def hold(self, *addresses: HostAddress) -> None:
        self.addresses.hold(Part("VI_1", AD_HOC, addresses))

    def refusals(self) -> dict[object, str]:
        turn(self.loop, lambda: False, seconds=0.05)
        return {event.key: event.words for event in self.told if isinstance(event, AddressRefused)}

    def close(self) -> None:
        self.links.close()
        self.requests.close()


@pytest.fixture
def host() -> Iterator[Host]:
    with inside(), closing(new_loop()) as loop, closing(Host(loop)) as made:
        yield made


def refusing(error: int) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise OSError(error, "no")

    return refuse


def test_eexist_is_what_was_wanted_and_the_host_s_own_address_stays_as_it_is(host: Host) -> None:
    host.hold(OWN, VIP)
    host.hold(OWN, VIP)

    assert host.refusals() == {}
    host.addresses.read()
    assert turn(host.loop, lambda: any(isinstance(event, AddressesRead) for event in host.told))
    assert (host.links.present[OWN.key], host.links.present[VIP.key]) == (0, 18)


def test_eaddrnotavail_of_a_removal_is_what_was_wanted(host: Host) -> None:
    host.addresses.release((VIP, ELSEWHERE))
    assert host.refusals() == {}

    host.hold(VIP)
    ip("addr del 10.0.0.100/24 dev eth0")

    assert turn(host.loop, lambda: AddressGone(VIP.key) in host.told), "the removal was still expected"


def test_enodev_names_the_interface_and_the_others_are_held(host: Host) -> None:
    host.hold(ELSEWHERE, VIP)

    refusals = host.refusals()
    assert list(refusals) == [ELSEWHERE.key]
    assert (
        "cannot add 10.0.0.101/24 dev nowhere0: the interface is not there [ENODEV]"
        in refusals[ELSEWHERE.key]
    )
    assert "10.0.0.100" in ip("addr show dev eth0")


def test_eperm_of_each_address_is_told_with_what_is_missing(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host.requests, "send", refusing(errno.EPERM))

    host.hold(VIP, OWN)

    assert set(host.refusals()) == {VIP.key, OWN.key}
    assert all("[EPERM]" in words and "CAP_NET_ADMIN" in words for words in host.refusals().values())


def test_enobufs_nobody_knows_what_was_done_so_everything_is_read(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host.requests._socket, "receive", refusing(errno.ENOBUFS))

    host.hold(VIP)

    monkeypatch.undo()
    assert turn(host.loop, lambda: any(isinstance(event, AddressesRead) for event in host.told))
    (read, *_) = (event for event in host.told if isinstance(event, AddressesRead))
    assert VIP.key in read.present


# ---- links of our own


def test_eexist_another_link_bears_the_name() -> None:
    with inside(), closing(OwnLinkRequests()) as requests:
        ip("link add vrrp.51 type veth peer name other0")

        with pytest.raises(Refused, match=r"\[EEXIST\]"):
            requests.make(VMAC, socket.if_nametoindex("eth0"), group=0, vrf=0)


def test_enodev_the_link_below_is_not_there() -> None:
    with inside(), closing(OwnLinkRequests()) as requests, pytest.raises(Refused, match=r"\[ENODEV\]"):
        requests.make(VMAC, 4711, group=0, vrf=0)
