"""Tables of the kernel that are followed: read at first, kept by its news, read again when news were lost."""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from typing import Protocol

from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.news_socket import NewsSocket
from standfast.linux.reading import Reading, Requests
from standfast.wire.rtnetlink import Report


class Follower(Protocol):
    """Who is told."""

    def forget(self) -> None:
        """Everything is told anew."""
        ...

    def take(self, reports: Iterable[Report]) -> None:
        """These are there, or gone."""
        ...

    def settle(self) -> None:
        """All that there was to hear has been told."""
        ...

    def unread(self, error: OSError) -> None:
        """What is there could not be read; the next news bring another try."""
        ...


class Following:
    """Follows."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, groups: int, tables: Requests, follower: Follower
    ) -> None:
        """Make it; nothing is followed yet.

        Args:
            loop: that the news are waited for on.
            groups: whose news they are.
            tables: that they are about; they are short, so a reading is waited for.
            follower: is told.
        """
        self._groups = groups
        self._tables = tables
        self._follower = follower
        self._news = NewsSocket(loop, self._hear)

    @property
    def is_open(self) -> bool:
        """Whether it follows."""
        return self._news.is_open

    def open(self) -> None:
        """Read, and follow from now on; what happens meanwhile comes after.

        Raises:
            OSError: the kernel does not tell; nothing is followed.
        """
        try:
            self._news.open(NetlinkSocket(self._groups))
            self._read()
        except OSError:
            self._news.close()
            raise

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._news.keep_unread(size)

    def close(self) -> None:
        """Follow nothing."""
        self._news.close()

    def _read(self) -> None:
        with closing(Reading(self._tables)) as reading:
            reading.finish()
        self._follower.forget()
        self._follower.take(reading.reports)

    def _hear(self) -> None:
        try:
            for messages in self._news.batch():
                self._follower.take(reports_in(messages))
        except (Overrun, OSError):
            self._read_again()
        self._follower.settle()

    def _read_again(self) -> None:
        """News were lost."""
        try:
            self._read()
        except OSError as error:
            self._follower.unread(error)
