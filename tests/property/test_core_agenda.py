"""The agenda always knows what a look at every deadline would find."""

from hypothesis import given
from hypothesis import strategies as st

from standfast.base.agenda import Agenda
from standfast.base.times import Instant

OWNERS = ("a", "b", "c", "d")
instants = st.integers(0, 20).map(Instant)
moves = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(OWNERS), st.one_of(st.none(), instants)),
    st.tuples(st.just("bring forward"), st.sampled_from(OWNERS), instants),
    st.tuples(st.just("due"), st.just(""), instants),
)


@given(st.lists(moves, max_size=60))
def test_it_gives_what_a_dictionary_of_deadlines_gives(
    script: list[tuple[str, str, Instant | None]],
) -> None:
    agenda, plain = Agenda(), dict[str, Instant]()

    for what, owner, at in script:
        if what == "due":
            assert at is not None
            expected = sorted((due, name) for name, due in plain.items() if due <= at)
            assert agenda.due(at) == [name for _, name in expected]
            for _, name in expected:
                del plain[name]
        elif what == "set":
            agenda.set(owner, at)
            plain.pop(owner, None)
            plain |= {} if at is None else {owner: at}
        else:
            assert at is not None
            agenda.bring_forward(owner, at)
            plain[owner] = min(plain.get(owner, at), at)
        assert agenda.first() == min(plain.values(), default=None)


@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.integers(0, 10**9).map(Instant)), max_size=600))
def test_it_never_remembers_much_more_than_there_is(script: list[tuple[str, Instant]]) -> None:
    agenda = Agenda()

    for owner, at in script:
        agenda.set(owner, at)

    assert len(agenda) <= 2 * len(OWNERS) + 65
