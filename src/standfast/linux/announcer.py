"""Gratuitous ARP and unsolicited neighbour advertisements, as whole frames that are ready before they are needed.

To announce the 64 addresses of a part is one system call, with nothing built and nothing allocated.
"""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address
from struct import Struct
from typing import Final, NamedTuple

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.engine.ports import Link, Part, Router
from standfast.linux.mmsg import Batch, Outbox
from standfast.linux.refusals import refused
from standfast.wire.arp import gratuitous_arp
from standfast.wire.ethernet import MAC_SIZE, TYPE_ARP, TYPE_IPV6
from standfast.wire.ndp import unsolicited_frame

_SOCKADDR_LL: Final = Struct("=H2siHBB8s")
_HEARS_NOTHING: Final = 0  # the protocol of a packet socket that only sends
_FORWARDING: Final = "/proc/sys/net/ipv6/conf/{}/forwarding"


class _Looks(NamedTuple):
    """What of an interface is written into the frames."""

    interface_index: int
    mac: bytes
    forwards: bool  # IPv6 packets: then its neighbour advertisements say that it is a router


@frozen
class _Ready:
    """The frames of some addresses."""

    addresses: tuple[HostAddress, ...]
    looks: tuple[_Looks | None, ...]  # of the interface of each; None: it is not announced there
    frames: Batch | None  # None: there is nothing to announce
    routed: Mapping[str, bool]  # interfaces of IPv6 addresses, and what was said of their forwarding

    def outdated(self) -> bool:
        """Whether the host forwards where it did not, or the other way round: no news tell it (GA-02)."""
        return any(_forwards(name) != before for name, before in self.routed.items())


class Announcer:
    """The announcement port of the host (`ports.AnnouncePort`)."""

    def __init__(self, link: Callable[[str], Link | None], complain: Callable[[str], None]) -> None:
        """Open the packet socket.

        Args:
            link: tells what an interface looks like now.
            complain: gets words about what is wrong.

        Raises:
            Refused: the socket cannot be had.
        """
        self.unsent = 0
        self._link = link
        self._complain = complain
        self._ready: dict[str, dict[int, _Ready]] = {}
        self._outbox = Outbox()
        self._failing = 0  # the errno that was complained about; 0 while all leaves
        self._silent: set[str] = set()  # interfaces that were complained about
        try:
            self._socket = socket.socket(
                socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, _HEARS_NOTHING
            )
        except OSError as error:
            doing = "open the packet socket of the announcements"
            raise refused(error.errno or 0, doing, capability="CAP_NET_RAW") from error

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Make the frames of these parts ready; replaces all that was ready for their router."""
        old = self._ready.get(router.name, {})
        looks = {name: self._looks(name) for name in router.interfaces}
        self._ready[router.name] = {
            part.number: _made_ready(part.addresses, looks, old.get(part.number)) for part in parts
        }

    def announce(self, part: Part) -> None:
        """Send one frame for each address of this part."""
        ready = self._ready.get(part.router, {}).get(part.number)
        if ready is None or ready.addresses != part.addresses:
            ready = self._made_now(part, None)
        elif ready.outdated():
            ready = self._ready[part.router][part.number] = self._made_now(part, ready)
        if ready.frames is None:
            return
        failures = self._outbox.send(self._socket.fileno(), (ready.frames,))
        error = failures[0].error if failures else 0
        self.unsent += len(failures)
        if error and error != self._failing:
            says = refused(error, "announce an address", place=part.router, capability="CAP_NET_RAW")
            self._complain(str(says))
        self._failing = error

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """Nothing waits here."""

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        self._ready.pop(router, None)

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()

    def _made_now(self, part: Part, old: _Ready | None) -> _Ready:
        names = {address.interface for address in part.addresses}
        return _made_ready(part.addresses, {name: self._looks(name) for name in names}, old)

    def _looks(self, name: str) -> _Looks | None:
        """What frames say about an interface; None if none are sent there (behaviour GA-10)."""
        link = self._link(name)
        if link is None or not link.arp or not any(link.mac):
            return None
        if len(link.mac) != MAC_SIZE:
            if name not in self._silent:
                self._silent.add(name)
                self._complain(f"{name}: cannot announce addresses: it is no Ethernet interface")
            return None
        return _Looks(link.index, link.mac, _forwards(name))


def _made_ready(
    addresses: tuple[HostAddress, ...], looks: dict[str, _Looks | None], old: _Ready | None
) -> _Ready:
    """The frames of these addresses; those of before if nothing in them would differ."""
    of_each = tuple(looks[address.interface] for address in addresses)
    if old is not None and (old.addresses, old.looks) == (addresses, of_each):
        return old
    pairs = [(address, look) for address, look in zip(addresses, of_each, strict=True) if look is not None]
    if not pairs:
        return _Ready(addresses, of_each, None, {})
    frames = Batch([_frame(*pair) for pair in pairs], [_way(*pair) for pair in pairs])
    routed = {a.interface: look.forwards for a, look in pairs if a.address.version == 6}
    return _Ready(addresses, of_each, frames, routed)


def _frame(address: HostAddress, looks: _Looks) -> bytes:
    if isinstance(address.address, IPv4Address):
        return gratuitous_arp(address.address, looks.mac)
    return unsolicited_frame(address.address, looks.mac, router=looks.forwards)


def _way(address: HostAddress, looks: _Looks) -> bytes:
    """Where the frame leaves, as `struct sockaddr_ll`."""
    kind = TYPE_ARP if address.address.version == 4 else TYPE_IPV6
    return _SOCKADDR_LL.pack(socket.AF_PACKET, kind.to_bytes(2, "big"), looks.interface_index, 0, 0, 0, b"")


def _forwards(interface: str) -> bool:
    """Whether the host forwards IPv6 packets that come in there; not if it does not speak IPv6."""
    try:
        file = os.open(_FORWARDING.format(interface), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.read(file, 2)[:1] != b"0"
    except OSError:
        return False
    finally:
        os.close(file)
