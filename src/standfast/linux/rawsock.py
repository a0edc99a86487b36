"""Raw sockets: how one is opened to hear a group or a host's address, and how to send.

They are of protocol 112, or of 51 for adverts behind an Authentication Header.
"""

import socket
from struct import pack
from typing import Final, NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.linux.bpf import DROP_ALL, Code, attach
from standfast.linux.netlink import enlarge
from standfast.linux.refusals import refused
from standfast.linux.socket_options import (
    AF,
    IP_FREEBIND,
    IP_MULTICAST_ALL,
    IPV6_FREEBIND,
    IPV6_MULTICAST_ALL,
    PRIORITY_CONTROL,
    SO_TIMESTAMPNS,
)

VRRP: Final = 112  # RFC 9568, section 5.1.1.4


class Medium(NamedTuple):
    """What one receive socket is for: an interface, and a group or what comes to the host itself."""

    interface: str
    interface_index: int
    family: Family
    group: IpAddress | None  # None: unicast
    host: IpAddress | None = None  # unicast: to this address only
    protocol: int = VRRP  # or AH: adverts stand behind an Authentication Header

    def __str__(self) -> str:
        return f"{self.interface} IPv{self.family:d}"


def open_receiver(medium: Medium, code: Code, *, buffer: int) -> socket.socket:
    """A socket that hears what is for this medium and is kept by the filter.

    Raises:
        Refused: it cannot be had.
    """
    sock: socket.socket | None = None
    try:
        sock = socket.socket(AF[medium.family], socket.SOCK_RAW | socket.SOCK_NONBLOCK, medium.protocol)
        attach(sock, DROP_ALL)  # until all is set, it would hear every interface
        _to_device(sock, medium.interface)
        enlarge(sock, buffer)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        (_set_up_ipv4 if medium.family is Family.IPV4 else _set_up_ipv6)(sock, medium)
        _empty(sock)
        attach(sock, code)
    except OSError as error:
        if sock is not None:
            sock.close()
        what = f"listen to {medium.group or 'adverts'} (protocol {medium.protocol})"
        raise refused(error.errno or 0, what, place=str(medium), capability="CAP_NET_RAW") from error
    return sock


def open_sender(
    interface: str, family: Family, *, source: IpAddress | None = None, index: int = 0
) -> socket.socket:
    """A socket that sends whole IP packets, header included, out of this interface; it hears nothing.

    Args:
        interface: its name.
        family: of the packets.
        source: an IPv6 address that the interface does not have: without an address of its own, Linux sends
            nothing to a group there, though the header names the source.
        index: of the interface, if there is a source.

    Raises:
        Refused: it cannot be had.
    """
    sock: socket.socket | None = None
    try:
        # IPPROTO_RAW: we write the header ourselves, in both families (raw(7), linux/net/ipv6/raw.c).
        sock = socket.socket(AF[family], socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_RAW)
        attach(sock, DROP_ALL)
        _to_device(sock, interface)
        if family is Family.IPV4:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
            sock.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            if source is not None:
                sock.bind((str(source), 0, 0, index))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, PRIORITY_CONTROL)
    except OSError as error:
        if sock is not None:
            sock.close()
        place = f"{interface} IPv{family:d}"
        what = f"send adverts (protocol {VRRP})"
        raise refused(error.errno or 0, what, place=place, capability="CAP_NET_RAW") from error
    return sock


def sockaddr(address: IpAddress, index: int) -> bytes:
    """Where a packet goes, as the kernel wants it: `struct sockaddr_in` or `sockaddr_in6`.

    Args:
        address: of the destination.
        index: of the interface; only link-local IPv6 addresses need it.
    """
    if address.version == 4:
        return pack("=H", socket.AF_INET) + b"\0\0" + address.packed + bytes(8)
    scope = index if address.is_link_local or address.is_multicast else 0
    return pack("=H", socket.AF_INET6) + bytes(6) + address.packed + pack("=I", scope)


def _to_device(sock: socket.socket, interface: str) -> None:
    """Hear and send on this interface only; none: on all."""
    if interface:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")


def _set_up_ipv4(sock: socket.socket, medium: Medium) -> None:
    sock.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
    sock.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
    if (address := medium.group or medium.host) is not None:
        sock.bind((str(address), 0))
    if medium.group is not None:
        membership = medium.group.packed + bytes(4) + pack("=i", medium.interface_index)  # struct ip_mreqn
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)


def _set_up_ipv6(sock: socket.socket, medium: Medium) -> None:
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0)
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    if (address := medium.group or medium.host) is not None:
        sock.bind((str(address), 0, 0, medium.interface_index))
    if medium.group is not None:
        membership = medium.group.packed + pack("=I", medium.interface_index)  # struct ipv6_mreq
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)


def _empty(sock: socket.socket) -> None:
    """Drop what came in before the socket was set up; no more can come, so this ends."""
    try:
        while True:
            sock.recv(1)
    except BlockingIOError:
        return
