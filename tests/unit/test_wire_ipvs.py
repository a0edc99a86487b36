"""IPVS over generic netlink, beside what ipvsadm and keepalived sent (tests/data/ipvs.tsv says where)."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standfast.base.addresses import Family, parse_address
from standfast.base.errors import Broken, Malformed
from standfast.base.services import (
    IRREGULAR,
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
    Transport,
    Tunnel,
    TunnelChecksum,
    TunnelKind,
)
from standfast.wire.genetlink import HEAD, NetlinkFamily, command_in, decode_family, request_family
from standfast.wire.ipvs import (
    Command,
    DestinationRequests,
    Info,
    Timeouts,
    decode_daemon_report,
    decode_destination_report,
    decode_info,
    decode_service_report,
    decode_timeouts,
    encode_add_service,
    encode_edit_service,
    encode_flush,
    encode_remove_service,
    encode_set_timeouts,
    encode_start_daemon,
    encode_stop_daemon,
    encode_zero,
    request_daemons,
    request_destinations,
    request_info,
    request_services,
    request_timeouts,
)
from standfast.wire.ipvs_counters import Connections, Counters, decode_counters
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart, decode_daemon, encode_daemon
from standfast.wire.ipvs_destination import encode_destination
from standfast.wire.ipvs_service import decode_service, encode_service
from standfast.wire.netlink import (
    DONE,
    ERROR,
    Answer,
    Message,
    attributes_in,
    decode_answer,
    encode_attribute,
    messages_in,
)

DATA = Path(__file__).resolve().parents[1] / "data" / "ipvs.tsv"
IPVS = 0x1C  # the number that the kernel gave when this was recorded

pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="recorded on a little-endian machine")

Tree = tuple[int, dict[int, bytes], dict[int, bytes], dict[int, bytes]]


def recorded(who: str, way: str) -> list[Message]:
    """What was asked or told then."""
    rows = (line.split("\t") for line in DATA.read_text().splitlines() if not line.startswith("#"))
    return [
        message
        for name, found, data in rows
        if (name, found) == (who, way)
        for message in messages_in(bytes.fromhex(data))
    ]


def tree(message: Message) -> Tree:
    """A command with its attributes: of the service, of the destination, and the others."""
    command, attributes = command_in(message)
    return (
        command,
        attributes_in(attributes.pop(1, b"")),
        attributes_in(attributes.pop(2, b"")),
        {kind: b"".join(_flat(value)) if kind == 3 else value for kind, value in attributes.items()},
    )


def _flat(value: bytes) -> list[bytes]:
    return [bytes((kind,)) + each for kind, each in sorted(attributes_in(value).items())]


def same_request(ours: bytes, theirs: Message) -> bool:
    """Whether we ask the same; they repeat what does not matter, in another order.

    To say which destination or service is meant, they say all about it; and ipvsadm gives a plain tunnel to what
    is not tunnelled.
    """
    (message,) = messages_in(ours)
    (command, service, destination, rest), other = tree(message), tree(theirs)
    describes_service = command in {Command.NEW_SERVICE, Command.SET_SERVICE}
    describes_destination = command in {Command.NEW_DESTINATION, Command.SET_DESTINATION}
    families = {(11, b"\2\0"), (11, b"\n\0")}  # keepalived leaves it out where it is the service's
    plain_tunnel = {(13, b"\0"), (14, b"\0\0"), (15, b"\0\0")}
    more_service = other[1].items() - service.items()
    more_destination = other[2].items() - destination.items() - plain_tunnel
    return (
        (message.kind, command, rest) == (theirs.kind, other[0], other[3])
        and service.items() <= other[1].items()
        and (destination.items() - families - plain_tunnel) <= other[2].items()
        and not (more_service and describes_service)
        and not (more_destination and describes_destination)
    )


A = parse_address
WEB = Endpoint(Transport.TCP, A("10.0.0.100"), 80)
WEB6 = Endpoint(Transport.TCP, A("2001:db8::100"), 80)
OF_WEB = DestinationRequests(IPVS, WEB)
NO, FULL, REMOTE = TunnelChecksum
GUE = TunnelKind.GUE
MASTER = SyncDaemon(SyncPart.MASTER, "lo", 5, 1400, A("224.0.0.82"), 8849, 2)
BACKUP = SyncDaemon(SyncPart.BACKUP, "lo", 6, 0, A("ff02::82"))
TO_WEB = "-t 10.0.0.100:80 -r"


def added(scheduler: str, key: Endpoint | Mark, **other: object) -> bytes:
    return encode_add_service(IPVS, Service(key, scheduler, **other))  # type: ignore[arg-type]


def tunnelled(host: int, *tunnel: object) -> bytes:
    address = A(f"10.0.0.{host}")
    return OF_WEB.add(Destination(address, 80, Forwarding.TUNNEL, tunnel=Tunnel(*tunnel)))  # type: ignore[arg-type]


IPVSADM = {
    "-A -t 10.0.0.100:80 -s rr": added("rr", WEB),
    "-A -t 10.0.0.101:443 -s wlc -p 360 -M 255.255.255.0": added(
        "wlc", Endpoint(Transport.TCP, A("10.0.0.101"), 443), persistence=Persistence(360, 24)
    ),
    "-A -u 10.0.0.102:53 -s wrr -o": added(
        "wrr", Endpoint(Transport.UDP, A("10.0.0.102"), 53), one_packet=True
    ),
    "-A -t [2001:db8::100]:80 -s sh -b sh-port,sh-fallback -p 300 -M 64": added(
        "sh", WEB6, flags=SchedulerFlag.FLAG_1 | SchedulerFlag.FLAG_2, persistence=Persistence(300, 64)
    ),
    "-A -f 1 -s mh -b mh-port": added("mh", Mark(1), flags=SchedulerFlag.FLAG_2),
    "-A -f 2 -6 -s fo -b flag-3": added("fo", Mark(2, Family.IPV6), flags=SchedulerFlag.FLAG_3),
    "-A --sctp-service 10.0.0.103:5060 -s lblcr": added(
        "lblcr", Endpoint(Transport.SCTP, A("10.0.0.103"), 5060)
    ),
    "-A -u 10.0.0.104:5060 -s lc -p 60 --pe sip": added(
        "lc", Endpoint(Transport.UDP, A("10.0.0.104"), 5060), persistence=Persistence(60, None, "sip")
    ),
    f"-a {TO_WEB} 10.0.0.1:80 -g -w 3": OF_WEB.add(Destination(A("10.0.0.1"), 80, Forwarding.DIRECT, 3)),
    f"-a {TO_WEB} 10.0.0.2:8080 -m -w 0 -x 100 -y 50": OF_WEB.add(
        Destination(A("10.0.0.2"), 8080, Forwarding.NAT, 0, 100, 50)
    ),
    f"-a {TO_WEB} 10.0.0.3:80 -i": tunnelled(3),
    f"-a {TO_WEB} 10.0.0.4:80 -i --tun-type gue --tun-port 6080 --tun-nocsum": tunnelled(4, GUE, 6080),
    f"-a {TO_WEB} 10.0.0.5:80 -i --tun-type gue --tun-port 6080 --tun-csum": tunnelled(5, GUE, 6080, FULL),
    f"-a {TO_WEB} 10.0.0.6:80 -i --tun-type gue --tun-port 6080 --tun-remcsum": tunnelled(
        6, GUE, 6080, REMOTE
    ),
    f"-a {TO_WEB} 10.0.0.7:80 -i --tun-type gre --tun-csum": tunnelled(7, TunnelKind.GRE, 0, FULL),
    f"-a {TO_WEB} [2001:db8::1]:80 -i": OF_WEB.add(Destination(A("2001:db8::1"), 80, Forwarding.TUNNEL)),
    "-a -t [2001:db8::100]:80 -r [2001:db8::2]:80 -m -w 7": DestinationRequests(IPVS, WEB6).add(
        Destination(A("2001:db8::2"), 80, weight=7)
    ),
    "-a -f 2 -6 -r [2001:db8::3]:80 -g": DestinationRequests(IPVS, Mark(2, Family.IPV6)).add(
        Destination(A("2001:db8::3"), 80, Forwarding.DIRECT)
    ),
    f"-e {TO_WEB} 10.0.0.1:80 -g -w 2147483647": OF_WEB.edit(
        Destination(A("10.0.0.1"), 80, Forwarding.DIRECT, 0x7FFFFFFF)
    ),
    "-E -t 10.0.0.100:80 -s nq": encode_edit_service(IPVS, Service(WEB, "nq")),
    f"-d {TO_WEB} 10.0.0.2:8080": OF_WEB.remove((A("10.0.0.2"), 8080)),
    "-Z -t 10.0.0.100:80": encode_zero(IPVS, WEB),
    "-Z": encode_zero(IPVS),
    "-C": encode_flush(IPVS),
    "-D -t 10.0.0.101:443": encode_remove_service(IPVS, Endpoint(Transport.TCP, A("10.0.0.101"), 443)),
    "--set 10 20 30": encode_set_timeouts(IPVS, Timeouts(10, 20, 30)),
    "-L --timeout": request_timeouts(IPVS),
    "-L --daemon": request_daemons(IPVS),
    "--start-daemon master --mcast-interface lo --syncid 5 --sync-maxlen 1400 --mcast-group 224.0.0.82 "
    "--mcast-port 8849 --mcast-ttl 2": encode_start_daemon(IPVS, MASTER),
    "--start-daemon backup --mcast-interface lo --syncid 6 --mcast-group ff02::82": encode_start_daemon(
        IPVS, BACKUP
    ),
}


@pytest.mark.parametrize(("words", "ours"), [pytest.param(*row, id=row[0]) for row in IPVSADM.items()])
def test_we_ask_what_ipvsadm_asks(words: str, ours: bytes) -> None:
    theirs, *_ = recorded(f"ipvsadm {words}", "asks")

    assert same_request(ours, theirs)


def test_the_comparison_sees_a_difference() -> None:
    (theirs,) = recorded(f"ipvsadm -a {TO_WEB} 10.0.0.1:80 -g -w 3", "asks")

    assert not same_request(OF_WEB.add(Destination(A("10.0.0.1"), 80, Forwarding.DIRECT, 4)), theirs)
    assert not same_request(OF_WEB.edit(Destination(A("10.0.0.1"), 80, Forwarding.DIRECT, 3)), theirs)


def again(message: Message) -> bytes:
    """A recorded request, read by us and written again."""
    command, attributes = command_in(message)
    key = decode_service_report(message, counters=False).service.key if 6 in tree(message)[1] else WEB
    requests = DestinationRequests(IPVS, key)

    def destination() -> Destination:
        return decode_destination_report(message, key.family).destination

    match command:
        case Command.NEW_SERVICE:
            return encode_add_service(IPVS, decode_service_report(message).service)
        case Command.DEL_SERVICE:
            return encode_remove_service(IPVS, key)
        case Command.NEW_DESTINATION:
            return requests.add(destination())
        case Command.DEL_DESTINATION:
            return requests.remove(destination().key)
        case Command.SET_TIMEOUTS:
            return encode_set_timeouts(IPVS, decode_timeouts(message))
        case Command.NEW_DAEMON:
            return encode_start_daemon(IPVS, decode_daemon(attributes[3]))
    raise AssertionError(f"keepalived asked something new: {command}")


def test_what_keepalived_asks_is_read_and_written_again_by_us() -> None:
    reads = {Command.GET_SERVICE, Command.GET_DESTINATION, Command.GET_DAEMON, Command.GET_TIMEOUTS}
    # To end a thread it names its pair, too; the kernel does not look at that.
    asked = [
        message
        for message in recorded("keepalived", "asks")
        if message.body[0] not in {*reads, Command.DEL_DAEMON}
    ]

    assert [message.body.hex() for message in asked if not same_request(again(message), message)] == []
    assert len(asked) == 28


def test_all_destinations_of_a_service_are_asked_for_by_its_key() -> None:
    theirs = [message for message in recorded("ipvsadm -Ln --stats", "asks") if message.body[0] == 8]
    keys: list[ServiceKey] = [WEB, WEB6, Mark(1), Mark(2, Family.IPV6)]

    ours = [next(messages_in(request_destinations(IPVS, key))) for key in keys]

    assert all(any(mine.body == other.body and mine.flags & 0x300 for other in theirs) for mine in ours)


def test_all_services_are_asked_for() -> None:
    theirs, *_ = recorded("ipvsadm -Ln --stats", "asks")

    (ours,) = messages_in(request_services(IPVS, sequence=4))

    assert (ours.kind, ours.body, ours.sequence) == (theirs.kind, theirs.body, 4)


def test_a_family_is_found_by_its_name() -> None:
    (asked,), (told,) = recorded("family", "asks"), recorded("family", "told")

    (ours,) = messages_in(request_family("IPVS"))

    assert attributes_in(ours.body, HEAD.size) == attributes_in(asked.body, HEAD.size)
    assert decode_family(told) == NetlinkFamily("IPVS", IPVS, 1)


def test_services_are_told() -> None:
    services = [
        decode_service_report(message).service
        for message in recorded("ipvsadm -Ln --stats", "told")
        if message.kind == IPVS and message.body[0] == Command.NEW_SERVICE
    ]

    assert {
        str(each): (each.scheduler, each.persistence, each.one_packet, int(each.flags)) for each in services
    } == {
        "tcp 10.0.0.100:80": ("nq", None, False, 0),
        "tcp 10.0.0.101:443": ("wlc", Persistence(360, 24), False, 0),
        "udp 10.0.0.102:53": ("wrr", None, True, 0),
        "udp 10.0.0.104:5060": ("lc", Persistence(60, None, "sip"), False, 0),
        "sctp 10.0.0.103:5060": ("lblcr", None, False, 0),
        "tcp [2001:db8::100]:80": ("sh", Persistence(300, 64), False, 0x18),
        "fwmark 1": ("mh", None, False, 0x10),
        "fwmark 2 inet6": ("fo", None, False, 0x20),
    }


def test_destinations_are_told_with_what_was_counted() -> None:
    reports = [
        decode_destination_report(message, Family.IPV4)
        for message in recorded("ipvsadm -Ln --stats", "told")
        if message.kind == IPVS and message.body[0] == Command.NEW_DESTINATION
    ]

    by_name = {str(report.destination): report for report in reports}
    assert by_name["10.0.0.1:80"].destination == Destination(A("10.0.0.1"), 80, Forwarding.DIRECT, 0x7FFFFFFF)
    assert by_name["10.0.0.6:80"].destination.tunnel == Tunnel(GUE, 6080, REMOTE)
    assert by_name["[2001:db8::1]:80"].destination.forwarding is Forwarding.TUNNEL
    assert len(by_name) == 10
    assert all(isinstance(report.counters, Counters) for report in reports)
    assert all(isinstance(report.connections, Connections) for report in reports)


def test_the_rest_is_told() -> None:
    (info,) = recorded("info", "told")
    (timeouts,) = recorded("ipvsadm -L --timeout", "told")
    daemons = [each for each in recorded("ipvsadm -L --daemon", "told") if each.kind == IPVS]

    assert decode_info(info) == Info((1, 2, 1), 4096)
    assert decode_timeouts(timeouts) == Timeouts(10, 20, 30)
    assert [decode_daemon_report(each).part for each in daemons] == list(SyncPart)
    assert decode_daemon_report(daemons[0]) == MASTER


def test_a_dump_ends_and_a_refusal_says_why() -> None:
    *_, end = recorded("ipvsadm -L --daemon", "told")
    (refusal,) = recorded(f"ipvsadm -d {TO_WEB} 10.0.0.2:8080", "told")

    assert (end.kind, end.multiple) == (DONE, True)
    assert refusal.kind == ERROR
    assert decode_answer(refusal) == Answer(refusal.sequence, 2)


# ---- hostile bytes


def attribute(kind: int, data: str) -> bytes:
    return encode_attribute(kind, bytes.fromhex(data))


GOOD_SERVICE = encode_service(Service(WEB, "rr", persistence=Persistence(60)))
GOOD_DESTINATION = encode_destination(Destination(A("10.0.0.1"), 80, Forwarding.TUNNEL))


def service_slug(data: bytes) -> str:
    with pytest.raises(Malformed) as told:
        decode_service(data)
    return told.value.reason


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        pytest.param(b"", "family", id="nothing at all"),
        pytest.param(GOOD_SERVICE + attribute(1, "0300"), "family", id="an unknown family"),
        pytest.param(GOOD_SERVICE + attribute(2, "0100"), "transport", id="an unknown protocol"),
        pytest.param(GOOD_SERVICE + attribute(3, "0a00"), "address", id="half an address"),
        pytest.param(GOOD_SERVICE + attribute(4, "50"), "attribute-size", id="half a port"),
        pytest.param(GOOD_SERVICE + attribute(7, "00"), "service-flags", id="flags without a mask"),
        pytest.param(GOOD_SERVICE + attribute(8, "00"), "attribute-size", id="a timeout of one byte"),
        pytest.param(GOOD_SERVICE + attribute(9, "ff"), "attribute-size", id="a mask of one byte"),
        pytest.param(
            encode_service(Service(WEB6, "rr", persistence=Persistence(60))) + attribute(9, "81000000"),
            "netmask",
            id="a prefix longer than its address",
        ),
        pytest.param(GOOD_SERVICE + b"\xff\xff\x01\0", "attribute-truncated", id="an attribute cut off"),
    ],
)
def test_a_service_that_makes_no_sense_is_malformed(data: bytes, slug: str) -> None:
    assert service_slug(data) == slug


def test_a_mask_with_holes_is_told_as_such() -> None:
    service = decode_service(GOOD_SERVICE + attribute(9, "ff00ff00"))

    assert service.persistence == Persistence(60, IRREGULAR)


@pytest.mark.parametrize(
    ("extra", "slug"),
    [
        pytest.param(attribute(1, "0a00"), "address", id="half an address"),
        pytest.param(attribute(3, "05000000"), "forwarding", id="an unknown method"),
        pytest.param(attribute(4, "ffffffff"), "weight", id="a negative weight"),
        pytest.param(attribute(5, "ff"), "attribute-size", id="a threshold of one byte"),
        pytest.param(attribute(7, "ff"), "attribute-size", id="a number of connections of one byte"),
        pytest.param(attribute(11, "0300"), "family", id="an unknown family"),
        pytest.param(attribute(12, "0500010000"), "counter", id="a counter of one byte"),
        pytest.param(attribute(13, "03"), "tunnel-kind", id="an unknown tunnel"),
        pytest.param(attribute(15, "0300"), "tunnel-checksum", id="two checksums at once"),
    ],
)
def test_a_destination_that_makes_no_sense_is_malformed(extra: bytes, slug: str) -> None:
    nested = encode_attribute(2, GOOD_DESTINATION + extra)
    message = Message(IPVS, 0, 1, 0, HEAD.pack(Command.NEW_DESTINATION, 1, 0) + nested)

    with pytest.raises(Malformed) as told:
        decode_destination_report(message, Family.IPV4)

    assert told.value.reason == slug


def test_a_message_without_its_subject_is_malformed() -> None:
    message = Message(IPVS, 0, 1, 0, HEAD.pack(1, 1, 0))
    slugs = []

    for decode in (
        decode_service_report,
        lambda each: decode_destination_report(each, Family.IPV4),
        decode_daemon_report,
        decode_family,
    ):
        with pytest.raises(Malformed) as told:
            decode(message)
        slugs.append(told.value.reason)

    assert slugs == ["no-service", "no-destination", "no-daemon", "family-command"]


@pytest.mark.parametrize(
    ("extra", "slug"),
    [
        pytest.param(attribute(1, "03000000"), "sync-part", id="an unknown part"),
        pytest.param(attribute(5, "0a00"), "group", id="half a group"),
        pytest.param(attribute(6, "0a00"), "group", id="half an IPv6 group"),
    ],
)
def test_a_sync_daemon_that_makes_no_sense_is_malformed(extra: bytes, slug: str) -> None:
    bare = encode_daemon(SyncDaemon(SyncPart.MASTER, "eth0"))

    with pytest.raises(Malformed) as told:
        decode_daemon(bare + extra)

    assert told.value.reason == slug


def test_counters_of_both_widths_are_read() -> None:
    data = attribute(1, "07000000") + attribute(4, "0000000001000000")

    assert decode_counters(data) == Counters(connections=7, bytes_in=1 << 32)


# ---- what would be our own mistake


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda: encode_service(Service(WEB, "s" * 16)), id="a name that is too long"),
        pytest.param(
            lambda: encode_service(Service(WEB, persistence=Persistence(1, 33))), id="a prefix of 33"
        ),
        pytest.param(
            lambda: encode_service(Service(WEB, persistence=Persistence(1, IRREGULAR))),
            id="a mask with holes",
        ),
        pytest.param(
            lambda: encode_destination(Destination(A("10.0.0.1"), 80, weight=1 << 31)), id="too much weight"
        ),
        pytest.param(lambda: encode_daemon(SyncDaemon(SyncPart.MASTER, "")), id="no link"),
    ],
)
def test_nonsense_of_ours_is_not_sent(encode: Callable[[], bytes]) -> None:
    with pytest.raises(Broken):
        encode()


def test_a_thread_is_ended_by_its_part_alone() -> None:
    (message,) = messages_in(encode_stop_daemon(IPVS, SyncPart.BACKUP))

    assert tree(message) == (Command.DEL_DAEMON, {}, {}, {3: b"\x01\2\0\0\0"})


def test_the_version_is_asked_for() -> None:
    (message,) = messages_in(request_info(IPVS))

    assert tree(message)[0] == Command.GET_INFO
