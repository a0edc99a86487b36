"""Many datagrams by one system call: sendmmsg(2) and recvmmsg(2), which the standard library lacks.

What is sent is made ready once: the bytes, where they go, and the kernel's structures that point at both. To send
is then to copy the structures, 64 bytes a datagram, into one array and to call the kernel.
"""

import ctypes
import errno
import os
from collections.abc import Sequence
from struct import Struct
from typing import Final, NamedTuple

from standfast.base.limits import INBOX, INBOX_DATAGRAM, OUTBOX

_DONTWAIT: Final = 0x40
_NAME_SIZE: Final = 28  # sockaddr_in6, the longest that we receive from
_CONTROL_SIZE: Final = 128  # timestamp, hop limit and packet information, with their headers

# PyDLL: neither call waits, so the interpreter lock stays where it is.
_libc = ctypes.PyDLL(None, use_errno=True)


class _Vector(ctypes.Structure):
    """A `struct iovec`."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Head(ctypes.Structure):
    """A `struct msghdr`."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vector", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Entry(ctypes.Structure):
    """A `struct mmsghdr`."""

    _fields_ = (("head", _Head), ("length", ctypes.c_uint))


_ENTRY_SIZE: Final = ctypes.sizeof(_Entry)
_LENGTH_AT: Final = _Entry.length.offset
_LENGTH: Final = Struct("@I")
_CONTROL_LENGTH_AT: Final = _Head.control_length.offset
_SIZE: Final = Struct("@N")
_CONTROL_HEADER: Final = Struct("@Nii")  # a `struct cmsghdr`: length with the header, level, type


class Failure(NamedTuple):
    """A datagram that could not be sent."""

    place: int  # among those that were to be sent
    error: int  # errno


class Batch:
    """Datagrams that are ready to be sent together, again and again."""

    def __init__(self, contents: Sequence[bytes], destinations: Sequence[bytes]) -> None:
        """Make them ready.

        Args:
            contents: of each datagram; not empty.
            destinations: of each, as `struct sockaddr`.
        """
        joined = b"".join(contents)
        names = b"".join(destinations)
        self.count = len(contents)
        self.memory = ctypes.create_string_buffer(joined, len(joined))  # to be patched in place
        self.offsets: list[int] = []
        self._names = ctypes.create_string_buffer(names, len(names))
        self._vectors = (_Vector * self.count)()
        entries = (_Entry * self.count)()
        at = name_at = 0
        for place, (content, name) in enumerate(zip(contents, destinations, strict=True)):
            self.offsets.append(at)
            vector, head = self._vectors[place], entries[place].head
            vector.base, vector.length = ctypes.addressof(self.memory) + at, len(content)
            head.name, head.name_length = ctypes.addressof(self._names) + name_at, len(name)
            head.vector, head.vector_count = ctypes.addressof(vector), 1
            at += len(content)
            name_at += len(name)
        self.entries = bytes(entries)

    def write(self, contents: Sequence[bytes]) -> bool:
        """Put these datagrams in the places of the old ones; False, and nothing, if their lengths differ."""
        joined = b"".join(contents)
        lengths = [vector.length for vector in self._vectors]
        if lengths != [len(content) for content in contents]:
            return False
        ctypes.memmove(self.memory, joined, len(joined))
        return True


