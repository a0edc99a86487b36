"""What the kernel's IPVS has counted, of a service or of a destination."""

from enum import IntEnum
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.wire.ipvs_destination import DestinationAttribute
from standfast.wire.netlink import attributes_in, number_in


class _Attribute(IntEnum):
    """IPVS_STATS_ATTR_*."""

    CONNECTIONS = 1
    PACKETS_IN = 2
    PACKETS_OUT = 3
    BYTES_IN = 4
    BYTES_OUT = 5
    CONNECTIONS_PER_SECOND = 6
    PACKETS_IN_PER_SECOND = 7
    PACKETS_OUT_PER_SECOND = 8
    BYTES_IN_PER_SECOND = 9
    BYTES_OUT_PER_SECOND = 10


@frozen
class Counters:
    """Since it was made, or since the counters were set to zero; and the present rates, a second."""

    connections: int = 0
    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    connections_per_second: int = 0
    packets_in_per_second: int = 0
    packets_out_per_second: int = 0
    bytes_in_per_second: int = 0
    bytes_out_per_second: int = 0


@frozen
class Connections:
    """What a destination has now."""

    active: int = 0
    inactive: int = 0
    persistent: int = 0


_WIDTHS: Final = (4, 8)  # bytes; before Linux 4.1 only the bytes were counted in eight
_KINDS: Final = tuple(_Attribute)


def decode_counters(data: bytes) -> Counters:
    """Read the counters of a service or a destination.

    Raises:
        Malformed: `counter` (of neither width), or what `netlink` finds in the attributes.
    """
    attributes = attributes_in(data)
    values = []
    for kind in _KINDS:
        value = attributes.get(kind, b"\0\0\0\0")
        if len(value) not in _WIDTHS:
            raise Malformed("counter", got=len(value), want=_WIDTHS[-1])
        values.append(number_in(attributes, kind, size=len(value)))
    return Counters(*values)


def decode_connections(attributes: dict[int, bytes]) -> Connections:
    """Read the numbers of connections among the attributes of a destination.

    Raises:
        Malformed: `attribute-size`.
    """
    return Connections(
        number_in(attributes, DestinationAttribute.ACTIVE, size=4),
        number_in(attributes, DestinationAttribute.INACTIVE, size=4),
        number_in(attributes, DestinationAttribute.PERSISTENT, size=4),
    )
