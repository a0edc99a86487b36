"""examples/two-routers: the address is on one of two hosts."""

from example_lab import Example

from standfast.lab.clock import now
from standfast.lab.lab import Lab

VIP = "192.0.2.100"


def test_the_address_answers_although_its_host_dies(lab: Lab) -> None:
    example = Example(lab, "two-routers")
    client = lab.host("client", "192.0.2.50/24")
    first, second = (example.machine(f"node-{n}", f"192.0.2.{n}/24") for n in (1, 2))
    for machine in (first, second):
        machine.serve()
    assert example.moves_to(first, VIP)

    with client.probe(VIP) as probe:
        started = now()
        assert lab.within(20.0, lambda: probe.answers_since(started))
        first.power_off()

        assert lab.within(20.0, lambda: second.holds(f"{VIP}/24"))
        moved = now()
        assert lab.within(20.0, lambda: probe.answers_since(moved))
