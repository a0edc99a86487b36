"""What the kernel tells about links, addresses, routes and rules, and the groups to listen to (rtnetlink(7)).

A codec of our own for these few messages: the general library costs a process 24 MiB and 145 ms at start.
"""

from typing import Final

from standfast.wire.netlink import DONE, ERROR, Answer, Message, decode_answer
from standfast.wire.rtnetlink_address import DEL_ADDRESS, NEW_ADDRESS, AddressReport, decode_address
from standfast.wire.rtnetlink_link import DEL_LINK, NEW_LINK, LinkReport, decode_link
from standfast.wire.rtnetlink_route import DEL_ROUTE, NEW_ROUTE, RouteReport, decode_route
from standfast.wire.rtnetlink_rule import DEL_RULE, NEW_RULE, RuleReport, decode_rule

GROUP_LINK: Final = 0x1  # bits of the groups that a socket listens to
GROUP_IPV4_ADDRESS: Final = 0x10
GROUP_IPV4_ROUTE: Final = 0x40
GROUP_IPV4_RULE: Final = 0x80
GROUP_IPV6_ADDRESS: Final = 0x100
GROUP_IPV6_ROUTE: Final = 0x400
GROUP_IPV6_RULE: Final = 0x40000

Report = LinkReport | AddressReport | RouteReport | RuleReport | Answer


def decode_report(message: Message) -> Report | None:
    """Read a message of the kernel; None if it is about something else.

    Raises:
        Malformed: what `decode_link`, `decode_address`, `decode_route`, `decode_rule` or `decode_answer` finds.
    """
    if message.kind in {NEW_LINK, DEL_LINK}:
        return decode_link(message)
    if message.kind in {NEW_ADDRESS, DEL_ADDRESS}:
        return decode_address(message)
    if message.kind in {NEW_ROUTE, DEL_ROUTE}:
        return decode_route(message)
    if message.kind in {NEW_RULE, DEL_RULE}:
        return decode_rule(message)
    if message.kind in {ERROR, DONE}:
        return decode_answer(message)
    return None
