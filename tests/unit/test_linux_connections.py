"""Connections to servers, counted in the kernel's list of all that it tracks."""

import pytest

from standfast.base.addresses import parse_address
from standfast.base.services import DestinationKey, Endpoint, Mark, ServiceKey, Transport
from standfast.linux.connections import counted

TEXT = """\
ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.0.0.100 sport=40001 dport=80 src=10.0.0.2 dst=10.0.0.9 sport=8080 dport=40001 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 119 TIME_WAIT src=10.0.0.9 dst=10.0.0.100 sport=40002 dport=80 src=10.0.0.2 dst=10.0.0.9 sport=8080 dport=40002 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.9 dst=10.0.0.2 sport=40003 dport=8080 src=10.0.0.2 dst=10.0.0.9 sport=8080 dport=40003 [ASSURED] mark=0 zone=0 use=2
ipv4     2 udp      17 29 src=10.0.0.9 dst=10.0.0.100 sport=40004 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.9 sport=53 dport=40004 mark=0 zone=0 use=2
ipv6     10 tcp      6 431999 ESTABLISHED src=fd00:0000:0000:0000:0000:0000:0000:0009 dst=fd00:0000:0000:0000:0000:0000:0000:0100 sport=40005 dport=80 src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0009 sport=80 dport=40005 [ASSURED] mark=0 zone=0 use=2
ipv4     2 icmp     1 29 src=10.0.0.9 dst=10.0.0.100 type=8 code=0 id=7 src=10.0.0.100 dst=10.0.0.9 type=0 code=0 id=7 mark=0 zone=0 use=2
what no kernel writes
"""  # noqa: E501  (the kernel's lines are that long)


def endpoint(address: str, port: int, transport: Transport = Transport.TCP) -> Endpoint:
    return Endpoint(transport, parse_address(address), port)


def server(address: str, port: int) -> DestinationKey:
    return parse_address(address), port


@pytest.mark.parametrize(
    ("key", "asked", "count"),
    [
        pytest.param(
            endpoint("10.0.0.100", 80), server("10.0.0.2", 8080), 1,
            id="alive, and through the service: not the one that ends, nor the one that went there directly",
        ),
        pytest.param(endpoint("10.0.0.100", 80), server("10.0.0.3", 8080), 0, id="nobody is with this server"),
        pytest.param(
            endpoint("10.0.0.100", 53, Transport.UDP), server("10.0.0.2", 53), 1, id="UDP, without an answer yet"
        ),
        pytest.param(endpoint("10.0.0.100", 0), server("10.0.0.2", 8080), 1, id="a service of all ports"),
        pytest.param(endpoint("fd00::100", 80), server("fd00::2", 80), 1, id="IPv6"),
        pytest.param(Mark(7), server("10.0.0.2", 0), 3, id="a mark, and a server of all ports: all of it"),
    ],
)  # fmt: skip
def test_connections_are_counted(key: ServiceKey, asked: DestinationKey, count: int) -> None:
    assert counted(TEXT, [key], [asked]) == {asked: count}
