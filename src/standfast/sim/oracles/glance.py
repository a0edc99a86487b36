"""The few fields of an advert that oracles judge by, read from its bytes without the codec that is judged."""

from functools import lru_cache
from typing import Final, NamedTuple

from standfast.base.times import CENTISECOND, SECOND, Duration
from standfast.core.vrrp.router import Router

AUTH_PASS: Final = 1


class Glance(NamedTuple):
    """An advert at a glance."""

    version: int
    vrid: int
    priority: int
    listed: int  # addresses
    interval: Duration
    password: bytes | None  # version 2 only


@lru_cache(maxsize=1024)
def glance(payload: bytes) -> Glance:
    """The fields of an advert (RFC 9568, section 5.1; RFC 3768, section 5.1)."""
    version = payload[0] >> 4
    if version == 2:
        password = payload[-8:] if payload[4] == AUTH_PASS else None
        return Glance(2, payload[1], payload[2], payload[3], Duration(payload[5] * SECOND), password)
    centiseconds = int.from_bytes(payload[4:6], "big") & 0x0FFF
    return Glance(version, payload[1], payload[2], payload[3], Duration(centiseconds * CENTISECOND), None)


def accepted(router: Router, seen: Glance) -> bool:
    """Whether the receive checks let it pass (RFC 9568, section 7.1; RFC 3768, section 7.1)."""
    return (
        seen.version == router.version
        and (seen.version == 3 or (seen.interval == router.interval and seen.password == router.password))
        and (seen.listed > 0 or not router.addresses)
    )
