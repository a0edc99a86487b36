"""Every option of services and destinations: told by us, said by ipvsadm, read back equal."""

import pytest
from ipvs_table import ipvsadm, table_in

from standfast.base.addresses import Family, parse_address
from standfast.base.schedulers import IPVS_SCHEDULERS
from standfast.base.services import (
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
from standfast.core.lvs.delta import delta
from standfast.core.lvs.table import balanced, table_of
from standfast.linux.ipvs import Ipvs, Outcome

VIP = parse_address("10.0.0.100")
VIP6 = parse_address("2001:db8::100")
RIP = parse_address("10.0.0.1")
RIP6 = parse_address("2001:db8::1")
WEB = Endpoint(Transport.TCP, VIP, 80)
WEB6 = Endpoint(Transport.TCP, VIP6, 80)
DNS = Endpoint(Transport.UDP, VIP, 53)
KERNELS_LACK = {"twos"}  # came with Linux 5.6, as a module that not every distribution builds


def tunnel(kind: TunnelKind, port: int = 0, checksum: TunnelChecksum = TunnelChecksum.NONE) -> Destination:
    return Destination(RIP, 80, Forwarding.TUNNEL, tunnel=Tunnel(kind, port, checksum))


SERVICES = [
    pytest.param(Service(WEB, "rr"), "-A -t 10.0.0.100:80 -s rr", id="TCP"),
    pytest.param(Service(DNS, "rr"), "-A -u 10.0.0.100:53 -s rr", id="UDP"),
    pytest.param(
        Service(Endpoint(Transport.SCTP, VIP, 80), "rr"),
        "-A --sctp-service 10.0.0.100:80 -s rr",
        id="SCTP",
    ),
    pytest.param(Service(WEB6, "rr"), "-A -t [2001:db8::100]:80 -s rr", id="IPv6"),
    pytest.param(Service(Mark(7), "rr"), "-A -f 7 -s rr", id="a mark"),
    pytest.param(Service(Mark(7, Family.IPV6), "rr"), "-A -f 7 -6 -s rr", id="a mark of IPv6"),
    pytest.param(
        Service(Mark(0x7FFFFFFF), "rr"),
        "-A -f 2147483647 -s rr",
        id="the largest mark that ipvsadm prints well",
    ),
    pytest.param(
        Service(WEB, "rr", persistence=Persistence(360)),
        "-A -t 10.0.0.100:80 -s rr -p 360",
        id="persistence",
    ),
    pytest.param(
        Service(WEB, "rr", persistence=Persistence(60, 24)),
        "-A -t 10.0.0.100:80 -s rr -p 60 -M 255.255.255.0",
        id="persistence of networks",
    ),
    pytest.param(
        Service(WEB6, "rr", persistence=Persistence(60, 64)),
        "-A -t [2001:db8::100]:80 -s rr -p 60 -M 64",
        id="persistence of IPv6 networks",
    ),
    pytest.param(
        Service(DNS, "rr", persistence=Persistence(60, None, "sip")),
        "-A -u 10.0.0.100:53 -s rr -p 60 --pe sip",
        id="persistence with an engine",
    ),
    pytest.param(
        Service(Endpoint(Transport.TCP, VIP, 0), "rr", persistence=Persistence(60)),
        "-A -t 10.0.0.100:0 -s rr -p 60",
        id="all ports",
    ),
    pytest.param(
        Service(DNS, "rr", one_packet=True), "-A -u 10.0.0.100:53 -s rr -o", id="each packet by itself"
    ),
    pytest.param(
        Service(WEB, "sh", SchedulerFlag.FLAG_1),
        "-A -t 10.0.0.100:80 -s sh -b sh-fallback",
        id="sh-fallback",
    ),
    pytest.param(
        Service(WEB, "sh", SchedulerFlag.FLAG_2), "-A -t 10.0.0.100:80 -s sh -b sh-port", id="sh-port"
    ),
    pytest.param(
        Service(WEB, "mh", SchedulerFlag.FLAG_1),
        "-A -t 10.0.0.100:80 -s mh -b mh-fallback",
        id="mh-fallback",
    ),
    pytest.param(
        Service(WEB, "mh", SchedulerFlag.FLAG_2), "-A -t 10.0.0.100:80 -s mh -b mh-port", id="mh-port"
    ),
    pytest.param(
        Service(WEB, "wlc", SchedulerFlag.FLAG_1 | SchedulerFlag.FLAG_2 | SchedulerFlag.FLAG_3),
        "-A -t 10.0.0.100:80 -s wlc -b flag-1,flag-2,flag-3",
        id="the flags of any scheduler",
    ),
]

DESTINATIONS = [
    pytest.param(WEB, Destination(RIP, 8080), "-r 10.0.0.1:8080 -m -w 1", id="NAT"),
    pytest.param(WEB, Destination(RIP, 80, Forwarding.DIRECT), "-r 10.0.0.1:80 -g -w 1", id="DR"),
    pytest.param(
        WEB, Destination(RIP, 80, Forwarding.TUNNEL), "-r 10.0.0.1:80 -i -w 1 --tun-type ipip", id="TUN"
    ),
    pytest.param(
        WEB,
        tunnel(TunnelKind.GUE, 6080),
        "-r 10.0.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum",
        id="gue",
    ),
    pytest.param(
        WEB,
        tunnel(TunnelKind.GUE, 6080, TunnelChecksum.FULL),
        "-r 10.0.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
        id="gue with a checksum",
    ),
    pytest.param(
        WEB,
        tunnel(TunnelKind.GUE, 6080, TunnelChecksum.REMOTE),
        "-r 10.0.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum",
        id="gue with a remote checksum",
    ),
    pytest.param(
        WEB,
        tunnel(TunnelKind.GRE),
        "-r 10.0.0.1:80 -i -w 1 --tun-type gre --tun-nocsum",
        id="gre",
    ),
    pytest.param(
        WEB,
        tunnel(TunnelKind.GRE, 0, TunnelChecksum.FULL),
        "-r 10.0.0.1:80 -i -w 1 --tun-type gre --tun-csum",
        id="gre with a checksum",
    ),
    pytest.param(WEB, Destination(RIP, 80, weight=0), "-r 10.0.0.1:80 -m -w 0", id="weight 0"),
    pytest.param(
        WEB, Destination(RIP, 80, weight=0x7FFFFFFF), "-r 10.0.0.1:80 -m -w 2147483647", id="most weight"
    ),
    pytest.param(WEB6, Destination(RIP6, 80), "-r [2001:db8::1]:80 -m -w 1", id="IPv6"),
    pytest.param(
        WEB,
        Destination(RIP6, 80, Forwarding.TUNNEL),
        "-r [2001:db8::1]:80 -i -w 1 --tun-type ipip",
        id="IPv4 by way of IPv6",
    ),
    pytest.param(
        WEB6,
        Destination(RIP, 80, Forwarding.TUNNEL),
        "-r 10.0.0.1:80 -i -w 1 --tun-type ipip",
        id="IPv6 by way of IPv4",
    ),
    pytest.param(
        WEB,
        Destination(parse_address("127.0.0.1"), 80, Forwarding.DIRECT),
        "-r 127.0.0.1:80 -g -w 1",
        id="this host itself",
    ),
    pytest.param(
        Mark(7),
        Destination(RIP, 0, Forwarding.DIRECT),
        "-r 10.0.0.1:0 -g -w 1",
        id="of a mark",
    ),
]


@pytest.mark.parametrize(("service", "words"), SERVICES)
def test_a_service(ipvs: Ipvs, service: Service, words: str) -> None:
    want = table_of([balanced(service)])

    outcome = ipvs.apply(delta({}, want))

    assert outcome == Outcome()
    assert ipvsadm("-S -n") == [words]
    assert table_in(ipvs) == want


@pytest.mark.parametrize("scheduler", IPVS_SCHEDULERS)
def test_a_scheduler(ipvs: Ipvs, scheduler: str) -> None:
    want = table_of([balanced(Service(WEB, scheduler))])

    outcome = ipvs.apply(delta({}, want))

    if scheduler in KERNELS_LACK and outcome.refusals:
        pytest.skip(str(outcome.refusals[0].refused))
    assert outcome == Outcome()
    assert ipvsadm("-S -n") == [f"-A -t 10.0.0.100:80 -s {scheduler}"]
    assert table_in(ipvs) == want


@pytest.mark.parametrize(("key", "destination", "words"), DESTINATIONS)
def test_a_destination(ipvs: Ipvs, key: ServiceKey, destination: Destination, words: str) -> None:
    want = table_of([balanced(Service(key, "rr"), [destination])])

    outcome = ipvs.apply(delta({}, want))

    assert outcome == Outcome()
    _, line = ipvsadm("-S -n")
    assert line.partition(" -r ")[2] == words.removeprefix("-r ")
    assert table_in(ipvs) == want


@pytest.mark.parametrize(
    "before", [Service(WEB, "rr"), Service(WEB, "sh", SchedulerFlag.FLAG_2, Persistence(9, 8))]
)
@pytest.mark.parametrize(
    "service", [Service(WEB, "wlc"), Service(WEB, "mh", SchedulerFlag.FLAG_1, Persistence(60))]
)
def test_a_service_is_changed_where_it_stands(ipvs: Ipvs, before: Service, service: Service) -> None:
    have = table_of([balanced(before, [Destination(RIP, 80)])])
    want = table_of([balanced(service, [Destination(RIP, 80)])])
    ipvs.apply(delta({}, have))

    outcome = ipvs.apply(delta(have, want))

    assert outcome == Outcome()
    assert table_in(ipvs) == want


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Destination(RIP, 80, weight=5), id="its weight"),
        pytest.param(Destination(RIP, 80, Forwarding.DIRECT), id="its method"),
        pytest.param(tunnel(TunnelKind.GUE, 6080), id="its tunnel"),
        pytest.param(Destination(RIP, 80, upper=7, lower=3), id="its thresholds"),
    ],
)
def test_a_destination_is_changed_where_it_stands(ipvs: Ipvs, other: Destination) -> None:
    have = table_of([balanced(Service(WEB), [Destination(RIP, 80)])])
    want = table_of([balanced(Service(WEB), [other])])
    ipvs.apply(delta({}, have))

    assert ipvs.apply(delta(have, want)) == Outcome()
    assert table_in(ipvs) == want
    assert ipvs.apply(delta(want, have)) == Outcome()
    assert table_in(ipvs) == have


def test_thresholds(ipvs: Ipvs) -> None:
    want = table_of([balanced(Service(WEB), [Destination(RIP, 80, upper=100, lower=50)])])

    assert ipvs.apply(delta({}, want)) == Outcome()
    assert ipvsadm("-L -n --thresholds")[-1] == "-> 10.0.0.1:80 100 50 0 0"
    assert table_in(ipvs) == want


def test_the_largest_mark_there_is(ipvs: Ipvs) -> None:
    want = table_of([balanced(Service(Mark(0xFFFFFFFF)))])

    assert ipvs.apply(delta({}, want)) == Outcome()
    assert table_in(ipvs) == want


def test_what_somebody_else_has_put_there_can_be_read(ipvs: Ipvs) -> None:
    ipvsadm("-A -t 10.0.0.100:80 -s rr -p 60 -M 255.0.255.0")
    ipvsadm("-A -t 10.0.0.101:80 -s none")

    schedulers = {str(entry.service): entry.service.scheduler for entry in table_in(ipvs).values()}

    assert schedulers == {"tcp 10.0.0.100:80": "rr", "tcp 10.0.0.101:80": "none"}
