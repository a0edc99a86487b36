"""What drivers say about their links."""

from contextlib import closing

import pytest
from linux_namespace import inside, ip, turn

from standfast.core.track.interface import LinkEvent, LinksPolled
from standfast.linux.linkbeat import Linkbeat
from standfast.linux.loop import new_loop


def polled(**methods: str) -> LinkEvent:
    told: list[LinkEvent] = []
    Linkbeat(told.append).poll(methods)
    (answer,) = told
    return answer


@pytest.mark.behaviour("TR-17")
@pytest.mark.parametrize("method", ["MII", "ETHTOOL", "IOCTL", ""])
def test_a_link_is_asked_in_the_way_that_works(method: str) -> None:
    with inside(), closing(new_loop()) as loop:
        before = turn(loop, lambda: polled(eth0=method) == LinksPolled({"eth0": True}))
        ip("link set peer0 down")
        after = turn(loop, lambda: polled(eth0=method) == LinksPolled({"eth0": False}))

    assert before
    assert after


def test_who_cannot_be_asked_is_left_out() -> None:
    with inside():
        answer = polled(none="", lo="IOCTL")

    assert answer == LinksPolled({"lo": True})
