"""Orders of operators: kept by the parent, given to the vrrp child, and ended when their time is over."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from standfast.base.limits import ORDERS_MAX
from standfast.base.times import Duration, after
from standfast.core.vrrp.orders import What
from standfast.daemon.control import Reply
from standfast.daemon.order_file import Order, OrderFile
from standfast.daemon.poll import Alarm
from standfast.engine.ports import Clock
from standfast.model.config import Config
from standfast.observe.facts import OrderGiven, OrderOver
from standfast.observe.state.protocol import Request
from standfast.wire import ipc


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `maintenance` and `failover`."""

    on: bool = True
    for_s: float | None = None
    owner: str = "an operator"
    reason: str = ""
    force: bool = False


class Orders:
    """Those that stand."""

    def __init__(
        self,
        file: OrderFile,
        alarm: Alarm,
        clock: Clock,
        *,
        send: Callable[[tuple[ipc.Order, ...]], None],
        tell: Callable[[object], None],
    ) -> None:
        self._file, self._alarm, self._clock = file, alarm, clock
        self._send, self._tell = send, tell
        self.standing = tuple(one for one in file.read() if one.until is None or one.until > time.time())
        alarm.ring = self._end
        self._arm()

    @property
    def told(self) -> tuple[ipc.Order, ...]:
        """As the child is told of them."""
        return tuple(ipc.Order(one.what.value, one.owner, one.name, one.reason) for one in self.standing)

    def give(self, order: Order) -> None:
        """Let an order stand, instead of one of the same sort and name.

        Raises:
            OSError: it cannot be written down; then it does not stand.
        """
        self._take((*self._without(order.what, order.name), order))
        for_s = None if order.until is None else round(order.until - order.since, 3)
        self._tell(OrderGiven(order.what.value, order.name, order.owner, order.reason, for_s))

    def take_back(self, what: str, name: str, by: str) -> bool:
        """Let it stand no longer; whether there was one.

        Raises:
            OSError: that cannot be written down; then it stands still.
        """
        left = self._without(what, name)
        if len(left) == len(self.standing):
            return False
        self._take(left)
        self._tell(OrderOver(what, name, f"taken back by {by}"))
        return True

    def _without(self, what: str, name: str) -> tuple[Order, ...]:
        return tuple(one for one in self.standing if (one.what, one.name) != (what, name))

    def _take(self, orders: tuple[Order, ...]) -> None:
        self._file.write(orders)
        self.standing = orders
        self._send(self.told)
        self._arm()

    def _end(self) -> None:
        """The time of some may be over; the clock of the host may have been set meanwhile."""
        now = time.time()
        ended = [one for one in self.standing if one.until is not None and one.until <= now]
        if ended:
            self.standing = tuple(one for one in self.standing if one not in ended)
            self._send(self.told)
        for one in ended:
            self._tell(OrderOver(one.what.value, one.name, "its time is over"))
        self._arm()

    def _arm(self) -> None:
        ends = [one.until for one in self.standing if one.until is not None]
        left = max(0.0, min(ends) - time.time()) if ends else None
        self._alarm.set(None if left is None else after(self._clock.now(), Duration(int(left * 1e6) + 1)))


class OrderVerb:
    """The verbs `maintenance` and `failover`."""

    def __init__(
        self,
        orders: Orders,
        *,
        gather: Callable[[tuple[str, ...], Callable[[Mapping[str, Any]], None]], None],
        config: Callable[[], Config],
    ) -> None:
        self._orders, self._gather, self._config = orders, gather, config

    def serve(self, request: Request, reply: Reply) -> None:
        """Check, and do it; an order that could leave an address with nobody asks first who was heard."""
        try:
            asked = msgspec.convert(request.arguments, OrderRequest)
        except msgspec.ValidationError as error:
            reply.refuse("not-a-request", str(error))
            return
        name = request.names[0] if request.names else ""
        if len(request.names) > 1 or (request.verb == "failover" and not name):
            reply.refuse("not-a-request", f"{request.verb} is of one instance")
        elif asked.on and name and name not in {one.name for one in self._config().vrrp_instances}:
            reply.refuse("unknown-name", f"no instance is called {name}")
        elif asked.on and not asked.force:
            self._gather((), lambda state: self._if_heard(state, request.verb, name, asked, reply))
        else:
            self._do(request.verb, name, asked, reply)

    def _if_heard(
        self, state: Mapping[str, Any], what: str, name: str, asked: OrderRequest, reply: Reply
    ) -> None:
        told = [msgspec.json.decode(msgspec.json.encode(one)) for one in state["instances"]]
        alone = [
            one["name"]
            for one in told
            if name in {"", one["name"]} and one["state"] == "master" and not one["peers"]
        ]
        if alone:
            words = f"no other router of {', '.join(alone)} was ever heard, so nobody may take over"
            reply.refuse("no-peer", words, "look at the other hosts, then order it with --force")
        else:
            self._do(what, name, asked, reply)

    def _do(self, what: str, name: str, asked: OrderRequest, reply: Reply) -> None:
        now = time.time()
        until = None if asked.for_s is None else now + asked.for_s
        order = Order(
            what=What(what), name=name, owner=asked.owner, reason=asked.reason, since=now, until=until
        )
        if asked.on and len(self._orders.standing) >= ORDERS_MAX:
            reply.refuse("too-many", f"{ORDERS_MAX} orders stand already", "take some back")
            return
        try:
            if asked.on:
                self._orders.give(order)
            elif not self._orders.take_back(what, name, asked.owner):
                reply.refuse("no-order", f"there is no {what} of {name or 'everything'} to be taken back")
                return
        except OSError as error:
            reply.refuse("not-written", f"the order cannot be written down: {error.strerror or error}")
            return
        reply.answer({"orders": self._orders.standing})
