"""What the keywords of an instance say of a reload, held against what the reload does."""

from typing import Final

import pytest
from written import config_of

from standfast.core.vrrp.configured import routers_of
from standfast.core.vrrp.router import RouterIdentity
from standfast.model.declare import Reload, declaration_of
from standfast.model.kinds.blocks import Block
from standfast.model.vrrp_instance import VrrpInstance

VIP: Final = "virtual_ipaddress { 10.0.0.1 }\n"
PEER: Final = "unicast_peer { 10.0.0.8 }\n"
VMAC: Final = "use_vmac\n"

# Of each keyword that makes another router of an instance: what stands before it, and its line before and after.
ANOTHER: Final = {
    "interface": ("virtual_router_id 5\n", "interface eth0", "interface eth1"),
    "virtual_router_id": ("interface eth0\n", "virtual_router_id 5", "virtual_router_id 6"),
    "unicast_src_ip": (
        f"interface eth0\nvirtual_router_id 5\n{PEER}",
        "unicast_src_ip 10.0.0.2",
        "unicast_src_ip 10.0.0.3",
    ),
    "mcast_dst_ip": ("interface eth0\nvirtual_router_id 5\n", "", "mcast_dst_ip 224.0.0.99"),
    "use_vmac": ("interface eth0\nvirtual_router_id 5\n", "", VMAC),
    "vmac_xmit_base": (f"interface eth0\nvirtual_router_id 5\n{VMAC}", "", "vmac_xmit_base"),
    "use_ipvlan": ("interface eth0\nvirtual_router_id 5\n", "", "use_ipvlan"),
    "vrf": (f"virtual_router_id 5\nunicast_src_ip 10.0.0.2\n{PEER}", "vrf red", "vrf blue"),
}

# Of keywords that look as if they did, and do not.
THE_SAME: Final = {
    "version": ("", "version 2", "version 3"),
    "mcast_src_ip": ("", "", "mcast_src_ip 10.0.0.2"),
    "unicast_peer": ("unicast_src_ip 10.0.0.2", "unicast_peer { 10.0.0.8 }", "unicast_peer { 10.0.0.9 }"),
    "unicast_ttl": (f"unicast_src_ip 10.0.0.2\n{PEER}", "", "unicast_ttl 9"),
    "use_vmac_addr": (VMAC, "", "use_vmac_addr"),
    "strict_mode": ("", "", "strict_mode"),
    "authentication": ("", "", "authentication {\nauth_type PASS\nauth_pass word\n}"),
    "auth_hmac": ("version 3", "", "auth_hmac {\nkey 1 sha256:00112233445566778899aabbccddeeff\n}"),
}


def identity(body: str) -> RouterIdentity:
    """What the reload knows the router of an instance by."""
    (router,) = routers_of(config_of(f"vrrp_instance V {{\n{body}\n{VIP}}}\n"))
    return router.identity


@pytest.mark.parametrize("keyword", ANOTHER)
def test_what_is_said_to_restart_an_instance_makes_another_router_of_it(keyword: str) -> None:
    around, before, after = ANOTHER[keyword]

    assert identity(around + before) != identity(around + after)


@pytest.mark.parametrize("keyword", THE_SAME)
def test_what_is_said_to_be_taken_over_live_leaves_the_router_the_same(keyword: str) -> None:
    around, before, after = (f"{lines}\n" for lines in THE_SAME[keyword])
    start = "interface eth0\nvirtual_router_id 5\n"

    assert identity(start + around + before) == identity(start + around + after)
    assert declaration_of(VrrpInstance).by_field[keyword].reload is Reload.LIVE


def test_nothing_else_is_said_to_restart_an_instance() -> None:
    declaration = declaration_of(VrrpInstance)

    said = {each.name for each in declaration.keywords if each.reload is Reload.RESTART}

    assert said == set(ANOTHER)


def test_a_block_of_an_instance_that_is_taken_over_live_holds_nothing_that_needs_more() -> None:
    declared = declaration_of(VrrpInstance).by_field.values()
    blocks = [each for each in declared if isinstance(each.kind, Block) and each.reload is Reload.LIVE]

    needs = {
        f"{block.name} {inner.name}": inner.reload
        for block in blocks
        if isinstance(block.kind, Block)
        for inner in declaration_of(block.kind.of).keywords
    }

    assert set(needs.values()) == {Reload.LIVE}, needs
