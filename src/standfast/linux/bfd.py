"""Control packets on a real kernel (`bfd_ports.ControlPort`)."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Refused
from standfast.base.limits import SENDERS_KEPT
from standfast.base.times import Instant
from standfast.engine.bfd_ports import (
    ListenRefused,
    Medium,
    OpenRefused,
    PortTaken,
    Received,
    Session,
    TellSession,
)
from standfast.linux.bfd_filter import sorts
from standfast.linux.bfd_sockets import destination, open_receivers, open_sender, taken
from standfast.linux.bpf import sort_by
from standfast.linux.mmsg import Inbox
from standfast.linux.socket_options import IP_PKTINFO
from standfast.linux.sorted_sockets import STAMP, Moment, SortedSockets

_NUMBER: Final = Struct("@i")
_TTL4: Final = socket.IPPROTO_IP, socket.IP_TTL
_INFO4: Final = socket.IPPROTO_IP, IP_PKTINFO
_TTL6: Final = socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT
_INFO6: Final = socket.IPPROTO_IPV6, socket.IPV6_PKTINFO
_SENDER4: Final = slice(4, 8)  # in a `struct sockaddr_in`
_SENDER6: Final = slice(8, 24)  # in a `struct sockaddr_in6`
_SCOPE6: Final = slice(24, 28)

_ipv4 = lru_cache(SENDERS_KEPT)(IPv4Address)


@lru_cache(SENDERS_KEPT)
def _ipv6(packed: bytes, scope: int) -> IPv6Address:
    """An address; a link-local one with the name of its interface."""
    address = IPv6Address(packed)
    if not scope or not address.is_link_local:
        return address
    try:
        return IPv6Address(f"{address}%{socket.if_indextoname(scope)}")
    except OSError:
        return address


class ControlSockets:
    """All sockets of a bfd process."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, tell: TellSession, complain: Callable[[str], None]
    ) -> None:
        """Open none yet.

        Args:
            loop: waits for packets.
            tell: gets what the outside says.
            complain: gets words about what is wrong but no event.
        """
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._inbox = Inbox()
        self._receivers: dict[tuple[Family, bool], _Receiver] = {}
        self._lines: dict[int, _Line] = {}

    def listen(self, media: Sequence[Medium]) -> None:
        """Hear on these and on no others."""
        wanted = {(medium.family, medium.multihop): medium for medium in media}
        for place in self._receivers.keys() - wanted.keys():
            self._receivers.pop(place).close()
        for place, medium in wanted.items():
            receiver = self._receivers.get(place)
            try:
                if receiver is None:
                    self._receivers[place] = _Receiver(self._loop, medium, self._inbox, self._tell)
                else:
                    receiver.narrow(medium)
            except Refused as refusal:
                self._tell(ListenRefused(*place, str(refusal)))

    def open(self, line: int, session: Session, port: int) -> None:
        """Make ready to send for a session."""
        self.close_line(line)
        try:
            sock = open_sender(session, port)
            self._lines[line] = _Line(session, sock, self._complain)
        except Refused as refusal:
            if taken(refusal.reason):
                self._tell(PortTaken(line))
            else:
                self._tell(OpenRefused(line, str(refusal)))

    def close_line(self, line: int) -> None:
        """The session sends no more."""
        if (known := self._lines.pop(line, None)) is not None:
            known.close()

    def send(self, line: int, payload: bytes) -> None:
        """Send to the session's neighbour."""
        if (known := self._lines.get(line)) is not None:
            known.send(payload)

    def drain(self, until: Instant | None = None) -> bool:
        """Give the machine what has arrived; True if there may be more that arrived until then."""
        more = False
        for receiver in tuple(self._receivers.values()):
            more |= receiver.drain(until)
        return more

    def close(self) -> None:
        """Give all descriptors back."""
        self.listen(())
        for line in tuple(self._lines):
            self.close_line(line)


class _Line:
    """The way to one neighbour."""

    def __init__(self, session: Session, sock: socket.socket, complain: Callable[[str], None]) -> None:
        self._session = session
        self._socket = sock
        self._complain = complain
        self._to: tuple[str, int] | tuple[str, int, int, int] | None = None
        self._refusal: int | None = None  # errno of the last packet; said when it changes

    def send(self, payload: bytes) -> None:
        refusal = None
        try:
            if self._to is None:
                self._to = destination(self._session)
            self._socket.sendto(payload, self._to)
        except OSError as error:
            self._to = None  # an interface may be another one by now
            refusal = error.errno
            if refusal != self._refusal:
                name, to = self._session.name, self._session.neighbor
                self._complain(f"BFD_Instance({name}): cannot send to {to}: {error.strerror}")
        self._refusal = refusal

    def close(self) -> None:
        self._socket.close()


class _Receiver:
    """The two sockets of one medium."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, medium: Medium, inbox: Inbox, tell: TellSession
    ) -> None:
        self._medium = medium
        self._inbox = inbox
        sound, unsound = open_receivers(medium)
        self._sockets = SortedSockets(
            loop, sound, unsound, inbox=inbox, packet=self._packet, tell=tell, complain=_pass_over
        )

    def narrow(self, medium: Medium) -> None:
        """From now on, sort by this."""
        if medium != self._medium:
            self._medium = medium
            sort_by(self._sockets.sound, sorts(medium))

    def drain(self, until: Instant | None = None) -> bool:
        """Tell what has arrived, a batch of it; whether more may wait that came until then."""
        return self._sockets.drain(until)

    def close(self) -> None:
        """Listen no longer, and give the descriptors back."""
        self._sockets.close()

    def _packet(self, place: int, moment: Moment) -> Received | None:
        """The datagram, if the kernel tells enough about it."""
        content, said = self._inbox.content(place), self._inbox.ancillary(place)
        family, name = self._medium.family, self._inbox.sender(place)
        ttl, info = (_TTL4, _INFO4) if family is Family.IPV4 else (_TTL6, _INFO6)
        if ttl not in said or info not in said:
            return None
        sender, destination_ = _ends(family, name, said[info])
        (hops,) = _NUMBER.unpack(said[ttl][: _NUMBER.size])
        at = moment.arrival(said.get(STAMP))
        return Received(family, self._medium.multihop, sender, destination_, hops, content, at)


def _ends(family: Family, name: bytes, info: bytes) -> tuple[IpAddress, IpAddress]:
    """Sender and destination: from `struct sockaddr`, and `struct in_pktinfo` or `in6_pktinfo`."""
    if family is Family.IPV4:
        return _ipv4(name[_SENDER4]), _ipv4(info[8:12])
    scope = int.from_bytes(name[_SCOPE6], "little")
    return _ipv6(name[_SENDER6], scope), _ipv6(info[:16], scope)


def _pass_over(_: OSError) -> None:
    """The error of an earlier packet: it is told once, and means nothing here."""
