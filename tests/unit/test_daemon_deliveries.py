"""Messages for one receiver: in order, not too many, and none lost without a word."""

import asyncio
from collections.abc import Callable

import pytest

from standfast.base.errors import Refused
from standfast.base.times import SECOND
from standfast.daemon.deliveries import Deliveries, again_in
from standfast.observe.facts import DeliveriesLost, DeliveryFailed, DeliveryRefused


class Desk:
    """Deliveries to a receiver that does as the test says."""

    def __init__(self, *, bound: int = 10) -> None:
        self.facts: list[object] = []
        self.taken: list[str] = []
        self.answer: Callable[[str], None] = lambda _: None
        self.deliveries = Deliveries[str]("them", self._deliver, tell=self.facts.append, bound=bound)

    async def _deliver(self, message: str) -> None:
        self.answer(message)
        self.taken.append(message)

    def run(self, *messages: str) -> None:
        asyncio.run(self._run(messages))

    async def _run(self, messages: tuple[str, ...]) -> None:
        for message in messages:
            self.deliveries.put(message)
        self.deliveries.start(asyncio.get_running_loop(), lambda _: None)
        for _ in range(20):
            await asyncio.sleep(0)
        self.deliveries.close()
        await asyncio.sleep(0)


def refuse(message: str) -> None:
    if message == "bad":
        raise Refused("no", "never")


def fail(_: str) -> None:
    raise ConnectionRefusedError(111, "Connection refused")


def test_messages_are_delivered_in_order() -> None:
    desk = Desk()

    desk.run("1", "2", "3")

    assert desk.taken == ["1", "2", "3"]
    assert desk.facts == []


def test_one_that_is_refused_for_good_is_told_and_holds_up_no_other() -> None:
    desk = Desk()
    desk.answer = refuse

    desk.run("bad", "good")

    assert desk.taken == ["good"]
    assert desk.facts == [DeliveryRefused("them", "bad", "never")]


def test_one_that_fails_is_kept_and_what_is_left_at_the_end_is_told() -> None:
    desk = Desk()
    desk.answer = fail

    desk.run("1", "2")

    failed, lost = desk.facts
    assert failed == DeliveryFailed("them", "Connection refused", again_in(0))
    assert isinstance(lost, DeliveriesLost)
    assert lost.count == 2


def test_of_too_many_the_oldest_go_but_for_the_one_on_its_way() -> None:
    desk = Desk(bound=3)

    desk.run("1", "2", "3", "4", "5")

    assert desk.taken == ["1", "4", "5"]
    assert desk.facts == [DeliveriesLost("them", 2, "too many waited")]


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        pytest.param(0, 2, id="soon after the first"),
        pytest.param(3, 16, id="twice as long after each"),
        pytest.param(1000, 300, id="five minutes at most"),
    ],
)
def test_it_is_tried_again(failures: int, seconds: int) -> None:
    assert again_in(failures) == seconds * SECOND
