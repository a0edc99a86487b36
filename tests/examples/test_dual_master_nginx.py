"""examples/dual-master-nginx: 24 addresses, half of them on each of two nodes that work."""

from collections import Counter

from example_lab import PATIENCE, Example, Machine, fetch, needs
from service_nodes import nginx

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

ADDRESSES = tuple(f"192.0.2.{last}" for last in range(101, 125))
BOTH, ONLY_2 = Counter({"node-1": 12, "node-2": 12}), Counter({"node-2": 24})


def test_every_address_is_served_while_one_nginx_works(lab: Lab) -> None:
    needs("nginx", "curl")
    example = Example(lab, "dual-master-nginx")
    client = lab.host("client", "192.0.2.50/24")
    first, _ = (_node(example, number) for number in (1, 2))
    assert served(lab, client, BOTH)
    assert fetch(client, ADDRESSES[0]) == "node-1"
    assert fetch(client, ADDRESSES[-1]) == "node-2"

    first.kill("nginx")
    assert served(lab, client, ONLY_2), "nginx on node-1 is dead"
    nginx(first)
    assert served(lab, client, BOTH), "nginx on node-1 works again"
    first.power_off()
    assert served(lab, client, ONLY_2), "node-1 is dead"


def served(lab: Lab, client: Host, shares: Counter[str]) -> bool:
    """Whether each node comes to serve its share of the addresses."""
    return lab.within(PATIENCE, lambda: _at_once(client) == shares)


def _at_once(client: Host) -> Counter[str]:
    answers = Counter[str]()
    for address in ADDRESSES:
        if not (name := fetch(client, address)):
            break  # nobody is there yet; the others would be waited for in vain, too
        answers[name] += 1
    return answers


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    nginx(machine)
    machine.script_user()
    machine.put("check-nginx", "/etc/keepalived/check-nginx")
    machine.serve("keepalived.conf")
    return machine
