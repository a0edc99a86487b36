"""Files into pieces: includes are followed, and every piece keeps the line that a person wrote."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import CONFIG_BYTES_MAX, CONFIG_FILES_MAX, CONFIG_INCLUDE_DEPTH
from standfast.conf.lexer import Piece, pieces, place_of
from standfast.conf.problems import Problem, Report
from standfast.conf.reader import FileReader
from standfast.conf.source import Line, Place, Source
from standfast.model.complaint import ErrorClass, Severity

_INCLUDES: Final = ("include", "includer", "includem", "includew", "includeb", "includea")


@dataclass(slots=True)
class Preparation:
    """The pieces of a configuration."""

    pieces: list[Piece] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    usable: bool = True  # False: the top file could not be read

    @property
    def files(self) -> tuple[str, ...]:
        """All files that were read, in order."""
        return tuple(self.read)


def prepare(path: str, reader: FileReader, report: Report) -> Preparation:
    """The pieces of the file, and of all that it includes."""
    return _Preparer(reader, report).top(path)


class _Preparer:
    def __init__(self, reader: FileReader, report: Report) -> None:
        self._reader = reader
        self._report = report
        self._done = Preparation()
        self._open: list[str] = []  # the files that we are in, outermost first
        self._bytes = 0

    def top(self, path: str) -> Preparation:
        paths = self._reader.matches(path, "") or (path,)
        for each in paths:
            self._done.usable &= self._file(each, None)
        return self._done

    def _file(self, path: str, asked_by: Line | None) -> bool:
        if path in self._open or len(self._open) >= CONFIG_INCLUDE_DEPTH:
            self._problem(asked_by, path, "include-loop", f"{path} includes itself, or includes are too deep")
            return False
        if len(self._done.read) >= CONFIG_FILES_MAX:
            self._problem(asked_by, path, "too-many-files", f"more than {CONFIG_FILES_MAX} files")
            return False
        try:
            content = self._reader.read(path)
        except Refused as refusal:
            self._unreadable(asked_by, path, refusal)
            return False
        self._bytes += len(content)
        if self._bytes > CONFIG_BYTES_MAX:
            self._problem(
                asked_by, path, "too-large", f"the files are larger than {CONFIG_BYTES_MAX} bytes together"
            )
            return False
        self._done.read.append(path)
        self._open.append(path)
        self._lines(path, self._text(path, content))
        self._open.pop()
        return True

    def _text(self, path: str, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            words = "this is not UTF-8; the file is read as Latin-1"
            self._report.add(
                Problem(Place(path, line, 1), "not-utf-8", words, Severity.NOTICE, ErrorClass.NONE)
            )
            return content.decode("latin-1")

    def _lines(self, path: str, text: str) -> None:
        out = self._done.pieces
        for number, line in enumerate(text.split("\n"), 1):
            for piece in pieces(Source(path, number, line.rstrip("\r"))):
                if isinstance(piece, Line) and piece.words[0] in _INCLUDES:
                    self._include(piece)
                else:
                    out.append(piece)

    def _include(self, line: Line) -> None:
        if len(line.words) < 2:
            place, words = place_of(line, 0), f"{line.words[0]} needs a file"
            self._report.add(
                Problem(place, "missing-argument", words, error_class=ErrorClass.NONE, text=line.text)
            )
            return
        directory = _directory(line.source.file)
        found = list(self._files_of(line.words[1], directory))
        if not found:
            words = f"{line.words[1]} matches no file"
            self._problem(line, line.words[1], "include-missing", words, severity=Severity.WARNING)
        for path in found:
            self._file(path, line)

    def _files_of(self, pattern: str, directory: str) -> Iterator[str]:
        yield from self._reader.matches(pattern, directory)

    def _unreadable(self, asked_by: Line | None, path: str, refusal: Refused) -> None:
        error_class = ErrorClass.NONE if asked_by is not None else ErrorClass.FILE_NOT_FOUND
        self._problem(
            asked_by, path, f"file-{refusal.reason}", refusal.words, error_class, hint=refusal.remedy
        )

    def _problem(
        self,
        asked_by: Line | None,
        path: str,
        slug: str,
        words: str,
        error_class: ErrorClass = ErrorClass.NONE,
        *,
        severity: Severity = Severity.ERROR,
        hint: str = "",
    ) -> None:
        place = Place(path, 0, 0) if asked_by is None else place_of(asked_by, 1)
        text = "" if asked_by is None else asked_by.source.text
        self._report.add(Problem(place, slug, words, severity, error_class, hint, text))


def _directory(path: str) -> str:
    return path.rpartition("/")[0]
