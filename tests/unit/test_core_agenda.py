"""Who is due next, among many. That the agenda always knows is a property: tests/property/test_core_agenda.py."""

from standfast.base.agenda import Agenda
from standfast.base.times import Instant


def test_the_earliest_comes_first() -> None:
    agenda = Agenda()
    agenda.set("late", Instant(9))
    agenda.set("early", Instant(3))
    agenda.set("never", None)

    assert agenda.first() == 3
    assert agenda.due(Instant(9)) == ["early", "late"]
    assert agenda.first() is None


def test_nobody_is_due_too_early() -> None:
    agenda = Agenda()
    agenda.set("one", Instant(3))

    assert agenda.due(Instant(2)) == []
    assert agenda.due(Instant(3)) == ["one"]


def test_a_deadline_that_moves_away_is_not_due_where_it_was() -> None:
    agenda = Agenda()
    agenda.set("one", Instant(3))
    agenda.set("one", Instant(7))

    assert agenda.due(Instant(6)) == []
    assert agenda.first() == 7


def test_a_deadline_that_moves_nearer_is_due_there_and_only_there() -> None:
    agenda = Agenda()
    agenda.set("one", Instant(7))
    agenda.set("one", Instant(3))

    assert agenda.due(Instant(3)) == ["one"]
    assert agenda.due(Instant(7)) == []


def test_who_has_no_deadline_any_more_is_never_due() -> None:
    agenda = Agenda()
    agenda.set("one", Instant(3))
    agenda.set("one", None)

    assert agenda.first() is None
    assert agenda.due(Instant(9)) == []


def test_who_was_due_is_forgotten_until_it_is_set_anew() -> None:
    agenda = Agenda()
    agenda.set("one", Instant(3))
    agenda.due(Instant(3))
    agenda.set("one", Instant(5))

    assert agenda.due(Instant(5)) == ["one"]


def test_a_spoofer_who_moves_a_deadline_to_and_fro_does_not_fill_the_memory() -> None:
    """Adverts with priority 0 and 255 in turn: the deadline is near, then far, then near again."""
    agenda = Agenda()
    for n in range(10_000):
        agenda.set("one", Instant(1_000_000 + n))
        agenda.first()
        agenda.set("one", Instant(9_000_000 + n))
        agenda.first()

    assert len(agenda) < 200
    assert agenda.first() == 9_009_999
