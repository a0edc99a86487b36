"""Which addresses the host should hold, and what leads there (behaviours SM-20 to SM-22, AD-03, AD-04)."""

from dataclasses import replace

import pytest
from vrrp_made import OWNER, ROUTER, VIP, vip

from standfast.base.addresses import OUR_PROTOCOL
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.holding import (
    Delta,
    abandoned,
    delta,
    held_by,
    left_over,
    strays,
    wanted,
)
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State

MASTER = Master(Instant(0), Instant(0), Announcing(Cause.MASTER, Instant(0)))
BACKUP = Backup(Instant(0), SECOND)
MANUAL = 4  # the protocol of an address that a person added, on some kernels 0
BOTH = replace(ROUTER, excluded=(vip(101),))


@pytest.mark.behaviour("AD-04", "SM-20")
@pytest.mark.parametrize(
    ("state", "addresses"),
    [
        pytest.param(MASTER, (VIP, vip(101)), id="a master: listed and excluded ones"),
        pytest.param(BACKUP, (), id="a backup"),
        pytest.param(Fault(("interface-down:eth0",)), (), id="in fault"),
        pytest.param(Init(), (), id="not started"),
    ],
)
def test_a_router_holds(state: State, addresses: tuple[object, ...]) -> None:
    assert held_by(BOTH, state) == addresses


def test_what_is_wanted_is_what_all_masters_hold() -> None:
    other = replace(ROUTER, name="VI_2", addresses=(vip(102),))

    assert wanted([(ROUTER, MASTER), (other, BACKUP)]) == {VIP.key: VIP}
    assert list(wanted([(BOTH, MASTER), (other, MASTER)]).values()) == [VIP, vip(101), vip(102)]


def test_the_delta_adds_in_the_order_wanted_and_removes_in_the_order_found() -> None:
    have = {vip(1).key: vip(1), vip(2).key: vip(2), vip(3).key: vip(3)}
    want = {vip(5).key: vip(5), vip(2).key: vip(2), vip(4).key: vip(4)}

    assert delta(have, want) == Delta(missing=(vip(5), vip(4)), extra=(vip(1).key, vip(3).key))


@pytest.mark.behaviour("SM-21", "SM-22")
@pytest.mark.parametrize(
    ("router", "protocol", "removed"),
    [
        pytest.param(ROUTER, OUR_PROTOCOL, (VIP,), id="one that a killed daemon left"),
        pytest.param(ROUTER, MANUAL, (VIP,), id="one that somebody else put there"),
        pytest.param(ROUTER, 0, (VIP,), id="one of unknown origin: not every kernel can say"),
        pytest.param(OWNER, MANUAL, (), id="the owner's own address stays: the host needs it"),
        pytest.param(OWNER, 0, (), id="the owner's own address of unknown origin stays"),
        pytest.param(OWNER, OUR_PROTOCOL, (VIP,), id="one that a killed daemon left on its owner"),
    ],
)
def test_at_start_these_are_left_over(router: Router, protocol: int, removed: tuple[object, ...]) -> None:
    assert left_over({VIP.key: protocol, vip(9).key: protocol}, [router]) == removed


def test_the_same_address_with_another_prefix_length_is_not_ours() -> None:
    assert left_over({vip(100, prefix=24).key: MANUAL}, [ROUTER]) == ()


@pytest.mark.behaviour("AD-03")
@pytest.mark.parametrize(
    ("protocol", "held", "found"),
    [
        pytest.param(OUR_PROTOCOL, (), (VIP,), id="with our mark and held by nobody"),
        pytest.param(OUR_PROTOCOL, (VIP,), (), id="with our mark and held"),
        pytest.param(MANUAL, (), (), id="without our mark: somebody wants it there"),
    ],
)
def test_a_stray_is_an_address(protocol: int, held: tuple[object, ...], found: tuple[object, ...]) -> None:
    want = {VIP.key: VIP} if held else {}

    assert strays({VIP.key: protocol, vip(9).key: OUR_PROTOCOL}, {VIP.key: VIP}, want) == found


FORMER = (vip(101), vip(102), vip(103), VIP)


def test_of_former_addresses_those_go_that_bear_our_mark_and_have_no_router() -> None:
    present = {
        vip(101).key: OUR_PROTOCOL,
        vip(102).key: MANUAL,
        VIP.key: OUR_PROTOCOL,
        vip(9).key: OUR_PROTOCOL,
    }

    assert abandoned(present, FORMER, [ROUTER]) == (vip(101),)
