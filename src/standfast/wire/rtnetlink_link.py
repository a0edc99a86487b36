"""Links of the host, as the kernel reports them (linux/if_link.h, rtnetlink(7)).

Those that we make ourselves are asked for in `rtnetlink_own_link`.
"""

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

UP: Final = 0x1  # IFF_*
_RUNNING: Final = 0x40
_NO_ARP: Final = 0x80

LINK_HEAD: Final = Struct("=BxHiII")  # family, hardware type, index, flags, change mask
_WITHOUT_STATISTICS: Final = (8).to_bytes(4, byteorder)  # RTEXT_FILTER_SKIP_STATS: saves most of a report


class LinkAttribute(IntEnum):
    """Attributes of a link (IFLA_*)."""

    MAC = 1
    NAME = 3
    MTU = 4
    PARENT = 5
    MASTER = 10
    INFO = 18
    FAMILIES = 26  # IFLA_AF_SPEC: what each address family keeps of it
    GROUP = 27
    FILTER = 29
    PARENT_NAMESPACE = 37  # IFLA_LINK_NETNSID: the parent is not in this network namespace


INFO_KIND: Final = 1  # IFLA_INFO_KIND, within INFO
INFO_DATA: Final = 2  # IFLA_INFO_DATA, within INFO: what the driver keeps of it
DATA_MODE: Final = 1  # IFLA_MACVLAN_MODE, IFLA_IPVLAN_MODE, within INFO_DATA
DATA_TABLE: Final = 1  # IFLA_VRF_TABLE, within INFO_DATA
DATA_FLAGS: Final = 2  # IFLA_IPVLAN_FLAGS, within INFO_DATA
MACVLAN: Final = "macvlan"  # kinds
IPVLAN: Final = "ipvlan"
VRF: Final = "vrf"


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
    kind: str = ""  # driver of a virtual link: macvlan, bridge …
    parent: int = 0  # index of the link that it stands on; 0: none
    master: int = 0  # index of the bridge, bond or vrf that it belongs to; 0: none
    group: int = 0
    mode: int = 0  # of a macvlan (MACVLAN_MODE_*) or ipvlan (IPVLAN_MODE_*)
    mode_flags: int = 0  # of an ipvlan (IPVLAN_F_*)
    table: int = 0  # of a vrf: where its routes are
    parent_elsewhere: bool = False  # the link that it stands on is in another network namespace

    @property
    def set_up(self) -> bool:
        """Administratively up, with or without a carrier."""
        return bool(self.flags & UP)

    @property
    def up(self) -> bool:
        """Administratively up and running, which takes a carrier (behaviour TR-15)."""
        both = UP | _RUNNING
        return not self.gone and self.flags & both == both

    @property
    def arp(self) -> bool:
        """Whether neighbours are looked up on it (behaviour GA-10)."""
        return not self.flags & _NO_ARP


def request_links(sequence: int) -> bytes:
    """Ask for all links."""
    head = LINK_HEAD.pack(0, 0, 0, 0, 0)
    body = head + encode_attribute(LinkAttribute.FILTER, _WITHOUT_STATISTICS)
    return encode_message(GET_LINK, REQUEST | DUMP, body, sequence=sequence)


def decode_link(message: Message) -> LinkReport | None:
    """Read a message of kind `NEW_LINK` or `DEL_LINK`.

    None if a bridge tells about its port in that way: a port that leaves the bridge is no link that is gone.

    Raises:
        Malformed: `body-short`, `index`, `name` (missing), or what `netlink` finds in the attributes.
    """
    family, hardware, index, flags, _ = head_of(message.body, LINK_HEAD)
    if family != 0:
        return None
    if index <= 0:
        raise Malformed("index", got=index, want=1)
    attributes = attributes_in(message.body, LINK_HEAD.size)
    name = text_of(attributes.get(LinkAttribute.NAME, b""))
    if not name:
        raise Malformed("name")
    info = attributes_in(attributes.get(LinkAttribute.INFO, b""))
    kind = text_of(info.get(INFO_KIND, b""))
    mode, mode_flags = _mode(kind, info.get(INFO_DATA, b""))
    return LinkReport(
        index=index,
        name=name,
        gone=message.kind == DEL_LINK,
        flags=flags,
        hardware=hardware,
        mac=attributes.get(LinkAttribute.MAC, b""),
        mtu=number_in(attributes, LinkAttribute.MTU, size=4),
        kind=kind,
        parent=number_in(attributes, LinkAttribute.PARENT, size=4),
        master=number_in(attributes, LinkAttribute.MASTER, size=4),
        group=number_in(attributes, LinkAttribute.GROUP, size=4),
        mode=mode,
        mode_flags=mode_flags,
        table=_table(kind, info.get(INFO_DATA, b"")),
        parent_elsewhere=LinkAttribute.PARENT_NAMESPACE in attributes,
    )


def _table(kind: str, data: bytes) -> int:
    return number_in(attributes_in(data), DATA_TABLE, size=4) if kind == VRF else 0


def _mode(kind: str, data: bytes) -> tuple[int, int]:
    """Mode and flags of a macvlan or ipvlan; of other links nobody asks."""
    if kind == MACVLAN:
        return number_in(attributes_in(data), DATA_MODE, size=4), 0
    if kind == IPVLAN:
        known = attributes_in(data)
        return number_in(known, DATA_MODE, size=2), number_in(known, DATA_FLAGS, size=2)
    return 0, 0
