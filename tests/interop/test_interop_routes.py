"""The same configuration leaves the same routes and rules, whether Keepalived runs it or we do."""

import json
from typing import Any

import pytest
from daemon_lab import VIP

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

# What Keepalived refuses by mistake (AD-08, AD-09) stands in none of it; a route without a gateway says its
# scope, for Debian's version gives it `global` where `ip route` and later versions say `link`.
TEXT = f"""vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 51
    version 3
    priority 200
    advert_int 0.1
    virtual_ipaddress {{
        {VIP}/24
    }}
    virtual_routes {{
        10.1.0.0/16 via 10.99.0.2
        10.2.0.0/16 dev eth0 scope link
        10.3.0.0/16 via 10.99.0.2 metric 5 tos 16 table 100
        10.4.0.0/16 via 10.99.0.2 rtt 3000 rttvar 2000 rto_min 500 mtu lock 1400
        10.5.0.0/16 via 10.99.0.2 rtt 300ms rttvar 400ms rto_min 2s
        blackhole 10.6.0.0/16
        unreachable 10.7.0.0/16 metric 7
        prohibit 10.16.0.0/16
        10.8.0.0/16 nexthop via 10.99.0.2 weight 3 nexthop via 10.99.0.3 dev eth0 weight 4 onlink
        throw 10.10.0.0/16 table 100
        10.11.0.0/16 via 10.99.0.2 realms 3/4
        10.12.0.0/16 via 10.99.0.2 src {VIP} initcwnd 10 features ecn quickack 1 congctl reno
        10.13.0.0/16 via 10.99.0.2 protocol static no_track
        10.14.0.0/16 via 10.99.0.2 encap ip id 5 dst 10.99.0.9 ttl 7 tos 4
        10.15.0.0/16 via 10.99.0.2 hoplimit 5 window 1000 cwnd 10 ssthresh 20 reordering 5 advmss 500 initrwnd 9
        default via 10.99.0.2
        2001:db8:1::/48 via fe80::2 dev eth0
        2001:db8:2::/48 via fe80::2 dev eth0 metric 5 pref high
        blackhole 2001:db8:3::/48
        2001:db8:4::/48 nexthop via fe80::2 dev eth0 weight 2 nexthop via fe80::3 dev eth0
        2001:db8:5::/48 from 2001:db8:9::/48 via fe80::2 dev eth0
    }}
    virtual_rules {{
        from 10.1.0.0/16 table 100
        to 10.2.0.0/16 table main
        from 10.3.0.0/16 fwmark 5/15 tos 8 iif eth0 oif eth0 table 100 preference 500
        from 10.4.0.0/16 blackhole preference 501
        from 10.4.0.0/16 goto 600 preference 502
        from 10.4.0.0/16 nop preference 503
        from 10.4.0.0/16 ipproto tcp sport 10-20 dport 5-6 uidrange 4-5 table main preference 504
        from 10.4.0.0/16 realms 3/4 suppress_prefixlength 3 suppress_ifgroup 5 tunnel-id 7 table 100 preference 506
        not from 10.5.0.0/16 prohibit preference 507
        fwmark 5 table 100 preference 509
        from 2001:db8:3::/48 table 100
        from 2001:db8:4::/48 unreachable preference 510
    }}
}}"""


@pytest.mark.behaviour("AD-03", "AD-05", "AD-06")
def test_the_same_configuration_leaves_the_same_routes_and_rules(lab: Lab) -> None:
    ours, theirs = lab.host("a", "10.99.0.1/24"), lab.host("b", "10.98.0.1/24")
    theirs.command("ip", "address", "replace", "10.99.0.1/24", "dev", "eth0")
    theirs.separate()

    one, other = ours.run(TEXT), theirs.keepalived(TEXT)

    for host in (ours, theirs):
        assert lab.within(20.0, lambda host=host: _rules(host) and host.holds(VIP)), one.log() + other.log()  # type: ignore[misc]
    lab.within(20.0, lambda: _routes(ours) == _routes(theirs))
    assert _routes(ours) == _routes(theirs)
    assert _rules(ours) == _rules(theirs)
    assert len(_routes(ours)) == 21
    assert len(_rules(ours)) == 12


def _routes(host: Host) -> list[Any]:
    found = [
        each
        for family in ("-4", "-6")
        for protocol in ("18", "static")
        for each in json.loads(
            host.command("ip", "-d", "-j", family, "route", "show", "table", "all", "proto", protocol) or "[]"
        )
    ]
    return sorted(found, key=lambda each: str(each["dst"]))


def _rules(host: Host) -> list[Any]:
    found = [
        each for family in ("-4", "-6") for each in json.loads(host.command("ip", "-d", "-j", family, "rule"))
    ]
    return [each for each in found if each.get("protocol") == "keepalived"]
