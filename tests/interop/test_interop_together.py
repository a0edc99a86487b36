"""Standfast and Debian's Keepalived in one group: what moves the one moves the other, in both directions."""

import pytest
from mixed import KEEPALIVED, STANDFAST, VIP, holders, instance, join, speakers

from standfast.lab.clock import now, within
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

SECOND_VIP = "10.98.0.100"

both_ways = pytest.mark.parametrize(
    ("strong", "weak"),
    [
        pytest.param(STANDFAST, KEEPALIVED, id="standfast is stronger"),
        pytest.param(KEEPALIVED, STANDFAST, id="keepalived is stronger"),
    ],
)


def pair(lab: Lab) -> tuple[Host, Host]:
    return lab.host("a", "10.99.0.1/24"), lab.host("b", "10.99.0.2/24")


# ---- sync groups


def grouped(priority: int) -> str:
    group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n"
    other = instance(priority, name="VI_2", vrid=52, interface="eth1", addresses=[SECOND_VIP])
    return instance(priority) + other + group


@pytest.mark.behaviour("SG-03")
@both_ways
def test_a_group_that_loses_one_link_moves_whole_and_comes_back(lab: Lab, strong: str, weak: str) -> None:
    hosts = pair(lab)
    lab.switch("other")
    for number, host in enumerate(hosts, start=1):
        host.connect("eth1", "other", [f"10.98.0.{number}/24"])
    join(lab, hosts[0], strong, grouped(150))
    join(lab, hosts[1], weak, grouped(100))

    def both_at(name: str) -> bool:
        return holders(hosts) == holders(hosts, SECOND_VIP) == [name]

    assert lab.within(20.0, lambda: both_at("a"))
    hosts[0].unplug("eth1")
    assert lab.within(20.0, lambda: both_at("b")), "the instance on the link that is well stayed behind"
    hosts[0].plug("eth1")
    assert lab.within(20.0, lambda: both_at("a"))


# ---- tracking


def tracking(priority: int) -> str:
    """A file that is there makes the host 30 stronger."""
    return (
        "global_defs {\nscript_user root\nenable_script_security\n}\n"
        'vrrp_script well {\nscript "/usr/bin/test -e /run/well"\ninterval 1\nweight 30\n'
        "rise 1\nfall 1\n}\n" + instance(priority, more="track_script {\nwell\n}")
    )


@pytest.mark.behaviour("TR-22")
@both_ways
def test_a_script_that_fails_on_either_side_moves_the_address(lab: Lab, strong: str, weak: str) -> None:
    hosts = pair(lab)
    for host in hosts:
        host.write("well", "")
    with lab.capture() as capture:
        join(lab, hosts[0], strong, tracking(120))
        join(lab, hosts[1], weak, tracking(100))
        assert lab.within(20.0, lambda: holders(hosts) == ["a"])
        assert lab.within(20.0, lambda: 150 in {advert.priority for _, advert in capture.adverts(51)})

        hosts[0].command("rm", "/run/well")
        assert lab.within(20.0, lambda: holders(hosts) == ["b"])
        assert lab.within(20.0, lambda: capture.adverts(51)[-1][1].priority == 130)

        hosts[1].command("rm", "/run/well")
        assert lab.within(20.0, lambda: holders(hosts) == ["a"])
        assert lab.within(20.0, lambda: capture.adverts(51)[-1][1].priority == 120)


# ---- what differs


@both_ways
def test_versions_that_differ_do_not_hear_each_other_and_we_say_so(lab: Lab, strong: str, weak: str) -> None:
    hosts = pair(lab)
    versions = {STANDFAST: 3, KEEPALIVED: 2}
    parties = {
        program: join(lab, host, program, instance(priority, version=versions[program]))
        for host, program, priority in ((hosts[0], strong, 150), (hosts[1], weak, 100))
    }

    assert lab.within(20.0, lambda: holders(hosts) == ["a", "b"])
    assert lab.within(20.0, lambda: "version" in parties[STANDFAST].daemon.log())


