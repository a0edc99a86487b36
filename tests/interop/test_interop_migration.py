"""A pair goes from one program to the other, host by host, as docs/migrating.md says, while clients ask."""

from itertools import pairwise

import pytest
from mixed import KEEPALIVED, STANDFAST, VIP, Party, holders, instance, join, speakers

from standfast.base.times import SECOND, seconds
from standfast.lab.clock import now, within
from standfast.lab.lab import Lab
from standfast.lab.probe import Probe

PRIORITIES = {"a": 150, "b": 100}
SILENCE = {2: 3.61, 3: 1.81}  # that "b" waits for when nobody says goodbye


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(KEEPALIVED, STANDFAST, id="to standfast"),
        pytest.param(STANDFAST, KEEPALIVED, id="and back"),
    ],
)
def test_host_by_host_with_one_failover_and_one_master(
    lab: Lab, before: str, after: str, version: int
) -> None:
    hosts = {name: lab.host(name, f"10.99.0.{number}/24") for number, name in enumerate("ab", start=1)}
    client = lab.host("client", "10.99.0.9/24")

    def run(name: str, program: str) -> Party:
        return join(lab, hosts[name], program, instance(PRIORITIES[name], version=version))

    def moves_to(name: str) -> bool:
        return lab.within(20.0, lambda: holders(hosts.values()) == [name])

    def stays_at(name: str) -> bool:
        return not within(SILENCE[version] + 1.0, lambda: holders(hosts.values()) != [name])

    first = {name: run(name, before) for name in "ab"}
    assert moves_to("a")
    assert stays_at("a")
    with lab.capture() as capture, client.probe(VIP, every=seconds("0.01")) as probe:
        begun = now()
        first["b"].daemon.stop()
        backup = run("b", after)
        assert lab.within(20.0, lambda: "tartup complete" in backup.daemon.log())
        assert stays_at("a"), "the backup was replaced, and that was noticed"

        first["a"].daemon.stop()
        assert moves_to("b")
        run("a", after)
        assert moves_to("a")
        assert stays_at("a")
        said = speakers(capture, list(hosts.values()), since=begun)

    assert said == ["a", "b", "a"], "two were master for more than a moment"
    assert longest_gap(probe) < min(SILENCE[version], 3.0), "a goodbye was not heard"


def longest_gap(probe: Probe) -> float:
    """The longest time, in seconds, in which no question was answered."""
    answers = sorted(each.answered_at for each in probe.questions if each.answered_at is not None)
    return max(later - earlier for earlier, later in pairwise(answers)) / SECOND
