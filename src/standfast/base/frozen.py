"""`frozen`: a dataclass whose values never change, and whose declaration costs a start next to nothing.

`dataclass(frozen=True, slots=True)` writes and compiles six methods for each class: a millisecond a class, a
tenth of a second for all of ours, at every start. Here all classes share six methods that look at the fields.
They are dataclasses in all else: `fields`, `replace` and `match` know them.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, Final, TypeVar, dataclass_transform

C = TypeVar("C")

_METHODS: Final = frozenset({"__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"})
_FIELDS: Final = "__dataclass_fields__"
_VALUES: Final = "__frozen_values__"
_SHOWN: Final = "__frozen_shown__"


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(of: type[C]) -> type[C]:
    """Make a class a frozen dataclass."""
    made = dataclass(init=False, repr=False, eq=False)(of)
    for name in _METHODS - of.__dict__.keys():  # what the class defines itself stays
        setattr(made, name, getattr(_Frozen, name))
    declared: Any = made
    setattr(
        made, _VALUES, {each.name: each.default for each in fields(declared) if each.default is not MISSING}
    )
    setattr(made, _SHOWN, tuple(each.name for each in fields(declared) if each.repr))
    return made


def changed(value: C, /, **values: Any) -> C:
    """The same value with other ones in it; quicker than `replace`, which looks at each field."""
    made = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **values)
    if made.__dict__.keys() != getattr(value, _FIELDS).keys():
        _complete(made, made.__dict__)
    return made


class _Frozen:
    """The methods of all frozen classes; a class's values are its dictionary."""

    def __init__(self, *values: Any, **named: Any) -> None:
        mine = self.__dict__
        mine.update(self.__frozen_values__)  # type: ignore[attr-defined]
        if values:
            names: tuple[str, ...] = self.__match_args__  # type: ignore[attr-defined]
            if len(values) > len(names):
                raise TypeError(
                    f"{type(self).__name__} has {len(names)} values by position, not {len(values)}"
                )
            mine.update(zip(names, values, strict=False))
        if named:
            mine.update(named)
        if mine.keys() != self.__dataclass_fields__.keys():  # type: ignore[attr-defined]
            _complete(self, mine)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.__dict__[name]!r}" for name in getattr(self, _SHOWN))
        return f"{type(self).__qualname__}({values})"

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(map(self.__dict__.__getitem__, getattr(self, _FIELDS))))

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


def _complete(made: Any, mine: dict[str, Any]) -> None:
    """Values that are made anew for each; a name that is missing or wrong is an error."""
    for each in fields(made):
        if each.name not in mine and each.default_factory is not MISSING:
            mine[each.name] = each.default_factory()
    if wrong := sorted(mine.keys() ^ getattr(made, _FIELDS).keys()):
        raise TypeError(f"{type(made).__name__} lacks or does not have: {', '.join(wrong)}")
