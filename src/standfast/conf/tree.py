"""Pieces into the tree of keywords: each line with the lines in its braces.

The declarations say which keywords open a block, so that a missing or needless brace is found where it is
and what stands around it is still read.
"""

from collections.abc import Iterable
from typing import Final

from standfast.base.limits import CONFIG_BLOCK_DEPTH
from standfast.base.nearest import nearest
from standfast.conf.lexer import Close, Open, OpenQuote, Piece
from standfast.conf.problems import Problem, Report
from standfast.conf.source import Line, Place, Source
from standfast.model.complaint import Complaint, ErrorClass
from standfast.model.declare import BlockDeclaration, Keyword, nested

_DEEPENS: Final[dict[type, int]] = {Open: 1, Close: -1}  # what a piece adds to the depth


class Node:
    """A line, its keyword's declaration (none in a list of entries), and what stands in its braces."""

    __slots__ = ("children", "keyword", "line")

    def __init__(self, line: Line, keyword: Keyword | None) -> None:
        self.line = line
        self.keyword = keyword
        self.children: list[Node] = []


class _Level:
    """A block that is being read."""

    __slots__ = ("block", "entries", "nodes", "opened", "skipped")

    def __init__(
        self,
        nodes: list[Node],
        block: BlockDeclaration | None,
        *,
        entries: bool = False,
        skipped: bool = False,
    ) -> None:
        self.nodes = nodes
        self.block = block  # its keywords; None: entries, or a block that is skipped
        self.entries = entries
        self.skipped = skipped
        self.opened: Source | None = None  # the line that opened it


