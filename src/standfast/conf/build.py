"""The tree of keywords into the blocks of the model, by their declarations alone.

A value that cannot be read is reported and the keyword keeps its default (behaviour CF-06); an entry is
dropped (CF-07). What follows from several keywords or blocks is not decided here but in `conf.meaning`.
"""

from typing import Any, Final

from standfast.conf.command_words import command_words, needs_command_words
from standfast.conf.missing_argument import as_keepalived_takes_it
from standfast.conf.origin import Origin
from standfast.conf.problems import Report
from standfast.conf.source import Line
from standfast.conf.tree import Node
from standfast.model.complaint import Complaint, ErrorClass, Rejected, Severity
from standfast.model.declare import LATER, BlockDeclaration, Effect, Keyword, Repeat, declaration_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.kind import Kind
from standfast.model.words import Words

_NOTHING: Final = object()


class Builder:
    """Reads nodes into blocks."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._blocks = 0  # that were read
        self._sound: dict[tuple[object, ...], Any] = {}  # values of lines that say nothing wrong

    def block(self, of: type, node: Node | None, children: list[Node]) -> tuple[dict[str, Any], Origin]:
        """The values that a block's lines give, by field, and where each came from.

        Fields that no line gives are absent: their defaults follow from others, too.
        """
        declaration = declaration_of(of)
        values: dict[str, Any] = {}
        origin = Origin(node.line if node is not None else None, self._blocks)
        self._blocks += 1
        if node is not None:
            self._arguments(declaration, node, values, origin)
        if declaration.lines is not None:
            self._read_lines(declaration.lines, children, values, origin)
        for child in children:
            if child.keyword is not None:
                self._child(declaration, child, child.keyword, values, origin)
        return values, origin

    def _arguments(
        self, declaration: BlockDeclaration, node: Node, values: dict[str, Any], origin: Origin
    ) -> None:
        words = Words(node.line.words, keyword=node.line.words[0])
        for declared in declaration.arguments:
            value = self._read(declared.value_kind, words, node.line, declared.hint)
            if value is not _NOTHING:
                values[declared.field] = value
                origin.fields[declared.field] = node.line
        words.finish()
        if words.complaints:
            self._say(words, node.line)

    def _child(
        self,
        declaration: BlockDeclaration,
        node: Node,
        keyword: Keyword,
        values: dict[str, Any],
        origin: Origin,
    ) -> None:
        kind = keyword.kind
        if keyword.name in declaration.remarkable:
            self._remarks(declaration, keyword, node.line)
        if isinstance(kind, Kind):
            self._leaf(declaration, node.line, keyword, kind, values, origin)
        elif isinstance(kind, Block):
            self._inner(kind, node, keyword, values, origin)
        else:
            self._entries(declaration, node, keyword, values, origin)

    def _leaf(
        self,
        declaration: BlockDeclaration,
        line: Line,
        keyword: Keyword,
        kind: Kind[Any],
        values: dict[str, Any],
        origin: Origin,
    ) -> None:
        field = keyword.field
        before = field in values
        if before and self._stood_before(keyword, line):
            return
        value = self._value(declaration, line, keyword, kind)
        origin.fields[field] = line  # also when it could not be read: a person meant to say it
        if value is _NOTHING:
            return
        if keyword.opposite and line.words[0] == keyword.opposite:
            value = not value
        elif before and keyword.repeat is Repeat.LAST:
            both = Words(line.words, keyword=line.words[0], start=len(line.words))
            value = kind.again(values[field], value, both)
            self._say(both, line)
        if keyword.repeat is Repeat.ALL:
            values[field] = (*values.get(field, ()), value)
            origin.entries.setdefault(field, []).append(line)
        else:
            values[field] = value

    def _value(self, declaration: BlockDeclaration, line: Line, keyword: Keyword, kind: Kind[Any]) -> Any:
        """What a line says. The lines of a large file are much alike: what was read once is known."""
        known = (id(keyword), *line.words)
        value = self._sound.get(known, _NOTHING)
        if value is not _NOTHING:
            return value
        taken = Words(_words_for(kind, line), keyword=line.words[0])
        value = self._read(kind, taken, line, keyword.hint, block=declaration.name)
        if value is not _NOTHING:
            taken.finish()
        if taken.complaints:
            self._say(taken, line)
        elif value is not _NOTHING and not kind.command:  # of a command every sign counts
            self._sound[known] = value
        return value

    def _stood_before(self, keyword: Keyword, line: Line) -> bool:
        """Whether a keyword that stood there before goes on counting, if it is one that stands once."""
        if keyword.repeat in (Repeat.ALL, Repeat.LAST):
            return False
        counts = "first" if keyword.repeat is Repeat.FIRST else "last"
        words = f"{line.words[0]} is given twice; the {counts} one counts"
        hint = "remove one of the two"
        self._report.complain(line, Complaint("given-twice", words, 0, Severity.WARNING, hint=hint))
        return keyword.repeat is Repeat.FIRST

    def _inner(
        self, kind: Block, node: Node, keyword: Keyword, values: dict[str, Any], origin: Origin
    ) -> None:
        if keyword.field in values:
            self._stood_before(keyword, node.line)
        inner, inner_origin = self.block(kind.of, node, node.children)
        if kind.merged and keyword.field in values:
            values[keyword.field] |= inner
            inner_origin.fields = origin.blocks[keyword.field][0].fields | inner_origin.fields
            origin.blocks[keyword.field] = [inner_origin]
        elif kind.many:
            values.setdefault(keyword.field, []).append(inner)
            origin.blocks.setdefault(keyword.field, []).append(inner_origin)
        else:
            values[keyword.field] = inner
            origin.blocks[keyword.field] = [inner_origin]
        origin.fields[keyword.field] = node.line

    def _entries(
        self,
        around: BlockDeclaration,
        node: Node,
        keyword: Keyword,
        values: dict[str, Any],
        origin: Origin,
    ) -> None:
        if keyword.field in origin.fields and self._stood_before(keyword, node.line):
            return
        self._read_lines(keyword, node.children, values, origin, around=around)
        origin.fields[keyword.field] = node.line

    def _read_lines(
        self,
        keyword: Keyword,
        nodes: list[Node],
        values: dict[str, Any],
        origin: Origin,
        *,
        around: BlockDeclaration | None = None,
    ) -> None:
        kind, name = keyword.kind, keyword.field
        if not isinstance(kind, Entries):
            return
        found = list(values.get(name, ()))
        lines = origin.entries.setdefault(name, [])
        for node in nodes:
            line = node.line
            for start in range(len(line.words)) if kind.several else (0,):
                words = Words(line.words, keyword=keyword.name, start=start)
                value = self._read(kind.of, words, line, block=keyword.name, entry=True, around=around)
                if value is not _NOTHING:
                    found.append(value)
                    lines.append(line)
                if words.complaints:
                    self._say(words, line)
        values[name] = tuple(found)

    def _read(
        self,
        kind: Kind[Any],
        words: Words,
        line: Line,
        hint: str = "",
        *,
        block: str = "",
        entry: bool = False,
        around: BlockDeclaration | None = None,
    ) -> Any:
        try:
            return kind.read(words)
        except Rejected as refusal:
            said = as_keepalived_takes_it(block, "" if entry else line.words[0], refusal.complaint)
            hint = _lost(around, line.words[0]) or _slip(line.words) or said.hint or hint
            if hint != said.hint:
                said = Complaint(said.slug, said.words, said.at, said.severity, said.error_class, hint)
            self._report.complain(line, said)
            return _NOTHING

    def _say(self, words: Words, line: Line) -> None:
        """Tell what the words had to complain of, once."""
        for complaint in words.complaints:
            self._report.complain(line, complaint)
        words.complaints.clear()

    def _remarks(self, declaration: BlockDeclaration, keyword: Keyword, line: Line) -> None:
        """What the declaration itself has to say about the keyword's being there."""
        word = line.words[0]
        if keyword.deprecated is not None and word in keyword.deprecated:
            words = f"{word} is deprecated"
            hint = f"write {keyword.deprecated[word]}"
            self._report.complain(
                line,
                Complaint("deprecated", words, 0, Severity.WARNING, ErrorClass.DEPRECATED, hint),
            )
        if keyword.unsupported is not None and word in keyword.unsupported:
            said = f"{word} is taken, but not by Keepalived: {keyword.unsupported[word]}"
            self._report.complain(
                line, Complaint("unknown-to-keepalived", said, 0, Severity.NOTICE, ErrorClass.UNKNOWN_KEYWORD)
            )
        if keyword.effect is Effect.NOT_YET:
            where = "" if declaration.name == "(root)" else f" of {declaration.name}"
            words = f"{word}{where} {LATER}"
            self._report.complain(
                line, Complaint("no-effect-yet", words, 0, Severity.NOTICE, ErrorClass.NONE)
            )