class Outbox:
    """Sends batches; keeps the array that the kernel reads."""

    def __init__(self) -> None:
        self._entries = (_Entry * OUTBOX)()
        self._address = ctypes.addressof(self._entries)

    def send(self, fd: int, batches: Sequence[Batch]) -> list[Failure]:
        """Send them in order, waiting for nothing; those that could not be sent."""
        entries = batches[0].entries if len(batches) == 1 else b"".join(batch.entries for batch in batches)
        failures: list[Failure] = []
        for first in range(0, len(entries) // _ENTRY_SIZE, OUTBOX):
            some = entries[first * _ENTRY_SIZE : (first + OUTBOX) * _ENTRY_SIZE]
            ctypes.memmove(self._address, some, len(some))
            failures += self._send(fd, first, len(some) // _ENTRY_SIZE)
        return failures

    def _send(self, fd: int, first: int, count: int) -> list[Failure]:
        failures = []
        done = 0
        while done < count:
            sent = _libc.sendmmsg(
                fd, ctypes.c_void_p(self._address + done * _ENTRY_SIZE), count - done, _DONTWAIT
            )
            if sent < 0:
                failures.append(Failure(first + done, ctypes.get_errno()))
                sent = 1
            done += sent
        return failures


class Inbox:
    """Receives up to `INBOX` datagrams at once, and keeps them until the next time."""

    def __init__(self) -> None:
        self._contents = ctypes.create_string_buffer(INBOX * INBOX_DATAGRAM)
        self._names = ctypes.create_string_buffer(INBOX * _NAME_SIZE)
        self._controls = ctypes.create_string_buffer(INBOX * _CONTROL_SIZE)
        self._vectors = (_Vector * INBOX)()
        self._entries = (_Entry * INBOX)()
        for place, (vector, entry) in enumerate(zip(self._vectors, self._entries, strict=True)):
            vector.base = ctypes.addressof(self._contents) + place * INBOX_DATAGRAM
            vector.length = INBOX_DATAGRAM
            head = entry.head
            head.name = ctypes.addressof(self._names) + place * _NAME_SIZE
            head.name_length = _NAME_SIZE
            head.vector, head.vector_count = ctypes.addressof(vector), 1
            head.control = ctypes.addressof(self._controls) + place * _CONTROL_SIZE
            head.control_length = _CONTROL_SIZE
        self._fresh = bytes(self._entries)
        self._entries_view = memoryview(self._entries).cast("B")
        self._contents_view = memoryview(self._contents).cast("B")
        self._names_view = memoryview(self._names).cast("B")
        self._controls_view = memoryview(self._controls).cast("B")

    def receive(self, fd: int) -> int:
        """Receive what is there; how many datagrams, 0 if there is none.

        Raises:
            OSError: the socket has an error to tell; it is told once.
        """
        ctypes.memmove(self._entries, self._fresh, len(self._fresh))
        count: int = _libc.recvmmsg(fd, self._entries, INBOX, _DONTWAIT, None)
        if count >= 0:
            return count
        error = ctypes.get_errno()
        if error in {errno.EAGAIN, errno.EINTR}:
            return 0
        raise OSError(error, os.strerror(error))

    def content(self, place: int) -> bytes:
        """The bytes of a datagram; what exceeds `INBOX_DATAGRAM` is cut off."""
        (length,) = _LENGTH.unpack_from(self._entries_view, place * _ENTRY_SIZE + _LENGTH_AT)
        at = place * INBOX_DATAGRAM
        return bytes(self._contents_view[at : at + length])

    def sender(self, place: int) -> bytes:
        """Where it came from, as `struct sockaddr`; padded."""
        return bytes(self._names_view[place * _NAME_SIZE : (place + 1) * _NAME_SIZE])

    def ancillary(self, place: int) -> dict[tuple[int, int], bytes]:
        """What the kernel says about it, by level and type."""
        (length,) = _SIZE.unpack_from(self._entries_view, place * _ENTRY_SIZE + _CONTROL_LENGTH_AT)
        at = place * _CONTROL_SIZE
        end = at + length
        found: dict[tuple[int, int], bytes] = {}
        while at + _CONTROL_HEADER.size <= end:
            size, level, kind = _CONTROL_HEADER.unpack_from(self._controls_view, at)
            if size < _CONTROL_HEADER.size:
                break
            found[level, kind] = bytes(self._controls_view[at + _CONTROL_HEADER.size : at + size])
            at += size + -size % _SIZE.size
        return found
