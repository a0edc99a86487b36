"""The words that nft, iptables and ipset are given, and what becomes of their refusals."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.core.vrrp.firewall import Means, RuleSet, Scoped, SetNames, Tool, Vmac
from standfast.linux import firewall, iptables, own_tables
from standfast.linux.commands import Command, Ended, Plan
from standfast.linux.nftables import script

VIP, VIP6, LINK6 = IPv4Address("10.0.0.100"), IPv6Address("fd00::100"), IPv6Address("fe80::100")
MLD = "{ mld-listener-report, mld-listener-done, mld2-listener-report }"
SCOPED = Scoped(LINK6, "eth0")
VMAC = Vmac("vrrp.1", "eth0", 2, IPv6Address("fe80::2"))


def rules(**values: Any) -> RuleSet:
    return RuleSet(**values)


def test_ipv4_addresses_are_closed_in_one_transaction() -> None:
    assert script(rules(ipv4=(VIP,)), {Family.IPV4}) == (
        "add table ip keepalived\n"
        "delete table ip keepalived\n"
        "table ip keepalived {\n"
        "  chain standfast { }\n"
        "  set vips {\n"
        "    type ipv4_addr\n"
        "    elements = { 10.0.0.100 }\n"
        "  }\n"
        "  chain in {\n"
        "    type filter hook input priority -1; policy accept;\n"
        "    ip daddr @vips drop\n"
        "  }\n"
        "  chain out {\n"
        "    type filter hook output priority -1; policy accept;\n"
        "    ip saddr @vips drop\n"
        "  }\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        pytest.param(
            rules(ipv6=(VIP6,)),
            ["icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept", "ip6 daddr @vips drop"],
            id="neighbour discovery passes before anything is dropped",
        ),
        pytest.param(
            rules(link_local=(SCOPED,)),
            ['elements = { fe80::100 . "eth0" }', "ip6 daddr . iifname @vips_link_local drop"],
            id="a link-local address is closed on its interface",
        ),
        pytest.param(
            rules(means=Means(by_index=True), link_local=(Scoped(LINK6, "eth0", 7),)),
            ["elements = { fe80::100 . 7 }", "ip6 saddr . oif @vips_link_local drop"],
            id="or on the interface of that index",
        ),
        pytest.param(
            rules(vmacs=(VMAC,)),
            [
                'elements = { "vrrp.1" : 2 }',
                f"icmpv6 type {MLD} dup to ip6 daddr device oifname map @bases drop",
                "icmpv6 type nd-router-solicit oifname @vmacs drop",
                "icmpv6 type nd-neighbor-advert ip6 saddr . oifname @vmacs_link_local drop",
            ],
            id="a VMAC reports its groups through the interface below, and is silent about that one's address",
        ),
        pytest.param(
            rules(means=Means(counters=True, priority=5), ipv6=(VIP6,)),
            ["type filter hook input priority 5; policy accept;", "ip6 daddr @vips counter drop"],
            id="with counters, and another priority",
        ),
    ],
)
def test_the_table_of_ipv6_has_these_lines_in_this_order(made: RuleSet, lines: Sequence[str]) -> None:
    said = [line.strip() for line in script(made, {Family.IPV6}).splitlines()]

    places = [said.index(line) for line in lines]

    assert places == sorted(places)


def test_igmp_of_a_vmac_leaves_through_the_interface_below() -> None:
    assert "ip protocol igmp dup to ip daddr device oifname map @bases drop" in script(
        rules(vmacs=(VMAC,)), {Family.IPV4}
    )


def test_a_family_without_rules_loses_its_table() -> None:
    assert script(rules(), {Family.IPV6}) == "add table ip6 keepalived\ndelete table ip6 keepalived\n"


# ---- plans


def carried_out(plan: Plan, *, failing: Sequence[str] = (), said: str = "no") -> list[Command]:
    """The commands of a plan, of which those with one of these words in it fail."""
    commands: list[Command] = []
    ended: Ended | None = None
    while True:
        try:
            command = plan.send(ended) if ended is not None else next(plan)
        except StopIteration:
            return commands
        commands.append(command)
        failed = any(word in command.words for word in failing)
        ended = Ended(1, said) if failed else Ended(0)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel without any table."""
    monkeypatch.setattr(firewall, "is_ours", lambda *_: False)
    monkeypatch.setattr(own_tables, "is_foreign", lambda *_: False)


@pytest.mark.usefixtures("empty")
def test_what_nft_complains_about_is_said_with_a_remedy() -> None:
    plan = firewall.with_nft(rules(ipv4=(VIP,)), lambda: None)
    said = "/dev/stdin:1:1-2: Error: Could not process rule: Operation not permitted\nadd table\n^^^^"

    with pytest.raises(Refused) as refusal:
        carried_out(plan, failing=["nft"], said=said)

    assert str(refusal.value) == (
        "nft refuses the rules: Could not process rule: Operation not permitted; "
        "run it as root or give it CAP_NET_ADMIN"
    )


