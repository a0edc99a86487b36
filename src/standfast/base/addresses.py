"""IP addresses, their families, and the virtual address with all that the kernel is told about it."""

from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from standfast.base.frozen import frozen

IpAddress = IPv4Address | IPv6Address


class Family(IntEnum):
    """An address family, numbered by its IP version."""

    IPV4 = 4
    IPV6 = 6

    @property
    def bits(self) -> int:
        """Length of an address of this family: 32 or 128."""
        return 32 if self is Family.IPV4 else 128

    @property
    def size(self) -> int:
        """Bytes of an address of this family: 4 or 16."""
        return self.bits // 8


def family_of(address: IpAddress) -> Family:
    """The family that an address belongs to."""
    return Family.IPV4 if address.version == 4 else Family.IPV6  # a third of what `Family(version)` takes


OUR_PROTOCOL: Final = 18  # IFAPROT of linux/if_addr.h: marks what VRRP put there (behaviour AD-03)

# IFA_F_* of linux/if_addr.h
NO_DETECTION: Final = 0x02  # NODAD: whether another host has it is not asked
HOME: Final = 0x10
MANAGE_TEMPORARY: Final = 0x100
NO_PREFIX_ROUTE: Final = 0x200
AUTO_JOIN: Final = 0x400

FOREVER: Final = 0xFFFFFFFF  # an address lifetime that never ends, as the kernel writes it


@frozen
class HostAddress:
    """One address on one interface, as a host is told to hold it.

    Two of them are the same address to the kernel when their `key` is equal; the other fields are what it
    should look like. Defaults are those of behaviours AD-01 and AD-02.
    """

    address: IpAddress
    prefix: int
    interface: str
    scope: int = 0  # RT_SCOPE_UNIVERSE
    broadcast: IPv4Address | None = None
    label: str = ""  # IPv4 only, at most 15 characters
    peer: IpAddress | None = None
    preferred_seconds: int = FOREVER  # 0 marks an IPv6 address deprecated
    flags: int = 0  # NO_DETECTION and so on

    @property
    def key(self) -> tuple[str, IpAddress, int]:
        """What the kernel tells two addresses apart by: interface, address and prefix length."""
        return self.interface, self.address, self.prefix

    def __str__(self) -> str:
        return f"{self.address}/{self.prefix} dev {self.interface}"


_OCTETS: Final = {str(number): number for number in range(256)}


def parse_address(text: str) -> IpAddress:
    """An address from its text.

    Raises:
        ValueError: it is neither an IPv4 nor an IPv6 address.
    """
    try:  # a third of what `ip_address` takes, for what most are
        a, b, c, d = map(_OCTETS.__getitem__, text.split("."))
    except (KeyError, ValueError):
        return ip_address(text)
    return IPv4Address(a << 24 | b << 16 | c << 8 | d)
