"""The kernel's load balancer over generic netlink: what it is told to do, and what it tells (linux/ip_vs.h).

A codec of our own: a table may have 37,000 destinations, and the general library needs 346 µs for each. The number
of IPVS's messages differs from boot to boot; `wire.genetlink` finds it.
"""

from enum import IntEnum
from struct import Struct
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.base.services import Destination, DestinationKey, Service, ServiceKey
from standfast.wire.genetlink import HEAD, command_in, encode_command
from standfast.wire.ipvs_counters import Connections, Counters, decode_connections, decode_counters
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart, decode_daemon, encode_daemon, encode_daemon_key
from standfast.wire.ipvs_destination import (
    DestinationAttribute,
    decode_destination,
    encode_destination,
    encode_destination_key,
)
from standfast.wire.ipvs_service import ServiceAttribute, decode_service, encode_key, encode_service
from standfast.wire.netlink import (
    DUMP,
    HEADER_SIZE,
    NESTED,
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    number_in,
)

FAMILY_NAME: Final = "IPVS"


class Command(IntEnum):
    """IPVS_CMD_*."""

    NEW_SERVICE = 1
    SET_SERVICE = 2
    DEL_SERVICE = 3
    GET_SERVICE = 4
    NEW_DESTINATION = 5
    SET_DESTINATION = 6
    DEL_DESTINATION = 7
    GET_DESTINATION = 8
    NEW_DAEMON = 9
    DEL_DAEMON = 10
    GET_DAEMON = 11
    SET_TIMEOUTS = 12  # the kernel calls them its configuration
    GET_TIMEOUTS = 13
    SET_INFO = 14  # the answer to GET_INFO
    GET_INFO = 15
    ZERO = 16
    FLUSH = 17


class _Attribute(IntEnum):
    """IPVS_CMD_ATTR_*."""

    SERVICE = 1
    DESTINATION = 2
    DAEMON = 3
    TIMEOUT_TCP = 4
    TIMEOUT_TCP_FIN = 5
    TIMEOUT_UDP = 6


_INFO_VERSION, _INFO_TABLE_SIZE = 1, 2  # IPVS_INFO_ATTR_*

_VERSION: Final = 1
_HEADS: Final = Struct("=IHHII BBH")  # the header of netlink and that of generic netlink, in one
_NEST: Final = Struct("=HH")
_HEAD_SIZE: Final = HEADER_SIZE + HEAD.size


@frozen
class ServiceReport:
    """A service as the kernel has it."""

    service: Service
    counters: Counters | None = None


@frozen
class DestinationReport:
    """A destination as the kernel has it; the service is that of the request."""

    destination: Destination
    connections: Connections
    counters: Counters | None = None


@frozen
class Timeouts:
    """After so many seconds a silent connection is forgotten; 0 leaves what is set."""

    tcp: int = 0
    tcp_fin: int = 0
    udp: int = 0


@frozen
class Info:
    """The kernel's balancer itself."""

    version: tuple[int, int, int]
    connection_table: int  # slots of the table that connections are found in


# ---- what is asked: services


def encode_add_service(family: int, service: Service, *, sequence: int = 0) -> bytes:
    """Ask the kernel to have this service; one that is there already is refused (EEXIST)."""
    return _about(family, Command.NEW_SERVICE, encode_service(service), sequence=sequence)


def encode_edit_service(family: int, service: Service, *, sequence: int = 0) -> bytes:
    """Ask the kernel to have this service otherwise; one that is not there is refused (ESRCH)."""
    return _about(family, Command.SET_SERVICE, encode_service(service), sequence=sequence)


def encode_remove_service(family: int, key: ServiceKey, *, sequence: int = 0) -> bytes:
    """Ask the kernel to have this service, and its destinations, no longer; see `encode_edit_service`."""
    return _about(family, Command.DEL_SERVICE, encode_key(key), sequence=sequence)


