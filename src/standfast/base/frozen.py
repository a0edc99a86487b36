"""`frozen`: a dataclass whose values never change, and whose declaration costs a start next to nothing.

`dataclass(frozen=True, slots=True)` writes and compiles six methods for each class: a millisecond a class, a
tenth of a second for all of ours, at every start. Here all classes share six methods that look at the fields.
They are dataclasses in all else: `fields`, `replace` and `match` know them. Who asks for that imports
`dataclasses`, and `inspect` with it; a start that does not ask is spared both.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TypeVar, dataclass_transform

from standfast.base.errors import ensure

C = TypeVar("C")

MISSING: Final = object()  # the default of a field that has none

_METHODS: Final = frozenset({"__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"})
_FIELDS: Final = "__frozen_fields__"
_POSITIONS: Final = "__match_args__"
_SHOWN: Final = "__frozen_shown__"


class Field:
    """What a class declares of one of its values."""

    __slots__ = ("by_name", "default", "default_factory", "metadata", "shown", "type")

    def __init__(
        self,
        default: Any,
        default_factory: Callable[[], Any] | None = None,
        *,
        shown: bool = True,
        by_name: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.default = default  # MISSING: it must be given, or is made
        self.default_factory = default_factory  # makes one for each value anew
        self.shown = shown  # False: it is left out of what is written of the value
        self.by_name = by_name  # it cannot be given by its position
        self.metadata = metadata
        self.type: Any = None  # as it is annotated


def field(
    *,
    default: Any = MISSING,
    default_factory: Callable[[], Any] | None = None,
    repr: bool = True,  # noqa: A002  (as `dataclasses.field` calls it; type checkers know these words)
    kw_only: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> Any:
    """Say more of a field than its default; the words are those of `dataclasses.field`."""
    return Field(default, default_factory, shown=repr, by_name=kw_only, metadata=metadata)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(of: type[C]) -> type[C]:
    """Make a class a frozen dataclass."""
    declared: dict[str, Field] = {}
    for base in reversed(of.__mro__[1:]):
        declared |= base.__dict__.get(_FIELDS, {})
    for name, annotated in of.__annotations__.items():  # its own, not those that it inherits
        declared[name] = _declared(of, name, annotated)
    for name in _METHODS - of.__dict__.keys():  # what the class defines itself stays
        setattr(of, name, getattr(_Frozen, name))
    made: Any = of
    made.__frozen_fields__ = declared
    made.__frozen_values__ = {
        name: each.default for name, each in declared.items() if each.default is not MISSING
    }
    made.__frozen_shown__ = tuple(name for name, each in declared.items() if each.shown)
    setattr(made, _POSITIONS, tuple(name for name, each in declared.items() if not each.by_name))
    made.__dataclass_fields__ = _FOR_DATACLASSES
    return of


def _declared(of: type, name: str, annotated: Any) -> Field:
    """The field that a class declares, which the class itself then has the default of."""
    given = of.__dict__.get(name, MISSING)
    if not isinstance(given, Field):
        ensure(type(given).__module__ != "dataclasses", "`field` is that of base.frozen")
        ensure(type(given).__hash__ is not None, f"all values would share {of.__name__}.{name}")
        given = Field(given)
    elif given.default is MISSING:
        delattr(of, name)
    else:
        setattr(of, name, given.default)
    given.type = annotated
    return given


def fields_of(of: type) -> Mapping[str, Field]:
    """The fields of a frozen class, those that it inherits among them, by their names."""
    declared: Mapping[str, Field] = getattr(of, _FIELDS)
    return declared


def default_of(of: type, name: str) -> Any:
    """The default of a field of a frozen class; `MISSING` if it has none."""
    return fields_of(of)[name].default


def changed(value: C, /, **values: Any) -> C:
    """The same value with other ones in it; quicker than `replace`, which looks at each field."""
    made = object.__new__(type(value))
    mine = made.__dict__
    mine.update(value.__dict__, **values)
    if len(mine) != len(getattr(value, _FIELDS)):
        _complete(made, mine)
    return made


class _Frozen:
    """The methods of all frozen classes; a class's values are its dictionary."""

    def __init__(self, *values: Any, **named: Any) -> None:
        mine = self.__dict__
        mine.update(self.__frozen_values__)  # type: ignore[attr-defined]
        if values:
            names: tuple[str, ...] = getattr(self, _POSITIONS)
            if len(values) > len(names):
                raise TypeError(
                    f"{type(self).__name__} has {len(names)} values by position, not {len(values)}"
                )
            mine.update(zip(names, values, strict=False))
        mine.update(named)
        fields: Mapping[str, Field] = getattr(self, _FIELDS)
        if len(mine) != len(fields) or not named.keys() <= fields.keys():
            _complete(self, mine)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.__dict__[name]!r}" for name in getattr(self, _SHOWN))
        return f"{type(self).__qualname__}({values})"

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(map(self.__dict__.__getitem__, getattr(self, _FIELDS))))

    def __setattr__(self, name: str, value: object) -> None:
        _refuse(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        _refuse(f"cannot delete field {name!r}")


def _refuse(words: str) -> NoReturn:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415  (see above)

    raise FrozenInstanceError(words)


def _complete(made: Any, mine: dict[str, Any]) -> None:
    """Values that are made anew for each; a name that is missing or wrong is an error."""
    declared = fields_of(type(made))
    for name, each in declared.items():
        if name not in mine and each.default_factory is not None:
            mine[name] = each.default_factory()
    if wrong := sorted(mine.keys() ^ declared.keys()):
        raise TypeError(f"{type(made).__name__} lacks or does not have: {', '.join(wrong)}")


class _ForDataclasses:
    """The fields as `dataclasses` wants them: its own, of a class like ours that it makes when it is asked."""

    def __get__(self, value: object, of: Any) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415  (see above)

        def as_theirs(each: Field) -> Any:
            given: dict[str, Any] = {"default": each.default} if each.default is not MISSING else {}
            if each.default_factory is not None:
                given["default_factory"] = each.default_factory
            return dataclasses.field(**given, repr=each.shown, kw_only=each.by_name, metadata=each.metadata)

        theirs = [(name, each.type, as_theirs(each)) for name, each in fields_of(of).items()]
        like: Any = dataclasses.make_dataclass(of.__name__, theirs, init=False, repr=False, eq=False)
        made: dict[str, Any] = like.__dataclass_fields__
        of.__dataclass_fields__ = made
        return made


_FOR_DATACLASSES: Final = _ForDataclasses()
