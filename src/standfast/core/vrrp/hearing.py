"""From a packet to the router that it is for, and to the facts about it."""

from collections.abc import Iterable, Mapping, Sequence

from standfast.base.addresses import Family
from standfast.base.errors import Broken, Malformed
from standfast.core.vrrp.accept import accept, differences
from standfast.core.vrrp.effects import AdvertDropped, Effects, PeerDiffers
from standfast.core.vrrp.events import Received
from standfast.core.vrrp.member import Member
from standfast.wire.vrrp import Advert, vrid_of

Place = tuple[str, Family, int, bool]  # interface, family, VRID, multicast: where a packet comes to
Places = Mapping[Place, tuple[Member, ...]]


def places_of(members: Iterable[Member]) -> Places:
    """Where packets for these routers come to; behaviour WI-18 lets several share a place."""
    places: dict[Place, tuple[Member, ...]] = {}
    for member in members:
        router = member.router
        place = (router.interface, router.family, router.vrid, router.group is not None)
        places[place] = (*places.get(place, ()), member)
    return places


def addressee(places: Places, packet: Received) -> Member | None:
    """The router that the packet is for, if it is one of ours."""
    vrid = vrid_of(packet.payload) or 0
    members = places.get((packet.interface, packet.family, vrid, packet.destination.is_multicast), ())
    return members[0] if len(members) == 1 else _meant(members, packet)


def _meant(members: Sequence[Member], packet: Received) -> Member | None:
    """Of several with one VRID, but other groups or other peers, the one that it is for."""
    for member in members:
        router = member.router
        if router.group == packet.destination or (router.group is None and packet.sender in router.peers):
            return member
    return None


def not_ours(packet: Received) -> AdvertDropped:
    """What is wrong with a packet that is for none of our routers: at least its VRID."""
    try:
        accept(None, packet, None)
    except Malformed as fault:
        return dropped("", packet, fault)
    raise Broken("a packet for none of our routers was accepted")


def dropped(name: str, packet: Received, fault: Malformed) -> AdvertDropped:
    """The fact that the packet was not used by the router of this name, and why."""
    return AdvertDropped(name, packet.interface, packet.sender, fault.reason, fault.got, fault.want)


def told(member: Member, packet: Received, advert: Advert) -> Effects:
    """What is odd about the advert; said again only when the advert changes (behaviours WI-12, WI-13)."""
    router, known = member.router, member.known
    if known is not None and known.advert == advert and known.sender == packet.sender:
        return ()
    odd = differences(router, advert)
    if router.skip_same_sender_check and known is not None and known.sender == packet.sender:
        odd = tuple(one for one in odd if one.what != "addresses")
    return tuple(PeerDiffers(router.name, packet.sender, one.what, one.ours, one.theirs) for one in odd)
