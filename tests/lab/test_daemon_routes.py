"""A running daemon's routes, rules and static addresses: held, taken away, over reloads, and at its end."""

import json
from itertools import count
from typing import Any

import pytest
from daemon_lab import RECORD, VIP, child_of, config, master, started

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

GATE = "10.99.0.2"
METRICS = count(1)
MORE = f"""
virtual_routes {{
    10.1.0.0/16 via {GATE} src {VIP}
    10.2.0.0/16 via {GATE} metric 5 table 100
    blackhole 10.3.0.0/16
    10.4.0.0/16 nexthop via {GATE} weight 3 nexthop via 10.99.0.3 dev eth0 weight 4
    10.5.0.0/16 via {GATE} no_track
    2001:db8:1::/48 via fe80::2 dev eth0
    2001:db8:2::/48 nexthop via fe80::2 dev eth0 nexthop via fe80::3 dev eth0
}}
virtual_rules {{
    from 10.1.0.0/16 table 100 preference 500
    to 10.2.0.0/16 dport 53 ipproto udp table 100
    inet6 from 2001:db8:1::/48 lookup 100 preference 501
}}
"""
STATIC = """
static_ipaddress {
    10.99.0.50/24 dev eth0
}
static_routes {
    10.7.0.0/16 via 10.99.0.2 dev eth0
}
static_rules {
    from 10.7.0.0/16 table 100 preference 700
}
"""


def routes(host: Host) -> set[str]:
    """The destinations of the routes with our mark, in all tables."""
    found: list[Any] = []
    for family in ("-4", "-6"):
        found += json.loads(
            host.command("ip", "-j", family, "route", "show", "table", "all", "proto", "18") or "[]"
        )
    return {each["dst"] for each in found}


def rules(host: Host) -> set[int]:
    """The preferences of the rules with our mark."""
    found: list[Any] = []
    for family in ("-4", "-6"):
        found += json.loads(host.command("ip", "-d", "-j", family, "rule") or "[]")
    return {each["priority"] for each in found if each.get("protocol") == "keepalived"}


def _listens(host: Host, monitor: Process) -> bool:
    """Whether the monitor sees what happens; a route of somebody else's shows it, another one each time."""
    host.command("ip", "route", "add", "10.200.0.0/16", "via", GATE, "metric", str(next(METRICS)))
    return "10.200.0.0/16" in monitor.log()


ALL = {
    "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16",
    "2001:db8:1::/48", "2001:db8:2::/48",
}  # fmt: skip
ALL_RULES = {500, 501, 16384}


def routing(lab: Lab, host: Host, more: str = MORE) -> Daemon:
    """A master with all of them."""
    daemon = master(lab, host, config(255, more=more))
    assert lab.within(20.0, lambda: routes(host) == ALL and rules(host) == ALL_RULES), daemon.log()
    return daemon


@pytest.mark.behaviour("SM-19", "SM-20", "AD-03", "AD-06", "AD-08", "AD-09", "AD-14")
def test_a_master_has_its_routes_and_rules_until_it_stops(lab: Lab, host: Host) -> None:
    daemon = routing(lab, host)

    daemon.stop()

    assert (routes(host), rules(host)) == (set(), set())
    assert "The kernel refuses" not in daemon.log()


@pytest.mark.behaviour("AD-14")
def test_with_v_all_stays_at_the_stop_and_the_next_start_goes_on_with_it(lab: Lab, host: Host) -> None:
    """Nobody says goodbye: who is started again before the others miss him keeps the addresses away from them."""
    text = config(255, more=MORE + "use_vmac vip.51\n")
    with lab.capture() as capture:
        daemon = master(lab, host, text, "-V")
        assert lab.within(20.0, lambda: routes(host) == ALL and rules(host) == ALL_RULES), daemon.log()
        assert daemon.stop() == 0
        assert 0 not in {advert.priority for _, advert in capture.adverts(51)}
    assert host.holds(VIP)
    assert (routes(host), rules(host)) == (ALL, ALL_RULES)
    assert "vip.51" in host.command("ip", "link")

    again = master(lab, host, text)
    assert lab.within(20.0, lambda: routes(host) == ALL and rules(host) == ALL_RULES), again.log()
    again.stop()

    assert (host.holds(VIP), routes(host), rules(host)) == (False, set(), set())
    assert "vip.51" not in host.command("ip", "link")


