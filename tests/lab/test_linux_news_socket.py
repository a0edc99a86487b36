"""One socket for the kernel's news, on the loop: opened, closed and opened again."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from linux_namespace import descriptors, inside, ip, turn

from standfast.base.limits import NETLINK_RECEIVE_BUFFER, NEWS_BATCH
from standfast.linux.bpf import DROP_ALL
from standfast.linux.loop import new_loop
from standfast.linux.netlink import NetlinkSocket, reports_in
from standfast.linux.news_socket import NewsSocket
from standfast.wire.rtnetlink import GROUP_IPV4_ADDRESS, Report

MORE = 2 * NETLINK_RECEIVE_BUFFER  # bytes


class Hearing:
    """Takes what comes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.heard: list[Report] = []
        self.news = NewsSocket(loop, self._hear)

    def _hear(self) -> None:
        for messages in self.news.batch():
            self.heard += reports_in(messages)

    def hears_of_an_address(self, number: int) -> bool:
        before = len(self.heard)
        ip(f"addr add 10.0.0.{number}/24 dev eth0")
        return turn(self.loop, lambda: len(self.heard) > before, seconds=1.0)

    def kept_unread(self) -> int:
        """Bytes; the kernel tells the double of what it was told."""
        assert self.news._socket is not None
        with socket.socket(fileno=self.news._socket.fileno()) as same:
            size = same.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
            same.detach()
        return size


@pytest.fixture
def hearing() -> Iterator[Hearing]:
    before = descriptors()
    with closing(new_loop()) as loop, inside():
        made = Hearing(loop)
        yield made
        made.news.close()
    assert descriptors() <= before


def test_it_hears_while_it_is_open_and_again_when_it_is_opened_again(hearing: Hearing) -> None:
    news = hearing.news
    news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))
    at_first = hearing.hears_of_an_address(2)
    news.close()
    closed = hearing.heard.copy(), news.is_open, news.receive(), list(news.batch())
    ip("addr add 10.0.0.3/24 dev eth0")
    news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))

    again = hearing.hears_of_an_address(4)

    assert (at_first, again) == (True, True)
    assert closed == (hearing.heard[:1], False, None, [])
    assert len(hearing.heard) == 2, "what happened while it was closed was never heard"


def test_another_socket_takes_the_place_of_the_first(hearing: Hearing) -> None:
    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))
    held = descriptors()

    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))

    assert len(descriptors()) == len(held)
    assert hearing.hears_of_an_address(2)


def test_how_much_is_kept_unread_holds_for_each_socket(hearing: Hearing) -> None:
    hearing.news.keep_unread(MORE)
    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))
    first = hearing.kept_unread()
    hearing.news.keep_unread(0)
    usual = hearing.kept_unread()
    hearing.news.keep_unread(MORE)
    hearing.news.close()
    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))

    later = hearing.kept_unread()

    assert (first, usual, later) == (MORE, NETLINK_RECEIVE_BUFFER, MORE)


def test_a_batch_leaves_the_rest_for_another_turn(hearing: Hearing) -> None:
    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS))
    for number in range(2, NEWS_BATCH + 4):
        ip(f"addr add 10.0.0.{number}/24 dev eth0")

    batches = [len(list(hearing.news.batch())) for _ in range(3)]

    assert batches == [NEWS_BATCH, 2, 0]


def test_a_socket_with_a_program_hears_only_what_it_keeps(hearing: Hearing) -> None:
    hearing.news.open(NetlinkSocket(GROUP_IPV4_ADDRESS, only=DROP_ALL))

    assert not hearing.hears_of_an_address(2)