class TreeBuilder:
    """Builds the tree of one configuration."""

    def __init__(self, root: BlockDeclaration, report: Report) -> None:
        self._report = report
        self._root = root
        self._levels = [_Level([], root)]
        self._awaiting: Node | None = None  # a block keyword whose brace must come now
        self._last: Line | None = None  # the line before a brace, if it opens nothing
        self._too_deep = 0  # open braces below the deepest level
        self._balance = 0  # of the braces that follow: how many more open than close

    def build(self, pieces: Iterable[Piece]) -> list[Node]:
        """The top-level nodes."""
        everything = list(pieces)
        self._balance = sum([_DEEPENS.get(type(piece), 0) for piece in everything])
        for piece in everything:
            if isinstance(piece, Line):  # most are
                self._line(piece)
            else:
                self._balance -= _DEEPENS.get(type(piece), 0)
                self._brace(piece)
        if self._awaiting is not None:
            self._missing_open(self._awaiting.line)
            self._levels.pop()
        for level in self._levels[1:]:
            self._missing_close(level)
        return self._levels[0].nodes

    def _brace(self, piece: Open | Close | OpenQuote) -> None:
        match piece:
            case Close():
                self._close(piece)
            case Open():
                self._open(piece)
            case OpenQuote():
                words = "a double quote is not closed on its line"
                hint = "close it; the rest of the line counts as one word"
                self._brace_problem(piece, "quote", words, ErrorClass.QUOTE, hint)

    def _line(self, line: Line) -> None:
        if self._awaiting is not None:
            self._missing_open(self._awaiting.line)
            self._awaiting = None
        top = self._root.by_word.get(line.words[0])
        if top is not None and len(self._levels) > 1 and self._begins_anew(top, line):
            self._close_all(line)
        level = self._levels[-1]
        self._last = line
        if level.skipped:
            return
        if level.entries:
            level.nodes.append(Node(line, None))
        elif level.block is not None:
            self._keyword(level, level.block, line)

    def _begins_anew(self, top: Keyword, line: Line) -> bool:
        """Whether a keyword of the top level is better read as one, with a `}` missing before it.

        It means nothing in the innermost block, and the braces that follow do not close what is open.
        """
        if not top.kind.in_braces:
            return False
        here = self._levels[-1]
        if here.block is not None and not here.entries and line.words[0] in here.block.by_word:
            return False
        open_blocks = len(self._levels) - 1
        return open_blocks + self._too_deep + self._balance > 0

    def _close_all(self, before: Line) -> None:
        while len(self._levels) > 1:
            self._missing_close(self._levels.pop(), f"{before.words[0]} in line {before.source.number}")
        self._too_deep = 0

    def _keyword(self, level: _Level, block: BlockDeclaration, line: Line) -> None:
        keyword = block.by_word.get(line.words[0])
        if keyword is None:
            self._unknown(block, line)
            return
        node = Node(line, keyword)
        level.nodes.append(node)
        if keyword.kind.in_braces:
            inner = nested(keyword)
            entries = inner is None or inner.lines is not None
            self._enter(_Level(node.children, inner, entries=entries), line.source)
            self._awaiting = node

    def _unknown(self, block: BlockDeclaration, line: Line) -> None:
        word = line.words[0]
        where = "" if block.name == "(root)" else f" in {block.name}"
        hint = "" if self._report.full else _hint(word, block)
        words = f"unknown keyword {word if word.isprintable() else ascii(word)}{where}"
        self._report.complain(
            line, Complaint("unknown-keyword", words, 0, error_class=ErrorClass.UNKNOWN_KEYWORD, hint=hint)
        )

    def _open(self, brace: Open) -> None:
        last, self._last = self._last, None
        if self._awaiting is not None:
            self._awaiting = None
            return
        level = self._levels[-1]
        known = last is not None and level.block is not None and last.words[0] in level.block.by_word
        if level.skipped or (last is not None and not known and not level.entries):
            self._enter(_Level([], None, skipped=True), brace.source)  # the block of an unknown keyword
            return
        before = f"{last.words[0]} opens no block" if last is not None else "nothing before it opens a block"
        hint = "remove it, and the } that belongs to it"
        self._brace_problem(
            brace, "unexpected-brace", f"unexpected {{: {before}", ErrorClass.UNEXPECTED_OPEN, hint
        )
        # It is needless: its lines belong to the block around it.
        self._enter(_Level(level.nodes, level.block, entries=level.entries), brace.source)

    def _close(self, brace: Close) -> None:
        self._last = None
        if self._awaiting is not None:
            self._missing_open(self._awaiting.line)
            self._awaiting = None
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._levels) > 1:
            self._levels.pop()
        else:
            hint = "remove it, or look above for a block that is closed too early"
            words = "extra }: no block is open here"
            self._brace_problem(brace, "extra-brace", words, ErrorClass.UNEXPECTED_CLOSE, hint)

    def _enter(self, level: _Level, opened: Source) -> None:
        level.opened = opened
        if len(self._levels) < CONFIG_BLOCK_DEPTH:
            self._levels.append(level)
            return
        self._levels[-1].skipped = True
        self._too_deep += 1
        if self._too_deep == 1:
            words = f"blocks are nested more than {CONFIG_BLOCK_DEPTH} deep; what is deeper is skipped"
            self._problem(opened, 1, "too-deep", words, ErrorClass.UNEXPECTED_OPEN)

    def _missing_open(self, line: Line) -> None:
        words = f"{line.words[0]} needs a {{ before what follows"
        hint = f"write `{' '.join(line.words[:2])} {{`"
        self._report.complain(
            line, Complaint("missing-brace", words, 0, error_class=ErrorClass.MISSING_OPEN, hint=hint)
        )

    def _missing_close(self, level: _Level, before: str = "") -> None:
        if level.opened is not None:
            words = "the block that begins here is not closed: a } is missing"
            hint = f"write it before {before}" if before else "write it where the block ends"
            self._problem(level.opened, 1, "missing-close", words, ErrorClass.MISSING_CLOSE, hint)

    def _brace_problem(
        self, piece: Open | Close | OpenQuote, slug: str, words: str, error_class: ErrorClass, hint: str = ""
    ) -> None:
        self._problem(piece.source, piece.column, slug, words, error_class, hint)

    def _problem(
        self, source: Source, column: int, slug: str, words: str, error_class: ErrorClass, hint: str = ""
    ) -> None:
        place = Place(source.file, source.number, column)
        text = self._report.shown(source.text)
        self._report.add(Problem(place, slug, words, error_class=error_class, hint=hint, text=text))


def _hint(word: str, block: BlockDeclaration) -> str:
    """What a person may have meant."""
    if not word.isascii() and any(letter.isspace() or not letter.isprintable() for letter in word):
        return "a sign stands here that looks like a blank and is none; write a plain blank instead"
    if word.startswith("~"):
        return (
            "a sequence is read where a line begins with it; in a variable, only in a value of several lines"
        )
    if word.startswith("$") and "=" in word:
        return "the first line of a value defines nothing; put the definition behind it, or before the use"
    explain = "" if block.name == "(root)" else f"; `standfast explain {block.name}` tells what stands there"
    return nearest(word, block.by_word) or _home_of(word) or f"correct it, or remove it{explain}"


def _home_of(word: str) -> str:
    """Where a keyword that is unknown here belongs."""
    from standfast.conf.catalogue import pages  # noqa: PLC0415  (all declarations; only a mistake needs them)

    homes = [page.title for page in pages() if not page.entry and word in page.declaration.by_word]
    if not homes:
        return ""
    return (
        f"it belongs into {homes[0]} {{ }}" if homes[0] != "(root)" else "it begins a block of the top level"
    )
