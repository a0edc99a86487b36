"""Groups of addresses whose packets nftables marks for IPVS: what a kernel does with the rules."""

import re
import socket

import pytest
from nat_lab import PATIENCE, rules

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

COUNTING = """
table {word} seen {{
    chain input {{
        type filter hook input priority 0;
        udp dport {{ 80, 81, 82 }} meta mark 1000 counter
        udp dport {{ 80, 81, 82 }} meta mark 1001 counter
    }}
}}
"""
CONFIG = """
global_defs {
    lvs_engine ipvs
    nftables_ipvs marks
}
virtual_server_group WEB {
    10.99.0.100-101 80
    10.99.0.102 0
    fd99::100 80
}
virtual_server_group OTHER {
    10.99.0.101-102 81
}
virtual_server group WEB {
    protocol UDP
    lvs_sched rr
    lvs_method NAT
    real_server 10.99.0.11 80 {
    }
}
virtual_server group OTHER {
    protocol UDP
    lvs_sched rr
    lvs_method NAT
    real_server 10.99.0.11 80 {
    }
}
"""


@pytest.fixture
def director(lab: Lab) -> Host:
    host = lab.host("director", "10.99.0.1/24", "fd99::1/64")
    for address in ("10.99.0.100/24", "10.99.0.101/24", "10.99.0.102/24", "fd99::100/64 nodad"):
        host.command("ip", "address", "add", *address.split(), "dev", "eth0")
    for word in ("ip", "ip6"):
        host.command("nft", "-f", "-", text=COUNTING.format(word=word))
    return host


def seen(host: Host, word: str = "ip") -> dict[int, int]:
    """How many packets came with which mark."""
    text = host.command("nft", "list", "table", word, "seen")
    found = re.findall(r"mark 0x0*([0-9a-f]+) counter packets (\d+)", text)
    return {int(mark, 16): int(count) for mark, count in found}


@pytest.mark.behaviour("LV-18")
def test_packets_to_a_group_carry_its_mark_from_elsewhere_and_from_the_host_itself(
    lab: Lab, director: Host
) -> None:
    client = lab.host("client", "10.99.0.9/24", "fd99::9/64")
    daemon = director.direct(CONFIG)
    assert lab.within(PATIENCE, lambda: "map by_endpoint" in rules(director)), daemon.log()

    for host in (client, director):
        with host.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            for address, port in (
                ("10.99.0.100", 80),  # WEB
                ("10.99.0.102", 82),  # WEB: any port
                ("10.99.0.101", 81),  # OTHER
                ("10.99.0.102", 81),  # OTHER: who names the port comes before who names none
                ("10.99.0.100", 81),  # nobody's
                ("10.99.0.1", 80),  # nobody's
            ):
                one.sendto(b"?", (address, port))
    with client.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        one.sendto(b"?", ("fd99::100", 80))

    assert lab.within(PATIENCE, lambda: seen(director) == {1000: 4, 1001: 4}), seen(director)
    assert lab.within(PATIENCE, lambda: seen(director, "ip6") == {1000: 1, 1001: 0})


def test_a_stop_leaves_no_marks_and_a_table_of_somebody_else_is_left_alone(lab: Lab, director: Host) -> None:
    director.command("nft", "add", "table", "ip6", "marks")
    daemon = director.direct(CONFIG)
    assert lab.within(PATIENCE, lambda: "marks of nftables is somebody else's" in daemon.log()), daemon.log()
    daemon.stop()
    assert "table ip6 marks" in rules(director)
    director.command("nft", "delete", "table", "ip6", "marks")

    again = director.direct(CONFIG)
    assert lab.within(PATIENCE, lambda: "table ip6 marks" in rules(director)), again.log()
    assert again.stop() == 0
    assert "marks" not in rules(director)


def test_who_flushes_the_rules_does_not_end_the_balancing(lab: Lab, director: Host) -> None:
    daemon = director.direct(CONFIG)
    assert lab.within(PATIENCE, lambda: "map by_endpoint" in rules(director)), daemon.log()

    director.command("nft", "flush", "ruleset")

    assert lab.within(PATIENCE, lambda: "map by_endpoint" in rules(director)), daemon.log()
    assert "somebody has changed the tables marks" in daemon.log()