def encode_zero(family: int, key: ServiceKey | None = None, *, sequence: int = 0) -> bytes:
    """Ask the kernel to count from zero, for one service or for all."""
    if key is None:
        return encode_command(family, Command.ZERO, version=_VERSION, sequence=sequence)
    return _about(family, Command.ZERO, encode_key(key), sequence=sequence)


def encode_flush(family: int, *, sequence: int = 0) -> bytes:
    """Ask the kernel to have no services at all."""
    return encode_command(family, Command.FLUSH, version=_VERSION, sequence=sequence)


def _about(family: int, command: int, attributes: bytes, *, sequence: int) -> bytes:
    nested = encode_attribute(NESTED | _Attribute.SERVICE, attributes)
    return encode_command(family, command, nested, version=_VERSION, sequence=sequence)


# ---- what is asked: destinations


class DestinationRequests:
    """Writes requests about the destinations of one service; what they have in common is written once."""

    def __init__(self, family: int, key: ServiceKey) -> None:
        """Begin.

        Args:
            family: the number of IPVS's messages.
            key: of the service.
        """
        self._family = family
        self._service = encode_attribute(NESTED | _Attribute.SERVICE, encode_key(key))

    def add(self, destination: Destination, *, sequence: int = 0) -> bytes:
        """Ask for this destination; one that is there already is refused (EEXIST), without a service ESRCH."""
        return self._about(Command.NEW_DESTINATION, encode_destination(destination), sequence)

    def edit(self, destination: Destination, *, sequence: int = 0) -> bytes:
        """Ask for this destination otherwise; one that is not there is refused (ENOENT)."""
        return self._about(Command.SET_DESTINATION, encode_destination(destination), sequence)

    def remove(self, key: DestinationKey, *, sequence: int = 0) -> bytes:
        """Ask for this destination no longer; see `edit`."""
        return self._about(Command.DEL_DESTINATION, encode_destination_key(key), sequence)

    def _about(self, command: int, attributes: bytes, sequence: int) -> bytes:
        service = self._service
        nested = _NEST.size + len(attributes)  # always whole words: nothing is padded
        heads = _HEADS.pack(
            _HEAD_SIZE + len(service) + nested, self._family, REQUEST, sequence, 0, command, _VERSION, 0
        )
        return heads + service + _NEST.pack(nested, NESTED | _Attribute.DESTINATION) + attributes


# ---- what is asked: the rest


def encode_set_timeouts(family: int, timeouts: Timeouts, *, sequence: int = 0) -> bytes:
    """Ask the kernel to have these timeouts."""
    values = zip(_TIMEOUTS, (timeouts.tcp, timeouts.tcp_fin, timeouts.udp), strict=True)
    attributes = b"".join(encode_attribute(kind, _LONG.pack(value)) for kind, value in values)
    return encode_command(family, Command.SET_TIMEOUTS, attributes, version=_VERSION, sequence=sequence)


def encode_start_daemon(family: int, daemon: SyncDaemon, *, sequence: int = 0) -> bytes:
    """Ask the kernel to run a thread that synchronises; one that runs already is refused (EEXIST)."""
    nested = encode_attribute(NESTED | _Attribute.DAEMON, encode_daemon(daemon))
    return encode_command(family, Command.NEW_DAEMON, nested, version=_VERSION, sequence=sequence)


def encode_stop_daemon(family: int, part: SyncPart, *, sequence: int = 0) -> bytes:
    """Ask the kernel to end a thread that synchronises; one that does not run is refused (ESRCH)."""
    nested = encode_attribute(NESTED | _Attribute.DAEMON, encode_daemon_key(part))
    return encode_command(family, Command.DEL_DAEMON, nested, version=_VERSION, sequence=sequence)


def request_services(family: int, *, sequence: int = 0) -> bytes:
    """Ask for all services."""
    return encode_command(family, Command.GET_SERVICE, version=_VERSION, flags=DUMP, sequence=sequence)


