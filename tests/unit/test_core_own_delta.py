"""From the links that are there to our own that should be."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.own_delta import Adopt, Clash, Make, Mend, Remove, Step, own_delta
from standfast.wire.rtnetlink_link import LinkReport

MAC = bytes.fromhex("00005e000133")
WANT = OwnLink("vrrp.51", "eth0", mac=MAC)
ETH0 = LinkReport(2, "eth0", group=7, mtu=1500)
THERE = LinkReport(9, "vrrp.51", mac=MAC, mtu=1500, kind="macvlan", parent=2, group=7, mode=1)
BLUE = LinkReport(4, "blue", kind="vrf")
IPVLAN = OwnLink("ipvl0", "eth0", OwnKind.IPVLAN, flags=1)
MADE = {"vrrp.51": 9}


def steps(
    *there: LinkReport, want: tuple[OwnLink, ...] = (WANT,), ours: Mapping[str, int] = MADE
) -> tuple[Step, ...]:
    return own_delta(want, {link.name: link for link in there}, ours)


@pytest.mark.behaviour("VM-01", "VM-02")
@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        pytest.param((ETH0,), (Make(WANT, 2, 7, 0),), id="it is made, in the group of its parent"),
        pytest.param((), (), id="without its parent nothing can be done"),
        pytest.param((ETH0, THERE), (), id="it is there"),
        pytest.param(
            (replace(ETH0, master=4), BLUE), (Make(WANT, 2, 7, 4),), id="its parent's VRF becomes its own"
        ),
        pytest.param(
            (replace(ETH0, master=4), replace(BLUE, kind="bridge")),
            (Make(WANT, 2, 7, 0),),
            id="its parent's bridge does not",
        ),
        pytest.param(
            (ETH0, replace(THERE, mac=b"\2" * 6)),
            (Mend(WANT, 9, mac=MAC),),
            id="its MAC was changed: it gets it back",
        ),
        pytest.param((ETH0, replace(THERE, mode=4)), (Mend(WANT, 9, mode=True),), id="its mode was changed"),
        pytest.param((ETH0, replace(THERE, group=0)), (Mend(WANT, 9, group=7),), id="its group was changed"),
        pytest.param((ETH0, replace(THERE, master=4)), (Mend(WANT, 9, vrf=0),), id="its parent left the VRF"),
        pytest.param(
            (replace(ETH0, mtu=9000), THERE), (Mend(WANT, 9, mtu=9000),), id="its parent's MTU was changed"
        ),
        pytest.param(
            (replace(ETH0, index=12), THERE),
            (Remove("vrrp.51", 9), Make(WANT, 12, 7, 0)),
            id="its parent is another one now: it is made anew",
        ),
        pytest.param(
            (ETH0, replace(THERE, parent_elsewhere=True)),
            (Remove("vrrp.51", 9), Make(WANT, 2, 7, 0)),
            id="its parent moved to another namespace, and another one came",
        ),
        pytest.param((THERE,), (), id="its parent is away: it waits"),
        pytest.param(
            (ETH0, replace(THERE, name="foo")),
            (Remove("foo", 9), Make(WANT, 2, 7, 0)),
            id="somebody renamed it: two of one MAC cannot be",
        ),
        pytest.param(
            (ETH0, replace(THERE, kind="dummy", parent=0)),
            (Remove("vrrp.51", 9), Make(WANT, 2, 7, 0)),
            id="it cannot become another kind",
        ),
    ],
)
def test_of_a_vmac_that_we_have_made(there: tuple[LinkReport, ...], wanted: tuple[Step, ...]) -> None:
    assert steps(*there) == wanted


@pytest.mark.behaviour("VM-01")
@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        pytest.param(THERE, (Adopt(WANT, 9),), id="the right one is adopted"),
        pytest.param(
            replace(THERE, mode=4), (Adopt(WANT, 9), Mend(WANT, 9, mode=True)), id="and gets the right mode"
        ),
        pytest.param(replace(THERE, mac=b"\2" * 6), (Clash(WANT, "macvlan"),), id="another MAC is not ours"),
        pytest.param(replace(THERE, parent=5), (Clash(WANT, "macvlan"),), id="nor is another parent"),
        pytest.param(LinkReport(9, "vrrp.51"), (Clash(WANT, "physical"),), id="nor is a card"),
    ],
)
def test_of_a_link_that_somebody_else_made(there: LinkReport, wanted: tuple[Step, ...]) -> None:
    assert steps(ETH0, there, ours={}) == wanted


@pytest.mark.behaviour("VM-08")
@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        pytest.param((), (Make(IPVLAN, 2, 7, 0),), id="made"),
        pytest.param(
            (LinkReport(9, "ipvl0", mac=b"\6" * 6, kind="ipvlan", parent=2, group=7, mode_flags=1),),
            (Adopt(IPVLAN, 9),),
            id="adopted, whatever its MAC, which is its parent's",
        ),
        pytest.param(
            (LinkReport(9, "ipvl0", kind="ipvlan", parent=2, group=7, mode_flags=0),),
            (Adopt(IPVLAN, 9), Mend(IPVLAN, 9, mode=True)),
            id="adopted, with other flags",
        ),
    ],
)
def test_an_ipvlan_is(there: tuple[LinkReport, ...], wanted: tuple[Step, ...]) -> None:
    assert steps(ETH0, *there, want=(IPVLAN,), ours={}) == wanted


def test_what_nobody_wants_is_removed_first_also_under_another_name() -> None:
    renamed = replace(THERE, name="mine", index=8)

    assert steps(ETH0, renamed, ours={"old.51": 8}) == (Remove("mine", 8), Make(WANT, 2, 7, 0))


def test_what_was_removed_by_somebody_else_is_not_removed_again() -> None:
    assert steps(ETH0, want=()) == ()


def test_a_link_of_somebody_else_that_took_the_name_of_ours_is_not_removed() -> None:
    assert steps(ETH0, replace(THERE, index=12), want=()) == ()