def _words_for(kind: Kind[Any], line: Line) -> list[str]:
    """The words of a line as this kind wants them."""
    if kind.command and needs_command_words(line.text):
        return command_words(line.text, line.start)
    return line.words


def _slip(words: list[str]) -> str:
    """The hint about a sign that other languages have between a keyword and its value."""
    return f"remove the {words[1]}: white space parts words" if words[1:2] in (["="], [":"]) else ""


def _lost(around: BlockDeclaration | None, word: str) -> str:
    """The hint about an entry that is a keyword of the block around the list."""
    if around is None or word not in around.by_word:
        return ""
    return f"{word} is a keyword of {around.name}: a }} is missing above this line"


def freeze(of: type, values: dict[str, Any]) -> Any:
    """The block of these values, inner blocks included; what is not given takes the declared default."""
    ready: dict[str, Any] = {}
    for name, kind in declaration_of(of).inner.items():
        if name in values:
            value = values[name]
            ready[name] = (
                tuple([freeze(kind.of, one) for one in value]) if kind.many else freeze(kind.of, value)
            )
    return of(**{**values, **ready}) if ready else of(**values)


def lacking(of: type, values: dict[str, Any]) -> tuple[Keyword, ...]:
    """The required keywords of a block that are not given."""
    return tuple([keyword for keyword in declaration_of(of).required if keyword.field not in values])
