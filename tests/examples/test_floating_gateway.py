"""examples/floating-gateway: clients reach the other side of a gateway that is on one of two routers."""

import pytest
from example_lab import PATIENCE, Example, Machine, lay

from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.probe import Probe

INSIDE = ("192.0.2.1", "2001:db8:1::1")
OUTSIDE = ("198.51.100.1", "2001:db8:2::1")
FAR, FAR6 = "198.51.100.80", "2001:db8:2::80"
VIRTUAL_MAC = "00:00:5e:00:01:33"  # of router 51, IPv4 (RFC 9568, section 7.3)


@pytest.mark.parametrize(
    ("file", "virtual"),
    [
        pytest.param("keepalived.conf", False, id="with the MAC addresses of the routers"),
        pytest.param("keepalived-vmac.conf", True, id="with the virtual router's own MAC address"),
    ],
)
def test_the_other_side_is_reached_whatever_happens_to_a_router(
    lab: Lab, file: str, *, virtual: bool
) -> None:
    lab.switch("uplink")
    example = Example(lab, "floating-gateway")
    client, _ = _client(lab), _server(lab)
    first, second = (_router(example, number, file) for number in (1, 2))
    assert example.moves_to(first, *INSIDE, *OUTSIDE)

    with client.probe(FAR) as probe, client.probe(FAR6) as probe6:
        reaches(lab, probe, probe6)
        before = _gateway_mac(client)

        first.host.unplug("eth1")
        assert example.moves_to(second, *INSIDE, *OUTSIDE), "both sides move although one cable is out"
        reaches(lab, probe, probe6)
        assert (_gateway_mac(client) == before) is virtual

        first.host.plug("eth1")
        assert example.moves_to(first, *INSIDE, *OUTSIDE), "the cable is back"
        reaches(lab, probe, probe6)

        first.power_off()
        assert lab.within(PATIENCE, lambda: second.holds(*INSIDE, *OUTSIDE)), "node-1 is dead"
        reaches(lab, probe, probe6)
    assert (before == VIRTUAL_MAC) is virtual


def reaches(lab: Lab, *probes: Probe) -> None:
    """From now on, answers come over both families."""
    moment = now()
    assert lab.within(PATIENCE, lambda: all(probe.answers_since(moment) for probe in probes))


def _router(example: Example, number: int, file: str) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number + 1}/24", f"2001:db8:1::{number + 1}/64")
    machine.host.connect("eth1", "uplink", [f"198.51.100.{number + 1}/24", f"2001:db8:2::{number + 1}/64"])
    machine.put("90-forwarding.conf", "/etc/sysctl.d/90-forwarding.conf")
    machine.command("sysctl", "--quiet", "--load=/etc/sysctl.d/90-forwarding.conf")
    machine.serve(f"{machine.name}/{file}")
    return machine


def _client(lab: Lab) -> Host:
    client = lab.host("client", "192.0.2.50/24", "2001:db8:1::50/64")
    client.command("ip", "route", "add", "default", "via", "192.0.2.1")
    client.command("ip", "-6", "route", "add", "default", "via", "fe80::1", "dev", "eth0")
    return client


def _server(lab: Lab) -> Host:
    server = lab.host("server")
    lay(server, "uplink", f"{FAR}/24", f"{FAR6}/64")
    server.command("ip", "route", "add", "192.0.2.0/24", "via", "198.51.100.1")
    server.command("ip", "-6", "route", "add", "2001:db8:1::/64", "via", "2001:db8:2::1")
    return server


def _gateway_mac(client: Host) -> str:
    return client.command("ip", "neighbour", "show", "192.0.2.1").partition("lladdr ")[2].split(" ")[0]
