"""The Internet checksum: the ones' complement sum of 16-bit words (RFC 1071).

A number in base 65536 leaves the same remainder modulo 65535 as the sum of its digits, so one division of the
whole message, read as one big number, does what a loop over its words would do. The two zeros of ones'
complement need care: a sum is 0 only if every word is 0, and 0xFFFF for every other multiple of 65535.
"""

from enum import StrEnum

from standfast.base.addresses import IpAddress

_MODULUS = 0xFFFF


class ChecksumForm(StrEnum):
    """What the checksum of an advert covers (RFC 9568, section 5.2.8; behaviour WI-04)."""

    MESSAGE = "message"  # the VRRP message alone
    PSEUDO_HEADER = "pseudo-header"  # addresses, length and protocol of the carrying packet before it


def as_number(data: bytes) -> int:
    """The data as one big number, with the zero byte behind an odd length that RFC 1071 asks for."""
    number = int.from_bytes(data, "big")
    return number << 8 if len(data) & 1 else number


def pseudo_header(source: IpAddress, destination: IpAddress, *, protocol: int, length: int) -> int:
    """What the pseudo-header adds to the sum, as a number of the same remainder.

    Good for both families: the IPv4 one (RFC 793, section 3.1) and the IPv6 one (RFC 8200, section 8.1) hold
    the same four fields, padded differently, and zeros do not count.

    Args:
        source: of the carrying packet.
        destination: of the carrying packet.
        protocol: protocol or next header number.
        length: bytes of the message behind the IP header.
    """
    return int(source) + int(destination) + protocol + length


def ones_sum(number: int) -> int:
    """The ones' complement sum of the words of a number: 0 if there is none but zeros, else 1 to 0xFFFF."""
    return (number - 1) % _MODULUS + 1 if number else 0


def checksum_of(number: int) -> int:
    """The checksum to write into a message whose checksum field is zero in `number`."""
    return _MODULUS - ones_sum(number)


def verifies(number: int) -> bool:
    """Whether a message, its checksum included, adds up to the 0xFFFF that a right one gives."""
    return number % _MODULUS == 0 and number != 0
