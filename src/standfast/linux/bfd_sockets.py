"""How the sockets of BFD are opened: two that hear a port, and one to send from for each session."""

import errno
import socket
from contextlib import ExitStack, suppress
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.limits import BFD_RECEIVE_BUFFER, UNSOUND_RECEIVE_BUFFER
from standfast.engine.bfd_ports import Medium, Session
from standfast.linux.bfd_filter import sorts
from standfast.linux.bpf import DROP_ALL, attach, sort_by
from standfast.linux.netlink import enlarge
from standfast.linux.refusals import refused
from standfast.linux.socket_options import (
    AF,
    IP_FREEBIND,
    IP_PKTINFO,
    IP_RECVTTL,
    IPV6_FREEBIND,
    PRIORITY_CONTROL,
    SO_TIMESTAMPNS,
)
from standfast.wire.bfd import MULTIHOP_PORT, SINGLE_HOP_PORT

_ANY: Final = {Family.IPV4: "0.0.0.0", Family.IPV6: "::"}  # noqa: S104  (a neighbour may come from any interface)
_CLASS_6: Final = 0xC0  # network control (RFC 4594, section 3.1)


def port_of(*, multihop: bool) -> int:
    """Where neighbours send to."""
    return MULTIHOP_PORT if multihop else SINGLE_HOP_PORT


def open_receivers(medium: Medium) -> tuple[socket.socket, socket.socket]:
    """The sockets that hear this medium: for what can be for us, and for the rest.

    Raises:
        Refused: they cannot be had.
    """
    port = port_of(multihop=medium.multihop)
    with ExitStack() as opened:
        try:
            unsound = opened.enter_context(_receiver(medium.family, port, UNSOUND_RECEIVE_BUFFER))
            sound = opened.enter_context(_receiver(medium.family, port, BFD_RECEIVE_BUFFER))
            sort_by(sound, sorts(medium))
        except OSError as error:
            place = f"port {port} IPv{medium.family:d}"
            raise refused(error.errno or 0, "listen to BFD", place=place) from error
        opened.pop_all()
    return sound, unsound


def _receiver(family: Family, port: int, buffer: int) -> socket.socket:
    sock = socket.socket(AF[family], socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        enlarge(sock, buffer)
        if family is Family.IPV4:
            sock.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        sock.bind((_ANY[family], port))
    except OSError:
        sock.close()
        raise
    return sock


def open_sender(session: Session, port: int) -> socket.socket:
    """A socket that sends to the neighbour from this port, and hears nothing.

    The source address may come later: until then what is sent is refused.

    Raises:
        Refused: it cannot be had; `EADDRINUSE` if the port is somebody else's.
    """
    family = session.family
    sock = socket.socket(AF[family], socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        attach(sock, DROP_ALL)
        if family is Family.IPV4:
            sock.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, session.ttl)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, _CLASS_6)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, session.ttl)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, _CLASS_6)
        with suppress(PermissionError):  # a comfort only; it needs CAP_NET_ADMIN
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, PRIORITY_CONTROL)
        sock.bind(_place(session.source, family, port))
    except OSError as error:
        sock.close()
        place = f"{session.name}: from {session.source or 'any address'} port {port}"
        raise refused(error.errno or 0, "send BFD", place=place) from error
    return sock


def taken(reason: str) -> bool:
    """Whether a refusal means that the port is somebody else's."""
    return reason == errno.errorcode[errno.EADDRINUSE]


def destination(session: Session) -> tuple[str, int] | tuple[str, int, int, int]:
    """Where a session sends to."""
    return _place(session.neighbor, session.family, port_of(multihop=session.multihop))


def _place(
    address: IpAddress | None, family: Family, port: int
) -> tuple[str, int] | tuple[str, int, int, int]:
    if address is None or address.version == 4:
        return (_ANY[family] if address is None else str(address)), port
    name, _, link = str(address).partition("%")
    return name, port, 0, socket.if_nametoindex(link) if link else 0
