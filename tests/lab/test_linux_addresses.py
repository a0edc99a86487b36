"""Links and addresses against the real kernel, in a namespace of the test's own thread."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from struct import pack

import pytest
from linux_namespace import descriptors, inside, ip, turn

from standfast.base.addresses import FOREVER, HostAddress
from standfast.base.limits import SLICE
from standfast.engine.ports import (
    AD_HOC,
    AddressesRead,
    AddressGone,
    AddressRefused,
    Event,
    LinkChanged,
    LinkGone,
    Part,
)
from standfast.linux import netlink
from standfast.linux.addresses import Addresses
from standfast.linux.links import Links
from standfast.linux.loop import new_loop
from standfast.linux.requests import Requests
from standfast.wire.netlink import encode_message
from standfast.wire.rtnetlink_link import DEL_LINK

VIP = HostAddress(ip_address("10.0.0.100"), 24, "eth0")
VIP6 = HostAddress(ip_address("2001:db8::100"), 128, "eth0", preferred_seconds=0, flags=0x02)


@dataclass
class Host:
    """The Linux side of the addresses, and what it told."""

    loop: asyncio.AbstractEventLoop
    told: list[Event] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links = Links(self.loop, self._hear, self.complaints.append)
        self.requests = Requests(self.loop, self.links.read)
        self.addresses = Addresses(self.requests, self.links, self.told.append)
        self.links.start({VIP.key, VIP6.key}, self.requests.port)

    def _hear(self, event: Event) -> None:
        """The other end of the cable comes up in its own time; that is no news of ours."""
        if not (isinstance(event, LinkChanged) and event.link.name == "peer0"):
            self.told.append(event)

    def close(self) -> None:
        self.links.close()
        self.requests.close()

    def hears(self, kind: type[Event]) -> bool:
        return turn(self.loop, lambda: any(isinstance(event, kind) for event in self.told))

    def quiet(self) -> None:
        """Give the kernel's news, if there are any, the time to arrive."""
        turn(self.loop, lambda: False, seconds=0.05)


@contextmanager
def new_host() -> Iterator[Host]:
    loop = new_loop()
    before = descriptors()
    made = Host(loop)
    yield made
    made.close()
    assert descriptors() == before
    loop.close()
    assert made.complaints == []


@pytest.fixture
def host() -> Iterator[Host]:
    with inside(), new_host() as made:
        yield made


def shown(words: str = "dev eth0") -> str:
    return ip(f"-d addr show {words}")


def part(*addresses: HostAddress, number: int = 0) -> Part:
    return Part("VI_1", number, addresses)


def test_the_start_sees_links_and_addresses(host: Host) -> None:
    eth0 = host.links.links["eth0"]

    assert (eth0.up, str(eth0.ipv4), eth0.mtu, eth0.arp) == (True, "10.0.0.1", 1500, True)
    assert len(eth0.mac) == 6
    assert eth0.index == host.links.index_of("eth0") > 0
    assert host.links.present["eth0", ip_address("10.0.0.1"), 24] == 0
    assert host.told == []


def test_a_prepared_part_is_held_as_it_should_be(host: Host) -> None:
    whole = part(VIP, VIP6)
    host.addresses.prepare([whole])

    host.addresses.hold(whole)

    text = shown()
    assert "inet 10.0.0.100/24" in text
    assert "inet6 2001:db8::100/128" in text
    assert "nodad" in text
    assert "deprecated" in text
    host.quiet()
    assert host.told == []


def test_what_is_held_can_be_held_again_and_released(host: Host) -> None:
    whole = part(VIP, VIP6)
    host.addresses.prepare([whole])
    host.addresses.hold(whole)
    host.addresses.hold(whole)

    host.addresses.release(whole.addresses)

    assert "10.0.0.100" not in shown()
    assert "2001:db8::100" not in shown()
    host.quiet()
    assert host.told == []


def test_releasing_what_is_not_there_is_fine(host: Host) -> None:
    gone = HostAddress(VIP.address, 24, "nowhere0")

    host.addresses.release((VIP, gone))

    host.quiet()
    assert host.told == []


