"""Adverts that fit the links of this host (behaviour WI-06).

An advert is one packet: nobody puts its fragments together in time, and the kernel refuses what is larger than its
link. What does not fit is held all the same, unlisted. Hosts on one link have one MTU, and so list the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from standfast.base.advert_size import most_addresses
from standfast.core.vrrp.router import Link, Router


class Fitted(NamedTuple):
    """Routers whose adverts fit, and what was changed for that, in words."""

    routers: tuple[Router, ...]
    told: tuple[str, ...]


def fitted(routers: Iterable[Router], links: Mapping[str, Link]) -> Fitted:
    """The routers as they can be on these links; one whose link is not there stays as it is."""
    made: list[Router] = []
    told: list[str] = []
    for router in routers:
        link = links.get(router.interface)
        room = len(router.addresses) if link is None else _room(router, link)
        if link is None or room >= len(router.addresses):
            made.append(router)
            continue
        made.append(
            replace(
                router,
                addresses=router.addresses[:room],
                excluded=router.addresses[room:] + router.excluded,
            )
        )
        told.append(
            f"({router.name}) {link.name} has an MTU of {link.mtu}, and an advert room for {room} of"
            f" {len(router.addresses)} addresses; the others are held but not listed:"
            " put them into virtual_ipaddress_excluded, the same ones on every router"
        )
    return Fitted(tuple(made), tuple(told))


def _room(router: Router, link: Link) -> int:
    return most_addresses(router.family, proof=router.proof_size, mtu=link.mtu)
