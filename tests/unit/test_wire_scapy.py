"""What we build, read by scapy; what scapy builds, read by us."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from types import ModuleType

import pytest

from standfast.base.addresses import Family
from standfast.wire.arp import decode_arp, gratuitous_arp
from standfast.wire.checksum import ChecksumForm
from standfast.wire.ip import decode_ipv4, decode_ipv6, ipv4_header, ipv6_header
from standfast.wire.ndp import NeighbourAdvertisement, decode_unsolicited_frame, unsolicited_frame
from standfast.wire.vrrp import Advert, decode_advert, encode_advert

MAC = "02:00:00:00:00:fe"
MAC_BYTES = bytes.fromhex("0200000000fe")
VIPS = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
VIPS6 = ("fe80::1", "2001:db8::1")


def scapy(name: str) -> ModuleType:
    """One of scapy's modules; it takes a third of a second to import, so only these tests do."""
    module: ModuleType = pytest.importorskip(f"scapy.{name}")
    return module


def test_version_2_is_what_scapy_builds() -> None:
    advert = Advert(
        version=2,
        family=Family.IPV4,
        vrid=10,
        priority=200,
        interval_cs=300,
        addresses=tuple(map(ip_address, VIPS)),
        form=ChecksumForm.MESSAGE,
        auth_type=1,
        auth_data=b"secret\0\0",
    )
    built = scapy("layers.vrrp").VRRP(
        vrid=10, priority=200, adv=3, addrlist=list(VIPS), authtype=1, auth1=0x73656372, auth2=0x65740000
    )
    ends = IPv4Address("192.0.2.251"), IPv4Address("224.0.0.18")

    assert encode_advert(advert, *ends).hex() == bytes(built).hex()
    assert decode_advert(bytes(built), *ends) == advert


@pytest.mark.parametrize(
    ("source", "group", "vips"),
    [
        pytest.param("192.0.2.251", "224.0.0.18", VIPS, id="IPv4: with the pseudo-header"),
        pytest.param("fe80::c8", "ff02::12", VIPS6, id="IPv6"),
    ],
)
def test_version_3_is_what_scapy_builds(source: str, group: str, vips: tuple[str, ...]) -> None:
    ends = ip_address(source), ip_address(group)
    advert = Advert(
        version=3,
        family=Family(ends[0].version),
        vrid=10,
        priority=200,
        interval_cs=4095,
        addresses=tuple(map(ip_address, vips)),
        form=ChecksumForm.PSEUDO_HEADER,
    )
    under = scapy("layers.inet").IP if ends[0].version == 4 else scapy("layers.inet6").IPv6
    body = scapy("layers.vrrp").VRRPv3(vrid=10, priority=200, adv=4095, addrlist=list(vips))
    built = bytes(under(src=source, dst=group) / body)
    payload = decode_ipv4(built).payload if ends[0].version == 4 else decode_ipv6(built).payload

    assert encode_advert(advert, *ends).hex() == payload.hex()
    assert decode_advert(payload, *ends) == advert


def test_an_ipv4_packet_is_what_scapy_builds() -> None:
    ends = IPv4Address("192.0.2.251"), IPv4Address("224.0.0.18")
    built = scapy("layers.inet").IP(
        src=str(ends[0]), dst=str(ends[1]), id=4660, ttl=255, tos=0xC0, proto=112
    ) / scapy("packet").Raw(b"a payload")

    assert ipv4_header(*ends, 9, identification=4660, ttl=255).hex() == bytes(built)[:20].hex()


def test_an_ipv6_header_is_what_scapy_builds() -> None:
    ends = IPv6Address("fe80::c8"), IPv6Address("ff02::12")
    built = scapy("layers.inet6").IPv6(src=str(ends[0]), dst=str(ends[1]), hlim=255, nh=112, tc=0xC0, plen=24)

    header = ipv6_header(*ends, 24, next_header=112, hop_limit=255, traffic_class=0xC0)

    assert header.hex() == bytes(built).hex()


def test_a_gratuitous_arp_is_what_scapy_builds() -> None:
    l2 = scapy("layers.l2")
    built = l2.Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / l2.ARP(
        op=1, hwsrc=MAC, hwdst="ff:ff:ff:ff:ff:ff", psrc="10.0.0.100", pdst="10.0.0.100"
    )
    ours = gratuitous_arp(IPv4Address("10.0.0.100"), MAC_BYTES)

    assert ours.hex() == bytes(built).hex()
    assert decode_arp(bytes(built)).sender_mac == MAC_BYTES


@pytest.mark.parametrize("router", [True, False])
def test_an_unsolicited_advertisement_is_what_scapy_builds(router: bool) -> None:
    l2, inet6 = scapy("layers.l2"), scapy("layers.inet6")
    vip = "2001:db8::100"
    built = bytes(
        l2.Ether(src=MAC, dst="33:33:00:00:00:01")
        / inet6.IPv6(src=vip, dst="ff02::1", hlim=255)
        / inet6.ICMPv6ND_NA(tgt=vip, R=int(router), S=0, O=1)
        / inet6.ICMPv6NDOptDstLLAddr(lladdr=MAC)
    )

    assert unsolicited_frame(IPv6Address(vip), MAC_BYTES, router=router).hex() == built.hex()
    assert decode_unsolicited_frame(built) == NeighbourAdvertisement(IPv6Address(vip), MAC_BYTES, router)
