"""The addresses that the kernel has, for whoever asks often: what it tells as before is not decoded again.

A dump of the same addresses is the same bytes. To decode 1,000 takes 15 to 30 ms; to see that they are the same,
none. One that comes or goes moves all behind it into other datagrams, but is itself all that has to be decoded.
"""

import errno
import os
import select
import socket
from functools import lru_cache
from typing import Final, NamedTuple

from standfast.base.errors import Malformed
from standfast.base.limits import ADDRESS_TEXTS_KEPT, PRESENT_DATAGRAMS, READING_TRIES
from standfast.linux.netlink import NetlinkSocket, Overrun, answers_in, sound
from standfast.wire.netlink import DONE, ERROR, Message
from standfast.wire.rtnetlink_address import NEW_ADDRESS, decode_address, request_addresses

_PATIENCE_MS: Final = 2_000  # the kernel answers at once; this is for one that never does

Present = frozenset[tuple[str, str]]  # name of the link, and address with its prefix length
_Links = tuple[tuple[int, str], ...]  # index and name


class _Part(NamedTuple):
    """What one datagram of a dump says."""

    addresses: tuple[tuple[int, str], ...]  # index of the link, and address with its prefix length
    last: bool
    interrupted: bool
    error: int  # errno; 0: none


def read_present() -> Present:
    """All addresses of the host.

    Raises:
        OSError: the kernel does not tell them.
    """
    reading = NetlinkSocket()
    try:
        for sequence in range(1, READING_TRIES + 1):
            reading.send(request_addresses(sequence))
            datagrams = _dump(reading)
            if not any(_part_of(each).interrupted for each in datagrams):
                break
    finally:
        reading.close()
    return _present(datagrams, tuple(socket.if_nameindex()))


def forget_present() -> None:
    """Keep nothing of what the kernel told, as if it had never been asked."""
    for kept in (_part_of, _address_in, _present):
        kept.cache_clear()


def _dump(reading: NetlinkSocket) -> tuple[bytes, ...]:
    """The datagrams of a dump.

    Raises:
        OSError: the kernel refuses to tell, or does not answer.
    """
    poll = select.poll()
    poll.register(reading.fileno(), select.POLLIN)
    datagrams: list[bytes] = []
    while poll.poll(_PATIENCE_MS):
        try:
            datagrams.append(reading.receive_bytes() or b"")
        except Overrun as overrun:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS), "netlink") from overrun
        part = _part_of(datagrams[-1])
        if part.error:
            raise OSError(part.error, os.strerror(part.error), "netlink")
        if part.last:
            return tuple(datagrams)
    raise TimeoutError("the kernel does not tell its addresses")


@lru_cache(PRESENT_DATAGRAMS)
def _part_of(datagram: bytes) -> _Part:
    messages = sound(datagram)
    return _Part(
        addresses=tuple(
            address
            for message in messages
            if message.kind == NEW_ADDRESS and (address := _address_in(message.body)) is not None
        ),
        last=any(message.kind in {DONE, ERROR} for message in messages),
        interrupted=any(message.interrupted for message in messages),
        error=next((answer.error for answer in answers_in(messages)), 0),
    )


@lru_cache(ADDRESS_TEXTS_KEPT)
def _address_in(body: bytes) -> tuple[int, str] | None:
    """Index of the link, and address with its prefix length; None: it is none of IP, or broken."""
    try:
        told = decode_address(Message(NEW_ADDRESS, 0, 0, 0, body))
    except Malformed:
        return None
    return None if told is None else (told.index, f"{told.address}/{told.prefix}")


@lru_cache(1)
def _present(datagrams: tuple[bytes, ...], links: _Links) -> Present:
    names = dict(links)
    return frozenset(
        (names[index], address)
        for datagram in datagrams
        for index, address in _part_of(datagram).addresses
        if index in names
    )
