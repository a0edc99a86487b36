"""Problems of groups, trackers, scripts and interfaces: names that lead nowhere, and what this host lacks."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, instance, lines

_VIP: Final = "virtual_ipaddress { 10.0.0.1 }"

TRACKING: Final[Mapping[str, Explanation]] = {
    "cpu": Explanation(
        "The host has no CPU of this number; they are counted from 0. The process is not bound to it.",
        "Write numbers that `lscpu` shows.",
    ),
    "empty-block": Explanation(
        "The list is empty, which does nothing.",
        "Fill it, or remove it.",
        lines("global_defs {", "    notification_email { }", "}"),
    ),
    "empty-group": Explanation(
        "The group has no members that exist. It is left out.",
        "List members, or remove the group.",
        lines("vrrp_sync_group G {", "    group { VI_9 }", "}"),
    ),
    "firewall-name": Explanation(
        "Tables, chains and sets of a firewall have plain names. One of another kind is not used; the default is.",
        "Use letters, digits, `-` and `_`, at most 28 of them, and begin with a letter.",
        lines("global_defs {", '    nftables "my table"', "}"),
    ),
    "garp-group-twice": Explanation(
        "An interface can be in one garp_group only. It stays in the first.",
        "Remove it from one of them.",
        lines(*("garp_group {", "    garp_interval 1", "    interfaces { eth0 eth1 }", "}") * 2),
    ),
    "iptables": Explanation(
        "One tool filters packets to virtual addresses. With `nftables` configured it is nftables, and "
        "`vrrp_iptables` does nothing. Without it iptables is used; a Keepalived that is built without iptables "
        "reports the keyword and uses nftables.",
        "Write `nftables` alone.",
        lines("global_defs {", "    nftables", "    vrrp_iptables", "}"),
    ),
    "lonely-group": Explanation(
        "A sync group keeps its members in one state; with one member there is nothing to keep.",
        "Add the other members, or remove the group.",
        instance(_VIP) + lines("vrrp_sync_group G {", "    group { VI_1 }", "}"),
    ),
    "no-interface": Explanation(
        "The host has no interface of this name now. Keepalived refuses to run then, unless interfaces "
        "may come "
        "later.",
        "Check the name with `ip link`, or write dynamic_interfaces in global_defs. "
        "`standfast check --offline` does not look.",
    ),
    "no-script-user": Explanation(
        "Script security is enabled, no script_user is named, and the usual account keepalived_script "
        "does not "
        "exist. The script is not run.",
        "Write `script_user USER` in global_defs, or create the account keepalived_script.",
    ),
    "script-insecure": Explanation(
        "The script would run as root, and others than root can change it or a directory on its path. It "
        "is not "
        "run.",
        "Give it and its directories to root with `chown` and take the others' right to write with "
        "`chmod go-w`.",
    ),
    "script-linked": Explanation(
        "A directory on the path of the script is a symbolic link. Here the script runs; Keepalived "
        "refuses it.",
        "Name the real path, as `realpath` shows it.",
    ),
    "script-missing": Explanation(
        "The program of the script is not there, or the user that it runs as may not run it.",
        "Check the path, and give it the right to be run with `chmod +x`.",
    ),
    "script-security": Explanation(
        "Scripts are run, and nothing checks that only root can change those that run as root.",
        "Write enable_script_security and script_user in global_defs.",
        lines("vrrp_script chk {", '    script "/bin/true"', "}") + instance(_VIP, "track_script { chk }"),
    ),
    "tracks-itself": Explanation(
        "An instance depends on its own interface anyway. The entry is dropped.",
        "Remove it, or give it a weight if the interface going down shall not be a fault.",
        instance(_VIP, "track_interface { eth0 }"),
    ),
    "unknown-instance": Explanation(
        "A group names an instance that is not there, or was left out because of another problem.",
        "Check the name, and mend what is said about the instance.",
        lines("vrrp_sync_group G {", "    group { VI_9 }", "}"),
    ),
    "unknown-tracker": Explanation(
        "Nothing of this name is defined that could be tracked. The entry is dropped, so nothing guards "
        "what it "
        "was meant to guard.",
        "Define it, or correct the name. Keepalived wants the definition before its use; here the order "
        "is free.",
        instance(_VIP, "track_script { chk }"),
    ),
    "unknown-host": Explanation(
        "The mail server is neither an address nor a name that this host finds. Keepalived sends no mail then, "
        "for as long as it runs.",
        "Correct the name, or write the address. `standfast check --offline` does not look.",
    ),
    "unknown-user": Explanation(
        "The host has no such account. The script is not run.",
        "Create the account, or name another one. `standfast check --offline` does not look.",
    ),
    "vmac-name": Explanation(
        "Two instances would make interfaces of one name. The second one gets a name of its own.",
        "Name them differently, or leave the names to the daemon.",
        instance(_VIP, "use_vmac vip0")
        + instance("virtual_ipaddress { 10.0.0.2 }", "use_vmac vip0", name="VI_2", vrid=52),
    ),
    "weight-unused": Explanation(
        "The weight of the tracker changes nothing here: the owner of the addresses keeps priority 255, "
        "and a "
        "sync group is in fault as a whole.",
        "Remove the weight, so that the tracker's failure is a fault; in a group see "
        "sync_group_tracking_weight.",
        lines("vrrp_script chk {", '    script "/bin/true"', "    weight 5", "}")
        + instance(_VIP, "priority 255", "track_script { chk }"),
    ),
    "bfd-family": Explanation(
        "The two ends of a BFD session have addresses of one family. The session is left out.",
        "Give source_ip and neighbor_ip addresses of one family.",
        lines("bfd_instance b {", "    neighbor_ip 10.0.0.2", "    source_ip 2001:db8::1", "}"),
    ),
    "bfd-name": Explanation(
        "The name of a bfd_instance has at most 31 characters. The session is left out.",
        "Choose a shorter name, and use it in its trackers and checkers, too.",
        lines(f"bfd_instance {'b' * 32} {{", "    neighbor_ip 10.0.0.2", "}"),
    ),
    "bfd-neighbour": Explanation(
        "Two sessions have one neighbour, and their packets could not be told apart. The second one is left out.",
        "Use one session; several trackers and checkers may name it.",
        lines("bfd_instance b {", "    neighbor_ip 10.0.0.2", "}")
        + lines("bfd_instance c {", "    neighbor_ip 10.0.0.2", "}"),
    ),
    "defined-later": Explanation(
        "The definition stands below its use. Here the order is free; Keepalived would not track it.",
        "Nothing needs to be done. For Keepalived, put the definition above.",
        instance(_VIP, "track_file { f weight 1 }") + lines("track_file f {", "    file /run/f", "}"),
    ),
    "mixed-owners": Explanation(
        "One member of the group owns its addresses (priority 255) and another does not. The group can then "
        "not be "
        "master as a whole when its owner must be.",
        "Give all members priority 255, or none.",
        instance(_VIP, "priority 255") + instance("virtual_ipaddress { 10.0.0.2 }", name="VI_2", vrid=52)
        + lines("vrrp_sync_group G {", "    group { VI_1 VI_2 }", "}"),
    ),
    "tracked-twice": Explanation(
        "One thing is tracked twice: by two entries, or by the instance and its sync group. An instance tracks "
        "its own interface anyway.",
        "Let one of them track it.",
        instance(_VIP) + instance("virtual_ipaddress { 10.0.0.2 }", name="VI_2", vrid=52)
        + lines("vrrp_sync_group G {", "    group { VI_1 VI_2 }", "    track_interface { eth0 }", "}"),
    ),
    "two-groups": Explanation(
        "An instance can be a member of one sync group, and stands there once. It stays in the first.",
        "Remove it from one of them, or make one group of both.",
        instance(_VIP) + lines("vrrp_sync_group G {", "    group { VI_1 }", "}")
        + lines("vrrp_sync_group H {", "    group { VI_1 }", "}"),
    ),
    "unknown-track-group": Explanation(
        "A static address, route or rule names a track_group that is not there. It is kept, and nobody "
        "depends on it.",
        "Define the track_group, or correct its name.",
        lines("static_ipaddress { 10.0.0.1/24 dev eth0 track_group G }"),
    ),
}  # fmt: skip
