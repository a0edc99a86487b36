"""Links of the host, as the kernel reports them (linux/if_link.h, rtnetlink(7))."""

from enum import IntEnum
from struct import Struct
from sys import byteorder
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.wire.netlink import (
    DUMP,
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    encode_message,
    head_of,
    number_in,
    text_of,
)

NEW_LINK: Final = 16
DEL_LINK: Final = 17
GET_LINK: Final = 18

_UP: Final = 0x1  # IFF_*
_LOOPBACK: Final = 0x8
_RUNNING: Final = 0x40
_NO_ARP: Final = 0x80

_HEAD: Final = Struct("=BxHiII")  # family, hardware type, index, flags, change mask
_WITHOUT_STATISTICS: Final = (8).to_bytes(4, byteorder)  # RTEXT_FILTER_SKIP_STATS: saves most of a report


class _Attribute(IntEnum):
    """Attributes of a link (IFLA_*)."""

    MAC = 1
    NAME = 3
    MTU = 4
    PARENT = 5
    MASTER = 10
    OPERATIONAL_STATE = 16
    INFO = 18
    FILTER = 29
    CARRIER = 33


_INFO_KIND: Final = 1  # IFLA_INFO_KIND, within INFO


@frozen
class LinkReport:
    """A link as the kernel reports it."""

    index: int
    name: str
    gone: bool = False
    flags: int = 0  # IFF_*
    hardware: int = 1  # ARPHRD_*; 1 is Ethernet
    mac: bytes = b""
    mtu: int = 0
    operational_state: int = 0  # RFC 2863 ifOperStatus as the kernel numbers it; 6 is up, 0 unknown
    carrier: bool = True
    kind: str = ""  # driver of a virtual link: macvlan, bridge …
    parent: int = 0  # index of the link that it stands on; 0: none
    master: int = 0  # index of the bridge, bond or vrf that it belongs to; 0: none

    @property
    def up(self) -> bool:
        """Administratively up and running, which takes a carrier (behaviour TR-15)."""
        both = _UP | _RUNNING
        return not self.gone and self.flags & both == both

    @property
    def arp(self) -> bool:
        """Whether neighbours are looked up on it (behaviour GA-10)."""
        return not self.flags & _NO_ARP

    @property
    def loopback(self) -> bool:
        """Whether it leads nowhere but to this host."""
        return bool(self.flags & _LOOPBACK)


def request_links(sequence: int) -> bytes:
    """Ask for all links."""
    head = _HEAD.pack(0, 0, 0, 0, 0)
    body = head + encode_attribute(_Attribute.FILTER, _WITHOUT_STATISTICS)
    return encode_message(GET_LINK, REQUEST | DUMP, body, sequence=sequence)


def decode_link(message: Message) -> LinkReport | None:
    """Read a message of kind `NEW_LINK` or `DEL_LINK`.

    None if a bridge tells about its port in that way: a port that leaves the bridge is no link that is gone.

    Raises:
        Malformed: `body-short`, `index`, `name` (missing), or what `netlink` finds in the attributes.
    """
    family, hardware, index, flags, _ = head_of(message.body, _HEAD)
    if family != 0:
        return None
    if index <= 0:
        raise Malformed("index", got=index, want=1)
    attributes = attributes_in(message.body, _HEAD.size)
    name = text_of(attributes.get(_Attribute.NAME, b""))
    if not name:
        raise Malformed("name")
    info = attributes_in(attributes.get(_Attribute.INFO, b""))
    return LinkReport(
        index=index,
        name=name,
        gone=message.kind == DEL_LINK,
        flags=flags,
        hardware=hardware,
        mac=attributes.get(_Attribute.MAC, b""),
        mtu=number_in(attributes, _Attribute.MTU, size=4),
        operational_state=number_in(attributes, _Attribute.OPERATIONAL_STATE, size=1),
        carrier=bool(number_in(attributes, _Attribute.CARRIER, size=1, default=1)),
        kind=text_of(info.get(_INFO_KIND, b"")),
        parent=number_in(attributes, _Attribute.PARENT, size=4),
        master=number_in(attributes, _Attribute.MASTER, size=4),
    )
