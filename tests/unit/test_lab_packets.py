"""What the lab reads from frames, against frames whose meaning is known from elsewhere (scapy writes them)."""

import struct
from ipaddress import ip_address
from pathlib import Path

import pytest
from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6NDOptDstLLAddr, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.layers.vrrp import VRRP, VRRPv3
from scapy.packet import Packet as Layers
from scapy.packet import Raw

from standfast.base.times import Instant, seconds
from standfast.lab.packets import Advert, Announcement, Echo, read_packet
from standfast.lab.pcap import write_pcap

MAC = "02:00:00:00:00:01"
HEAD = Ether(src=MAC, dst="01:00:5e:00:00:12")
AT = Instant(1_500_000)


@pytest.mark.parametrize(
    ("layers", "content"),
    [
        pytest.param(
            HEAD / IP(src="10.0.0.1", dst="224.0.0.18", ttl=255)
            / VRRP(vrid=7, priority=150, adv=3, authtype=1, addrlist=["10.0.0.100"], auth1=1, auth2=2),
            Advert(
                ip_address("10.0.0.1"), ip_address("224.0.0.18"), 255, version=2, vrid=7, priority=150,
                interval=seconds(3), addresses=(ip_address("10.0.0.100"),), authentication=1,
            ),
            id="a version 2 advert counts its interval in seconds",
        ),
        pytest.param(
            HEAD / IP(src="10.0.0.1", dst="10.0.0.2", ttl=64)
            / VRRPv3(vrid=7, priority=0, adv=10, addrlist=["10.0.0.100", "10.0.0.101"]),
            Advert(
                ip_address("10.0.0.1"), ip_address("10.0.0.2"), 64, version=3, vrid=7, priority=0,
                interval=seconds("0.1"), addresses=(ip_address("10.0.0.100"), ip_address("10.0.0.101")),
            ),
            id="a version 3 advert counts it in centiseconds",
        ),
        pytest.param(
            HEAD / IPv6(src="fe80::1", dst="ff02::12", hlim=255, nh=112)
            / Raw(bytes.fromhex("31 07 64 01 0064 0000") + ip_address("fe80::100").packed),
            Advert(
                ip_address("fe80::1"), ip_address("ff02::12"), 255, version=3, vrid=7, priority=100,
                interval=seconds(1), addresses=(ip_address("fe80::100"),),
            ),
            id="addresses are as long as the family says",
        ),
        pytest.param(
            Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=MAC, psrc="10.0.0.100", pdst="10.0.0.100"),
            Announcement(ip_address("10.0.0.100"), bytes.fromhex("020000000001")),
            id="an ARP for its own sender is an announcement",
        ),
        pytest.param(
            Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=MAC, psrc="10.0.0.9", pdst="10.0.0.100"),
            None,
            id="an ARP for somebody else is a question",
        ),
        pytest.param(
            HEAD / IPv6(src="fd99::100", dst="ff02::1") / ICMPv6ND_NA(tgt="fd99::100", S=0, O=1)
            / ICMPv6NDOptDstLLAddr(lladdr=MAC),
            Announcement(ip_address("fd99::100"), bytes.fromhex("020000000001")),
            id="a neighbour advertisement that nobody asked for is an announcement",
        ),
        pytest.param(
            HEAD / IPv6(src="fd99::100", dst="fd99::9") / ICMPv6ND_NA(tgt="fd99::100", S=1)
            / ICMPv6NDOptDstLLAddr(lladdr=MAC),
            None,
            id="a neighbour advertisement that was asked for is an answer",
        ),
        pytest.param(
            HEAD / IP(src="10.0.0.100", dst="10.0.0.9") / ICMP(type=0, seq=517),
            Echo(ip_address("10.0.0.100"), ip_address("10.0.0.9"), reply=True, sequence=517),
            id="an echo reply",
        ),
        pytest.param(
            HEAD / IPv6(src="fd99::9", dst="fd99::100") / ICMPv6EchoRequest(seq=5),
            Echo(ip_address("fd99::9"), ip_address("fd99::100"), reply=False, sequence=5),
            id="an echo request in IPv6",
        ),
    ],
)  # fmt: skip
def test_a_frame_says(layers: Layers, content: Advert | Announcement | Echo | None) -> None:
    frame = bytes(layers)

    packet = read_packet(AT, frame)

    assert packet.content == content
    assert packet.sender == bytes.fromhex("020000000001")
    assert (packet.at, packet.frame) == (AT, frame)


def test_a_frame_that_is_cut_short_says_nothing() -> None:
    whole = bytes(HEAD / IP(src="10.0.0.1", dst="224.0.0.18") / VRRPv3(vrid=7, addrlist=["10.0.0.100"]))

    contents = {read_packet(AT, whole[:size]).content for size in range(len(whole))}

    assert contents == {None}


def test_a_pcap_file_keeps_times_and_bytes(tmp_path: Path) -> None:
    packets = [read_packet(Instant(at), bytes(HEAD) + bytes(46)) for at in (1_000_001, 2_999_999)]

    write_pcap(tmp_path / "two.pcap", packets)

    head, *rest = struct.unpack("<24s 16s 60s 16s 60s", (tmp_path / "two.pcap").read_bytes())
    assert head == struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    assert [struct.unpack("<4I", record) for record in rest[::2]] == [(1, 1, 60, 60), (2, 999_999, 60, 60)]
    assert rest[1::2] == [packet.frame for packet in packets]