def test_an_owner_s_address_stays_the_host_s_own(host: Host) -> None:
    """It is not marked: it remains the source of the adverts, and is not taken for a left-over one day."""
    own = HostAddress(ip_address("10.0.0.1"), 24, "eth0")
    host.links.set_ours({own.key})

    host.addresses.hold(part(own, number=AD_HOC))

    host.addresses.read()
    assert host.hears(AddressesRead)
    assert host.links.present[own.key] == 0
    assert str(host.links.links["eth0"].ipv4) == "10.0.0.1"


def test_an_address_of_ours_is_changed_when_it_should_look_different(host: Host) -> None:
    host.addresses.hold(part(replace(VIP6, preferred_seconds=FOREVER), number=AD_HOC))
    assert "deprecated" not in shown()

    host.addresses.hold(part(VIP6, number=AD_HOC))

    assert "deprecated" in shown()


def test_a_part_that_was_not_prepared_is_held_too(host: Host) -> None:
    host.addresses.hold(part(VIP, number=AD_HOC))

    assert "inet 10.0.0.100/24" in shown()


def test_an_address_removed_by_hand_is_told(host: Host) -> None:
    host.addresses.hold(part(VIP, number=AD_HOC))

    ip("addr del 10.0.0.100/24 dev eth0")

    assert host.hears(AddressGone)
    assert host.told == [AddressGone(VIP.key)]


def test_an_address_that_goes_with_another_is_told(host: Host) -> None:
    """Without promote_secondaries, a primary address takes the secondaries of its subnet with it."""
    other = HostAddress(ip_address("10.7.0.1"), 24, "eth0")
    second = HostAddress(ip_address("10.7.0.2"), 24, "eth0")
    host.links.set_ours({other.key, second.key})
    host.addresses.hold(part(other, second, number=AD_HOC))

    host.addresses.release((other,))

    host.quiet()
    assert host.told == [AddressGone(second.key)]


def test_a_refused_address_is_told_in_words_and_the_others_are_held(host: Host) -> None:
    bad = HostAddress(ip_address("10.0.0.101"), 24, "eth0", scope=254, label="eth9:x")
    nowhere = HostAddress(ip_address("10.0.0.102"), 24, "nowhere0")
    mangled = HostAddress(ip_address("ff02::5"), 128, "eth0")
    whole = part(mangled, nowhere, bad, VIP)
    host.addresses.prepare([whole])

    host.addresses.hold(whole)

    assert host.hears(AddressRefused)
    refusals = {event.key: event.words for event in host.told if isinstance(event, AddressRefused)}
    assert "cannot add ff02::5/128 dev eth0" in refusals[mangled.key]
    assert "the interface is not there [ENODEV]; create it" in refusals[nowhere.key]
    assert VIP.key not in refusals
    assert "10.0.0.100" in shown()


def test_a_stale_index_is_refused_and_a_new_one_prepared(host: Host) -> None:
    whole = part(VIP)
    host.addresses.prepare([whole])
    ip("link del eth0")
    host.addresses.hold(whole)
    assert host.hears(AddressRefused)
    assert host.hears(LinkGone)
    ip("link add eth0 type veth peer name peer0")
    ip("link set eth0 up")
    assert turn(host.loop, lambda: host.links.index_of("eth0"))

    host.addresses.prepare([whole])
    host.addresses.hold(whole)

    assert "10.0.0.100" in shown()


def test_a_cable_that_is_pulled_is_told(host: Host) -> None:
    ip("link set peer0 down")

    assert turn(host.loop, lambda: not host.links.links["eth0"].up)
    assert any(isinstance(event, LinkChanged) and not event.link.up for event in host.told)
    host.told.clear()
    ip("link set peer0 up")
    assert turn(host.loop, lambda: host.links.links["eth0"].up)


def test_a_renamed_link_is_gone_and_there(host: Host) -> None:
    ip("link set eth0 down")
    ip("link set eth0 name eth7")

    assert turn(host.loop, lambda: "eth7" in host.links.links)
    assert LinkGone("eth0") in host.told


def test_what_is_released_is_found_under_the_new_name_of_its_link(host: Host) -> None:
    """A host that is not master must not answer, however its interface is called by now."""
    host.addresses.hold(part(VIP))
    ip("link set eth0 down")
    ip("link set eth0 name lan0")
    ip("link set lan0 up")
    assert host.hears(LinkGone)

    host.addresses.release((VIP,))

    assert "10.0.0.100" not in shown("dev lan0")
    ip("link set lan0 down")
    ip("link set lan0 name eth0")
    ip("link set eth0 up")
    host.quiet()
    host.addresses.hold(part(VIP))
    ip("addr del 10.0.0.100/24 dev eth0")
    assert host.hears(AddressGone), "the removal of before was still expected"


