"""examples/bfd-failover: a gateway moves when its uplink falls silent, although every cable is in."""

from example_lab import PATIENCE, Example, Machine, lay, needs

from standfast.base.times import SECOND, between
from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

INSIDE, OUTSIDE = "192.0.2.254/24", "198.51.100.253/24"
FAR = "198.51.100.254"
# 0.15 s and 0.12 s as configured, and time for a busy machine; at the pace of its beginning a session takes three.
FAST = 3 * SECOND


def test_the_gateway_moves_when_the_uplink_is_silent(lab: Lab) -> None:
    needs("bird")
    lab.switch("uplink")
    example = Example(lab, "bfd-failover")
    client = lab.host("client", "192.0.2.50/24")
    client.command("ip", "route", "add", "default", "via", "192.0.2.254")
    _upstream(lab, example)
    first, second = (_node(example, number) for number in (1, 2))
    assert example.moves_to(first, INSIDE, OUTSIDE)

    with client.probe(FAR) as probe:
        started = now()
        assert lab.within(PATIENCE, lambda: probe.answers_since(started))
        first.host.separate("eth1")
        cut = now()
        assert example.moves_to(second, INSIDE, OUTSIDE)
        moved = now()
        assert lab.within(PATIENCE, lambda: probe.answers_since(moved))
        first.host.rejoin("eth1")
        assert example.moves_to(first, INSIDE, OUTSIDE), "the uplink of node-1 works again"
        back = now()
        assert lab.within(PATIENCE, lambda: probe.answers_since(back))
    assert between(cut, moved) < FAST


def _upstream(lab: Lab, example: Example) -> Host:
    router = lab.host("upstream")
    lay(router, "uplink", f"{FAR}/24")
    router.command("ip", "route", "add", "192.0.2.0/24", "via", "198.51.100.253")
    path = router.write("bird.conf", (example.folder / "upstream-bird.conf").read_text())
    router.start("bird", "-f", "-c", path, "-s", "/run/bird.ctl", "-P", "/run/bird.pid")
    return router


def _node(example: Example, number: int) -> Machine:
    machine = example.machine(f"node-{number}", f"192.0.2.{number}/24")
    machine.host.connect("eth1", "uplink", [f"198.51.100.{number}/24"])
    machine.put("90-forwarding.conf", "/etc/sysctl.d/90-forwarding.conf")
    machine.command("sysctl", "--quiet", "--load=/etc/sysctl.d/90-forwarding.conf")
    machine.serve()
    return machine
