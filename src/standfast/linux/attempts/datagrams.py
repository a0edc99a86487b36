"""Datagram sockets of attempts: they send one, wait for others, and hear when somebody on the way objects.

With IP_RECVERR the kernel keeps who objected and how (ip(7)); without it only a port that is closed is told.
"""

import socket
from contextlib import suppress
from errno import EAGAIN
from struct import Struct
from typing import Final, Self

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.base.limits import DATAGRAM_MAX
from standfast.engine.check_ports import Way
from standfast.linux.attempts.failure import EXHAUSTED, Failed, failed, place_of
from standfast.linux.attempts.readiness import READABLE
from standfast.linux.attempts.sockets import DATAGRAM, connected
from standfast.linux.attempts.trial import Trial
from standfast.linux.socket_options import IP_RECVERR, IPV6_RECVERR
from standfast.wire.icmp import error_words

_EXTENDED: Final = Struct("=IBBBBII")  # struct sock_extended_err: errno, origin, type, code, pad, info, data
_FROM_ICMP: Final = (2, 3)  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6
_ANCILLARY: Final = 512


class Datagrams:
    """A connected datagram socket; a context manager."""

    def __init__(self, trial: Trial, way: Way, sock: socket.socket) -> None:
        self.sock = sock
        self._trial = trial
        self._way = way
        if way.address.version == 4:
            sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._trial.leave(self.sock)

    def send(self, data: bytes) -> None:
        """Send one.

        Raises:
            Failed: `send`, `icmp` or `cannot-run`.
        """
        try:
            self.sock.send(data)
        except OSError as error:
            raise self._failed(error, "send") from error

    async def receive(self) -> bytes:
        """The next one.

        Raises:
            Failed: `icmp` or `receive`.
        """
        while True:
            try:
                return self.sock.recv(DATAGRAM_MAX)
            except BlockingIOError:
                await self._trial.ready(self.sock, READABLE)
            except OSError as error:
                raise self._failed(error, "receive") from error

    def _failed(self, error: OSError, phase: str) -> Failed:
        place = place_of(self._way)
        said = self._objection()
        if said:
            return Failed("icmp", f"{place}: {said}")
        if error.errno in EXHAUSTED | {EAGAIN}:
            return failed(error.errno or 0, "cannot-run", place)
        return failed(error.errno or 0, phase, place)

    def _objection(self) -> str:
        """Who objected, and how; empty: nobody on the way."""
        with suppress(OSError):
            _, ancillary, _, _ = self.sock.recvmsg(0, _ANCILLARY, socket.MSG_ERRQUEUE)
            for level, kind, data in ancillary:
                if (level, kind) in {(socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)}:
                    return objection(data)
        return ""


def objection(data: bytes) -> str:
    """What an extended error says, for people; empty if it did not come from another host."""
    if len(data) < _EXTENDED.size:
        return ""
    _, origin, kind, code, *_ = _EXTENDED.unpack_from(data)
    if origin not in _FROM_ICMP:
        return ""
    family = Family.IPV4 if origin == _FROM_ICMP[0] else Family.IPV6
    who = _offender(data[_EXTENDED.size :], family)
    return f"{error_words(family, kind, code)}, says {who}" if who else error_words(family, kind, code)


def _offender(data: bytes, family: Family) -> IpAddress | None:
    """The address in a `struct sockaddr_in` or `sockaddr_in6`."""
    begin = 4 if family is Family.IPV4 else 8
    packed = data[begin : begin + family.size]
    if len(packed) < family.size:
        return None
    return parse_address(
        socket.inet_ntop(socket.AF_INET if family is Family.IPV4 else socket.AF_INET6, packed)
    )


async def open_datagrams(trial: Trial, way: Way, *, kind: int = DATAGRAM, protocol: int = 0) -> Datagrams:
    """A datagram socket that is connected.

    Raises:
        Failed: `connect` or `cannot-run`.
    """
    return Datagrams(trial, way, await connected(trial, way, kind, protocol))
