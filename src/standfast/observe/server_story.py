"""The story of a virtual server, or of one of its real servers: how it is, since when, by which facts."""

from collections.abc import Iterator, Sequence
from typing import Final

from standfast.observe.spans import ago, clock
from standfast.observe.state.event import Event
from standfast.observe.state.service import RealServer, VirtualServer

_SHOWN: Final = 12  # events, the last ones


def server_story(one: VirtualServer, name: str, events: Sequence[Event], *, now: float) -> Iterator[str]:
    """What there is to say.

    Args:
        one: the virtual server as it is.
        name: that was asked about: its own, or that of one of its real servers.
        events: about it and its real servers, the oldest first.
        now: time of day.
    """
    servers = [each for each in one.servers if name in {one.name, each.name}]
    yield f"{one.name} {'is UP' if one.up else 'has NO QUORUM'}{_since(one.since, now)}."
    yield f"Because a weight of {one.live} is alive; its quorum is {one.quorum}."
    if one.sorry:
        yield f"{one.sorry_server} takes its place."
    yield ""
    yield "What holds now:"
    for server in servers:
        yield from (f"  - {line}" for line in _server(server, now))
    yield ""
    yield "What happened last:"
    yield from (f"  {clock(each.at, now)}  {each.text}" for each in events[-_SHOWN:])


def _since(since: float | None, now: float) -> str:
    return "" if since is None else f" since {clock(since, now)} ({ago(since, now)})"


def _server(one: RealServer, now: float) -> Iterator[str]:
    because = f": {one.reason}" if one.reason and not one.up else ""
    yield f"{one.name} is {'UP' if one.up else 'DOWN'}{_since(one.since, now)}, weight {one.weight}{because}"
    if one.ordered:
        yield f"{one.name}: {one.ordered}; standfast rs enable takes it back"
    for check in one.checks:
        if check.up and check.last_phase:
            words = f"{check.last_phase}: {check.last_detail}" if check.last_detail else check.last_phase
            yield f"{one.name}: {check.kind} is good, but its last attempt failed: {words}"