@pytest.mark.usefixtures("empty")
def test_without_rules_and_without_a_table_no_program_is_run() -> None:
    assert carried_out(firewall.with_nft(rules(), lambda: None)) == []


IPTABLES = Means(tool=Tool.IPTABLES)
WITHOUT_SETS = Means(tool=Tool.IPTABLES, sets=None, chain_in="FENCE", chain_out="")


def test_iptables_jumps_to_chains_of_ours_that_refer_to_sets() -> None:
    plan = iptables.put(rules(means=IPTABLES, ipv4=(VIP,)), {Family.IPV4})

    commands = carried_out(plan, failing=["-C"])

    sets, _, _, restore, *_ = commands
    assert sets.words == ("ipset", "restore")
    assert "add standfast-spare 10.0.0.100\nswap standfast-spare keepalived\n" in sets.text
    assert restore.words == ("iptables-restore", "--noflush", "-w", "5")
    assert restore.text == (
        "*filter\n"
        ":standfast-in - [0:0]\n"
        "-I INPUT 1 -j standfast-in\n"
        "-A standfast-in -m set --match-set keepalived dst -j DROP\n"
        ":standfast-out - [0:0]\n"
        "-I OUTPUT 1 -j standfast-out\n"
        "-A standfast-out -m set --match-set keepalived src -j DROP\n"
        "COMMIT\n"
    )


def test_without_sets_each_address_has_its_rule_and_a_chain_that_is_not_named_is_left_alone() -> None:
    made = rules(means=WITHOUT_SETS, ipv6=(VIP6,), link_local=(SCOPED,))

    commands = carried_out(iptables.put(made, {Family.IPV6}))

    assert [command.words[0] for command in commands] == ["ip6tables", "ip6tables-restore"]
    assert commands[1].text == (
        "*filter\n"
        ":standfast-in - [0:0]\n"
        "-A standfast-in -p ipv6-icmp --icmpv6-type 135 -j RETURN\n"
        "-A standfast-in -p ipv6-icmp --icmpv6-type 136 -j RETURN\n"
        "-A standfast-in -d fd00::100 -j DROP\n"
        "-A standfast-in -d fe80::100 -i eth0 -j DROP\n"
        "COMMIT\n"
    )


def test_iptables_keeps_a_vmac_from_saying_what_is_not_its_own() -> None:
    made = rules(means=Means(tool=Tool.IPTABLES, sets=None), vmacs=(VMAC,))

    text = "".join(command.text for command in carried_out(iptables.put(made, Family)))

    assert "-A standfast-out -p igmp -o vrrp.1 -j DROP\n" in text
    assert "-A standfast-out -p ipv6-icmp --icmpv6-type 143 -o vrrp.1 -j DROP\n" in text
    assert "-A standfast-out -p ipv6-icmp --icmpv6-type 136 -s fe80::2 -o vrrp.1 -j DROP\n" in text


def test_what_is_not_needed_any_more_is_taken_away_with_its_sets() -> None:
    commands = carried_out(iptables.put(rules(means=IPTABLES), {Family.IPV4}))

    assert commands[2].text == (
        "*filter\n"
        "-D INPUT -j standfast-in\n-F standfast-in\n-X standfast-in\n"
        "-D OUTPUT -j standfast-out\n-F standfast-out\n-X standfast-out\n"
        "COMMIT\n"
    )
    assert [command.words[-1] for command in commands[3:]] == ["keepalived", "keepalived6", "standfast-spare"]


def test_a_refusal_of_iptables_is_said_with_its_program() -> None:
    plan = iptables.put(rules(means=WITHOUT_SETS, ipv4=(VIP,)), {Family.IPV4})

    with pytest.raises(Refused, match="iptables-restore refuses the rules: no chain"):
        carried_out(plan, failing=["iptables-restore"], said="no chain\nmore")


def test_a_jump_that_is_gone_is_found() -> None:
    with pytest.raises(Refused, match="INPUT of iptables does not jump to standfast-in"):
        carried_out(iptables.check(rules(means=IPTABLES, ipv4=(VIP,))), failing=["-C"])


def test_the_names_of_sets_are_those_of_the_configuration() -> None:
    made = rules(means=Means(tool=Tool.IPTABLES, sets=SetNames("a", "b")), ipv6=(VIP6,))

    assert "--match-set b dst" in carried_out(iptables.put(made, {Family.IPV6}))[-3].text
