"""Everything that passes a link, with the kernel's own times."""

import errno
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from standfast.base.addresses import IpAddress
from standfast.base.errors import Refused
from standfast.base.times import Instant
from standfast.lab.clock import SO_TIMESTAMPNS, STAMP_SPACE, stamp_in
from standfast.lab.packets import Advert, Announcement, Echo, Packet, read_packet
from standfast.lab.pcap import write_pcap

BUFFER: Final = 64 << 20  # bytes the kernel may keep for us: some ten thousand packets
_ETH_P_ALL: Final = 3
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_FRAME: Final = 65_536


class Capture:
    """The packets of one link from now until it is closed; a context manager.

    The kernel keeps and stamps them; they are fetched when somebody looks, so a busy test loses no precision.
    """

    def __init__(self, link: socket.socket, interface: str) -> None:
        self._link = link
        self._link.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._link.settimeout(0)
        self._link.bind((interface, _ETH_P_ALL))
        self._packets: list[Packet] = []
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more packets; those that came stay."""
        if self._open:
            try:
                self._fetch()
            finally:
                self._open = False
                self._link.close()

    def __iter__(self) -> Iterator[Packet]:
        self._fetch()
        return iter(tuple(self._packets))

    def adverts(
        self, vrid: int | None = None, *, source: IpAddress | None = None, since: Instant = Instant(0)
    ) -> tuple[tuple[Instant, Advert], ...]:
        """The VRRP adverts, each with its time; on demand only one router's, or one sender's, or later ones."""
        return tuple(
            (packet.at, packet.content)
            for packet in self
            if isinstance(packet.content, Advert)
            and vrid in (None, packet.content.vrid)
            and source in (None, packet.content.source)
            and packet.at >= since
        )

    def announcements(
        self, address: IpAddress, *, since: Instant = Instant(0)
    ) -> tuple[tuple[Instant, Announcement], ...]:
        """The gratuitous ARPs or unsolicited neighbour advertisements of one address."""
        return tuple(
            (packet.at, packet.content)
            for packet in self
            if isinstance(packet.content, Announcement)
            and packet.content.address == address
            and packet.at >= since
        )

    def replies(self, source: IpAddress, *, since: Instant = Instant(0)) -> tuple[tuple[Instant, Echo], ...]:
        """The echo replies that an address gave."""
        return tuple(
            (packet.at, packet.content)
            for packet in self
            if isinstance(packet.content, Echo)
            and packet.content.reply
            and packet.content.source == source
            and packet.at >= since
        )

    def write(self, path: Path) -> None:
        """Write all packets to a pcap file."""
        write_pcap(path, self)

    def _fetch(self) -> None:
        while self._open:
            try:
                frame, ancillary, _, _ = self._link.recvmsg(_FRAME, STAMP_SPACE)
            except BlockingIOError:
                break
            except OSError as problem:
                if problem.errno != errno.ENETDOWN:  # what came before the link went down is still to be had
                    raise
                continue
            self._packets.append(read_packet(stamp_in(ancillary), frame))
        self._refuse_losses()

    def _refuse_losses(self) -> None:
        """A capture with holes proves nothing.

        Raises:
            Refused: the kernel had to drop packets.
        """
        if not self._open:
            return
        _, dropped = struct.unpack("II", self._link.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
        if dropped:
            raise Refused("capture-lost", f"the capture lost {dropped} packets")
