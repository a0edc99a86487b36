"""tshark dissects every packet that we send, and has nothing to complain of."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from duel import PROGRAMS, all_cases

from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking
from standfast.lab.packets import Advert, Announcement, Packet
from standfast.lab.pcap import write_pcap

OWNER: Final = "state MASTER"  # with priority 255: master at once (behaviour SM-02)
PASSWORD: Final = f"{OWNER}\nauthentication {{\nauth_type PASS\nauth_pass one4all\n}}"
MANY: Final = 40  # addresses of one router
CASES: Final = [case for case in all_cases() if case.strong == PROGRAMS[0]]
PROTECTED: Final = [case._replace(vrid=case.vrid + 100) for case in CASES if case.version == 2]
MESSAGE_ONLY: Final = "90"  # VRID of the router whose checksum leaves the pseudo-header out
OWN_ADDRESS: Final = "10.99.0.2"
OWN_ADDRESSES: Final = ("fd99::2", "fe80::ff:fe00:100")
GOOD: Final = "1"  # tshark's word for a checksum that it has verified


FIELDS: Final = (
    *("frame.number", "frame.protocols", "_ws.malformed", "_ws.expert.message", "eth.dst"),
    *("ip.ttl", "ip.dsfield", "ip.flags", "ip.frag_offset", "ip.checksum.status", "ipv6.hlim", "ipv6.tclass"),
    *("vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.checksum.status"),
    *("arp.isgratuitous", "arp.opcode", "arp.src.proto_ipv4"),
    *("ipv6.dst", "icmpv6.type", "icmpv6.checksum.status", "icmpv6.nd.na.target_address"),
    *("icmpv6.nd.na.flag.o", "icmpv6.nd.na.flag.s", "icmpv6.opt.linkaddr"),
)

Judged = dict[str, str]  # a packet as tshark dissects it; an empty text where it has no such field


class Story(NamedTuple):
    """What one host sent: as the lab reads it, as tshark does, and as a file."""

    sent: list[Packet]
    judged: list[Judged]
    file: Path

    def judged_as(self, protocol: str) -> list[Judged]:
        """The packets in which tshark finds this protocol."""
        return [each for each in self.judged if protocol in each["frame.protocols"].split(":")]


def judge(file: Path, *options: str) -> list[Judged]:
    """Have tshark dissect all packets of a file."""
    chosen = [argument for name in FIELDS for argument in ("-e", name)]
    command = ["tshark", "-n", "-r", str(file), *options, "-T", "fields", *chosen]
    # A home of its own: what the person who runs the tests prefers to see changes no verdict.
    home = os.environ | {"HOME": str(file.parent), "XDG_CONFIG_HOME": str(file.parent)}
    result = subprocess.run(command, env=home, capture_output=True, text=True, check=True, timeout=60)
    lines = (line.split("\t") for line in result.stdout.splitlines())
    return [dict(zip(FIELDS, line, strict=True)) for line in lines]


def told(packets: Iterable[Judged], *fields: str) -> set[tuple[str, ...]]:
    """What tshark says of these fields, over all packets."""
    return {tuple(each[name] for name in fields) for each in packets}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """An owner of all kinds of routers starts, speaks for a while, and leaves."""
    if words := lacking():
        pytest.skip(words)
    if shutil.which("tshark") is None:
        pytest.skip("tshark, the judge, is not installed")
    with Lab() as lab:
        ours = lab.host("ours", f"{OWN_ADDRESS}/24", f"{OWN_ADDRESSES[0]}/64")
        lab.host("peer", "10.99.0.1/24", "fd99::1/64")
        with lab.capture() as capture:
            daemon = ours.run("\n".join(_blocks()))
            lab.within(30.0, lambda: len(_beats(capture)) == ROUTERS and min(_beats(capture).values()) >= 3)
            daemon.stop()
        sent = [packet for packet in capture if packet.sender == ours.mac()]
        print(lab.log())
    file = tmp_path_factory.mktemp("tshark") / "sent.pcap"
    write_pcap(file, sent)
    return Story(sent, judge(file, "-o", "ip.check_checksum:TRUE"), file)


def _blocks() -> Iterator[str]:
    for case in CASES:
        yield case.config("strong", priority=255, words=OWNER)
    for case in PROTECTED:
        yield case.config("strong", priority=255, words=PASSWORD)
    addresses = "\n".join(f"10.99.2.{number}/24" for number in range(1, MANY + 1))
    yield f"""vrrp_instance many {{
        interface eth0
        virtual_router_id 99
        version 3
        priority 255
        {OWNER}
        advert_int 0.1
        virtual_ipaddress {{\n{addresses}\n}}
        virtual_ipaddress_excluded {{\nfd99::5:1/64\n}}
    }}"""
    yield f"""vrrp_instance message_only {{
        interface eth0
        virtual_router_id {MESSAGE_ONLY}
        version 3
        priority 255
        {OWNER}
        advert_int 0.1
        v3_checksum_as_v2
        virtual_ipaddress {{\n10.99.3.1/24\n}}
    }}"""


ROUTERS: Final = len(CASES) + len(PROTECTED) + 2


def _beats(packets: Iterable[Packet]) -> Counter[int]:
    """How many adverts each router has sent."""
    return Counter(packet.content.vrid for packet in packets if isinstance(packet.content, Advert))


def test_there_is_something_to_judge(story: Story) -> None:
    kinds = Counter(type(packet.content) for packet in story.sent)

    assert len(_beats(story.sent)) == ROUTERS
    assert kinds[Announcement] >= 5 * (MANY + 1 + ROUTERS)
    assert len(story.judged) == len(story.sent)


def test_nothing_is_malformed_or_remarkable(story: Story) -> None:
    usual = [each for each in story.judged if each["vrrp.virt_rtr_id"] != MESSAGE_ONLY]

    assert told(usual, "_ws.malformed", "_ws.expert.message") == {("", "")}


def test_every_advert_is_seen_as_one(story: Story) -> None:
    judged = [
        (each["vrrp.version"], each["vrrp.virt_rtr_id"], each["vrrp.prio"])
        for each in story.judged_as("vrrp")
    ]

    ours = [packet.content for packet in story.sent if isinstance(packet.content, Advert)]
    assert judged == [(str(each.version), str(each.vrid), str(each.priority)) for each in ours]


def test_every_checksum_of_an_advert_is_right(story: Story) -> None:
    usual = [each for each in story.judged_as("vrrp") if each["vrrp.virt_rtr_id"] != MESSAGE_ONLY]

    assert told(usual, "vrrp.checksum.status") == {(GOOD,)}


def test_the_checksum_of_the_message_alone_is_right_where_it_is_asked_for(story: Story) -> None:
    judged = judge(story.file, "-o", "vrrp.v3_checksum_as_in_v2:TRUE")

    asked_for = [each for each in judged if each["vrrp.virt_rtr_id"] == MESSAGE_ONLY]
    fields = ("vrrp.checksum.status", "_ws.malformed", "_ws.expert.message")
    assert told(asked_for, *fields) == {(GOOD, "", "")}


def test_every_ip_header_of_an_advert_is_as_it_should_be(story: Story) -> None:
    """TTL 255, class 0xc0, no fragments, a right checksum (behaviours WI-01 and WI-02)."""
    headers = [each for each in story.judged_as("vrrp") if each["ip.ttl"]]

    fields = ("ip.ttl", "ip.dsfield", "ip.flags", "ip.frag_offset", "ip.checksum.status")
    assert told(headers, *fields) == {("255", "0xc0", "0x00", "0", GOOD)}


def test_every_ipv6_header_of_an_advert_is_as_it_should_be(story: Story) -> None:
    """Hop limit 255, to peers as well (RFC 9568, section 5.1.2.3), and class 0xc0 (behaviour WI-01)."""
    headers = [each for each in story.judged_as("vrrp") if each["ipv6.hlim"]]

    assert told(headers, "ipv6.hlim", "ipv6.tclass") == {("255", "0x000000c0")}


def test_every_gratuitous_arp_is_as_it_should_be(story: Story) -> None:
    """A request to everybody (behaviour GA-01)."""
    announced = [each for each in story.judged_as("arp") if each["arp.src.proto_ipv4"] != OWN_ADDRESS]

    ((gratuitous, *rest),) = told(announced, "arp.isgratuitous", "arp.opcode", "eth.dst")
    assert gratuitous in ("1", "True")  # one or the other, by tshark's age
    assert rest == ["1", "ff:ff:ff:ff:ff:ff"]
    assert len(announced) >= 5 * MANY


def test_every_neighbour_advertisement_is_as_it_should_be(story: Story) -> None:
    """To all nodes, override set, solicited clear, hop limit 255 (behaviour GA-02)."""
    announced = [
        each
        for each in story.judged_as("icmpv6")
        if each["icmpv6.type"] == "136" and each["icmpv6.nd.na.target_address"] not in OWN_ADDRESSES
    ]

    about = told(announced, "icmpv6.checksum.status", "ipv6.hlim", "ipv6.dst", "icmpv6.opt.linkaddr")
    assert about == {(GOOD, "255", "ff02::1", "02:00:00:00:01:00")}
    ((override, solicited),) = told(announced, "icmpv6.nd.na.flag.o", "icmpv6.nd.na.flag.s")
    assert (override in ("1", "True"), solicited in ("0", "False")) == (True, True)
