"""Orders of operators: kept by the parent, given to the children, and ended when their time is over."""

import time
from collections.abc import Callable

from standfast.base.errors import Refused
from standfast.base.limits import ORDERS_MAX
from standfast.base.times import Duration, after
from standfast.daemon.order_file import Order, OrderFile
from standfast.daemon.poll import Alarm
from standfast.engine.ports import Clock
from standfast.observe.facts import OrderGiven, OrderOver
from standfast.wire import ipc


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
        """Make it, with what stood when it was written last.

        Args:
            file: keeps them.
            alarm: for the ends of some.
            clock: of this host.
            send: tells the children which stand.
            tell: gets the facts.
        """
        self._file, self._alarm, self._clock = file, alarm, clock
        self._send, self._tell = send, tell
        self.standing = tuple(one for one in file.read() if one.until is None or one.until > time.time())
        alarm.ring = self._end
        self._arm()

    @property
    def told(self) -> tuple[ipc.Order, ...]:
        """As the children are told of them; each heeds those that are for it."""
        return tuple(
            ipc.Order(one.what, one.owner, one.name, one.reason, one.server, one.weight)
            for one in self.standing
        )

    def give(self, order: Order) -> None:
        """Let an order stand, instead of the one about the same.

        Raises:
            Refused: too many stand, or it cannot be written down; then it does not stand.
        """
        others = self._without(order)
        if len(others) >= ORDERS_MAX:
            raise Refused("too-many", f"{ORDERS_MAX} orders stand already", remedy="take some back")
        self._take((*others, order))
        for_s = None if order.until is None else round(order.until - order.since, 3)
        weight = order.weight if order.what == "weight" else None
        self._tell(OrderGiven(order.what, order.name, order.owner, order.reason, for_s, order.server, weight))

    def take_back(self, order: Order, by: str) -> None:
        """Let this one stand no longer.

        Raises:
            Refused: that cannot be written down; then it stands still.
        """
        self._take(self._without(order))
        self._tell(OrderOver(order.what, order.name, f"taken back by {by}", order.server))

    def _without(self, order: Order) -> tuple[Order, ...]:
        return tuple(one for one in self.standing if one.about != order.about)

    def _take(self, orders: tuple[Order, ...]) -> None:
        try:
            self._file.write(orders)
        except OSError as error:
            words = f"the order cannot be written down: {error.strerror or error}"
            raise Refused("not-written", words) from None
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
            self._tell(OrderOver(one.what, one.name, "its time is over", one.server))
        self._arm()

    def _arm(self) -> None:
        ends = [one.until for one in self.standing if one.until is not None]
        left = max(0.0, min(ends) - time.time()) if ends else None
        self._alarm.set(None if left is None else after(self._clock.now(), Duration(int(left * 1e6) + 1)))
