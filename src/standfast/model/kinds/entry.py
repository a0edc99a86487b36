"""An entry of a list: a value and the words that follow it on its line, all declared like keywords."""

from typing import Any, Generic, TypeVar

from standfast.base.frozen import default_of
from standfast.base.nearest import nearest
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.declare import LATER, BlockDeclaration, Effect, Keyword, declaration_of
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

E = TypeVar("E")


class Entry(Kind[E], Generic[E]):
    """A line such as `NAME [weight N] [reverse]`, read by the declarations of its class.

    Arguments stand first, in their order; then come words of the declaration, in any order. Subclasses say
    what another word means, and what follows from several words.
    """

    def __init__(self, of: type[E]) -> None:
        self.of = of

    @property
    def declaration(self) -> BlockDeclaration:
        """The words of the entry."""
        return declaration_of(self.of)

    @property
    def syntax(self) -> str:
        """The entry with all its words."""
        head = [keyword.kind.syntax for keyword in self.declaration.arguments]
        tail = [f"[{_usage(keyword)}]" for keyword in self.declaration.keywords]
        return " ".join(head + tail)

    def read(self, words: Words) -> E:
        """One entry."""
        values: dict[str, Any] = {}
        for declared in self.declaration.arguments:
            if declared.required or words.peek() is not None:
                values[declared.field] = declared.value_kind.read(words)
        by_word = self.declaration.by_word
        while (word := words.optional()) is not None:
            keyword = by_word.get(word)
            if keyword is None:
                self.other(word, words, values)
            else:
                self.known(keyword, word, words, values)
        self.finish(words, values)
        return self.of(**values)

    def known(self, keyword: Keyword, word: str, words: Words, values: dict[str, Any]) -> None:
        """A declared word, and what belongs to it."""
        if keyword.deprecated is not None and word in keyword.deprecated:
            words.complain(
                "deprecated",
                f"{word} is deprecated",
                severity=Severity.WARNING,
                error_class=ErrorClass.DEPRECATED,
                hint=f"write {keyword.deprecated[word]}",
            )
        if keyword.effect is Effect.NOT_YET:
            words.complain(
                "no-effect-yet",
                f"{word} of {self.declaration.name} {LATER}",
                severity=Severity.NOTICE,
                error_class=ErrorClass.NONE,
            )
        if keyword.unsupported is not None and word in keyword.unsupported:
            self.other(word, words, values)
        outer, words.keyword = words.keyword, word  # what is said is about this word of the entry
        value = keyword.value_kind.read(words)
        words.keyword = outer
        values[keyword.field] = (not value) if word == keyword.opposite else value

    def other(self, word: str, words: Words, values: dict[str, Any]) -> None:  # noqa: ARG002
        """A word that is not declared: skipped, with a message."""
        words.complain(
            "unknown-word",
            f"unknown word {word!r} in {self.declaration.name}",
            error_class=ErrorClass.UNKNOWN_KEYWORD,
            hint=nearest(word, self.declaration.by_word),
        )

    def finish(self, words: Words, values: dict[str, Any]) -> None:
        """What follows from the words together; may change the values.

        Raises:
            Rejected: they make no entry.
        """

    def write(self, value: E) -> tuple[str, ...]:
        """The words of the entry, in the order of their declaration."""
        out: list[str] = []
        for keyword in (*self.declaration.arguments, *self.declaration.keywords):
            one = getattr(value, keyword.field)
            told = one != default_of(self.of, keyword.field)
            if keyword.argument:
                out += keyword.value_kind.write(one) if keyword.required or told else ()
            elif told:
                word = keyword.opposite if keyword.opposite and one is False else keyword.name
                out += [word, *keyword.value_kind.write(one)]
        return tuple(out)

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return {"type": "string"}


def _usage(keyword: Keyword) -> str:
    syntax = keyword.kind.syntax
    return keyword.name if syntax == "-" else f"{keyword.name} {syntax}"