@pytest.mark.behaviour("TR-21")
@pytest.mark.parametrize(
    ("words", "back"),
    [
        pytest.param("-4 route delete 10.1.0.0/16", "10.1.0.0/16", id="a route"),
        pytest.param("-4 route delete 10.2.0.0/16 table 100", "10.2.0.0/16", id="one of another table"),
        pytest.param("-4 route delete blackhole 10.3.0.0/16", "10.3.0.0/16", id="a black hole"),
        pytest.param("-4 route delete 10.4.0.0/16", "10.4.0.0/16", id="one with two ways"),
        pytest.param("-4 route replace 10.1.0.0/16 via 10.99.0.9", "10.1.0.0/16", id="one that is replaced"),
        pytest.param("-6 route delete 2001:db8:1::/48", "2001:db8:1::/48", id="an IPv6 route"),
        pytest.param(
            "-6 route delete 2001:db8:2::/48 via fe80::3 dev eth0", "2001:db8:2::/48", id="one way of two"
        ),
    ],
)
def test_a_route_removed_by_hand_is_put_back(lab: Lab, host: Host, words: str, back: str) -> None:
    daemon = routing(lab, host)

    host.command("ip", *words.split())

    assert lab.within(20.0, lambda: f"{back}" in daemon.log() and "answer=" in daemon.log())
    assert lab.within(20.0, lambda: routes(host) == ALL)
    ways = host.command("ip", "-6", "route", "show", "2001:db8:2::/48")
    assert "fe80::2" in ways
    assert "fe80::3" in ways


@pytest.mark.behaviour("TR-21")
@pytest.mark.parametrize(
    "words",
    ["-4 rule delete preference 500", "-4 rule delete preference 16384", "-6 rule delete preference 501"],
)
def test_a_rule_removed_by_hand_is_put_back(lab: Lab, host: Host, words: str) -> None:
    daemon = routing(lab, host)

    host.command("ip", *words.split())

    assert lab.within(20.0, lambda: "was removed by somebody else" in daemon.log())
    assert lab.within(20.0, lambda: rules(host) == ALL_RULES)


@pytest.mark.behaviour("TR-21")
def test_a_route_with_no_track_is_left_away(lab: Lab, host: Host) -> None:
    daemon = routing(lab, host)

    host.command("ip", "route", "delete", "10.5.0.0/16")

    assert lab.within(20.0, lambda: "left away" in daemon.log())
    assert routes(host) == ALL - {"10.5.0.0/16"}


def test_routes_that_go_with_an_address_without_a_word_are_put_back(lab: Lab, host: Host) -> None:
    """The kernel drops IPv4 routes whose source address goes, and does not tell."""
    routing(lab, host)

    host.command("ip", "address", "delete", f"{VIP}/24", "dev", "eth0")

    assert lab.within(20.0, lambda: host.holds(VIP) and routes(host) == ALL)


def test_a_reload_changes_what_differs(lab: Lab, host: Host) -> None:
    daemon = routing(lab, host)
    other = MORE.replace("10.3.0.0/16", "10.6.0.0/16").replace("preference 500", "preference 499")
    monitor = host.start("ip", "monitor", "route", "rule")
    assert lab.within(20.0, lambda: _listens(host, monitor))

    daemon.reload(config(255, more=other))

    wanted = ALL - {"10.3.0.0/16"} | {"10.6.0.0/16"}
    assert lab.within(20.0, lambda: routes(host) == wanted and rules(host) == {499, 501, 16384})
    assert lab.within(20.0, lambda: "10.6.0.0/16" in monitor.log()), monitor.log()
    assert "10.1.0.0/16 via" not in monitor.log(), "what stays is not touched"


