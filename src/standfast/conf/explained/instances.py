"""Problems of virtual routers: what their keywords say together, and with others."""

from collections.abc import Mapping
from typing import Final

from standfast.conf.explained.explanation import Explanation, instance, lines

_VIP: Final = "virtual_ipaddress { 10.0.0.1 }"

INSTANCES: Final[Mapping[str, Explanation]] = {
    "ah-master": Explanation(
        "With signed adverts (AH) a router must hear the others' sequence numbers before it may speak, so it "
        "cannot start as master. It starts as backup.",
        "Write `state BACKUP`.",
        instance("state MASTER", "authentication {", "auth_type AH", "auth_pass secret", "}", _VIP),
    ),
    "authentication-type": Explanation(
        "The authentication block does not say how; it is ignored.",
        "Write `auth_type PASS`, or remove the block.",
        instance("authentication {", "auth_pass secret", "}"),
    ),
    "authentication-version": Explanation(
        "Version 3 has no authentication (RFC 9568, section 9). The block is ignored.",
        "Remove the block. Packets from other networks are refused by their TTL anyway.",
        instance("version 3", "authentication {", "auth_type PASS", "auth_pass secret", "}"),
    ),
    "duplicate-address": Explanation(
        "The address stands in the instance already. The second entry is left out.",
        "Remove it; the first one's words count.",
        instance("virtual_ipaddress {", "10.0.0.1", "10.0.0.1", "}"),
    ),
    "duplicate-name": Explanation(
        "An instance of this name stands above. The second one is left out.",
        "Give it a name of its own; often a block was copied, or two includes hold the same file.",
        instance(_VIP) + instance(_VIP, vrid=52),
    ),
    "duplicate-peer": Explanation("The peer stands there already.", "Remove one of them.",
        instance("unicast_peer {", "10.0.0.2", "10.0.0.2", "}")),
    "duplicate-vrid": Explanation(
        "Two instances on one interface have one virtual_router_id: their adverts and MAC addresses "
        "would be the "
        "same. The second one is left out; Keepalived refuses to run at all.",
        "Give each instance of an interface a number of its own, the same on every router of its group.",
        instance(_VIP) + instance("virtual_ipaddress { 10.0.0.9 }", name="VI_2"),
    ),
    "interface-missing": Explanation(
        "The instance names no interface and has no unicast source address to send from. It is left out.",
        "Write `interface NAME`; `ip link` lists the names.",
        lines("vrrp_instance VI_1 {", "    virtual_router_id 51", "}"),
    ),
    "interval-rounded": Explanation(
        "The packet cannot carry this interval: version 2 counts whole seconds, version 3 hundredths up "
        "to 40.95.",
        "Write an interval that the version can carry, the same on every router of the group.",
        instance("advert_int 1.5"),
    ),
    "no-addresses": Explanation(
        "The instance elects a master and then holds no address, so nothing moves.",
        "Add virtual_ipaddress. If only scripts are wanted, say so with no_virtual_ipaddress.",
        instance(),
    ),
    "nopreempt-master": Explanation(
        "A router that starts as master, or owns the addresses, takes over whatever nopreempt says. It "
        "is ignored.",
        "Write `state BACKUP` on every router of the group, and priorities below 255.",
        instance("state MASTER", "nopreempt", _VIP),
    ),
    "password-missing": Explanation(
        "The authentication block has no password; it is ignored.",
        "Add `auth_pass`, the same on every router of the group, or remove the block.",
        instance("authentication {", "auth_type PASS", "}"),
    ),
    "promote-secondaries": Explanation(
        "On an interface of its own (use_vmac) an instance promotes secondary addresses anyway.",
        "Remove promote_secondaries.",
        instance("use_vmac", "promote_secondaries", _VIP),
    ),
    "too-many-addresses": Explanation(
        "An advert counts its addresses in one byte. The first 255 are listed, the others are held all "
        "the same.",
        "Put the rest into virtual_ipaddress_excluded, on every router of the group alike.",
        instance("virtual_ipaddress {", *(f"10.0.{n // 250}.{n % 250 + 1}" for n in range(256)), "}"),
    ),
    "unicast-without-peers": Explanation(
        "Unicast words without a unicast_peer: the adverts go to the multicast group, as Keepalived does "
        "it too.",
        "List the peers, or write mcast_src_ip if multicast is meant.",
        instance("unicast_src_ip 10.0.0.2", _VIP),
    ),
    "vmac-unicast": Explanation(
        "Unicast adverts need the address of the interface below the macvlan. They are sent from there.",
        "Write vmac_xmit_base beside use_vmac.",
        instance("use_vmac", "unicast_peer { 10.0.0.2 }", _VIP),
    ),
    "version-ipv6": Explanation(
        "Version 2 has no form for IPv6. Version 3 is used.",
        "Write `version 3` on every router of the group, or leave it out.",
        instance("version 2", "virtual_ipaddress { 2001:db8::1 }"),
    ),
}  # fmt: skip
