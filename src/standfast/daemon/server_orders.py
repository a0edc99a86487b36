"""The verb `rs`: orders for real servers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from standfast.base.errors import Refused
from standfast.base.limits import SERVER_WEIGHT_MAX
from standfast.base.server_names import find
from standfast.core.lvs.configured import Planner
from standfast.core.lvs.parameters import VirtualServer
from standfast.core.lvs.pool import enough
from standfast.daemon.asking import Gather
from standfast.daemon.control import Reply
from standfast.daemon.order_request import OrderRequest, order_of, owner_of, read_request, settle
from standfast.daemon.orders import Orders
from standfast.model.config import Config
from standfast.observe.state import service
from standfast.observe.state.protocol import Request


class ServerRequest(OrderRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of the verb."""

    what: Literal["drain", "weight", "disable", "enable"]
    weight: int | None = None


class ServerOrderVerb:
    """Checks, and orders."""

    def __init__(self, orders: Orders, *, gather: Gather, config: Callable[[], Config]) -> None:
        """Make it.

        Args:
            orders: that stand.
            gather: has the children tell their state.
            config: gives the configuration in force.
        """
        self._orders, self._gather, self._config = orders, gather, config
        self._planner = Planner()

    def serve(self, request: Request, reply: Reply) -> None:
        """Check, and do it; an order that could leave nobody to serve asks first who is there."""
        try:
            asked = _checked(read_request(request.arguments, ServerRequest))
            virtual, server = self._names(request.names)
        except Refused as refusal:
            reply.refuse(refusal.reason, refusal.words, refusal.remedy)
            return
        owner = owner_of(reply, asked)
        if asked.what == "enable":
            self._take_back(virtual, server, owner, reply)
        elif asked.force:
            self._give(virtual, server, owner, asked, reply)
        else:
            self._gather(
                (virtual,), lambda state: self._if_enough(state, virtual, server, owner, asked, reply)
            )

    def _names(self, names: tuple[str, ...]) -> tuple[str, str]:
        """Of the virtual and the real server; also one that is gone, as long as an order for it stands.

        Raises:
            Refused: nothing is called so.
        """
        if len(names) != 2:
            raise Refused("not-a-request", "an order is for one real server of one virtual server")
        there = [(virtual.name, one.name) for virtual in self._virtuals() for one in virtual.servers]
        ordered = [(one.name, one.server) for one in self._orders.standing if one.server]
        known = [*there, *ordered]
        virtual = find(names[0], (name for name, _ in known), "virtual server")
        return virtual, find(
            names[1], (server for name, server in known if name == virtual), f"real server of {virtual}"
        )

    def _virtuals(self) -> Iterable[VirtualServer]:
        return self._planner.plan(self._config()).servers

    def _if_enough(
        self,
        state: Mapping[str, Any],
        virtual: str,
        server: str,
        owner: str,
        asked: ServerRequest,
        reply: Reply,
    ) -> None:
        if reply.gone:
            return
        told = [msgspec.json.decode(raw, type=service.VirtualServer) for raw in state["virtual_servers"]]
        planned = next((one for one in self._virtuals() if one.name == virtual), None)
        shown = next((one for one in told if one.name == virtual), None)
        if planned is None or shown is None:
            words = f"the checker process does not tell how {virtual} is"
            reply.refuse("not-told", words, "look at standfast status, then --force")
        elif words := _lacking(planned, shown, server, asked.weight or 0):
            reply.refuse("no-quorum", words, "enable another one first, or --force")
        else:
            self._give(virtual, server, owner, asked, reply)

    def _give(self, virtual: str, server: str, owner: str, asked: ServerRequest, reply: Reply) -> None:
        if asked.what == "enable":
            return
        weight = asked.weight or 0
        order = order_of(asked.what, asked, owner=owner, name=virtual, server=server, weight=weight)
        settle(self._orders, reply, given=order)

    def _take_back(self, virtual: str, server: str, owner: str, reply: Reply) -> None:
        found = [one for one in self._orders.standing if (one.name, one.server) == (virtual, server)]
        if not found:
            reply.refuse("no-order", f"there is no order for {server} of {virtual} to be taken back")
            return
        settle(self._orders, reply, back=found[0], by=owner)


def _checked(asked: ServerRequest) -> ServerRequest:
    """The arguments, if they belong together.

    Raises:
        Refused: they do not.
    """
    if (asked.what == "weight") != (asked.weight is not None):
        raise Refused("not-a-request", "a weight belongs to the order `weight`, and to no other")
    if asked.weight is not None and not 0 <= asked.weight <= SERVER_WEIGHT_MAX:
        raise Refused("not-a-request", f"a weight is 0 to {SERVER_WEIGHT_MAX}")
    return asked


def _lacking(planned: VirtualServer, shown: service.VirtualServer, server: str, weight: int) -> str:
    """Why the order would leave too little, in words; empty: it would not, or no less than there is."""
    others = sum(one.weight for one in shown.servers if one.up and one.name != server)
    up = any(one.up for one in shown.servers if one.name == server)
    left, least = others + (weight if up else 0), enough(planned, before=True)
    if left >= least or left >= shown.live:
        return ""
    if not left:
        return f"{planned.name} would have no server left"
    return f"{planned.name} would have a weight of {left} alive, and needs {least} for its quorum"