@both_ways
def test_another_list_of_addresses_is_told_and_the_advert_counts(lab: Lab, strong: str, weak: str) -> None:
    """Keepalived refuses an advert with another list, and is master beside us; we use it, and tell (WI-12)."""
    hosts = pair(lab)
    lists = {STANDFAST: [VIP], KEEPALIVED: [VIP, "10.99.0.101"]}
    parties = {
        program: join(lab, host, program, instance(priority, addresses=lists[program]))
        for host, program, priority in ((hosts[0], strong, 150), (hosts[1], weak, 100))
    }

    wanted = ["a"] if weak == STANDFAST else ["a", "b"]
    assert lab.within(20.0, lambda: holders(hosts) == wanted)
    assert lab.within(20.0, lambda: "10.99.0.101" in parties[STANDFAST].daemon.log())
    assert not within(2.0, lambda: holders(hosts) != wanted)


# ---- three of them


def three(lab: Lab) -> tuple[Host, ...]:
    return tuple(lab.host(name, f"10.99.0.{number}/24") for number, name in enumerate("abc", start=1))


@pytest.mark.parametrize(
    "programs",
    [
        pytest.param((STANDFAST, KEEPALIVED, STANDFAST), id="keepalived between"),
        pytest.param((KEEPALIVED, STANDFAST, KEEPALIVED), id="standfast between"),
    ],
)
def test_of_three_the_next_in_rank_follows_each_time(lab: Lab, programs: tuple[str, str, str]) -> None:
    hosts = three(lab)
    with lab.capture() as capture:
        parties = [
            join(lab, host, program, instance(priority))
            for host, program, priority in zip(hosts, programs, (150, 120, 100), strict=True)
        ]
        assert lab.within(20.0, lambda: holders(hosts) == ["a"])
        parted_at = now()
        hosts[0].separate()
        assert lab.within(20.0, lambda: holders(hosts[1:]) == ["b"])
        parties[1].daemon.stop()
        assert lab.within(20.0, lambda: holders(hosts[1:]) == ["c"])
        assert speakers(capture, hosts[1:], since=parted_at)[-2:] == ["b", "c"]


@pytest.mark.parametrize(
    ("programs", "interval"),
    [
        pytest.param((STANDFAST, STANDFAST, STANDFAST), "0.5", id="three of us"),
        pytest.param((STANDFAST, KEEPALIVED, STANDFAST), "1", id="a backup is keepalived"),
        pytest.param((KEEPALIVED, STANDFAST, STANDFAST), "0.5", id="the master is keepalived"),
    ],
)
def test_a_list_that_changes_from_host_to_host_leaves_one_master(
    lab: Lab, programs: tuple[str, str, str], interval: str
) -> None:
    """One second apart, the weakest first: then old and new lists stand beside each other for two seconds.

    A backup that is Keepalived does not count adverts with another list than its own (WI-12), and has the patience
    for that only with an interval of a second.
    """
    hosts = three(lab)
    priorities = (150, 120, 100)
    parties = [
        join(lab, host, program, instance(priority, interval=interval))
        for host, program, priority in zip(hosts, programs, priorities, strict=True)
    ]
    assert lab.within(20.0, lambda: holders(hosts) == ["a"])
    assert lab.within(20.0, lambda: all("tartup complete" in party.daemon.log() for party in parties))
    with lab.capture() as capture:
        begun = now()
        for party, priority in reversed(list(zip(parties, priorities, strict=True))):
            lists = [VIP, "10.99.0.101"]
            party.daemon.reload(instance(priority, addresses=lists, interval=interval))
            assert not within(1.0, lambda: holders(hosts) != ["a"])

        assert lab.within(20.0, lambda: holders(hosts, "10.99.0.101") == ["a"])
        assert speakers(capture, hosts, since=begun) == ["a"]
