"""`~SEQ` and `~LST`: the rest of a line once for each number or value."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from standfast.base.patterns import late

_HEAD: Final = late(r"~(SEQx?|LST)\(")
_NAME: Final = late(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER: Final = late(r"[+-]?(0[xX][0-9a-fA-F]{1,15}|[0-9]{1,18})\Z", re.ASCII)
_PARTS: Final = late(r"\{[^{}]*\}|[^,{}]+")

Binding = tuple[tuple[str, str], ...]  # each variable with its value


class Sequence(NamedTuple):
    """A sequence at the beginning of a line."""

    size: int  # how many bindings there are
    bindings: Iterator[Binding]
    rest: str  # of the line


class NotASequence(ValueError):
    """The words behind `~` make none; the text says why."""


def begins_sequence(text: str) -> bool:
    """Whether a line looks like a sequence."""
    return _HEAD().match(text.lstrip()) is not None


def read_sequence(text: str) -> Sequence | None:
    """The sequence that a line begins with; None if it begins with none.

    Raises:
        NotASequence: it looks like one and is none.
    """
    match = _HEAD().match(text)
    if match is None:
        return None
    closing = text.find(")", match.end())
    if closing < 0:
        raise NotASequence(f"~{match[1]} lacks its closing parenthesis")
    inner, rest = text[match.end() : closing], text[closing + 1 :].strip()
    parts = [part.strip() for part in _PARTS().findall(inner) if part.strip()]
    if match[1] == "LST":
        return _list(parts, rest)
    return _numbers(parts, rest, hexadecimal=match[1] == "SEQx")


def _numbers(parts: list[str], rest: str, *, hexadecimal: bool) -> Sequence:
    if len(parts) not in (2, 3, 4) or not _NAME().match(parts[0]):
        raise NotASequence("write ~SEQ(NAME, [START, [STEP,]] END)")
    if not all(map(_NUMBER().match, parts[1:])):
        raise NotASequence("start, step and end of ~SEQ must be whole numbers")
    numbers = [int(part, 16 if "x" in part.lower() else 10) for part in parts[1:]]
    end = numbers[-1]
    start = numbers[0] if len(numbers) > 1 else (1 if end >= 0 else -1)
    step = numbers[1] if len(numbers) > 2 else (1 if end >= start else -1)
    if step == 0:
        raise NotASequence("the step of ~SEQ is 0")
    span = range(start, end + (1 if step > 0 else -1), step)
    form = "x" if hexadecimal else "d"
    return Sequence(len(span), (((parts[0], format(number, form)),) for number in span), rest)


def _list(parts: list[str], rest: str) -> Sequence:
    if not parts:
        raise NotASequence("write ~LST(NAME, VALUE, ...)")
    names = _tuple(parts[0])
    if not all(map(_NAME().match, names)):
        raise NotASequence(f"~LST names its variables first, not {parts[0]!r}")
    rows = [_tuple(part) for part in parts[1:]]
    if any(len(row) != len(names) for row in rows):
        raise NotASequence(f"each value of ~LST needs {len(names)} parts, like the names")
    return Sequence(len(rows), (tuple(zip(names, row, strict=True)) for row in rows), rest)


def _tuple(part: str) -> tuple[str, ...]:
    if not part.startswith("{"):
        return (part,)
    return tuple(one.strip() for one in part[1:-1].split(","))
