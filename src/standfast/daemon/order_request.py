"""What every order that comes over the control socket says of itself, and its way to the orders that stand."""

import time
from typing import Any, TypeVar

import msgspec

from standfast.base.errors import Refused
from standfast.base.limits import ORDER_REASON
from standfast.daemon.control import Reply
from standfast.daemon.order_file import Order, What
from standfast.daemon.orders import Orders


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments that all orders have."""

    for_s: float | None = None
    reason: str = ""
    behalf: str = ""  # whom root acts for (sudo)
    force: bool = False


Asked = TypeVar("Asked", bound=OrderRequest)


def read_request(arguments: dict[str, Any], kind: type[Asked]) -> Asked:
    """The arguments of an order.

    Raises:
        Refused: they are not those of this kind.
    """
    try:
        asked = msgspec.convert(arguments, kind)
    except msgspec.ValidationError as error:
        raise Refused("not-a-request", str(error)) from None
    if len(asked.reason) + len(asked.behalf) > ORDER_REASON:
        raise Refused("too-long", f"a reason has at most {ORDER_REASON} characters")
    if asked.for_s is not None and not asked.for_s > 0:
        raise Refused("not-a-request", "the time of an order is above 0")
    return asked


def owner_of(reply: Reply, asked: OrderRequest) -> str:
    """Who orders: whom the kernel vouches for; for whom root acts is root's word."""
    user = reply.user
    return f"{user} for {asked.behalf}" if user == "root" and asked.behalf not in {"", "root"} else user


def order_of(
    what: What, asked: OrderRequest, *, owner: str, name: str, server: str = "", weight: int = 0
) -> Order:
    """The order that stands from now on."""
    now = time.time()
    return Order(
        what=what,
        name=name,
        server=server,
        weight=weight,
        owner=owner,
        reason=asked.reason,
        since=now,
        until=None if asked.for_s is None else now + asked.for_s,
    )


def settle(
    orders: Orders, reply: Reply, *, given: Order | None = None, back: Order | None = None, by: str = ""
) -> None:
    """Let an order stand, or take it back, and answer with those that stand."""
    try:
        if given is not None:
            orders.give(given)
        if back is not None:
            orders.take_back(back, by)
    except Refused as refusal:
        reply.refuse(refusal.reason, refusal.words, refusal.remedy)
        return
    reply.answer({"order": given or back, "orders": orders.standing})
