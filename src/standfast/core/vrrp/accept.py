"""Which packets count as adverts of a router: the receive checks, in the RFC's order (RFC 9568, section 7.1).

A packet that fails one is dropped: it moves no timer and changes no state, and the slug of the check that it
failed is the word in counters and log lines. What is *odd* but not a reason to drop it is told by `differences`.

The ladder: startup-delay (of the node), ttl, hops, owner-ignores, version (the router's own), short, type,
truncated, length, checksum (those from `short` on by the codec), vrid, own-address, sender, count, interval-zero,
auth-unknown, auth-type, ah-malformed, auth-failed, ah-replay, interval, hmac-missing, hmac-malformed,
hmac-unknown-key, hmac-invalid, hmac-stale, hmac-replay.
"""

from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.base.priorities import LEAVING, OWNER
from standfast.base.times import CENTISECOND, in_seconds, times
from standfast.core.vrrp.authentic import NO_MARKS, Marks, check_header, check_signature
from standfast.core.vrrp.events import Received
from standfast.core.vrrp.router import Router
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import (
    AUTH_HEADER,
    AUTH_NONE,
    AUTH_PASS,
    PADDED_SIZE,
    Advert,
    decode_advert,
    message_size,
)  # fmt: skip
from standfast.wire.vrrp_auth import same_password

TTL: Final = 255  # RFC 9568, 5.1.1.3 and 5.1.2.3: proof that no router stands between


@frozen
class Difference:
    """One thing in an advert that is not as configured here, though the advert is used."""

    what: str  # slug
    ours: str
    theirs: str


def accept(
    router: Router | None,
    packet: Received,
    ours: IpAddress | None,
    *,
    marks: Marks = NO_MARKS,
    counter: int = 0,
) -> Advert:
    """The advert in the packet, if the router may believe it.

    Args:
        router: the one that the packet's VRID, interface and family belong to; None: none of ours.
        packet: as it came.
        ours: the address that the router's own adverts come from.
        marks: the signatures that it has believed.
        counter: of AH: the highest sequence number that it has heard or sent.

    Raises:
        Malformed: the first check that it fails, with its slug.
    """
    _check_ttl(router, packet)
    if router is not None and router.ignores_adverts:
        raise Malformed("owner-ignores")
    _check_version(router, packet)
    message, tail = parts_of(router, packet)
    advert = decode_advert(message, packet.sender, packet.destination, trailer=tail)
    if router is None:
        raise Malformed("vrid", got=advert.vrid, want=0)
    _check_sender(router, packet, ours)
    _check_contents(router, advert)
    if advert.version == 2:
        _check_authentication(router, advert, packet, counter)
        _check_interval(router, advert)
    if router.signature is not None:
        check_signature(
            router.signature,
            marks,
            message=message,
            tail=tail,
            sender=packet.sender,
            vrid=router.vrid,
            wall=packet.wall,
        )
    return advert


def parts_of(router: Router | None, packet: Received) -> tuple[bytes, bytes]:
    """The message of a packet, and the signature behind it; a router without `auth_hmac` knows none (AU-11)."""
    payload = packet.payload
    if router is None or router.signature is None:
        return payload, b""
    size = message_size(payload, packet.family)
    if len(payload) <= size or (packet.family is Family.IPV4 and len(payload) <= PADDED_SIZE):
        return payload, b""
    return payload[:size], payload[size:]


def _check_ttl(router: Router | None, packet: Received) -> None:
    """Behaviours WI-09, WI-10: a routed peer's packets have come some way, as many hops as its limits allow."""
    if packet.destination.is_multicast:
        if packet.ttl != TTL:
            raise Malformed("ttl", got=packet.ttl, want=TTL)
        return
    for peer, least, most in () if router is None else router.hop_limits:
        if peer == packet.sender and not least <= packet.ttl <= most:
            raise Malformed("hops", got=packet.ttl, want=least if packet.ttl < least else most)


