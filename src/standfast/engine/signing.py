"""Signs adverts at the moment when they leave: what is signed tells when it was sent (behaviours AU-02, AU-04).

An advert to several peers has one signature: it covers neither the destination nor the checksum.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

from standfast.base.addresses import IpAddress
from standfast.base.errors import Broken
from standfast.core.vrrp.authentic import Signature
from standfast.core.vrrp.router import Router
from standfast.engine.adverts import destinations
from standfast.engine.ports import WallClock
from standfast.wire.ah import authenticated
from standfast.wire.vrrp_hmac import ahead, following, joined, sequence_at, sign, span


class Signer:
    """Remembers the last sequence number of each router, so that the next one is later."""

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock
        self._last: dict[str, int] = {}

    @property
    def last(self) -> Mapping[str, int]:
        """The last sequence number of each router."""
        return self._last

    def recall(self, last: Mapping[str, int]) -> None:
        """Go on after these numbers, which another process used."""
        self._last.update(last)

    def signed(
        self, router: Router, source: IpAddress, datagrams: Sequence[bytes], *, counter: int
    ) -> tuple[bytes, ...]:
        """The adverts, one for each destination, with what proves that they are ours and new.

        Args:
            router: that signs.
            source: of its packets.
            datagrams: one for each destination.
            counter: the sequence number, if it is for AH.
        """
        if router.ah_key is not None:
            return _headed(router, router.ah_key, source, datagrams, counter)
        signature = router.signature
        if signature is None or not datagrams:
            return tuple(datagrams)
        trailer = sign(
            datagrams[0],
            source,
            key_id=signature.active,
            key=signature.active_key,
            sequence=self._next(router.name, signature),
        )
        return tuple(
            joined(data, trailer, source=source, destination=to)
            for data, to in zip(datagrams, destinations(router), strict=True)
        )

    def forget(self, router: str) -> None:
        """The router is gone."""
        self._last.pop(router, None)

    def _next(self, router: str, signature: Signature) -> int:
        """The clock's number, or the one behind the last.

        In time mode a clock that was far ahead and is right again counts: nobody takes what is outside his window.
        """
        now, last = sequence_at(self._clock.now()), self._last.get(router)
        if last is not None:
            gained = ahead(last, now)
            if gained >= 0 and not (signature.timed and gained > span(signature.window)):
                now = following(last)
        self._last[router] = now
        return now


def _headed(
    router: Router, key: bytes, source: IpAddress, datagrams: Sequence[bytes], counter: int
) -> tuple[bytes, ...]:
    if not isinstance(source, IPv4Address):
        raise Broken("AH is for version 2, and version 2 for IPv4")
    return tuple(
        authenticated(data, source, each, key=key, sequence=counter)
        for data, each in zip(datagrams, destinations(router), strict=True)
        if isinstance(each, IPv4Address)
    )
