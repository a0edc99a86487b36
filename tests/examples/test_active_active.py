"""examples/active-active: each of two nodes has an address of its own, and both when it is alone."""

from example_lab import PATIENCE, Example, Machine, fetch, web

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

FIRST, SECOND = "192.0.2.101", "192.0.2.102"


def served_by(lab: Lab, client: Host, *names: str) -> bool:
    """Whether visitors of the two addresses come to be served by these nodes."""
    return lab.within(PATIENCE, lambda: (fetch(client, FIRST), fetch(client, SECOND)) == names)


def test_visitors_are_served_by_both_and_by_whoever_is_left(lab: Lab) -> None:
    example = Example(lab, "active-active")
    client = lab.host("client", "192.0.2.50/24")
    one, two = (_node(example, number) for number in (1, 2))
    assert served_by(lab, client, "node-1", "node-2"), "each its own"

    one.standfast("maintenance", "on", "--force")
    assert served_by(lab, client, "node-2", "node-2"), "maintenance of node-1"
    one.standfast("maintenance", "off")
    assert served_by(lab, client, "node-1", "node-2"), "node-1 is back"
    two.power_off()
    assert served_by(lab, client, "node-1", "node-1"), "node-2 is dead"


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    web(machine, machine.name)
    machine.serve()
    return machine
