"""IPVS's decoder under test, with good messages to start from."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from standfast.base.addresses import Family
from standfast.base.services import (
    Destination,
    Endpoint,
    Forwarding,
    Mark,
    Persistence,
    Service,
    Transport,
    Tunnel,
    TunnelKind,
)
from standfast.wire.genetlink import decode_family
from standfast.wire.ipvs import (
    Command,
    DestinationRequests,
    Timeouts,
    decode_daemon_report,
    decode_destination_report,
    decode_info,
    decode_service_report,
    decode_timeouts,
    encode_add_service,
    encode_set_timeouts,
    encode_start_daemon,
)
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart
from standfast.wire.netlink import Message, messages_in

_IPVS: Final = 28
_WEB: Final = Endpoint(Transport.TCP, ip_address("10.0.0.100"), 80)
_WEB6: Final = Endpoint(Transport.UDP, ip_address("2001:db8::100"), 53)
_DESTINATIONS: Final = DestinationRequests(_IPVS, _WEB)
_FAR: Final = Destination(
    ip_address("2001:db8::1"), 80, Forwarding.TUNNEL, 7, 9, 3, Tunnel(TunnelKind.GUE, 6080)
)

SEEDS: Final = (
    encode_add_service(_IPVS, Service(_WEB, "sh", persistence=Persistence(60, 24, "sip"))),
    encode_add_service(_IPVS, Service(_WEB6, "rr", persistence=Persistence(60, 64), one_packet=True)),
    encode_add_service(_IPVS, Service(Mark(7), "mh")),
    _DESTINATIONS.add(Destination(ip_address("10.0.0.1"), 80)),
    _DESTINATIONS.add(_FAR) * 2,
    encode_set_timeouts(_IPVS, Timeouts(900, 120, 300)),
    encode_start_daemon(_IPVS, SyncDaemon(SyncPart.MASTER, "eth0", 7, 1400, ip_address("224.0.0.82"), 8849, 3)),
)  # fmt: skip

LENGTHS: Final = (0, 1, 16, 20, 21, 22, 24, 25, 28, 32, 40, 108, 112)


_DECODERS: Final[dict[int, Callable[[Message], object]]] = {
    Command.NEW_SERVICE: decode_service_report,
    Command.NEW_DESTINATION: lambda message: decode_destination_report(message, Family.IPV4),
    Command.NEW_DAEMON: decode_daemon_report,
    Command.SET_TIMEOUTS: decode_timeouts,
    Command.SET_INFO: decode_info,
}


def decode_ipvs(data: bytes) -> object:
    """Each message as what its command says that it is about; a family if it says something else."""
    return [
        _DECODERS.get(message.body[0] if message.body else 0, decode_family)(message)
        for message in messages_in(data)
    ]
