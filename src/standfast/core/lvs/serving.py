"""What is told when a pool becomes another one."""

from collections.abc import Iterator

from standfast.core.lvs.effects import (
    BalancerFact,
    QuorumChanged,
    RealServerChanged,
    RealServerWeighed,
    SorryServerChanged,
    VirtualServerGone,
)
from standfast.core.lvs.parameters import RealServer, VirtualServer
from standfast.core.lvs.pool import Pool, Standing


def begun(virtual: VirtualServer, now: Pool, *, tell_servers: bool) -> Iterator[BalancerFact]:
    """A virtual server begins: its quorum is told, its servers only if somebody wants that (rs_init_notifies)."""
    if tell_servers:
        for server, standing in zip(virtual.servers, now.standings, strict=True):
            if standing.up:
                yield _changed(virtual, server, standing, first=True)
    yield _quorum(virtual, now, first=True)
    if virtual.sorry is not None and not now.quorum:
        yield SorryServerChanged(virtual.name, virtual.sorry_name, used=True)


def differing(
    virtual: VirtualServer, before: Pool, now: Pool, *, of: tuple[RealServer, ...]
) -> Iterator[BalancerFact]:
    """What has changed, once each: servers first, then the quorum (LV-24).

    Args:
        virtual: as it is now.
        before: its pool before.
        now: its pool now.
        of: whom the pool before was about.
    """
    if of is virtual.servers:
        pairs = zip(virtual.servers, before.standings, now.standings, strict=True)
    else:
        former = dict(zip((server.name for server in of), before.standings, strict=True))
        present = zip(virtual.servers, now.standings, strict=True)
        pairs = ((one, former[one.name], to) for one, to in present if one.name in former)  # type: ignore[assignment]
    for server, old, new in pairs:
        if old is not new and old != new:
            yield from _server(virtual, server, old, new)
    if before.quorum != now.quorum:
        yield _quorum(virtual, now)
        if virtual.sorry is not None:
            yield SorryServerChanged(virtual.name, virtual.sorry_name, used=not now.quorum)


def ended(virtual: VirtualServer, last: Pool) -> Iterator[BalancerFact]:
    """We end: told as failures only with omega (LV-12)."""
    if virtual.omega:
        down = Pool((), quorum=False)
        for server, standing in zip(virtual.servers, last.standings, strict=True):
            if standing.up:
                yield RealServerChanged(
                    virtual.name, server.name, up=False, weight=0, reason="stop", stopping=True
                )
        if last.quorum:
            yield _quorum(virtual, down, stopping=True)
    yield VirtualServerGone(virtual.name, len(virtual.servers))


def _server(
    virtual: VirtualServer, server: RealServer, old: Standing, new: Standing
) -> Iterator[BalancerFact]:
    if old.up != new.up:
        yield _changed(virtual, server, new)
    elif new.up and old.weight != new.weight:
        yield RealServerWeighed(virtual.name, server.name, new.weight, old.weight)


def _changed(
    virtual: VirtualServer, server: RealServer, now: Standing, *, first: bool = False
) -> RealServerChanged:
    return RealServerChanged(virtual.name, server.name, now.up, now.weight, now.reason, server.inhibit, first)


def _quorum(
    virtual: VirtualServer, now: Pool, *, first: bool = False, stopping: bool = False
) -> QuorumChanged:
    return QuorumChanged(
        virtual.name, now.quorum, now.live, virtual.quorum, virtual.hysteresis, first, stopping
    )
