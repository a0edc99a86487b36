"""The addresses of a host as its kernel tells them: all of them now, and their changes with their times."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from struct import Struct
from typing import Final, Self

from standfast.base.addresses import IpAddress
from standfast.base.times import Instant
from standfast.lab.clock import now

Interface = IPv4Interface | IPv6Interface  # an address with its prefix length

_HEADER: Final = Struct("IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
_ADDRESS: Final = Struct("BBBBI")  # struct ifaddrmsg: family, prefix length, flags, scope, index
_ATTRIBUTE: Final = Struct("HH")  # struct rtattr: length, type
_RTM_NEWADDR, _RTM_DELADDR, _RTM_GETADDR = 20, 21, 22
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST_DUMP: Final = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_GROUPS: Final = 0x10 | 0x100  # RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR
_DATAGRAM: Final = 65_536
_LOOK: Final = 0.05  # seconds until the watching thread sees that it may end


@dataclass(frozen=True, slots=True)
class AddressEvent:
    """An address came to a host or went."""

    at: Instant  # when our thread read it: some tens of microseconds late, more on a busy machine
    added: bool
    address: IpAddress
    prefix: int


def read_addresses(netlink: socket.socket) -> frozenset[Interface]:
    """All addresses of the host that the socket belongs to."""
    netlink.send(_HEADER.pack(_HEADER.size + _ADDRESS.size, _RTM_GETADDR, _REQUEST_DUMP, 1, 0) + bytes(8))
    found: set[Interface] = set()
    while True:
        for kind, body in _messages(netlink.recv(_DATAGRAM)):
            if kind in (_NLMSG_DONE, _NLMSG_ERROR):
                return frozenset(found)
            found.add(_interface(body))


class AddressWatch:
    """Notes each address change of a host from now until it is closed; a context manager."""

    def __init__(self, netlink: socket.socket) -> None:
        self._netlink = netlink
        self._netlink.bind((0, _GROUPS))
        self._netlink.settimeout(_LOOK)
        self._events: list[AddressEvent] = []
        self._closing = False
        self._thread = threading.Thread(target=self._watch, name="address-watch", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Note no more; what was noted stays."""
        self._closing = True
        self._thread.join()
        self._netlink.close()

    def __iter__(self) -> Iterator[AddressEvent]:
        return iter(tuple(self._events))

    def of(self, address: IpAddress) -> tuple[AddressEvent, ...]:
        """The changes of one address."""
        return tuple(event for event in self if event.address == address)

    def _watch(self) -> None:
        with suppress(OSError):  # where it may, it is woken at once, and its times are better
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))  # 0: this thread, no other
        while not self._closing:
            with suppress(TimeoutError):
                datagram = self._netlink.recv(_DATAGRAM)
                self._events += _events(datagram, now())


def _events(datagram: bytes, at: Instant) -> Iterator[AddressEvent]:
    for kind, body in _messages(datagram):
        if kind in (_RTM_NEWADDR, _RTM_DELADDR):
            found = _interface(body)
            yield AddressEvent(at, kind == _RTM_NEWADDR, found.ip, found.network.prefixlen)


def _messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(datagram):
        length, kind, *_ = _HEADER.unpack_from(datagram, at)
        yield kind, datagram[at + _HEADER.size : at + length]
        at += (length + 3) & ~3


def _interface(body: bytes) -> Interface:
    """The address in a message; of a pair (IFA_LOCAL, IFA_ADDRESS = peer) the host's own."""
    _, prefix, *_ = _ADDRESS.unpack_from(body)
    values, at = {}, _ADDRESS.size
    while at + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, at)
        values[kind] = body[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
    return ip_interface((values.get(_IFA_LOCAL, values.get(_IFA_ADDRESS, b"")), prefix))
