"""An interface that we make for virtual routers: what it is to look like, whatever the host has now."""

from enum import IntEnum

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen


class OwnKind(IntEnum):
    """What it is; the number of its mode in the kernel."""

    MACVLAN = 1  # MACVLAN_MODE_PRIVATE (behaviour VM-02)
    IPVLAN = 0  # IPVLAN_MODE_L2 (behaviour VM-08)

    @property
    def driver(self) -> str:
        """As the kernel calls it."""
        return self.name.lower()


@frozen
class OwnLink:
    """One such interface."""

    name: str
    parent: str  # the interface that it stands on
    kind: OwnKind = OwnKind.MACVLAN
    mac: bytes = b""  # of a macvlan; an ipvlan has that of its parent
    flags: int = 0  # of an ipvlan: IPVLAN_F_*
    group: int | None = None  # of links; None: that of its parent
    speaks_ipv4: bool = True  # there are routers or addresses of that family on it
    speaks_ipv6: bool = False
    address: HostAddress | None = None  # of an ipvlan: held as long as it is there
    tells_parent: bool = False  # netlink_notify_msg

    @property
    def shares_source(self) -> bool:
        """Whether adverts on it come from its parent's address: a macvlan has none of its own."""
        return self.kind is OwnKind.MACVLAN
