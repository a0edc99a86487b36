"""The pool of one virtual server: who of it is alive with what weight, whether that is enough, and what follows.

All of it is derived, from the parameters, the verdicts of the checks, and the orders of operators. One thing is
remembered: whether the quorum was there, since what is enough depends on it (LV-09).
"""

from collections.abc import Iterable, Mapping, Sequence

from standfast.base.frozen import changed, frozen
from standfast.base.limits import SERVER_WEIGHT_MAX
from standfast.base.services import Destination, Forwarding, Mark, Service, ServiceKey
from standfast.core.lvs.orders import Order, What
from standfast.core.lvs.parameters import RealServer, VirtualServer
from standfast.core.lvs.table import Balanced, balanced


@frozen
class Word:
    """What one check, file or session says of a real server."""

    up: bool
    reason: str = ""  # why it is not up
    weight: int | None = None  # that takes the place of the configured one (HC-16)
    more: int = 0  # that is added to the weight (HC-18)


@frozen
class Standing:
    """A real server as its checks and orders have it."""

    up: bool
    weight: int  # while it is up
    reason: str = ""
    ordered: str = ""  # what an operator has ordered for it, in words

    @property
    def live(self) -> int:
        """What it counts towards the quorum."""
        return self.weight if self.up else 0


@frozen
class Pool:
    """All real servers of a virtual server, in its order."""

    standings: tuple[Standing, ...]
    quorum: bool  # enough of them are alive

    @property
    def live(self) -> int:
        """The weight that is alive."""
        return sum(standing.live for standing in self.standings)


def pool(
    virtual: VirtualServer,
    words: Sequence[Iterable[Word]],
    orders: Mapping[str, Order],
    *,
    before: bool,
) -> Pool:
    """The pool of a virtual server.

    Args:
        virtual: the virtual server.
        words: what is said of each real server, in its order.
        orders: by the names of real servers.
        before: whether there was a quorum; there is none before the beginning.
    """
    standings = tuple(
        standing(server, said, orders.get(server.name))
        for server, said in zip(virtual.servers, words, strict=True)
    )
    return _counted(virtual, standings, before=before)


def amended(virtual: VirtualServer, before: Pool, others: Mapping[int, Standing]) -> Pool:
    """The pool after one where nothing but these servers may have changed: a large one dies server by server.

    Args:
        virtual: the virtual server.
        before: its pool before.
        others: standings by place among the servers.
    """
    standings = list(before.standings)
    for place, one in others.items():
        standings[place] = one
    return _counted(virtual, tuple(standings), before=before.quorum)


def _counted(virtual: VirtualServer, standings: tuple[Standing, ...], *, before: bool) -> Pool:
    live = sum([one.weight for one in standings if one.up])
    return Pool(standings, live >= enough(virtual, before=before))


def standing(server: RealServer, words: Iterable[Word], order: Order | None = None) -> Standing:
    """One real server: up if all say so (HC-06), its weight computed anew from what is configured and said.

    An order comes last: a weight takes the place of all others, and who is disabled is down whatever is said.
    """
    weight, more, reasons = server.destination.weight, 0, []
    for word in words:
        weight = weight if word.weight is None else word.weight
        more += word.more
        if not word.up:
            reasons.append(word.reason)
    weight = min(max(weight + more, 0), SERVER_WEIGHT_MAX)
    if order is None:
        return Standing(not reasons, weight, "; ".join(reasons))
    if order.what is What.DISABLE:
        return Standing(up=False, weight=weight, reason=order.words, ordered=order.words)
    return Standing(not reasons, order.weight, "; ".join(reasons), order.words)


def enough(virtual: VirtualServer, *, before: bool) -> int:
    """The weight that must live: less to keep a quorum than to gain one, and never more than there is (LV-09)."""
    if before or virtual.quorum + virtual.hysteresis <= 1:
        return max(1, virtual.quorum - virtual.hysteresis)
    possible = sum(server.destination.weight for server in virtual.servers)
    return max(1, min(virtual.quorum + virtual.hysteresis, possible))


# ---- what follows for the table


def desired(virtual: VirtualServer, now: Pool) -> dict[ServiceKey, Balanced]:
    """What the kernel should balance for this virtual server: the same servers for each of its services."""
    destinations = tuple(_destinations(virtual, now))
    return {
        service.key: balanced(service, (_of(service, one) for one in destinations if _fits(service, one)))
        for service in virtual.services
    }


def _destinations(virtual: VirtualServer, now: Pool) -> Iterable[Destination]:
    """Behaviours LV-08 and LV-10."""
    instead = virtual.sorry is not None and not now.quorum
    if virtual.sorry is not None and instead:
        yield virtual.sorry
    for server, one in zip(virtual.servers, now.standings, strict=True):
        if one.up and not instead:
            yield _weighing(server.destination, one.weight)
        elif server.inhibit:
            yield _weighing(server.destination, 0)
    if virtual.sorry is not None and not instead and virtual.sorry_inhibit:
        yield changed(virtual.sorry, weight=0)


def _weighing(destination: Destination, weight: int) -> Destination:
    """It with this weight: most have theirs, and what is the same object need not be compared."""
    return destination if destination.weight == weight else changed(destination, weight=weight)


def _of(service: Service, destination: Destination) -> Destination:
    """The destination as this service has it: only NAT changes a port (LV-04), and a mark stands for any.

    A service's own servers have its port already; those of a group serve several.
    """
    port = 0 if isinstance(service.key, Mark) else service.key.port
    if destination.forwarding is Forwarding.NAT or destination.port == port:
        return destination
    return changed(destination, port=port)


def _fits(service: Service, destination: Destination) -> bool:
    """Only a tunnel leads from one family to the other."""
    same = service.key.family == destination.address.version
    return same or destination.forwarding is Forwarding.TUNNEL
