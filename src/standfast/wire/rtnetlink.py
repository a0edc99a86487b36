"""What the kernel tells about links and addresses, and which groups a socket listens to for it (rtnetlink(7)).

A codec of our own for these few messages: the general library costs a process 24 MiB and 145 ms at start.
"""

from typing import Final

from standfast.wire.netlink import DONE, ERROR, Answer, Message, decode_answer
from standfast.wire.rtnetlink_address import DEL_ADDRESS, NEW_ADDRESS, AddressReport, decode_address
from standfast.wire.rtnetlink_link import DEL_LINK, NEW_LINK, LinkReport, decode_link

GROUP_LINK: Final = 0x1  # bits of the groups that a socket listens to
GROUP_IPV4_ADDRESS: Final = 0x10
GROUP_IPV6_ADDRESS: Final = 0x100

Report = LinkReport | AddressReport | Answer


def decode_report(message: Message) -> Report | None:
    """Read a message of the kernel; None if it is about something else.

    Raises:
        Malformed: what `decode_link`, `decode_address` or `decode_answer` finds.
    """
    if message.kind in {NEW_LINK, DEL_LINK}:
        return decode_link(message)
    if message.kind in {NEW_ADDRESS, DEL_ADDRESS}:
        return decode_address(message)
    if message.kind in {ERROR, DONE}:
        return decode_answer(message)
    return None
