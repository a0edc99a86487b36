"""The variables of a configuration: what a line says once they are filled in.

For each line, in this order: its comment goes; `@ID` says whether it counts here; `$NAME=` defines; `~SEQ` and
`~LST` repeat; `$NAME` and `${NAME}` are replaced, again and again, because values are expanded when they are
used. What is not defined stays as it is (behaviour CF-12). A value of several lines is several lines; each goes
the same way, but the first one defines nothing: that was looked for before it stood there. A sequence in a value
of one line comes too late: it is a word like others. A line that begins with
a `${_HASH}` or `${_BANG}` is a comment; elsewhere they are letters.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from standfast.base.limits import (
    CONFIG_EXPANSIONS_MAX,
    CONFIG_LINE_MAX,
    CONFIG_LINE_USES_MAX,
    CONFIG_LINES_MAX,
    CONFIG_NESTED_MAX,
)  # fmt: skip
from standfast.base.nearest import nearest
from standfast.base.patterns import late
from standfast.conf.lexer import without_comment
from standfast.conf.problems import Problem, Report
from standfast.conf.reader import Surroundings
from standfast.conf.seeded import Seeded
from standfast.conf.sequences import NotASequence, Sequence, begins_sequence, read_sequence
from standfast.conf.source import Place, Source
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.versions import Version, version_text

_DEFINITION: Final = late(r"\$([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_CONDITION: Final = late(r"@(\^?)(\S+)\s*(.*)", re.DOTALL)
_USE: Final = late(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:\s+([^{}]*))?\}|([A-Za-z_][A-Za-z0-9_]*)(?=\s|$))")
_COMMENT: Final = late(r"\s*\\[#!]")
_SINCE_ENV: Final[Version] = (2, 4, 0)


class Written(NamedTuple):
    """A line to be read: what a person wrote, and what it says."""

    source: Source
    text: str


class Expander:
    """Fills in the variables of one configuration, file after file."""

    def __init__(self, report: Report, surroundings: Surroundings) -> None:
        self._report = report
        self._surroundings = surroundings
        self._random = surroundings.random
        self._values: dict[str, list[Written]] = {}
        self._defining: tuple[str, list[Written]] | None = None  # a value that goes on in the next line
        self._undefined_names: set[str] = set()  # those that were spoken of
        self._uses = 0
        self._made = 0
        self._exhausted = False
        self._within: list[str] = []  # the values of several lines that we are in

    def is_plain(self, text: str) -> bool:
        """Whether a line of a file says what stands there: most do."""
        return self._defining is None and "$" not in text and "@" not in text and "~" not in text

    def seed(self, number: int) -> None:
        """Let a seed decide about random numbers from here on (`random_seed`)."""
        self._random = Seeded(number)

    def lines(self, source: Source) -> Iterator[Written]:
        """What a line of a file says that is not plain: any number of lines."""
        if not self._exhausted:
            yield from self._line(Written(source, without_comment(source.text)), 0)

    def _line(self, line: Written, depth: int) -> Iterator[Written]:
        if self._continues(line):
            return
        text = line.text.strip()
        if text.startswith("@") and (condition := _CONDITION().match(text)):
            if (condition[2] == self._surroundings.config_id) == (not condition[1]):
                yield from self._line(line._replace(text=condition[3]), depth)
        elif (definition := _DEFINITION().match(text)) is not None:
            self._define(definition[1], line._replace(text=definition[2].strip()))
        elif text.startswith("~"):
            yield from self._repeated(line._replace(text=text), depth)
        else:
            yield from self._filled(line, depth)

    # ---- definitions

    def _define(self, name: str, line: Written) -> None:
        if not line.text.endswith("\\"):
            self._values[name] = [line]
            return
        first = line.text[:-1].strip()
        self._defining = (name, [line._replace(text=first)] if first else [])

    def _continues(self, line: Written) -> bool:
        """Whether the line belongs to a value that was begun before."""
        if self._defining is None:
            return False
        name, lines = self._defining
        text = line.text.strip()
        goes_on = text.endswith("\\")
        lines.append(line._replace(text=text[:-1].strip() if goes_on else text))
        if not goes_on:
            self._values[name] = lines
            self._defining = None
        return True

    # ---- sequences

    def _repeated(self, line: Written, depth: int) -> Iterator[Written]:
        try:
            sequence = read_sequence(line.text)
        except NotASequence as refusal:
            self._problem(line.source, "sequence", str(refusal))
            return
        if sequence is None:
            yield from self._filled(line, depth)
        elif depth < CONFIG_NESTED_MAX and not self._too_many(line.source, sequence.size):
            yield from self._each(line, sequence, depth)

    def _each(self, line: Written, sequence: Sequence, depth: int) -> Iterator[Written]:
        for binding in sequence.bindings:
            for name, value in binding:
                self._values[name] = [line._replace(text=value)]
            yield from self._line(line._replace(text=sequence.rest), depth + 1)
            if self._exhausted:
                return

    # ---- uses

    def _filled(self, line: Written, depth: int) -> Iterator[Written]:
        text, at, uses = line.text, 0, 0
        literal = _COMMENT().match(text) is not None
        while (use := _USE().search(text, at)) is not None:
            value = self._value(use, line.source)
            if value is None:
                self._undefined(use, line.source)
                at = use.end()
                continue
            if len(value) > 1 and not (text != line.text and begins_sequence(text)):
                yield from self._spread(line._replace(text=text), use, value, depth)
                return
            text, at = text[: use.start()] + value[0].text + text[use.end() :], use.start()
            self._uses += 1
            uses += 1
            if self._too_long(line.source, text, uses) or (not literal and _COMMENT().match(text)):
                return
        if text != line.text and begins_sequence(text):
            words = "the sequence comes too late here: it stands in a variable's value of one line"
            self._problem(line.source, "sequence", words, error_class=ErrorClass.UNKNOWN_KEYWORD)
            return
        if text.strip():
            self._made += 1
            yield Written(line.source, text)

    def _spread(
        self, line: Written, use: re.Match[str], value: list[Written], depth: int
    ) -> Iterator[Written]:
        """A value of several lines, with what stands before and behind its use."""
        name = use[1] or use[3]
        self._uses += len(value)
        if name in self._within or depth >= CONFIG_NESTED_MAX or self._too_many(line.source, len(value)):
            words = "the value uses itself, or values are nested too deep; the line is not read"
            self._problem(line.source, "expansion", words, hint="look at the definitions of what it uses")
            return
        before, behind = line.text[: use.start()], line.text[use.end() :]
        last = len(value) - 1
        self._within.append(name)
        for number, one in enumerate(value):
            text = (before if number == 0 else "") + one.text + (behind if number == last else "")
            begun = before.strip() or _DEFINITION().match(text.strip())
            if number == 0 and begun:  # what the line began with was looked at before
                yield from self._filled(Written(line.source, text), depth + 1)
            else:
                yield from self._line(Written(one.source, text), depth + 1)
            if self._exhausted:
                break
        self._within.pop()

    def _value(self, use: re.Match[str], source: Source) -> list[Written] | None:
        name = use[1] or use[3]
        if name.startswith("_") and name not in self._values:
            text = self._built_in(name, (use[2] or "").split(), source)
            return None if text is None else [Written(source, text)]
        return None if use[2] else self._values.get(name)

    def _built_in(self, name: str, arguments: list[str], source: Source) -> str | None:
        match name:
            case "_PWD":
                return source.file.rpartition("/")[0] or "."
            case "_INSTANCE":
                return self._surroundings.config_id
            case "_HASH":
                return "\\#"  # protected: it begins no comment
            case "_BANG":
                return "\\!"
            case "_ENV" if arguments:
                self._newer(source)
                return self._surroundings.environment.get(arguments[0], "")
            case "_RANDOM":
                numbers = [int(one) for one in arguments if one.isdecimal() and len(one) < 10]
                low, high = (*numbers, 0, 32_767)[0], numbers[1] if len(numbers) > 1 else 32_767
                return str(self._random(low, max(low, high)))
            case _:
                return None

    def _undefined(self, use: re.Match[str], source: Source) -> None:
        """Say once that a variable is not defined; what looks like one in a secret is not spoken of."""
        name = use[1] or use[3]
        text = self._report.shown(source.text)
        if name in self._undefined_names or name in self._values or text != source.text:
            return
        self._undefined_names.add(name)
        place = Place(source.file, source.number, max(text.find(use[0]), 0) + 1, len(use[0]))
        words = f"{use[0]} is not defined here; it stays as it is"
        hint = nearest(name, self._values) or f"write `${name}=VALUE` above this line"
        self._report.add(
            Problem(place, "undefined-variable", words, Severity.WARNING, ErrorClass.NONE, hint, text)
        )

    def _newer(self, source: Source) -> None:
        target = self._surroundings.target
        if target is not None and target < _SINCE_ENV:
            words = f"_ENV is new in {version_text(_SINCE_ENV)}; {version_text(target)} does not know it"
            self._problem(source, "newer-keyword", words, error_class=ErrorClass.NONE)

    # ---- bounds

    def _too_many(self, source: Source, more: int) -> bool:
        if self._made + more > CONFIG_LINES_MAX:
            self._give_up(source, f"sequences and values make more than {CONFIG_LINES_MAX} lines")
        if self._uses > CONFIG_EXPANSIONS_MAX:
            self._give_up(source, f"variables are used more than {CONFIG_EXPANSIONS_MAX} times")
        return self._exhausted

    def _too_long(self, source: Source, text: str, uses: int) -> bool:
        if uses > CONFIG_LINE_USES_MAX:
            words = "the value uses itself, or the line uses too many values; the line is not read"
            self._problem(source, "expansion", words, hint="look at the definitions of what it uses")
            return True
        if len(text) > CONFIG_LINE_MAX:
            self._problem(
                source, "expansion", f"the line is longer than {CONFIG_LINE_MAX} characters when expanded"
            )
            return True
        if self._uses > CONFIG_EXPANSIONS_MAX:
            self._give_up(source, f"variables are used more than {CONFIG_EXPANSIONS_MAX} times")
        return self._exhausted

    def _give_up(self, source: Source, words: str) -> None:
        if not self._exhausted:
            hint = "look at the numbers of the sequences, and at values that use one another"
            self._problem(source, "expansion", f"{words}; the rest is not read", keep=True, hint=hint)
        self._exhausted = True

    def _problem(
        self,
        source: Source,
        slug: str,
        words: str,
        *,
        keep: bool = False,
        error_class: ErrorClass = ErrorClass.GENERAL,
        hint: str = "",
    ) -> None:
        text = self._report.shown(source.text)
        self._report.add(
            Problem(source.place, slug, words, error_class=error_class, hint=hint, text=text), keep=keep
        )
