"""`frozen`: what a class gets from it."""

import dataclasses
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from standfast.base.errors import Broken
from standfast.base.frozen import field, frozen


@frozen
class Point:
    """A value with all that a field can have."""

    x: int
    y: int = 0
    key: bytes = field(default=b"", repr=False)
    marks: list[int] = field(default_factory=list)


@frozen
class Other:
    """The same fields, another class."""

    x: int
    y: int = 0


def test_values_are_given_by_position_and_by_name() -> None:
    point = Point(1, y=2)

    assert (point.x, point.y, point.key, point.marks) == (1, 2, b"", [])


def test_each_has_a_list_of_its_own() -> None:
    one, two = Point(1), Point(1)

    one.marks.append(5)

    assert two.marks == []


def test_equal_values_of_one_class_are_equal_and_have_one_hash() -> None:
    assert Other(1, 2) == Other(y=2, x=1)
    assert hash(Other(1, 2)) == hash(Other(y=2, x=1))
    assert Other(1) != Other(2)
    assert Other(1) != Point(1)  # type: ignore[comparison-overlap]


def test_a_representation_leaves_out_what_is_secret() -> None:
    assert repr(Point(1, key=b"secret")) == "Point(x=1, y=0, marks=[])"


def test_it_is_a_dataclass_in_all_else() -> None:
    changed = replace(Point(1), y=7)

    assert [each.name for each in fields(changed)] == ["x", "y", "key", "marks"]
    match changed:
        case Point(1, y):
            assert y == 7
        case _:
            pytest.fail("a pattern by position does not match")


def test_what_the_class_defines_itself_stays() -> None:
    @frozen
    class Named:
        """One with a method of its own."""

        name: str

        def __repr__(self) -> str:
            return f"<{self.name}>"

    assert repr(Named("a")) == "<a>"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda point: setattr(point, "x", 5), id="a field is assigned to"),
        pytest.param(lambda point: setattr(point, "z", 5), id="something new is assigned to"),
        pytest.param(lambda point: delattr(point, "x"), id="a field is deleted"),
    ],
)
def test_nothing_can_be_changed(change: Callable[[Point], None]) -> None:
    point = Point(1)

    with pytest.raises(FrozenInstanceError):
        change(point)

    assert point == Point(1)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Other, id="a value is missing"),
        pytest.param(lambda: Other(1, 2, 3), id="there are too many"),  # type: ignore[call-arg]
        pytest.param(lambda: Other(1, z=3), id="a name is unknown"),  # type: ignore[call-arg]
        pytest.param(lambda: Other(y=1, z=3), id="one is unknown and another missing"),  # type: ignore[call-arg]
    ],
)
def test_a_wrong_call_is_told(make: Callable[[], Other]) -> None:
    with pytest.raises(TypeError, match="Other"):
        make()


def test_a_value_that_all_would_share_is_no_default() -> None:
    with pytest.raises(Broken, match="Shared"):

        @frozen
        class Shared:
            """One list for all."""

            marks: list[int] = []  # noqa: RUF012  (that is the mistake)


def test_a_field_of_dataclasses_is_not_taken_for_a_default() -> None:
    with pytest.raises(Broken, match="field"):

        @frozen
        class Mixed:
            """Declared with words of two modules."""

            marks: list[int] = dataclasses.field(default_factory=list)


def test_a_class_has_the_fields_that_it_inherits_first() -> None:
    @frozen
    class Named(Other):
        """One more field."""

        name: str = ""

    assert [each.name for each in fields(Named)] == ["x", "y", "name"]
    assert Named(1, 2, "a") == Named(name="a", y=2, x=1)
    assert [each.name for each in fields(Other)] == ["x", "y"]
