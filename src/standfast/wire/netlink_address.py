"""IP families and addresses in attributes of netlink: its subsystems number and write them alike."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Malformed

FAMILY_NUMBER: Final = {Family.IPV4: 2, Family.IPV6: 10}  # AF_INET, AF_INET6
FAMILY_OF: Final = {number: family for family, number in FAMILY_NUMBER.items()}


def address_of(value: bytes, family: Family) -> IpAddress:
    """The address that these bytes are, in the order of the network.

    Raises:
        Malformed: `address`: they are more or fewer than an address of the family has.
    """
    if len(value) != family.size:
        raise Malformed("address", got=len(value), want=family.size)
    return IPv4Address(value) if family is Family.IPV4 else IPv6Address(value)


def address_in(attributes: Mapping[int, bytes], kind: int, family: Family) -> IpAddress | None:
    """The address in an attribute; None if the attribute is not there.

    Raises:
        Malformed: `address`.
    """
    value = attributes.get(kind)
    return None if value is None else address_of(value, family)
