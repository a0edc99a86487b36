"""Services, destinations and tables as hypothesis draws them."""

from hypothesis import strategies as st

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.base.schedulers import IPVS_SCHEDULERS
from standfast.base.services import (
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
    Transport,
    Tunnel,
    TunnelChecksum,
    TunnelKind,
)
from standfast.core.lvs.table import Table, balanced, table_of


def addresses(*, few: bool) -> st.SearchStrategy[IpAddress]:
    """Few of them meet each other often."""
    if few:
        return st.sampled_from([parse_address(text) for text in ("10.0.0.1", "10.0.0.2", "2001:db8::1")])
    return st.ip_addresses()


def ports(*, few: bool) -> st.SearchStrategy[int]:
    return st.sampled_from([0, 80]) if few else st.integers(0, 0xFFFF)


def keys(*, few: bool = True) -> st.SearchStrategy[ServiceKey]:
    numbers = st.integers(1, 2 if few else 0xFFFF_FFFF)
    return st.one_of(
        st.builds(Endpoint, st.sampled_from(Transport), addresses(few=few), ports(few=few)),
        st.builds(Mark, numbers, st.sampled_from(Family)),
    )


@st.composite
def services(draw: st.DrawFn, *, few: bool = True) -> Service:
    key = draw(keys(few=few))
    lengths = st.none() | st.integers(1, key.family.bits)
    persistence = st.builds(Persistence, st.integers(1, 2_678_400), lengths, st.sampled_from(["", "sip"]))
    return Service(
        key,
        draw(st.sampled_from(IPVS_SCHEDULERS)),
        SchedulerFlag(draw(st.sampled_from([0, 0x08, 0x10, 0x18, 0x20, 0x38]))),
        draw(st.none() | persistence),
        draw(st.booleans()),
    )


def destinations(*, few: bool = True) -> st.SearchStrategy[Destination]:
    tunnels = st.builds(
        Tunnel, st.sampled_from(TunnelKind), st.integers(0, 0xFFFF), st.sampled_from(TunnelChecksum)
    )
    most = 0x7FFF_FFFF
    return st.builds(
        Destination,
        addresses(few=few),
        ports(few=few),
        st.sampled_from(Forwarding),
        st.integers(0, 2 if few else most),
        st.just(0) if few else st.integers(0, 0xFFFF_FFFF),
        st.just(0) if few else st.integers(0, 0xFFFF_FFFF),
        tunnels,
    )


def tables() -> st.SearchStrategy[Table]:
    entries = st.builds(balanced, services(), st.lists(destinations(), max_size=3))
    return st.lists(entries, max_size=3).map(table_of)
