"""The laws of the delta: it leads exactly to what is wanted, and nowhere if we are there already."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vrrp_drawn import ADDRESSES, address_lists
from vrrp_made import ROUTER

from standfast.base.addresses import OUR_PROTOCOL, HostAddress
from standfast.base.limits import SLICE
from standfast.core.vrrp.holding import Wanted, delta, left_over, strays
from standfast.core.vrrp.router import sliced

tables = address_lists.map(lambda drawn: {address.key: address for address in drawn})


@given(tables, tables)
def test_the_delta_leads_exactly_to_what_is_wanted(have: Wanted, want: Wanted) -> None:
    step = delta(have, want)

    assert (have.keys() | {address.key for address in step.missing}) - set(step.extra) == want.keys()


@given(tables)
def test_there_is_nothing_to_do_once_we_are_there(want: Wanted) -> None:
    assert delta(want, want) == delta({}, {})


@given(tables, tables)
def test_nothing_is_added_that_is_there_and_nothing_removed_that_is_wanted(
    have: Wanted, want: Wanted
) -> None:
    step = delta(have, want)

    assert not {address.key for address in step.missing} & have.keys()
    assert not set(step.extra) & want.keys()


@given(tables, tables, st.sampled_from((0, 4, OUR_PROTOCOL)))
def test_what_a_host_that_is_not_master_holds_is_removed_at_start_but_nothing_of_others(
    present: Wanted, configured: Wanted, protocol: int
) -> None:
    router = replace(ROUTER, addresses=tuple(configured.values()))

    removed = {address.key for address in left_over(dict.fromkeys(present, protocol), [router])}

    assert removed == present.keys() & configured.keys()


@given(tables, tables)
def test_a_stray_is_ours_and_unwanted(present: Wanted, want: Wanted) -> None:
    configured = {address.key: address for address in ADDRESSES}

    found = {address.key for address in strays(dict.fromkeys(present, OUR_PROTOCOL), configured, want)}

    assert found == present.keys() - want.keys()


@given(st.integers(0, 3 * SLICE))
def test_slices_are_bounded_and_lose_nothing(count: int) -> None:
    addresses: tuple[HostAddress, ...] = ADDRESSES[:1] * count

    pieces = sliced(addresses)

    assert all(0 < len(piece) <= SLICE for piece in pieces)
    assert sum(pieces, ()) == addresses
