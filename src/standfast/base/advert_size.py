"""How large an advert is, and how many addresses it has room for (behaviour WI-06)."""

from typing import Final

from standfast.base.addresses import Family
from standfast.base.limits import ADDRESSES_MAX, LINK_MTU_ASSUMED

SIGNATURE_SIZE: Final = 28  # what `auth_hmac` puts behind an advert

# What an advert needs beside its addresses: IP header, VRRP header, and the authentication data of version 2.
OVERHEAD: Final = {Family.IPV4: 20 + 8 + 8, Family.IPV6: 40 + 8}


def advert_size(family: Family, count: int, *, proof: int = 0) -> int:
    """Bytes of an advert with its IP header.

    Args:
        family: of the addresses.
        count: of them.
        proof: bytes of its signature.
    """
    return OVERHEAD[family] + proof + count * family.size


def most_addresses(family: Family, *, proof: int = 0, mtu: int = LINK_MTU_ASSUMED) -> int:
    """How many addresses an advert holds; the others are held but not listed.

    Args:
        family: of the addresses.
        proof: bytes of its signature.
        mtu: of the link that it goes out on.
    """
    return min(ADDRESSES_MAX, max(0, mtu - advert_size(family, 0, proof=proof)) // family.size)
