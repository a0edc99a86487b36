"""What is odd about an advert that counts: told, never a reason to drop it (RFC 9568, 7.1; SM-11, WI-12)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ROUTER, ROUTER2, ROUTER6, advert, vips

from standfast.core.vrrp.accept import Difference, differences, form_of
from standfast.core.vrrp.router import Router
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert

OTHER = ip_address("10.0.0.101")
MANY = tuple(address.address for address in vips(5))


@pytest.mark.parametrize(
    ("router", "said", "odd"),
    [
        pytest.param(ROUTER, advert(ROUTER), (), id="nothing"),
        pytest.param(ROUTER2, advert(ROUTER2), (), id="nothing in version 2"),
        pytest.param(ROUTER6, advert(ROUTER6), (), id="nothing over IPv6"),
        pytest.param(
            ROUTER,
            advert(ROUTER, interval_cs=30),
            (Difference("interval", "1", "0.3"),),
            id="another interval",
            marks=[pytest.mark.behaviour("SM-11"), pytest.mark.rfc(55)],
        ),
        pytest.param(
            ROUTER,
            advert(ROUTER, priority=0, interval_cs=30),
            (),
            id="the interval of one that leaves says nothing",
        ),
        pytest.param(
            ROUTER,
            advert(ROUTER, addresses=(OTHER,)),
            (Difference("addresses", "10.0.0.100", "10.0.0.101"),),
            id="another address",
            marks=[pytest.mark.behaviour("WI-12"), pytest.mark.rfc(56)],
        ),
        pytest.param(
            ROUTER,
            advert(ROUTER, addresses=(*advert(ROUTER).addresses, OTHER)),
            (Difference("addresses", "none", "10.0.0.101"),),
            id="one address more",
        ),
        pytest.param(
            ROUTER,
            advert(ROUTER, addresses=MANY),
            (Difference("addresses", "10.0.0.100", "10.8.0.1 10.8.0.2 10.8.0.3 and 2 more"),),
            id="of many addresses three are named",
        ),
        pytest.param(
            replace(ROUTER, addresses=vips(5)),
            advert(ROUTER, addresses=MANY[::-1]),
            (),
            id="the order says nothing",
        ),
        pytest.param(
            ROUTER,
            advert(ROUTER, form=ChecksumForm.MESSAGE),
            (Difference("checksum-form", "pseudo-header", "message"),),
            id="the checksum of RFC 9568",
            marks=[pytest.mark.behaviour("WI-04"), pytest.mark.rfc("D1")],
        ),
        pytest.param(
            replace(ROUTER, checksum_as_v2=True),
            advert(ROUTER, form=ChecksumForm.PSEUDO_HEADER),
            (Difference("checksum-form", "message", "pseudo-header"),),
            id="the usual checksum, where ours are as RFC 9568 says",
        ),
        pytest.param(
            replace(ROUTER6, addresses=vips(0)),
            advert(ROUTER6, addresses=(ip_address("2001:db8::1"),)),
            (
                Difference("addresses", "none", "2001:db8::1"),
                Difference("first-address", "link-local", "2001:db8::1"),
            ),
            id="a first IPv6 address that is not link-local",
            marks=[pytest.mark.behaviour("WI-07"), pytest.mark.rfc(14, 52)],
        ),
        pytest.param(
            replace(ROUTER, priority=255),
            advert(ROUTER, priority=255),
            (Difference("two-owners", "255", "255"),),
            id="another owner",
            marks=[pytest.mark.behaviour("SM-26"), pytest.mark.rfc(50, 79)],
        ),
        pytest.param(ROUTER, advert(ROUTER, priority=255), (), id="one owner is as it should be"),
    ],
)
def test_odd_is(router: Router, said: Advert, odd: tuple[Difference, ...]) -> None:
    assert differences(router, said) == odd


@pytest.mark.behaviour("WI-04")
@pytest.mark.rfc(12, 13, "v2-checksum")
@pytest.mark.parametrize(
    ("router", "form"),
    [
        pytest.param(ROUTER, ChecksumForm.PSEUDO_HEADER, id="version 3 over IPv4 as Keepalived sends it"),
        pytest.param(
            replace(ROUTER, checksum_as_v2=True),
            ChecksumForm.MESSAGE,
            id="v3_checksum_as_v2: as RFC 9568 says",
        ),
        pytest.param(ROUTER6, ChecksumForm.PSEUDO_HEADER, id="over IPv6"),
        pytest.param(
            replace(ROUTER6, checksum_as_v2=True),
            ChecksumForm.PSEUDO_HEADER,
            id="v3_checksum_as_v2 is for IPv4",
        ),
        pytest.param(ROUTER2, ChecksumForm.MESSAGE, id="version 2"),
    ],
)
def test_our_own_checksums_are_made_so(router: Router, form: ChecksumForm) -> None:
    assert form_of(router) is form
