"""Virtual servers in another network namespace than the process that looks after them (net_namespace_ipvs)."""

import asyncio
from contextlib import closing
from typing import Final

import pytest
from daemon_lab import VIP, config
from ipvs_table import table_in
from linux_namespace import namespaces

from standfast.base.addresses import parse_address
from standfast.base.errors import Refused
from standfast.base.services import Endpoint, Service, Transport
from standfast.core.lvs.table import balanced, table_of
from standfast.engine.lvs_ports import AddService
from standfast.lab.lab import Lab
from standfast.lab.processes import Process
from standfast.linux.ipvs import Ipvs, Outcome

SERVICE = Service(Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80), "rr")


@pytest.mark.behaviour("PR-15")
def test_services_are_where_they_should_be_and_nowhere_else(loop: asyncio.AbstractEventLoop) -> None:
    with namespaces(2) as (ours, theirs), ours.here():
        with closing(Ipvs(loop, place=theirs.path)) as ipvs, closing(Ipvs(loop)) as here:
            outcome = ipvs.apply([AddService(SERVICE)])

            assert outcome == Outcome()
            assert table_in(ipvs) == table_of([balanced(SERVICE, [])])
            assert table_in(here) == {}
        with theirs.here(), closing(Ipvs(loop)) as there:
            assert table_in(there) == table_of([balanced(SERVICE, [])])


def test_a_namespace_that_is_not_there_is_said(loop: asyncio.AbstractEventLoop) -> None:
    with pytest.raises(Refused, match="in the network namespace /run/netns/nowhere"):
        Ipvs(loop, place="/run/netns/nowhere")


MADE: Final = (
    "ip netns add front && ip netns add back && ip -n front link add front0 type veth peer name front1 && "
    "ip -n front address add 10.88.0.1/24 dev front0 && ip -n front link set front0 up && "
    "ip -n front link set front1 up && ip -n front link set lo up && "
    "ip -n back link set lo up && nsenter -n -t 1 ip link set lo up && "  # else IPVS takes no address for a host's
    '"$@"; status=$?; ip netns delete front; ip netns delete back; exit $status'
)
IN_SERVICE: Final = ["-A -t 10.88.0.100:80 -s rr", "-a -t 10.88.0.100:80 -r 10.88.0.2:80 -m -w 1"]
VIRTUAL_SERVER: Final = """
global_defs { lvs_timeouts tcp 1000
}
virtual_server 10.88.0.100 80 {
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    real_server 10.88.0.2 80 { weight 1
    }
    real_server 10.88.0.1 80 { weight 1
        TCP_CHECK { connect_timeout 1
            retry 0
            warmup 0
            delay_loop 1
        }
    }
}
"""


class Divided:
    """A daemon in the namespace `front` whose virtual servers are in another one."""

    def __init__(self, lab: Lab, keyword: str) -> None:
        self.host = lab.host("a", "10.99.0.1/24")
        text = f"net_namespace front\n{keyword}\n{config(255, interface='front0')}\n{VIRTUAL_SERVER}"
        path = self.host.write("divided.conf", text)
        self.daemon = self.host.start("sh", "-c", MADE, "sh", *lab.daemon, "-n", "-l", "-f", path)
        assert lab.within(60, lambda: "Startup complete" in self.daemon.log()), self.daemon.log()

    def says(self, *words: str) -> list[str]:
        """What a program says that sees the files as the daemon's parents do."""
        return sorted(self.host.command("nsenter", "-m", "-t", str(self.daemon.pid), *words).splitlines())

    def stay(self, *where: str) -> Process:
        """A process that keeps a namespace which loses its name."""
        return self.host.start("nsenter", "-m", "-t", str(self.daemon.pid), *where, "sleep", "60")

    def table(self, *where: str) -> list[str]:
        return self.says(*where, "ipvsadm", "-S", "-n")

    def stop(self) -> int:
        self.host.command("kill", self.host.read("keepalived/front/keepalived.pid").strip())
        return self.daemon.wait(20.0)


FRONT: Final = ("ip", "netns", "exec", "front")
BACK: Final = ("ip", "netns", "exec", "back")
FIRST: Final = ("nsenter", "-n", "-t", "1")


@pytest.mark.behaviour("PR-15")
@pytest.mark.parametrize(
    ("keyword", "there", "elsewhere"),
    [
        pytest.param("net_namespace_ipvs back", BACK, FIRST, id="one with a name"),
        pytest.param("net_namespace_ipvs", FIRST, BACK, id="without a name: that of the first process"),
    ],
)
def test_routers_are_in_one_namespace_and_services_in_another(
    keyword: str, there: tuple[str, ...], elsewhere: tuple[str, ...]
) -> None:
    with Lab() as lab:
        divided = Divided(lab, keyword)

        assert lab.within(20, lambda: VIP in "".join(divided.says("ip", "-n", "front", "address")))
        assert lab.within(20, lambda: divided.table(*there) == IN_SERVICE), divided.table(*there)
        assert divided.table(*FRONT) == divided.table(*elsewhere) == []
        assert "1000" in divided.says(*there, "ipvsadm", "-L", "--timeout")[0]
        assert "1000" not in divided.says(*FRONT, "ipvsadm", "-L", "--timeout")[0]
        assert VIP not in "".join(divided.says("ip", "-n", "back", "address"))
        assert not divided.host.holds(VIP)

        stays = divided.stay(*there)
        assert divided.stop() == 0, divided.daemon.log()

        assert divided.host.command("nsenter", "-n", "-t", str(stays.pid), "ipvsadm", "-S", "-n") == ""
        stays.kill()
