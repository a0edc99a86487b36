"""Interfaces of our own where the kernel has ipvlan and VRF: made, adopted, mended and removed."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from linux_namespace import ip
from written import config_of, instance_text

from standfast.core.vrrp.configured import routers_of
from standfast.daemon.own_interfaces import OwnInterfaces
from standfast.daemon.own_record import OwnRecord
from standfast.linux.own_links import read_links
from standfast.model.config import Config

Make = Callable[[], OwnInterfaces]
IPVLAN = "use_ipvlan ipvl0 10.0.0.7/24"


def config(words: str) -> Config:
    return config_of(instance_text(f"{words}\nvirtual_ipaddress {{\n10.0.0.100\n}}"))


def link(name: str) -> Any:
    (found,) = json.loads(ip(f"-d -j link show {name}"))
    return found


def names() -> set[str]:
    return set(read_links())


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def cable(network: None) -> None:
    """A link `eth0` with 10.0.0.1/24, up; this kernel need not speak IPv6."""
    ip("link add eth0 type veth peer name peer0")
    ip("link set eth0 up")
    ip("link set peer0 up")
    ip("addr add 10.0.0.1/24 dev eth0")


@pytest.fixture
def make(
    cable: None, loop: asyncio.AbstractEventLoop, tmp_path: Path, complaints: list[str]
) -> Iterator[Make]:
    record = OwnRecord(str(tmp_path / "x.pid"))
    made: list[OwnInterfaces] = []

    def another() -> OwnInterfaces:
        made.append(OwnInterfaces(record, loop, complaints.append))
        return made[-1]

    yield another
    for each in made:
        each.close()


@pytest.mark.behaviour("VM-08")
@pytest.mark.parametrize("mode", ["bridge", "private", "vepa"])
def test_an_ipvlan_is_made_in_mode_l2_with_its_address_and_goes_again(
    make: Make, complaints: list[str], mode: str
) -> None:
    before = names()
    own = make()

    own.start(config(f"{IPVLAN} {mode}"))

    there = link("ipvl0")
    assert complaints == []
    assert there["link"] == "eth0"
    assert {"UP", "LOWER_UP"} <= set(there["flags"])
    assert there["address"] == link("eth0")["address"]
    assert there["linkinfo"]["info_kind"] == "ipvlan"
    assert there["linkinfo"]["info_data"]["mode"] == "l2"
    assert mode in there["linkinfo"]["info_data"]
    assert "10.0.0.7/24" in ip("-4 address show dev ipvl0")
    own.stop()
    assert names() == before


@pytest.mark.behaviour("VM-08")
def test_a_router_on_an_ipvlan_speaks_with_its_address(make: Make) -> None:
    given = config(IPVLAN)

    own = make().start(given)

    (router,) = routers_of(given, own)
    assert (router.interface, router.source_interface) == ("ipvl0", "ipvl0")
    assert [address.interface for address in router.held] == ["ipvl0"]


def test_an_ipvlan_of_a_process_that_was_killed_is_adopted(make: Make) -> None:
    with closing(make()) as killed:
        killed.start(config(IPVLAN))
    index = link("ipvl0")["ifindex"]

    make().start(config(f"{IPVLAN} private"))

    assert link("ipvl0")["ifindex"] == index
    assert "private" in link("ipvl0")["linkinfo"]["info_data"]


def test_another_address_of_an_ipvlan_replaces_the_first(make: Make) -> None:
    own = make()
    own.start(config(IPVLAN))

    own.reload(config(IPVLAN.replace(".7/", ".8/")), read_links())
    own.finish(read_links())

    told = ip("-4 address show dev ipvl0")
    assert "10.0.0.8/24" in told
    assert "10.0.0.7/24" not in told


def test_a_macvlan_and_an_ipvlan_on_one_parent_are_refused_in_words(
    make: Make, complaints: list[str]
) -> None:
    """The kernel's own rule: only one of the two drivers can take what comes in there."""
    ip("link add link eth0 name other type macvlan")

    make().start(config(IPVLAN))

    assert "ipvl0" not in names()
    (said,) = complaints
    assert "cannot make ipvl0 on eth0" in said


def test_a_vmac_joins_the_vrf_of_its_parent_and_follows_it(make: Make, complaints: list[str]) -> None:
    ip("link add blue type vrf table 10")
    ip("link set blue up")
    ip("link set eth0 master blue")
    own = make()

    own.start(config("use_vmac"))
    joined = link("vrrp.51")
    ip("link set eth0 nomaster")
    own.look({"eth0"}, read_links())

    assert complaints == []
    assert joined["master"] == "blue"
    assert "master" not in link("vrrp.51")
