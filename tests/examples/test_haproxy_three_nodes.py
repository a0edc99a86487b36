"""examples/haproxy-three-nodes: 66 addresses on three nodes, and on those that are left."""

from collections import Counter

from example_lab import PATIENCE, Example, Machine, needs, visit, web
from service_nodes import haproxy

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

FIRST, SECOND, THIRD = (
    tuple(f"192.0.2.{last}" for last in range(start, start + 22)) for start in (101, 123, 145)
)


def test_every_address_is_served_while_one_node_works(lab: Lab) -> None:
    needs("haproxy", "curl")
    example = Example(lab, "haproxy-three-nodes")
    client = lab.host("client", "192.0.2.50/24")
    for number in (1, 2):
        web(lab.host(f"web-{number}", f"192.0.2.1{number}/24"), f"web-{number}")
    one, two, _ = (_node(example, number) for number in (1, 2, 3))
    assert served_by(lab, client, 1, 2, 3)

    one.kill("haproxy")
    assert served_by(lab, client, 2, 2, 3), "HAProxy on node-1 is dead: node-2 takes what it had"
    haproxy(one)
    assert served_by(lab, client, 1, 2, 3), "it runs again"
    two.power_off()
    assert served_by(lab, client, 1, 3, 3), "node-2 is dead: node-3 takes what it had"
    one.power_off()
    assert served_by(lab, client, 3, 3, 3), "node-3 is alone"


def served_by(lab: Lab, client: Host, *numbers: int) -> bool:
    """Whether the three parts of the addresses come to be served by these nodes, each address of them."""
    wanted = [Counter({f"node-{number}": 22}) for number in numbers]
    return lab.within(PATIENCE, lambda: [_of(client, part) for part in (FIRST, SECOND, THIRD)] == wanted)


def _of(client: Host, addresses: tuple[str, ...]) -> Counter[str]:
    """How many of these addresses are served by which node."""
    answers = Counter[str]()
    for address in addresses:
        head, page = visit(client, address)
        if not page:
            break  # nobody is there yet; the others would be waited for in vain, too
        answers[head.lower().partition("x-proxy: ")[2].partition("\r\n")[0]] += 1
    return answers


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    haproxy(machine)
    machine.script_user()
    machine.put("check-haproxy", "/etc/keepalived/check-haproxy")
    machine.serve("keepalived.conf")
    return machine
