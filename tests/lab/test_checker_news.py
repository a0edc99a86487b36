"""What the checker process hears of its host when the kernel says more than a socket holds: it looks again."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address

import pytest
from linux_namespace import inside, turn

from standfast.core.lvs.events import AddressesPresent, BalancerEvent
from standfast.linux import netlink
from standfast.linux.loop import new_loop
from standfast.linux.nft_links import LinkPairs
from standfast.linux.presence import Presence

VIP = ip_address("10.0.0.100")
FLOOD = 200  # changes; the buffer holds a few


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.AbstractEventLoop]:
    monkeypatch.setattr(netlink, "NETLINK_RECEIVE_BUFFER", 4096)
    with inside(), closing(new_loop()) as made:
        yield made


def ip_all(lines: Iterator[str]) -> None:
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True, timeout=60)


def noting(read: Callable[[], None], times: list[str]) -> Callable[[], None]:
    def once_more() -> None:
        times.append("again")
        read()

    return once_more


def test_an_address_that_came_in_a_flood_is_seen(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BalancerEvent] = []
    with closing(Presence(loop, told.append, print)) as presence:
        assert presence.watch([VIP]) == frozenset()
        times: list[str] = []
        monkeypatch.setattr(presence._news, "_read_again", noting(presence._news._read_again, times))

        ip_all(f"addr add 10.1.0.{number}/32 dev eth0" for number in range(FLOOD))
        ip_all(f"addr add {each}/32 dev eth0" for each in (VIP,))

        assert turn(loop, lambda: told == [AddressesPresent(frozenset({VIP}))])
        assert times


def test_a_link_that_came_in_a_flood_is_seen(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[None] = []
    with closing(LinkPairs(loop, lambda: changes.append(None))) as pairs:
        pairs.open()
        times: list[str] = []
        monkeypatch.setattr(pairs._news, "_read_again", noting(pairs._news._read_again, times))

        ip_all(f"link set peer0 mtu {1300 + number}" for number in range(FLOOD))
        ip_all(f"link add {name} type veth peer name {name}1" for name in ("late",))

        assert turn(loop, lambda: ("late", "late") in pairs.pairs)
    assert changes
    assert times
