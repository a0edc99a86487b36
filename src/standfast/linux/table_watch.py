"""Whether our tables of nftables stand: asked of the kernel, and heard from it when somebody changes them.

`systemctl restart nftables`, or anybody's `nft flush ruleset`, takes all tables of a host away, ours too.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.linux.netlink import NetlinkSocket, Overrun
from standfast.linux.news_socket import NewsSocket
from standfast.linux.nftables import MARK
from standfast.wire.netlink import ERROR
from standfast.wire.nftables import (
    GROUP_NFTABLES,
    NETLINK_NETFILTER,
    Committed,
    TableTouched,
    decode_news,
    get_chain,
    get_table,
)

_MANY: Final = 1 << 30  # transactions: news were lost, so somebody may have changed it


def is_ours(family: Family, table: str) -> bool:
    """Whether there is such a table, and it bears our mark."""
    return _is_there(get_chain(family, table, MARK))


def is_foreign(family: Family, table: str) -> bool:
    """Whether there is such a table, and it is somebody else's."""
    return _is_there(get_table(family, table)) and not is_ours(family, table)


def _is_there(question: bytes) -> bool:
    """The kernel answers before the send call returns; a kernel without nftables has no tables."""
    try:
        with closing(NetlinkSocket(protocol=NETLINK_NETFILTER)) as asking:
            asking.send(question)
            messages = asking.receive()
    except (OSError, Overrun):
        return False
    return any(message.kind != ERROR for message in messages or ())


class TableWatch:
    """Hears of changes to a table that are not our own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, touched: Callable[[], None]) -> None:
        """Make it; it hears nothing before `open`.

        Args:
            loop: that news are waited for on.
            touched: called when somebody else has changed the table, or may have.
        """
        self._touched = touched
        self._news = NewsSocket(loop, self._hear)
        self._table = ""
        self._names_us = False  # the transaction that is being told of has to do with our table
        self._commits = 0  # transactions on our table that were heard of and not yet judged
        self._own = 0  # those of them that are ours
        self._working = False  # ours is under way

    def open(self, table: str) -> None:
        """Watch the tables of this name.

        Raises:
            OSError: the kernel does not tell.
        """
        self._table = table
        if not self._news.is_open:
            self._news.open(NetlinkSocket(GROUP_NFTABLES, protocol=NETLINK_NETFILTER))

    def begin(self) -> None:
        """We are about to change the table."""
        self._drain()
        self._commits = self._own = 0
        self._working = True

    def ours(self) -> None:
        """We have changed it, in one transaction."""
        self._own += 1

    def end(self) -> None:
        """We are done; what else happened to it meanwhile was somebody else."""
        self._drain()
        self._working = False
        self._judge()

    def close(self) -> None:
        """Give the descriptor back."""
        self._news.close()

    def _hear(self) -> None:
        self._drain()
        if not self._working:
            self._judge()

    def _judge(self) -> None:
        others = self._commits - self._own
        self._commits = self._own = 0
        if others > 0:
            self._touched()

    def _drain(self) -> None:
        while True:
            try:
                messages = self._news.receive()
            except Overrun:
                self._commits += _MANY
                continue
            if messages is None:
                return
            for message in messages:
                try:
                    self._note(decode_news(message))
                except Malformed:
                    continue

    def _note(self, news: TableTouched | Committed | None) -> None:
        match news:
            case TableTouched(table=table):
                self._names_us |= table == self._table
            case Committed():
                self._commits += self._names_us
                self._names_us = False
            case None:
                pass
