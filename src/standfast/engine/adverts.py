"""From a router to the bytes of its adverts, one datagram for each destination."""

from standfast.base.addresses import IpAddress
from standfast.base.times import CENTISECOND
from standfast.core.vrrp.accept import AUTH_NONE, AUTH_PASS, form_of
from standfast.core.vrrp.router import Router
from standfast.wire.vrrp import AUTH_SIZE, Advert, encode_advert


def destinations(router: Router) -> tuple[IpAddress, ...]:
    """Where its adverts go: the group, or each peer (behaviour WI-19)."""
    return router.peers if router.group is None else (router.group,)


def advert_of(router: Router, priority: int) -> Advert:
    """What the router says with this priority (RFC 9568, section 7.2)."""
    password = router.password if router.version == 2 else None  # behaviour AU-03
    return Advert(
        version=router.version,
        family=router.family,
        vrid=router.vrid,
        priority=priority,
        interval_cs=router.interval // CENTISECOND,
        addresses=tuple(address.address for address in router.addresses),
        form=form_of(router),
        auth_type=AUTH_NONE if password is None else AUTH_PASS,
        auth_data=b"" if router.version == 3 else password or bytes(AUTH_SIZE),
    )


def datagrams_of(router: Router, source: IpAddress, priority: int) -> tuple[bytes, ...]:
    """The advert for each of the router's destinations; the checksum covers both addresses."""
    advert = advert_of(router, priority)
    return tuple(encode_advert(advert, source, destination) for destination in destinations(router))
