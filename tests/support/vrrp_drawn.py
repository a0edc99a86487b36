"""Routers, events and packets of the VRRP core, drawn at random. A small world, so that things meet."""

from dataclasses import replace

from hypothesis import strategies as st
from vrrp_made import ABOVE, BELOW, ETH0, ETH1, GROUP, ROUTER, US, advert, altered, received, vip

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.times import ZERO, Duration, Instant, seconds
from standfast.core.vrrp.accept import form_of
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AddressRefused,
    Due,
    Event,
    Faulted,
    Heard,
    LinkChanged,
    LinkGone,
    Received,
    Recovered,
    RouterEvent,
    SocketFailed,
    SocketOpened,
    Started,
    Stop,
    Stopped,
)
from standfast.core.vrrp.router import Announcements, Link, Rounds, Router

SENDERS = (BELOW, ABOVE)
ADDRESSES: tuple[HostAddress, ...] = (*(vip(n) for n in range(100, 106)), vip(106, "eth1"))

priorities = st.sampled_from((1, 99, 100, 101, 254, 255))
senders: st.SearchStrategy[IpAddress] = st.sampled_from(SENDERS)
address_lists = st.lists(st.sampled_from(ADDRESSES), unique=True, max_size=4).map(tuple)
rounds = st.builds(Rounds, st.integers(0, 3), st.sampled_from((ZERO, seconds(1), seconds(5))))
announcements = st.builds(
    Announcements, rounds, rounds, st.sampled_from((ZERO, seconds(3))), st.integers(0, 2)
)


@st.composite
def routers(draw: st.DrawFn, *, name: str = "VI_1", vrid: int = 1) -> Router:
    """A router of either version with any settings that bear on its states."""
    version = draw(st.sampled_from((2, 3)))
    listed = draw(address_lists)
    excluded = tuple(address for address in draw(address_lists) if address not in listed)
    return replace(
        ROUTER,
        name=name,
        vrid=vrid,
        version=version,
        priority=draw(priorities),
        interval=draw(
            st.sampled_from([seconds(n) for n in ((1, 2, 10) if version == 2 else (0.01, 0.3, 1))])
        ),
        addresses=listed,
        excluded=excluded,
        starts_as_master=draw(st.booleans()),
        preempt=draw(st.booleans()),
        preempt_delay=draw(st.sampled_from((ZERO, seconds(2)))),
        down_timer_adverts=draw(st.integers(1, 4)),
        answers_weaker=draw(st.booleans()),
        says_goodbye_to_stronger=draw(st.booleans()),
        announcements=draw(announcements),
    )


def router_lists() -> st.SearchStrategy[tuple[Router, ...]]:
    """Up to four routers with different VRIDs; no two hold the same address."""
    return (
        st.lists(st.integers(1, 4), unique=True, max_size=4)
        .flatmap(lambda vrids: st.tuples(*(routers(name=f"VI_{vrid}", vrid=vrid) for vrid in vrids)))
        .map(_without_shared_addresses)
    )


def _without_shared_addresses(drawn: tuple[Router, ...]) -> tuple[Router, ...]:
    seen: set[HostAddress] = set()
    kept = []
    for router in drawn:
        listed = tuple(address for address in router.addresses if address not in seen)
        excluded = tuple(address for address in router.excluded if address not in seen)
        seen.update(listed, excluded)
        kept.append(replace(router, addresses=listed, excluded=excluded))
    return tuple(kept)


pauses: st.SearchStrategy[Duration] = st.sampled_from(
    [seconds(n) for n in (0, 0, 0.000001, 0.01, 0.3, 1, 3.7, 60)]
)


@st.composite
def router_events(draw: st.DrawFn, router: Router, now: Instant) -> RouterEvent:
    """Anything that a router can be told."""
    kind = draw(st.integers(0, 9))
    if kind < 4:
        said = advert(router, draw(st.sampled_from((0, 1, 99, 100, 101, 255))))
        return Heard(said, draw(senders), US, Instant(now - draw(st.sampled_from((0, 1, 1_000_000)))))
    if kind < 6:
        return Due()
    reasons = (("interface-down:eth0",), ("interface-down:eth0", "no-source-address"))
    others: tuple[RouterEvent, ...] = (Started(), Stopped(), Recovered(), *map(Faulted, reasons))
    return draw(st.sampled_from(others))


links: st.SearchStrategy[Link] = st.builds(
    lambda link, up, has_address: replace(link, up=up, ipv4=link.ipv4 if has_address else None),
    st.sampled_from((ETH0, ETH1)),
    st.booleans(),
    st.booleans(),
)


@st.composite
def packets(draw: st.DrawFn, now: Instant) -> Received:
    """An advert that is good, or nearly, or no advert at all."""
    router = draw(routers(vrid=draw(st.integers(1, 5))))
    said = advert(router, draw(st.sampled_from((0, 1, 100, 255))), form=form_of(router))
    good = received(said, sender=draw(senders), destination=draw(st.sampled_from((GROUP, US))))
    payload = draw(st.sampled_from((good.payload, draw(mutated(good.payload)), draw(st.binary(max_size=64)))))
    return altered(
        good,
        payload=payload,
        ttl=draw(st.sampled_from((255, 255, 254))),
        interface=draw(st.sampled_from(("eth0", "eth0", "eth1", "eth9"))),
        at=Instant(now - draw(st.sampled_from((0, 0, 1_000_000, -5)))),
    )


@st.composite
def mutated(draw: st.DrawFn, payload: bytes) -> bytes:
    """The payload with one byte changed, or cut, or with something behind it."""
    at = draw(st.integers(0, max(len(payload) - 1, 0)))
    changed = payload[:at] + bytes((draw(st.integers(0, 255)),)) + payload[at + 1 :]
    return draw(st.sampled_from((changed, payload[:at], payload + draw(st.binary(max_size=20)))))


@st.composite
def node_events(draw: st.DrawFn, now: Instant, *, stops: bool = True) -> Event:
    """Anything that a node can be told."""
    key = draw(st.sampled_from((*ADDRESSES, vip(9)))).key
    kind = draw(st.integers(0, 13))
    if kind < 4:
        return draw(packets(now))
    if kind < 8:
        return Due()
    if kind == 8 and stops and draw(st.integers(0, 9)) == 0:
        return Stop()
    others: tuple[Event, ...] = (
        LinkChanged(draw(links)),
        LinkChanged(ETH0),
        LinkGone("eth1"),
        SocketFailed("eth0", ROUTER.family, "no memory"),
        SocketOpened("eth0", ROUTER.family),
        AddressGone(key),
        AddressRefused(key, "busy"),
        AddressesRead({address.key: 18 for address in draw(address_lists)}),
    )
    return draw(st.sampled_from(others))


def known_links() -> dict[str, Link]:
    """Both interfaces, up and with addresses."""
    return {"eth0": ETH0, "eth1": ETH1}
