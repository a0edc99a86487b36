"""What tests inside the virtual machine share; nothing of it runs outside."""

import asyncio
from collections.abc import Iterator
from contextlib import closing

import pytest
from linux_namespace import ip, namespaces

from standfast.lab.lab import Lab
from standfast.linux.ipvs import Ipvs


@pytest.fixture
def lab() -> Iterator[Lab]:
    """An empty lab; what its programs wrote is shown if the test fails."""
    with Lab() as made:
        yield made
        print(made.log())


@pytest.fixture
def network() -> Iterator[None]:
    """The test's thread is in a network namespace of its own, with an IPVS table of its own, empty."""
    with namespaces(1) as (namespace,), namespace.here():
        yield


@pytest.fixture
def cable(network: None) -> None:
    """A link `eth0` with 10.0.0.1/24 and fe80::1, up."""
    ip("link add eth0 type veth peer name peer0")
    ip("link set eth0 addrgenmode none")
    ip("link set eth0 up")
    ip("link set peer0 up")
    ip("addr add 10.0.0.1/24 dev eth0")
    ip("addr add fe80::1/64 dev eth0 nodad")


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that is closed in the end."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def ipvs(network: None, loop: asyncio.AbstractEventLoop) -> Iterator[Ipvs]:
    """IPVS of the test's own namespace."""
    with closing(Ipvs(loop)) as made:
        yield made
