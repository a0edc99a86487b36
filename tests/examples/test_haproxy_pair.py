"""examples/haproxy-pair: the address is where HAProxy runs."""

from example_lab import PATIENCE, Example, Machine, needs, visit, web
from service_nodes import haproxy

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP = "192.0.2.100"


def test_visitors_reach_the_servers_while_one_haproxy_runs(lab: Lab) -> None:
    needs("haproxy")
    example = Example(lab, "haproxy-pair")
    client = lab.host("client", "192.0.2.50/24")
    for number in (1, 2):
        web(lab.host(f"web-{number}", f"192.0.2.1{number}/24"), f"web-{number}")
    first, second = (_node(example, number) for number in (1, 2))
    assert proxied_by(lab, client, "node-1")
    assert lab.within(PATIENCE, lambda: {visit(client, VIP)[1] for _ in range(4)} == {"web-1", "web-2"})

    first.kill("haproxy")
    assert proxied_by(lab, client, "node-2"), "HAProxy on node-1 is dead"
    haproxy(first)
    assert proxied_by(lab, client, "node-1"), "HAProxy on node-1 runs again"
    first.power_off()
    assert proxied_by(lab, client, "node-2"), "node-1 is dead"
    assert second.holds(VIP)


def proxied_by(lab: Lab, client: Host, name: str) -> bool:
    """Whether visitors come to be led to the servers by this node."""
    return lab.within(PATIENCE, lambda: f"x-proxy: {name}" in visit(client, VIP)[0].lower())


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    machine.put("90-nonlocal-bind.conf", "/etc/sysctl.d/90-nonlocal-bind.conf")
    machine.command("sysctl", "--quiet", "--load=/etc/sysctl.d/90-nonlocal-bind.conf")
    haproxy(machine)
    machine.serve()
    return machine
