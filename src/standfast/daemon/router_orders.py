"""The verbs `maintenance` and `failover`: orders for routers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from standfast.base.errors import Refused
from standfast.base.nearest import nearest
from standfast.daemon.asking import Gather
from standfast.daemon.control import Reply
from standfast.daemon.order_request import OrderRequest, order_of, owner_of, read_request, settle
from standfast.daemon.orders import Orders
from standfast.model.config import Config
from standfast.observe.state.instance import Instance
from standfast.observe.state.protocol import Request

What = Literal["maintenance", "failover"]


class RouterRequest(OrderRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of both verbs."""

    on: bool = True  # False: take it back


class RouterOrderVerb:
    """Checks, and orders."""

    def __init__(self, what: What, orders: Orders, *, gather: Gather, config: Callable[[], Config]) -> None:
        """Make it.

        Args:
            what: is ordered.
            orders: that stand.
            gather: has the children tell their state.
            config: gives the configuration in force.
        """
        self._what: What = what
        self._orders, self._gather, self._config = orders, gather, config

    def serve(self, request: Request, reply: Reply) -> None:
        """Check, and do it; an order that could leave an address with nobody asks first who was heard."""
        try:
            asked = read_request(request.arguments, RouterRequest)
            name = self._name(request.names, asked)
        except Refused as refusal:
            reply.refuse(refusal.reason, refusal.words, refusal.remedy)
            return
        owner = owner_of(reply, asked)
        if not asked.on:
            self._take_back(name, owner, reply)
        elif asked.force:
            self._give(name, owner, asked, reply)
        else:
            self._gather((), lambda state: self._if_heard(state, name, owner, asked, reply))

    def _name(self, names: tuple[str, ...], asked: RouterRequest) -> str:
        """Of the instance or sync group that is meant; empty: everything.

        Raises:
            Refused: nothing is called so.
        """
        name = names[0] if names else ""
        if len(names) > 1 or (self._what == "failover" and not name):
            raise Refused("not-a-request", f"{self._what} is of one instance or sync group")
        config = self._config()
        known = [*(one.name for one in config.vrrp_instances), *(one.name for one in config.vrrp_sync_groups)]
        if asked.on and name and name not in known:
            words = f"no instance is called {name}, and no sync group"
            raise Refused("unknown-name", words, remedy=nearest(name, known) or "standfast status names them")
        return name

    def _if_heard(
        self, state: Mapping[str, Any], name: str, owner: str, asked: RouterRequest, reply: Reply
    ) -> None:
        if reply.gone:
            return
        told = msgspec.json.decode(msgspec.json.encode(state["instances"]), type=list[Instance])
        if alone := "; ".join(_alone(one) for one in _affected(told, name) if not _is_followed(one)):
            reply.refuse("no-peer", f"nobody may take over: {alone}", "look at the other hosts, then --force")
        else:
            self._give(name, owner, asked, reply)

    def _give(self, name: str, owner: str, asked: RouterRequest, reply: Reply) -> None:
        settle(self._orders, reply, given=order_of(self._what, asked, owner=owner, name=name))

    def _take_back(self, name: str, owner: str, reply: Reply) -> None:
        found = [one for one in self._orders.standing if (one.what, one.name) == (self._what, name)]
        if not found:
            reply.refuse("no-order", f"there is no {self._what} of {name or 'everything'} to be taken back")
            return
        settle(self._orders, reply, back=found[0], by=owner)


def _affected(instances: Iterable[Instance], name: str) -> list[Instance]:
    """The instances that an order of this name is for; the members of a sync group go together."""
    every = list(instances)
    named = [one for one in every if not name or name in {one.name, one.group}]
    groups = {one.group for one in named} - {""}
    return [one for one in every if one in named or one.group in groups]


def _is_followed(one: Instance) -> bool:
    """Whether somebody may take over: who was heard, and whose last word was not a goodbye."""
    return one.state != "master" or any(peer.priority for peer in one.peers)


def _alone(one: Instance) -> str:
    if not one.peers:
        return f"no other router of {one.name} was ever heard"
    left = ", ".join(peer.address for peer in one.peers)
    return f"the last word that {one.name} heard of {left} was a goodbye"