@pytest.mark.behaviour("AD-13")
def test_what_a_killed_daemon_left_is_removed_without_noise(lab: Lab, host: Host) -> None:
    daemon = routing(lab, host)
    daemon.kill()
    assert routes(host) == ALL

    another = started(lab, host, config(1, more=MORE, interval="10"))  # it is a backup for half a minute

    assert lab.within(20.0, lambda: not routes(host) and not rules(host))
    assert "refuses" not in another.log()


def left_behind(lab: Lab, host: Host) -> None:
    """A killed daemon's address, routes, rules, static things, interface and table of the firewall."""
    before = "global_defs {\nnftables blue\n}\n" + STATIC
    daemon = master(lab, host, before + config(255, more=MORE + "use_vmac vip.51\n"))
    everything = ALL | {"10.7.0.0/16"}
    assert lab.within(20.0, lambda: routes(host) == everything and "ip blue" in tables(host)), daemon.log()
    daemon.kill()
    assert routes(host) == everything


def tables(host: Host) -> str:
    return host.command("nft", "list", "tables")


def nothing_is_left(host: Host) -> bool:
    addresses = host.holds("10.99.0.50") or host.holds(VIP)
    tables_ = "blue" in tables(host)
    return not (routes(host) or rules(host) or addresses or tables_ or "vip.51" in host.command("ip", "link"))


def test_what_a_killed_daemon_left_goes_also_if_the_configuration_names_it_no_more(
    lab: Lab, host: Host
) -> None:
    left_behind(lab, host)

    another = started(lab, host, config(1, ["10.99.0.120/24"]))

    assert lab.within(20.0, lambda: nothing_is_left(host)), another.log()
    assert "refuses" not in another.log()
    assert lab.within(20.0, lambda: host.read("standfastd.kernel") == "")


def test_what_a_killed_daemon_left_goes_also_if_there_is_nothing_to_run(lab: Lab, host: Host) -> None:
    left_behind(lab, host)

    another = host.run("global_defs {\n}\n")

    assert lab.within(20.0, lambda: nothing_is_left(host)), another.log()
    records = (RECORD, "standfastd.interfaces", "standfastd.kernel")
    assert lab.within(20.0, lambda: [host.read(record) for record in records] == [""] * 3)


@pytest.mark.behaviour("AD-10")
def test_what_is_static_is_there_from_start_to_stop(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, STATIC + config(1))

    assert lab.within(20.0, lambda: host.holds("10.99.0.50") and routes(host) == {"10.7.0.0/16"})
    assert lab.within(20.0, lambda: rules(host) == {700})
    host.command("ip", "link", "set", "eth0", "down")
    assert routes(host) == set()
    host.command("ip", "link", "set", "eth0", "up")
    assert lab.within(20.0, lambda: routes(host) == {"10.7.0.0/16"})
    host.command("ip", "address", "delete", "10.99.0.50/24", "dev", "eth0")
    assert lab.within(20.0, lambda: host.holds("10.99.0.50"))
    daemon.stop()
    assert (routes(host), rules(host), host.holds("10.99.0.50")) == (set(), set(), False)


@pytest.mark.behaviour("AD-11")
def test_a_static_route_that_cannot_be_kept_is_a_fault_of_its_track_group(lab: Lab, host: Host) -> None:
    text = """
    track_group TG { group { VI_1 } }
    static_routes { 10.7.0.0/16 via 10.55.0.1 track_group TG }
    """
    daemon = started(lab, host, text.replace("{", "{\n").replace("}", "\n}\n") + config(150))
    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log()), daemon.log()

    host.command("ip", "address", "add", "10.55.0.9/24", "dev", "eth0")

    assert lab.within(20.0, lambda: "Entering MASTER STATE" in daemon.log()), daemon.log()
    assert lab.within(20.0, lambda: routes(host) == {"10.7.0.0/16"})
    assert child_of(host)
