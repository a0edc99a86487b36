"""From a router to the bytes of its adverts, one datagram for each destination."""

from standfast.base.addresses import IpAddress
from standfast.base.times import CENTISECOND
from standfast.core.vrrp.accept import auth_type_of, form_of
from standfast.core.vrrp.router import Router
from standfast.wire.vrrp import AUTH_SIZE, Advert, encode_advert


def destinations(router: Router) -> tuple[IpAddress, ...]:
    """Where its adverts go: the group, or each peer (behaviour WI-19)."""
    return router.peers if router.group is None else (router.group,)


def advert_of(router: Router, priority: int) -> Advert:
    """What the router says with this priority (RFC 9568, section 7.2)."""
    return Advert(
        version=router.version,
        family=router.family,
        vrid=router.vrid,
        priority=priority,
        interval_cs=router.interval // CENTISECOND,
        addresses=tuple(address.address for address in router.addresses),
        form=form_of(router),
        auth_type=auth_type_of(router) if router.version == 2 else 0,  # behaviour AU-03
        auth_data=b"" if router.version == 3 else router.password or bytes(AUTH_SIZE),
    )


def datagrams_of(router: Router, source: IpAddress, priority: int) -> tuple[bytes, ...]:
    """The advert for each of the router's destinations; the checksum covers both addresses.

    Those of a router that signs still lack what `signing` puts to them when they leave.
    """
    advert = advert_of(router, priority)
    return tuple(encode_advert(advert, source, destination) for destination in destinations(router))
