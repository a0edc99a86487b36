"""The kernel's table is read back, put right, and who changed it is named; refusals are told and tried again."""

import pytest
from lvs_director import Director, real, web

from standfast.base.addresses import parse_address
from standfast.base.limits import READ_BACK_INTERVAL, TABLE_REST
from standfast.base.services import Destination, Endpoint, Service, Transport
from standfast.base.times import SECOND, Duration, Instant, after
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    TableCommand,
    TableDiffers,
    TableRefused,
    TableUnreadable,
)
from standfast.core.lvs.events import Refusal, TableAnswered, TableRead, TableUnread

KEY = Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80)
WEB = "tcp 10.0.0.100:80"
ONE, TWO, ALIEN = (Destination(parse_address(f"10.0.0.{n}"), 80) for n in (2, 3, 7))
HEAVY = Destination(ONE.address, 80, weight=9)
QUIET = real(2, check="") + real(3, check="")  # without checks nothing else is due


def director() -> Director:
    made = Director(web(QUIET))
    made.batches.clear()
    made.told.clear()
    return made


def seconds_to_reading(made: Director) -> float:
    due = made.balancer.deadline()
    assert due is not None
    return (due - made.now) / SECOND


@pytest.mark.parametrize(
    ("deeds", "difference", "answer"),
    [
        pytest.param([RemoveDestination(KEY, ONE.key)], "10.0.0.2:80 is missing", [AddDestination], id="removed"),
        pytest.param(
            [EditDestination(KEY, HEAVY)], "10.0.0.2:80 has weight 9 instead of 1", [EditDestination], id="weighed"
        ),
        pytest.param(
            [AddDestination(KEY, ALIEN)], "10.0.0.7:80 should not be there", [RemoveDestination], id="added"
        ),
        pytest.param(
            [EditService(Service(KEY, "wlc"))], "the service has other settings", [EditService], id="a scheduler"
        ),
    ],
)  # fmt: skip
def test_what_somebody_else_has_changed_is_put_right_and_told(
    deeds: list[TableCommand], difference: str, answer: list[type]
) -> None:
    made = director()
    before = made.served
    made.kernel.carry_out(deeds)
    made.run(READ_BACK_INTERVAL / SECOND)

    made.read_back()

    assert made.readings == 1
    assert made.facts(TableDiffers) == [TableDiffers(WEB, (difference,))]
    assert [type(command) for command in made.batches[0]] == answer
    assert made.served == before


def test_a_service_that_somebody_has_removed_is_made_anew() -> None:
    made = director()
    before = made.served
    made.kernel.rows.clear()

    made.read_back()

    assert made.facts(TableDiffers) == [TableDiffers(WEB, ("the service is missing",))]
    assert [type(command) for command in made.batches[0]] == [AddService, AddDestination, AddDestination]
    assert made.served == before


def test_a_table_as_it_should_be_is_left_alone_whatever_others_have() -> None:
    made = director()
    made.kernel.carry_out([AddService(Service(Endpoint(Transport.UDP, KEY.address, 53), "rr"))])

    made.read_back()

    assert (made.batches, made.told) == ([], [])


def test_the_table_is_read_once_a_minute() -> None:
    made = director()

    made.run(READ_BACK_INTERVAL / SECOND)
    assert made.readings == 1
    made.read_back()

    assert seconds_to_reading(made) == READ_BACK_INTERVAL / SECOND


def test_what_changes_while_the_table_is_read_is_not_taken_for_somebodys_deed() -> None:
    made = director()
    made.run(READ_BACK_INTERVAL / SECOND)
    old = made.kernel.table

    made.reload(web(real(2, check="")))
    made.batches.clear()
    made.give(TableRead(old))

    assert (made.facts(TableDiffers), made.batches) == ([], [])


# ---- refusals


def refuse(made: Director) -> None:
    command = AddDestination(KEY, ONE)
    made.kernel.rows[KEY][1].pop(ONE.key, None)
    made.give(TableAnswered((Refusal(command, "ENOMEM", "no memory"),)))


def test_a_refusal_is_told_and_the_table_is_read_soon() -> None:
    made = director()

    refuse(made)

    assert made.facts(TableRefused) == [TableRefused(WEB, "ENOMEM", "no memory")]
    assert seconds_to_reading(made) == TABLE_REST / SECOND


def test_what_was_refused_is_tried_again_and_nobody_is_blamed() -> None:
    made = director()
    refuse(made)

    made.run(TABLE_REST / SECOND)
    made.read_back()

    assert made.facts(TableDiffers) == []
    assert made.batches == [(AddDestination(KEY, ONE),)]


def test_what_stays_refused_is_told_once_and_tried_once_a_minute() -> None:
    made = director()
    refuse(made)
    made.run(TABLE_REST / SECOND)
    made.read_back()

    refuse(made)

    assert len(made.facts(TableRefused)) == 1
    assert seconds_to_reading(made) == READ_BACK_INTERVAL / SECOND


def test_what_was_refused_and_is_there_now_may_be_refused_anew() -> None:
    made = director()
    refuse(made)
    made.read_back()
    made.read_back()

    refuse(made)

    assert len(made.facts(TableRefused)) == 2


def test_a_surprise_names_the_service_and_has_the_table_read_soon() -> None:
    made = director()

    made.give(TableAnswered(surprises=(AddDestination(KEY, ONE), RemoveDestination(KEY, TWO.key))))

    differences = ("a destination was there already", "a destination was missing")
    assert made.facts(TableDiffers) == [TableDiffers(WEB, differences)]
    assert seconds_to_reading(made) == TABLE_REST / SECOND


def test_lost_answers_have_the_table_read_soon() -> None:
    made = director()

    made.give(TableAnswered(lost=True))

    assert seconds_to_reading(made) == TABLE_REST / SECOND


def test_a_table_that_cannot_be_read_is_told_and_read_again() -> None:
    made = director()
    made.run(READ_BACK_INTERVAL / SECOND)

    made.give(TableUnread("no memory"))

    assert made.facts(TableUnreadable) == [TableUnreadable("no memory")]
    due = made.balancer.deadline()
    assert due is not None
    assert due <= after(Instant(made.now), Duration(READ_BACK_INTERVAL))
