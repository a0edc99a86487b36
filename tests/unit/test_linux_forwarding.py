"""Whether the kernel passes packets on: said once, and told to whoever asks."""

from pathlib import Path

import pytest
from states_made import status

from standfast.base.addresses import Family, parse_address
from standfast.base.services import Destination, Forwarding, Mark, Service
from standfast.core.lvs.parameters import Plan, RealServer, VirtualServer
from standfast.linux.forwarding import ForwardingSettings
from standfast.observe.state.process import Process
from standfast.observe.state.trouble import troubles


class Kernel:
    """Settings in a directory, and what is said of them."""

    def __init__(self, root: Path) -> None:
        self.said: list[str] = []
        self.settings = ForwardingSettings(self.said.append, root=str(root))
        self._setting = root / "net/ipv4/ip_forward"
        self._setting.parent.mkdir(parents=True)

    def set(self, value: str) -> None:
        self._setting.write_text(f"{value}\n")


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path)


def test_forwarding_that_is_off_is_said_once_until_it_was_on(kernel: Kernel) -> None:
    kernel.set("0")
    kernel.settings.need([Family.IPV4, Family.IPV6], None)  # of IPv6 nothing can be told here

    for value in ("0", "1", "0"):
        kernel.set(value)
        kernel.settings.look()

    assert len(kernel.said) == 2
    assert "sysctl -w net.ipv4.ip_forward=1" in kernel.said[0]


def test_who_asks_is_told_of_this_moment(kernel: Kernel) -> None:
    kernel.set("1")
    kernel.settings.need([Family.IPV4], None)

    before = kernel.settings.lacking
    kernel.set("0")

    assert (before, kernel.settings.lacking) == ((), ("net.ipv4.ip_forward",))


def test_what_nobody_needs_may_be_off(kernel: Kernel) -> None:
    kernel.set("0")

    kernel.settings.need([Family.IPV6], None)

    assert (kernel.said, kernel.settings.lacking) == ([], ())


def destination(address: str, forwarding: Forwarding) -> Destination:
    return Destination(parse_address(address), 80, forwarding=forwarding)


def virtual(*servers: Destination, sorry: Destination | None = None) -> VirtualServer:
    service = Service(Mark(1), "rr")
    return VirtualServer(
        "web", (service,), tuple(RealServer(str(n), one) for n, one in enumerate(servers)), sorry=sorry
    )


@pytest.mark.parametrize(
    ("one", "families"),
    [
        pytest.param(virtual(destination("10.0.0.2", Forwarding.NAT)), {Family.IPV4}, id="NAT needs it"),
        pytest.param(virtual(destination("fd00::2", Forwarding.NAT)), {Family.IPV6}, id="its family counts"),
        pytest.param(
            virtual(destination("10.0.0.2", Forwarding.DIRECT), destination("10.0.0.3", Forwarding.TUNNEL)),
            set(),
            id="servers that answer the client themselves do not",
        ),
        pytest.param(
            virtual(
                destination("10.0.0.2", Forwarding.DIRECT), sorry=destination("10.0.0.9", Forwarding.NAT)
            ),
            {Family.IPV4},
            id="a sorry server may",
        ),
    ],
)
def test_services_by_nat_need_packets_to_be_passed_on(one: VirtualServer, families: set[Family]) -> None:
    assert Plan((one,)).translated == families


def test_the_setting_that_is_off_is_a_trouble() -> None:
    process = Process(name="checker", state="running", unforwarded=("net.ipv4.ip_forward",))

    (words,) = troubles(status(processes=(process,)))

    assert words == "net.ipv4.ip_forward is off: the kernel does not pass packets on to real servers"
