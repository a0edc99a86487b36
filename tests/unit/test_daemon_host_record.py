"""What is written down of a configuration, so that the next process knows what a killed one left."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from written import config_of, instance_text

from standfast.base.route_names import BUILT_IN
from standfast.base.routes import HostRoute, HostRule, Network
from standfast.core.vrrp.routed import routed_of
from standfast.daemon.host_record import Former, HostRecord
from standfast.model.config import Config

ROUTED = """
static_ipaddress {
10.0.0.50/24 dev eth0
}
static_routes {
10.7.0.0/16 via 10.0.0.2 dev eth0
}
static_rules {
from 10.7.0.0/16 table 100
}
"""
BODY = """virtual_ipaddress {
10.0.0.100
}
virtual_routes {
10.1.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via fe80::2 dev eth0
}
virtual_rules {
from 10.1.0.0/16 table 100
}
"""


def routed() -> Config:
    return config_of(ROUTED + instance_text(BODY))


@pytest.fixture
def record(tmp_path: Path) -> HostRecord:
    return HostRecord(str(tmp_path / "x.pid"))


def test_routes_and_rules_are_read_as_the_kernel_was_told_them(record: HostRecord) -> None:
    """Rules without a preference get the same one again: they are numbered in one order."""
    record.write(routed())

    there = routed_of(routed(), BUILT_IN)
    former = record.read()
    assert set(former.routing) == {*there.static.routing, *there.of_instances["VI_1"]}
    assert {rule.preference for rule in former.routing if isinstance(rule, HostRule)} == {16383, 16384}
    assert [str(address) for address in former.addresses] == [
        "10.0.0.50/24 dev eth0",
        "10.0.0.100/32 dev eth0",
    ]


def test_what_is_added_stands_beside_the_rest_until_it_is_written_anew(record: HostRecord) -> None:
    record.write(routed())
    other = config_of(instance_text(BODY.replace("10.1.0.0", "10.2.0.0")))

    record.add(other)
    both = {str(one.destination) for one in record.read().routing if isinstance(one, HostRoute)}
    record.write(other)
    alone = {one.destination for one in record.read().routing if isinstance(one, HostRoute)}

    assert both == {"10.1.0.0/16", "10.2.0.0/16", "10.7.0.0/16"}
    assert alone == {Network(ip_address("10.2.0.0"), 16)}


@pytest.mark.parametrize(
    ("defaults", "body", "tables"),
    [
        pytest.param("nftables blue", "no_accept", ["blue"], id="of one that accepts nothing"),
        pytest.param("nftables blue", "use_vmac", ["blue"], id="of one with an interface of its own"),
        pytest.param("nftables blue", "accept", [], id="of one that needs no firewall"),
    ],
)
def test_the_table_of_the_firewall_is_written_down(
    record: HostRecord, defaults: str, body: str, tables: list[str]
) -> None:
    plain = "version 3\npriority 100\nvirtual_ipaddress {\n10.0.0.100\n}\n"
    record.write(config_of(f"global_defs {{\n{defaults}\n}}\n" + instance_text(f"{plain}{body}")))

    assert [means.table for means in record.read().means] == tables


def test_what_needs_no_file_has_none(record: HostRecord, tmp_path: Path) -> None:
    record.write(routed())
    assert {path.name for path in tmp_path.iterdir()} == {"x.addresses", "x.kernel"}

    record.write(config_of(instance_text("virtual_ipaddress {\n10.0.0.100\n}")))
    assert {path.name for path in tmp_path.iterdir()} == {"x.addresses"}

    record.remove()
    assert list(tmp_path.iterdir()) == []
    assert record.read() == Former()


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"{}", b'{"routes": 7}', b'{"routes": [{}], "rules": [], "means": null}', b"\xff"],
)
def test_a_damaged_line_is_passed_over(record: HostRecord, tmp_path: Path, damage: bytes) -> None:
    record.write(routed())
    whole = (tmp_path / "x.kernel").read_bytes()

    (tmp_path / "x.kernel").write_bytes(damage + b"\n" + whole)

    assert len(record.read().routing) == 4
