"""Numbers: whole ones, and times, each with its range."""

from typing import Final

from standfast.base.times import MILLISECOND, SECOND, Duration, in_seconds, seconds
from standfast.model.complaint import ErrorClass
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_DIGITS_MAX: Final = 20  # of a whole number: more than any that we know
_SECONDS_DIGITS_MAX: Final = 14  # of a time, before its point
_WIDEST: Final = 0xFFFF_FFFF
LONGEST: Final = "18446744073709.551614"  # 64 bits of microseconds: no bound that a person meets


def _unsigned(text: str) -> str:
    """A text without the sign that it may begin with."""
    return text[1:] if text[:1] in ("+", "-") else text


def _is_digits(text: str, most: int) -> bool:
    """Whether it is digits, at least one and not more than that."""
    return text.isdecimal() and text.isascii() and len(text) <= most


class Whole(Kind[int]):
    """A whole number, in decimal digits."""

    def __init__(self, low: int = 0, high: int = _WIDEST, *, when_bare: int | None = None) -> None:
        self.low = low
        self.high = high
        self.when_bare = when_bare  # the value of the keyword alone; None: it needs a number

    @property
    def syntax(self) -> str:
        """`<INTEGER:1..255>`."""
        inner = f"INTEGER:{self.low}..{self.high}"
        return f"<{inner}>" if self.when_bare is None else f"[{inner}]"

    def read(self, words: Words) -> int:
        """A number in the range."""
        if self.when_bare is not None and words.peek() is None:
            return self.when_bare
        return self.number(words, words.next("a number"))

    def number(self, words: Words, text: str, what: str = "") -> int:
        """This word as a number in the range; `what` it is, if not all that the keyword says.

        Raises:
            Rejected: it is not.
        """
        what = what or words.keyword
        if not _is_digits(_unsigned(text), _DIGITS_MAX):
            words.reject(
                "not-a-number",
                f"{what} must be a whole number from {self.low} to {self.high}, not {text!r}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        value = int(text)
        if not self.low <= value <= self.high:
            words.reject(
                "value-range",
                f"{what} must be {self.low} to {self.high}, not {text}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        return value

    def write(self, value: int) -> tuple[str, ...]:
        """The number in digits."""
        return (str(value),)

    def schema(self) -> Schema:
        """An integer with its range."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class AtLeastOne(Whole):
    """A count for which Keepalived takes 0 and makes it 1, with a message."""

    def __init__(self, high: int = _WIDEST) -> None:
        super().__init__(0, high)

    @property
    def syntax(self) -> str:
        """`<INTEGER:1..N>`."""
        return f"<INTEGER:1..{self.high}>"

    def read(self, words: Words) -> int:
        """A number of at least 1."""
        value = super().read(words)
        if value == 0:
            words.complain("value-range", f"{words.keyword} must be at least 1, not 0; using 1")
        return max(value, 1)

    def schema(self) -> Schema:
        """An integer from 1."""
        return {"type": "integer", "minimum": 1, "maximum": self.high}


class Seconds(Kind[Duration]):
    """A time in seconds with up to six decimal places; smaller parts are rounded, as Keepalived does."""

    unit: Duration = SECOND
    unit_name = "seconds"

    def __init__(self, low: str = "0", high: str = "4294.967295") -> None:
        self.low = low
        self.high = high
        self._low = self._duration(low)
        self._high = self._duration(high)

    @property
    def syntax(self) -> str:
        """`<DECIMAL:0.01..255> seconds`."""
        return f"<DECIMAL:{self.low}..{'' if self.high == LONGEST else self.high}> {self.unit_name}"

    @property
    def _range(self) -> str:
        return f"{self.low} or more" if self.high == LONGEST else f"{self.low} to {self.high}"

    def read(self, words: Words) -> Duration:
        """A time in the range."""
        unit = self.unit_name
        text = words.next(f"a number of {unit}")
        whole, _, part = _unsigned(text).partition(".")
        if len(whole) > _SECONDS_DIGITS_MAX or not _is_digits(whole + part, len(text)):
            words.reject(
                "not-a-number",
                f"{words.keyword} must be {self._range} {unit}, not {text!r}",
                error_class=ErrorClass.BAD_NUMBER,
                hint="write it without a unit: 1.5" if text[:1].isdigit() else "",
            )
        value = self._duration(text)
        if not self._low <= value <= self._high:
            words.reject(
                "value-range",
                f"{words.keyword} must be {self._range} {unit}, not {text}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        if len(part) > self._places_kept:
            words.complain(
                "too-precise",
                f"{words.keyword} is kept to the microsecond: {text} becomes {self.write(value)[0]}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        return value

    @property
    def _places_kept(self) -> int:
        return len(str(self.unit)) - 1

    def _duration(self, text: str) -> Duration:
        return Duration(seconds(text) * self.unit // SECOND)

    def write(self, value: Duration) -> tuple[str, ...]:
        """The time in the unit, without trailing zeros."""
        return (in_seconds(Duration(value * SECOND // self.unit)),)

    def schema(self) -> Schema:
        """A number with its range."""
        most = {} if self.high == LONGEST else {"maximum": float(self.high)}
        return {"type": "number", "minimum": float(self.low), **most}


class Milliseconds(Seconds):
    """A time in milliseconds with up to three decimal places."""

    unit = MILLISECOND
    unit_name = "milliseconds"


class WholeSeconds(Kind[Duration]):
    """A time in whole seconds."""

    def __init__(self, low: int = 0, high: int = 4294, *, zero_is_one: bool = False) -> None:
        self._number = AtLeastOne(high) if zero_is_one else Whole(low, high)

    @property
    def syntax(self) -> str:
        """`<INTEGER:0..4294> seconds`."""
        return f"{self._number.syntax} seconds"

    def read(self, words: Words) -> Duration:
        """A time in the range."""
        return Duration(self._number.read(words) * SECOND)

    def write(self, value: Duration) -> tuple[str, ...]:
        """The time in seconds."""
        return (str(value // SECOND),)

    def schema(self) -> Schema:
        """An integer with its range."""
        return self._number.schema()


class Clamped(Whole):
    """A whole number for which the nearest end of the range is taken when it lies outside."""

    def read(self, words: Words) -> int:
        """A number, brought into the range."""
        text = words.next("a number")
        value = Whole(-_WIDEST, _WIDEST).number(words, text)
        kept = min(max(value, self.low), self.high)
        if kept != value:
            words.complain(
                "value-range",
                f"{words.keyword} must be {self.low} to {self.high}, not {text}; using {kept}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        return kept


class TrackerWeight(Whole):
    """A change of priority; one step too far is cut, with a message (behaviour TR-22)."""

    def __init__(self, most: int) -> None:
        super().__init__(-most, most)

    def read(self, words: Words) -> int:
        """A weight in the range."""
        reach = self.high + 1
        value = Whole(-reach, reach).number(words, words.next("a weight"))
        kept = min(max(value, self.low), self.high)
        if kept != value:
            words.complain("value-range", f"weight must be {self.low} to {self.high}; {value} becomes {kept}")
        return kept


class Microseconds(Kind[Duration]):
    """A time in whole microseconds."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        self._number = Whole(low, high)

    @property
    def syntax(self) -> str:
        """`<INTEGER:2..4294967295> microseconds`."""
        return f"{self._number.syntax} microseconds"

    def read(self, words: Words) -> Duration:
        """A time in the range."""
        return Duration(self._number.read(words))

    def write(self, value: Duration) -> tuple[str, ...]:
        """The time in microseconds."""
        return (str(value),)

    def schema(self) -> Schema:
        """An integer with its range."""
        return self._number.schema()
