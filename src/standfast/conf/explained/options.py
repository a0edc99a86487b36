"""Problems of options that do not go together, and of names that stand twice."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, instance, lines

_VIP: Final = "virtual_ipaddress { 10.0.0.1 }"


def _server(*inner: str, service: str = "10.0.0.1 80", real: str = "10.0.1.1 80") -> str:
    """A virtual server with its basics, these lines and a real server."""
    basics = ("lvs_method NAT", "protocol TCP")
    body = (f"    {line}" for line in (*basics, *inner, f"real_server {real} {{ weight 1 }}"))
    return lines(f"virtual_server {service} {{", *body, "}")


def _checked(*check: str) -> str:
    return _server("lvs_sched rr", "real_server 10.0.1.2 80 {", *check, "}")


OPTIONS: Final[Mapping[str, Explanation]] = {
    "duplicate-service": Explanation(
        "Two virtual servers say the same address, port and protocol. The kernel knows one such service; both "
        "work on it, with the options of the last.",
        "Put the real servers into one virtual_server.",
        _server("lvs_sched rr") * 2,
    ),
    "closed-address": Explanation(
        "One instance accepts packets to the address, another does not. The firewall of a host knows the "
        "address, not the instance: packets to it are dropped for both.",
        "Let both instances accept, or neither; or give one of them another address.",
        lines(
            "vrrp_instance A {",
            "    interface eth0",
            "    virtual_router_id 1",
            f"    {_VIP}",
            "}",
            "vrrp_instance B {",
            "    interface eth1",
            "    virtual_router_id 2",
            "    no_accept",
            f"    {_VIP}",
            "}",
        ),
    ),
    "own-name-taken": Explanation(
        "The name that use_vmac or use_ipvlan gives is that of an interface which is there and is of another "
        "sort. We change nothing on it; the instance's own interface gets the usual name.",
        "Choose a name that no interface has (`ip link` lists them), or write no name.",
    ),
    "garp-group-delay": Explanation(
        "A garp_group limits how quickly announcements follow each other; this one says no limit. It is left out.",
        "Write garp_interval or gna_interval into it, or remove it.",
        lines("garp_group {", "    interface eth0", "}"),
    ),
    "granularity-form": Explanation(
        "IPv4 clients are put together by a netmask, IPv6 clients by a prefix length, and the other one is "
        "written. For IPv4 a prefix length is read as the netmask that it means; Keepalived reads it as the last "
        "octet of one. For IPv6 a netmask is ignored.",
        "Write `persistence_granularity 255.255.255.0` for IPv4, `persistence_granularity 64` for IPv6.",
        _server("lvs_sched rr", "persistence_granularity 24"),
    ),
    "group-mixed": Explanation(
        "A virtual_server_group has addresses of both families, and a firewall mark that does not say which of "
        "them it is. It is left out.",
        "Write inet or inet6 behind the mark.",
        lines("virtual_server_group G {", "    10.0.0.1 80", "    2001:db8::1 80", "    fwmark 1", "}"),
    ),
    "ha-suspend": Explanation(
        "Checks are suspended while the address of the service is on another host. A mark has no address.",
        "Remove ha_suspend.",
        lines(
            "virtual_server fwmark 1 {",
            "    lvs_sched rr",
            "    lvs_method NAT",
            "    ha_suspend",
            "    real_server 10.0.1.1 { weight 1 }",
            "}",
        ),
    ),
    "ipvlan-source": Explanation(
        "An ipvlan has the MAC address of the interface below and no IPv4 address of its own, so its adverts "
        "have no source. Keepalived puts such an instance into FAULT.",
        "Write `use_ipvlan ADDRESS/PREFIX`, or mcast_src_ip.",
        instance("use_ipvlan", _VIP),
    ),
    "link-local": Explanation(
        "A link-local address is on every link; the check does not know through which interface to connect.",
        "Write `bind_if INTERFACE` into the checker.",
        _checked("TCP_CHECK {", "connect_ip fe80::1", "}"),
    ),
    "loopback": Explanation(
        "Adverts on the loopback interface stay on this host. Keepalived does not run such an instance.",
        "Name the interface that the other routers are on, too.",
        lines("vrrp_instance V {", "    interface lo", "    virtual_router_id 1", f"    {_VIP}", "}"),
    ),
    "mcast-scope": Explanation(
        "The group of the adverts reaches beyond the link. They have a hop limit of 255, so other links could see "
        "them.",
        "Write a group such as ff02::12.",
        lines("global_defs {", "    vrrp_mcast_group6 ff0e::12", "}"),
    ),
    "mcast-unicast": Explanation(
        "An instance with unicast_peer sends to its peers and not to a group. mcast_dst_ip is ignored.",
        "Remove mcast_dst_ip, or the peers.",
        instance("mcast_dst_ip 224.0.0.99", "unicast_peer { 10.0.0.3 }", _VIP),
    ),
    "mac-address": Explanation(
        "A MAC address has six octets in hexadecimal digits; five are the beginning of one, which the "
        "virtual_router_id follows. Those of virtual routers (00:00:5e:00:01 and 00:00:5e:00:02) are used by "
        "themselves and are not to be written.",
        "Write an address such as 02:00:00:00:00:01, or none.",
        instance("use_vmac 02:00:00", _VIP),
    ),
    "multicast-mac": Explanation(
        "The MAC address of a VMAC is that of a group, which no interface can have. The virtual router's own one "
        "is used.",
        "Write an address whose first byte is even, or leave it out.",
        instance("use_vmac 01:00:5e:00:00:01", _VIP),
    ),
    "native-ipv6": Explanation(
        "native_ipv6 is a word of old files. The addresses say the family, and they are IPv4.",
        "Remove native_ipv6.",
        instance("native_ipv6", _VIP),
    ),
    "no-sorry-server": Explanation(
        "A keyword is about the sorry server, and there is none.",
        "Remove the keyword, or name a sorry_server. Keepalived wants that one to stand first.",
        _server("lvs_sched rr", "sorry_server_inhibit"),
    ),
    "preempt-delay": Explanation(
        "preempt_delay is the time before taking over from a weaker master. With nopreempt nobody takes over, and "
        "with `state MASTER` at once. The delay is taken as 0.",
        "Remove preempt_delay, or write `state BACKUP` without nopreempt.",
        instance("nopreempt", "preempt_delay 5", _VIP),
    ),
    "quorum-max": Explanation(
        "A vrrp_track_process wants more processes than it allows. The later of the two keywords is ignored.",
        "Write a quorum that is at most quorum_max.",
        lines("vrrp_track_process P {", "    process nginx", "    quorum 5", "    quorum_max 3", "}"),
    ),
    "reply-length": Explanation(
        "No answer can be as long as min_reply_length and as short as max_reply_length. The check always fails.",
        "Write a min_reply_length that is at most max_reply_length (255 if none is written).",
        _checked("UDP_CHECK {", "min_reply_length 9", "max_reply_length 5", "}"),
    ),
    "scheduler-flag": Explanation(
        "sh-port, sh-fallback and hashed are flags of the scheduler sh, mh-port and mh-fallback of mh. For "
        "another one they do nothing.",
        "Write `lvs_sched sh` or `lvs_sched mh` above them, or remove them.",
        _server("lvs_sched rr", "sh-port"),
    ),
    "needs-ipvs": Explanation(
        "`lvs_engine nftables` is written, and nftables cannot do this: it translates addresses (NAT), and knows "
        "the schedulers rr, wrr, sh, dh, fo and random. The virtual server is left out; a setting does nothing.",
        "Write what nftables can do, or `lvs_engine ipvs` on a kernel that has IPVS.",
        lines("global_defs {", "    lvs_engine nftables", "}")
        + _server("lvs_sched lc", "lvs_method NAT", "protocol TCP"),
    ),
    "needs-nftables": Explanation(
        "`lvs_engine ipvs` is written, and the kernel's IPVS does not know this scheduler. The virtual server is "
        "left out.",
        "Write a scheduler of IPVS, or `lvs_engine nftables`.",
        lines("global_defs {", "    lvs_engine ipvs", "}")
        + _server("lvs_sched random", "lvs_method NAT", "protocol TCP"),
    ),
    "sorry-inhibit": Explanation(
        "The sorry server is a real server of the same service, too, and only one of them stays in the table "
        "while it is not used. It goes by what the real server says.",
        "Write both sorry_server_inhibit and inhibit_on_failure, or none of them.",
        _server("lvs_sched rr", "sorry_server 10.0.1.1 80", "sorry_server_inhibit"),
    ),
    "sync-daemon-twice": Explanation(
        "The kernel has one synchronisation of IPVS connections, and it is configured in two places. The first "
        "one counts.",
        "Keep lvs_sync_daemon in global_defs, and remove the other.",
        lines("global_defs {", "    lvs_sync_daemon eth0 VI_1", "}")
        + instance("lvs_sync_daemon_interface eth1", _VIP),
    ),
    "ttl-range": Explanation(
        "No hop limit is at least min_ttl and at most max_ttl, so no advert of this peer counts.",
        "Write the smaller number behind min_ttl.",
        instance("unicast_peer { 10.0.0.3 min_ttl 5 max_ttl 4 }", _VIP),
    ),
    "vrf-interface": Explanation(
        "vrf is for unicast instances without an interface. One with an interface is in the VRF of that. vrf is "
        "ignored.",
        "Remove vrf, or the interface.",
        instance("vrf blue", _VIP),
    ),
    "xmit-base": Explanation(
        "vmac_xmit_base lets the adverts of a VMAC leave through the interface below it. There is no VMAC.",
        "Write use_vmac, or remove vmac_xmit_base.",
        instance("vmac_xmit_base", _VIP),
    ),
}
