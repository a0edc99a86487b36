"""Files into pieces: variables are filled in, includes are followed, and every piece keeps its place.

The order for each line is that of `conf.expand`; only then is an include looked for.
"""

from collections.abc import Iterator
from itertools import chain, count, islice, repeat
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import (
    CONFIG_BYTES_MAX,
    CONFIG_FILES_MAX,
    CONFIG_INCLUDE_DEPTH,
    CONFIG_LINE_MAX,
    CONFIG_READ_MAX,
)
from standfast.conf.expand import Expander, Written
from standfast.conf.include import Include, checks_of, include_of, read_include
from standfast.conf.lexer import Piece, pieces, without_comment
from standfast.conf.problems import Problem, Report
from standfast.conf.reader import FileReader, Surroundings
from standfast.conf.source import Line, Place, Source
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.include_checks import CHECKS

_SEED: Final = "random_seed"
_SEED_DIGITS: Final = 10  # of the largest number that the keyword takes
_NO_CHECKS: Final[frozenset[str]] = frozenset()


class Preparer:
    """Reads a configuration's files into pieces."""

    def __init__(self, reader: FileReader, report: Report, surroundings: Surroundings) -> None:
        self.files: list[str] = []  # all that were read, in order
        self.usable = True  # False: the top file could not be read
        self._reader = reader
        self._report = report
        self._expander = Expander(report, surroundings)
        self._checks = frozenset(CHECKS) if surroundings.strict_includes else _NO_CHECKS
        self._open: list[str] = []  # the files that we are in, outermost first
        self._bytes = 0
        self._room = CONFIG_READ_MAX  # lines that may yet be read

    def pieces(self, path: str) -> Iterator[Piece]:
        """The pieces of the file, and of all that it includes."""
        every = self._all(path)
        yield from islice(every, CONFIG_READ_MAX)
        for piece in every:
            self._too_much(piece.source)
            return

    def _all(self, path: str) -> Iterator[Piece]:
        for each in self._reader.matches(path, "") or (path,):
            content = self._content(each, None, ErrorClass.FILE_NOT_FOUND)
            if content is None:
                self.usable = False
            else:
                yield from self._file(each, content)

    def _file(self, path: str, content: bytes) -> Iterator[Piece]:
        self.files.append(path)
        self._open.append(path)
        text = self._text(path, content)
        lines = text.split("\n", self._room)
        self._room -= len(lines) - 1
        if self._is_plain(text) and _is_sound(text, lines):  # then no line need be asked
            yield from chain.from_iterable(map(pieces, map(Source, repeat(path), count(1), lines)))
        else:
            yield from self._each(path, lines)
        self._open.pop()

    def _each(self, path: str, lines: list[str]) -> Iterator[Piece]:
        too_many = "\n" in lines[-1]
        for number, line in enumerate(lines, 1):
            source = Source(path, number, line.rstrip("\r"))
            if too_many and number == len(lines):  # what was not split any more
                self._too_much(source)
            elif len(line) > CONFIG_LINE_MAX or "\0" in line:
                self._unreadable_line(source)
            elif self._is_plain(line):
                yield from pieces(source)
            else:
                yield from self._spoken(source)

    def _is_plain(self, text: str) -> bool:
        """Whether a text says what stands there, and nothing to the preprocessor: most do."""
        return self._expander.is_plain(text) and "include" not in text and _SEED not in text

    def _spoken(self, source: Source) -> Iterator[Piece]:
        """The pieces of a line that says something to the preprocessor."""
        if self._expander.is_plain(source.text):
            yield from self._line(Written(source, source.text))
            return
        for written in self._expander.lines(source):
            yield from self._line(written)

    def _line(self, written: Written) -> Iterator[Piece]:
        source, text = written
        include = read_include(without_comment(text), self._checks) if "include" in text else None
        if include is not None:
            yield from self._include(include, source)
            return
        for piece in pieces(source, "" if text == source.text else text):
            if isinstance(piece, Line) and piece.words[0] == _SEED:
                self._seed(piece)
                yield piece
            elif isinstance(piece, Line) and piece.words[0].startswith("include"):
                yield from self._included_or_line(piece)
            else:
                yield piece

    def _seed(self, line: Line) -> None:
        """What is random from here on follows from the number; whether it is one is looked at later."""
        if len(line.words) > 1 and line.words[1].isdecimal() and len(line.words[1]) <= _SEED_DIGITS:
            self._expander.seed(int(line.words[1]))

    def _included_or_line(self, line: Line) -> Iterator[Piece]:
        """A line that begins like an include, perhaps behind a brace."""
        include = include_of(line.words, self._checks)
        if include is not None:
            yield from self._include(include, line.source)
            return
        if line.words[0] == "include_check":
            self._checks = checks_of(line.words, self._checks)
        yield line

    # ---- includes

    def _include(self, include: Include, source: Source) -> Iterator[Piece]:
        if not include.pattern:
            words = f"{include.keyword} needs a file"
            self._problem(source, "missing-argument", words, ErrorClass.MISSING_ARGUMENT)
            return
        directory = source.file.rpartition("/")[0]
        matches = {branch: self._reader.matches(branch, directory) for branch in include.branches}
        found = [path for paths in matches.values() for path in paths]
        for branch, paths in matches.items():
            if not paths and include.must_match(branch):
                self._no_match(source, branch, demanded=True)
        if not found:
            self._no_match(source, include.pattern, demanded=include.must_match_at_all())
        unreadable = ErrorClass.INCLUDE_CHECK if include.must_be_readable() else ErrorClass.NONE
        for path in found:
            content = self._content(path, source, unreadable)
            if content is not None:
                yield from self._file(path, content)

    def _no_match(self, source: Source, pattern: str, *, demanded: bool) -> None:
        error_class = ErrorClass.INCLUDE_CHECK if demanded else ErrorClass.NONE
        severity = Severity.ERROR if demanded else Severity.WARNING
        words = f"{pattern} matches no file"
        hint = "a pattern counts from the folder of this file; correct it, or remove the line"
        self._problem(source, "include-missing", words, error_class, severity=severity, hint=hint)

    def _content(self, path: str, asked_by: Source | None, error_class: ErrorClass) -> bytes | None:
        """The bytes of a file, within all bounds."""
        if path in self._open or len(self._open) >= CONFIG_INCLUDE_DEPTH:
            loop = f"{path} includes itself" + ("" if path == self._open[-1] else ", by way of this file")
            words = loop if path in self._open else f"includes are more than {CONFIG_INCLUDE_DEPTH} deep"
            hint = "remove this line: what it names is read already" if path in self._open else ""
            self._problem(asked_by, "include-loop", words, ErrorClass.GENERAL, hint=hint)
            return None
        if len(self.files) >= CONFIG_FILES_MAX:
            self._problem(
                asked_by, "too-many-files", f"more than {CONFIG_FILES_MAX} files", ErrorClass.GENERAL
            )
            return None
        try:
            content = self._reader.read(path)
        except Refused as refusal:
            slug, hint = f"file-{refusal.reason}", refusal.remedy
            if asked_by is not None and refusal.reason == "not-found":
                hint = "a path counts from the folder of this file; correct it, or remove the line"
            self._problem(asked_by, slug, refusal.words, error_class, path=path, hint=hint)
            return None
        self._bytes += len(content)
        if self._bytes > CONFIG_BYTES_MAX:
            words = f"the files are larger than {CONFIG_BYTES_MAX} bytes together"
            self._problem(asked_by, "too-large", words, ErrorClass.GENERAL, path=path)
            return None
        return content

    def _text(self, path: str, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            words = "this is not UTF-8; the file is read as Latin-1"
            place = Place(path, line, 1)
            self._report.add(Problem(place, "not-utf-8", words, Severity.NOTICE, ErrorClass.NONE))
            return content.decode("latin-1")

    # ---- problems

    def _too_much(self, source: Source) -> None:
        place = Place(source.file, source.number, 1)
        words = f"the files have more than {CONFIG_READ_MAX} lines and braces; the rest is not read"
        hint = "look whether this is a configuration at all, or a file that a program goes on writing"
        self._report.add(Problem(place, "too-large", words, hint=hint), keep=True)

    def _unreadable_line(self, source: Source) -> None:
        what = "a NUL byte" if "\0" in source.text else f"more than {CONFIG_LINE_MAX} characters"
        words = f"the line has {what} and is not read"
        place = Place(source.file, source.number, 1)
        hint = "look whether the file is damaged, or is no text at all"
        self._report.add(Problem(place, "bad-line", words, hint=hint))

    def _problem(
        self,
        asked_by: Source | None,
        slug: str,
        words: str,
        error_class: ErrorClass,
        *,
        path: str = "",
        severity: Severity = Severity.ERROR,
        hint: str = "",
    ) -> None:
        if asked_by is None:
            place, text = Place(path, 0, 0), ""
        else:
            place, text = asked_by.place, self._report.shown(asked_by.text)
        self._report.add(Problem(place, slug, words, severity, error_class, hint, text))


def _is_sound(text: str, lines: list[str]) -> bool:
    """Whether all lines of a text can be read as they are."""
    strange = "\0" in text or "\r" in text or "\n" in lines[-1]
    return not strange and max(map(len, lines)) <= CONFIG_LINE_MAX