def test_a_link_that_went_down_is_told_before_the_addresses_that_went_with_it(host: Host) -> None:
    """The other way round, a master would put them back, and say that somebody took them."""
    host.addresses.hold(part(VIP6))

    ip("link set eth0 down")

    assert host.hears(AddressGone)
    first = next(event for event in host.told if isinstance(event, LinkChanged | AddressGone))
    assert isinstance(first, LinkChanged)
    assert not first.link.up


def test_a_removal_of_ours_is_not_expected_for_ever(host: Host) -> None:
    """A reload takes the address out of the configuration, and another one brings it back."""
    host.addresses.hold(part(VIP))
    host.links.set_ours(frozenset())
    host.addresses.release((VIP,))
    host.quiet()
    host.links.set_ours({VIP.key})
    host.addresses.hold(part(VIP))

    ip("addr del 10.0.0.100/24 dev eth0")

    assert host.hears(AddressGone)


def test_the_source_changes_with_the_interface_s_own_address(host: Host) -> None:
    ip("addr add 10.0.0.9/24 dev eth0")
    ip("addr add 10.0.0.100/24 dev eth0")
    ip("addr del 10.0.0.1/24 dev eth0")
    ip("addr add 10.0.0.8/24 dev eth0")

    assert turn(host.loop, lambda: str(host.links.links["eth0"].ipv4) == "10.0.0.8")


def test_a_link_local_address_counts_once_it_is_verified(host: Host) -> None:
    assert turn(host.loop, lambda: host.links.links["eth0"].ipv6)

    assert str(host.links.links["eth0"].ipv6).startswith("fe80::")


def test_reading_back_tells_all_addresses(host: Host) -> None:
    ip("addr add 10.0.0.100/24 dev eth0")
    host.addresses.hold(part(VIP6, number=AD_HOC))

    host.addresses.read()

    assert host.hears(AddressesRead)
    (read,) = (event for event in host.told if isinstance(event, AddressesRead))
    assert read.present[VIP.key] == 0
    assert read.present[VIP6.key] == 18


def test_what_is_added_during_a_reading_is_not_missed(host: Host) -> None:
    host.addresses.read()
    host.addresses.hold(part(VIP, number=AD_HOC))

    assert host.hears(AddressesRead)
    assert all(VIP.key in event.present for event in host.told if isinstance(event, AddressesRead))


def test_news_that_are_lost_lead_to_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses come while we do not listen, until the kernel cannot keep the news any more."""
    monkeypatch.setattr(netlink, "NETLINK_RECEIVE_BUFFER", 4096)
    with inside(), new_host() as host:
        lines = "\n".join(f"addr add 10.3.0.{i}/32 dev peer0" for i in range(1, 200))
        subprocess.run(["ip", "-batch", "-"], input=lines, text=True, check=True, timeout=60)

        assert turn(host.loop, lambda: host.links.overruns)
        assert host.hears(AddressesRead)

        (read,) = (event for event in host.told if isinstance(event, AddressesRead))
        assert len(read.present) > 199


def test_news_from_another_process_are_not_believed(host: Host) -> None:
    lie = encode_message(DEL_LINK, 0, pack("=BxHiII", 0, 1, host.links.index_of("eth0"), 0, 0))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as liar:
        liar.sendto(lie, (host.requests.port, 0))

    host.quiet()
    assert host.told == []


def test_a_thousand_addresses_go_by_parts(host: Host) -> None:
    many = tuple(HostAddress(ip_address(f"10.9.{i // 250}.{i % 250 + 1}"), 32, "eth0") for i in range(1000))
    parts = [part(*many[at : at + SLICE], number=at // SLICE) for at in range(0, 1000, SLICE)]
    host.addresses.prepare(parts)

    for each in parts:
        host.addresses.hold(each)

    assert shown().count("inet 10.9.") == 1000
    host.addresses.release(many)
    assert "10.9." not in shown()
