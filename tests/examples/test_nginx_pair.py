"""examples/nginx-pair: the address is where nginx works."""

from example_lab import PATIENCE, Example, Machine, fetch, needs
from service_nodes import nginx

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP = "192.0.2.100"


def test_visitors_are_served_while_one_nginx_works(lab: Lab) -> None:
    needs("nginx", "curl")
    example = Example(lab, "nginx-pair")
    client = lab.host("client", "192.0.2.50/24")
    first, second = (_node(example, number) for number in (1, 2))
    assert served_by(lab, client, "node-1")

    first.kill("nginx")
    assert served_by(lab, client, "node-2"), "nginx on node-1 is dead"
    nginx(first)
    assert served_by(lab, client, "node-1"), "nginx on node-1 works again"
    first.power_off()
    assert served_by(lab, client, "node-2"), "node-1 is dead"
    assert second.holds(VIP)


def served_by(lab: Lab, client: Host, name: str) -> bool:
    """Whether visitors come to be served by this node."""
    return lab.within(PATIENCE, lambda: fetch(client, VIP) == name)


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    nginx(machine)
    machine.script_user()
    machine.put("check-nginx", "/etc/keepalived/check-nginx")
    machine.serve()
    return machine
