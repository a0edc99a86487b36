"""What a person needs who wrote something else where an address belongs."""

import re
from typing import Final

from standfast.base.patterns import late

_MASK: Final = late(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\Z", re.ASCII)
_NUMBERS: Final = late(r"[0-9.]+\Z", re.ASCII)


def address_hint(text: str) -> str:
    """What may have been meant by a word that is no address."""
    if text.rstrip(",;") != text:
        return f"remove the {text[-1]}: entries are parted by white space"
    if _NUMBERS().match(text):
        return "an IPv4 address has four numbers from 0 to 255, without leading zeros"
    if text.startswith("$"):
        return "the variable is not defined above this line"
    return "write an IPv4 or IPv6 address; names are not looked up"


def prefix_hint(length: str) -> str:
    """What may have been meant by a prefix length that is none: perhaps a netmask."""
    mask = _MASK().match(length)
    if mask is None:
        return ""
    value = sum(int(part) << shift for part, shift in zip(mask.groups(), (24, 16, 8, 0), strict=True))
    bits = value.bit_count()
    return f"write /{bits} for this netmask" if value == (0xFFFF_FFFF << (32 - bits)) & 0xFFFF_FFFF else ""