def _check_version(router: Router | None, packet: Received) -> None:
    if router is not None and packet.payload and (got := packet.payload[0] >> 4) != router.version:
        raise Malformed("version", got=got, want=router.version)


def _check_sender(router: Router, packet: Received, ours: IpAddress | None) -> None:
    if packet.sender == ours:
        raise Malformed("own-address")
    if router.peers_only and packet.sender not in router.peers:
        raise Malformed("sender")


def _check_contents(router: Router, advert: Advert) -> None:
    """RFC 9568, section 7.1, with errata 8299 and 8301.

    No addresses are fine between routers that both have none (behaviour WI-08): they only elect.
    """
    if not advert.addresses and router.addresses:
        raise Malformed("count", got=0, want=len(router.addresses))
    if advert.interval_cs == 0 and advert.version == 3:
        raise Malformed("interval-zero", got=0, want=1)


def _check_authentication(router: Router, advert: Advert, packet: Received, counter: int) -> None:
    """RFC 2338, section 5.3.6; behaviours AU-01, AU-02."""
    want = auth_type_of(router)
    if advert.auth_type not in (AUTH_NONE, AUTH_PASS, AUTH_HEADER):
        raise Malformed("auth-unknown", got=advert.auth_type, want=want)
    if advert.auth_type != want or bool(packet.covering) is not (want == AUTH_HEADER):
        raise Malformed("auth-type", got=advert.auth_type, want=want)
    if router.ah_key is not None:
        check_header(router.ah_key, counter, covering=packet.covering, message=packet.payload)
    if router.password is not None and not same_password(advert.auth_data, router.password):
        raise Malformed("auth-failed")


def auth_type_of(router: Router) -> int:
    """The kind of authentication that its adverts of version 2 carry."""
    if router.ah_key is not None:
        return AUTH_HEADER
    return AUTH_NONE if router.password is None else AUTH_PASS


def _check_interval(router: Router, advert: Advert) -> None:
    """RFC 3768, section 7.1: version 2 drops an advert with another interval (behaviour SM-12)."""
    want = router.interval // CENTISECOND
    if advert.interval_cs != want:
        raise Malformed("interval", got=advert.interval_cs, want=want)


def differences(router: Router, advert: Advert) -> tuple[Difference, ...]:
    """What is odd about an advert that counts (RFC 9568, 7.1: say it, do not drop; behaviour WI-12)."""
    found = []
    interval = times(advert.interval_cs, CENTISECOND)
    if interval != router.interval and advert.priority != LEAVING:
        found.append(Difference("interval", in_seconds(router.interval), in_seconds(interval)))
    ours = {address.address for address in router.addresses}
    theirs = set(advert.addresses)
    if ours != theirs:
        found.append(Difference("addresses", _listed(ours - theirs), _listed(theirs - ours)))
    if advert.version == 3 and advert.family is Family.IPV4 and advert.form != form_of(router):
        found.append(Difference("checksum-form", form_of(router), advert.form))
    if advert.family is Family.IPV6 and advert.addresses and not advert.addresses[0].is_link_local:
        found.append(Difference("first-address", "link-local", str(advert.addresses[0])))
    if router.priority == OWNER == advert.priority:
        found.append(Difference("two-owners", str(OWNER), str(OWNER)))
    return tuple(found)


def form_of(router: Router) -> ChecksumForm:
    """How the router's own checksums are made (behaviour WI-04)."""
    message_only = router.version == 2 or (router.checksum_as_v2 and router.family is Family.IPV4)
    return ChecksumForm.MESSAGE if message_only else ChecksumForm.PSEUDO_HEADER


def _listed(addresses: set[IpAddress]) -> str:
    """At most three of them, in order, for a line of the log."""
    first = [str(address) for address in sorted(addresses, key=int)[:3]]
    more = len(addresses) - len(first)
    return " ".join(first) + (f" and {more} more" if more > 0 else "") or "none"