def request_destinations(family: int, key: ServiceKey, *, sequence: int = 0) -> bytes:
    """Ask for all destinations of a service; a service that is not there has none."""
    nested = encode_attribute(NESTED | _Attribute.SERVICE, encode_key(key))
    return encode_command(
        family, Command.GET_DESTINATION, nested, version=_VERSION, flags=DUMP, sequence=sequence
    )


def request_daemons(family: int, *, sequence: int = 0) -> bytes:
    """Ask for the threads that synchronise."""
    return encode_command(family, Command.GET_DAEMON, version=_VERSION, flags=DUMP, sequence=sequence)


def request_timeouts(family: int, *, sequence: int = 0) -> bytes:
    """Ask for the timeouts."""
    return encode_command(family, Command.GET_TIMEOUTS, version=_VERSION, sequence=sequence)


def request_info(family: int, *, sequence: int = 0) -> bytes:
    """Ask for what the kernel says about its balancer."""
    return encode_command(family, Command.GET_INFO, version=_VERSION, sequence=sequence)


_LONG: Final = Struct("=I")
_TIMEOUTS: Final = (_Attribute.TIMEOUT_TCP, _Attribute.TIMEOUT_TCP_FIN, _Attribute.TIMEOUT_UDP)


# ---- what is told


def decode_service_report(message: Message, *, counters: bool = True) -> ServiceReport:
    """Read one message of the answer to `request_services`.

    Args:
        message: from a socket that asked for nothing else.
        counters: whether they are wanted; to compare tables they are not.

    Raises:
        Malformed: `no-service`, or what `decode_service` and `decode_counters` find.
    """
    data = _part(message, _Attribute.SERVICE, "no-service")
    return ServiceReport(
        decode_service(data),
        _counters(attributes_in(data), ServiceAttribute.STATISTICS_64, ServiceAttribute.STATISTICS)
        if counters
        else None,
    )


def decode_destination_report(
    message: Message, service_family: Family, *, counters: bool = True
) -> DestinationReport:
    """Read one message of the answer to `request_destinations`; see `decode_service_report`.

    Raises:
        Malformed: `no-destination`, or what `decode_destination` and `decode_counters` find.
    """
    attributes = attributes_in(_part(message, _Attribute.DESTINATION, "no-destination"))
    return DestinationReport(
        decode_destination(attributes, service_family),
        decode_connections(attributes),
        _counters(attributes, DestinationAttribute.STATISTICS_64, DestinationAttribute.STATISTICS)
        if counters
        else None,
    )


def decode_daemon_report(message: Message) -> SyncDaemon:
    """Read one message of the answer to `request_daemons`.

    Raises:
        Malformed: `no-daemon`, or what `decode_daemon` finds.
    """
    return decode_daemon(_part(message, _Attribute.DAEMON, "no-daemon"))


def decode_timeouts(message: Message) -> Timeouts:
    """Read the answer to `request_timeouts`.

    Raises:
        Malformed: `attribute-size`, or what `command_in` finds.
    """
    _, attributes = command_in(message)
    return Timeouts(*(number_in(attributes, kind, size=4) for kind in _TIMEOUTS))


def decode_info(message: Message) -> Info:
    """Read the answer to `request_info`.

    Raises:
        Malformed: `attribute-size`, or what `command_in` finds.
    """
    _, attributes = command_in(message)
    version = number_in(attributes, _INFO_VERSION, size=4)
    numbers = version >> 16 & 0xFF, version >> 8 & 0xFF, version & 0xFF
    return Info(numbers, number_in(attributes, _INFO_TABLE_SIZE, size=4))


def _part(message: Message, kind: int, slug: str) -> bytes:
    """The attribute that holds all the others."""
    _, attributes = command_in(message)
    if kind not in attributes:
        raise Malformed(slug)
    return attributes[kind]


def _counters(attributes: dict[int, bytes], *kinds: int) -> Counters:
    """Those of the first kind that is there."""
    for kind in kinds:
        if (data := attributes.get(kind)) is not None:
            return decode_counters(data)
    return Counters()
