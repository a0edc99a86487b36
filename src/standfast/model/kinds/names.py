"""Words: free ones, one of a few, yes or no, and names of interfaces."""

from typing import Final

from standfast.base.limits import INTERFACE_NAME_MAX
from standfast.base.nearest import nearest
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_TRUE: Final = ("on", "true", "yes")
_FALSE: Final = ("off", "false", "no")


class Word(Kind[str]):
    """One word."""

    def __init__(self, name: str = "STRING") -> None:
        self.name = name

    @property
    def syntax(self) -> str:
        """`<STRING>`."""
        return f"<{self.name}>"

    def read(self, words: Words) -> str:
        """The next word, as it is."""
        return words.next(f"a {self.name.lower()}")

    def write(self, value: str) -> tuple[str, ...]:
        """The word."""
        return (value,)

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string"}


class CutWord(Word):
    """A word of at most so many bytes; what is longer is cut, with a message."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(name)
        self.most = most

    def read(self, words: Words) -> str:
        """The next word, or its beginning."""
        text = super().read(words)
        kept = text.encode(errors="surrogateescape")[: self.most].decode(errors="surrogateescape")
        if kept != text:
            words.complain(
                "name-too-long", f"{words.keyword} takes {self.most} characters; {text!r} becomes {kept!r}"
            )
        return kept


class OnlyWord(Word):
    """A word that nothing may follow."""

    def read(self, words: Words) -> str:
        """The one word."""
        text = super().read(words)
        if (extra := words.optional()) is not None:
            hint = "put double quotes round a value that has blanks in it"
            words.reject(
                "extra-words", f"{words.keyword} takes one {self.name.lower()}, not {extra!r}, too", hint=hint
            )
        return text


TOO_LONG: Final = f"is longer than {INTERFACE_NAME_MAX} characters"


def is_too_long(name: str) -> bool:
    """Whether no interface can have this name."""
    return len(name.encode(errors="replace")) > INTERFACE_NAME_MAX


class InterfaceName(Word):
    """The name of a network interface: at most 15 bytes (IFNAMSIZ)."""

    def __init__(self) -> None:
        super().__init__("IFNAME")

    def read(self, words: Words) -> str:
        """A name that an interface can have."""
        text = words.next("an interface")
        if is_too_long(text):
            words.reject("interface-name", f"interface name {text!r} {TOO_LONG}")
        return text


class Choice(Kind[str]):
    """One of a few words; upper and lower case differ (behaviour CF-05), except where Keepalived has it so."""

    def __init__(self, *options: str, any_case: bool = False) -> None:
        self.options = options
        self.any_case = any_case

    @property
    def syntax(self) -> str:
        """`MASTER | BACKUP`."""
        return " | ".join(self.options)

    def read(self, words: Words) -> str:
        """One of the options."""
        text = words.next(f"one of {', '.join(self.options)}")
        if self.any_case:
            text = text.upper()
        if text not in self.options:
            near = [option for option in self.options if option.lower() == text.lower()]
            few = len(self.options) <= 4
            options = " or ".join(self.options) if few else f"one of {', '.join(self.options)}"
            words.reject(
                "unknown-choice",
                f"{words.keyword} must be {options}, not {text!r}",
                hint=f"write {near[0]}" if near else nearest(text, self.options),
            )
        return text

    def write(self, value: str) -> tuple[str, ...]:
        """The word."""
        return (value,)

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.options)}


class LastingChoice(Choice):
    """One of a few words, the first of which no later line takes back."""

    def again(self, before: str, value: str, words: Words) -> str:
        """The first option, if it was chosen once."""
        lasting = self.options[0]
        if before != lasting or value == lasting:
            return value
        said = f"{words.keyword} {lasting} stands above; {words.keyword} {value} is ignored"
        words.complain("given-twice", said, hint="remove one of the two")
        return before


class Flag(Kind[bool]):
    """A keyword that says all by standing there."""

    @property
    def syntax(self) -> str:
        """Nothing follows."""
        return "-"

    def read(self, words: Words) -> bool:  # noqa: ARG002  (it takes no word)
        """True."""
        return True

    def write(self, value: bool) -> tuple[str, ...]:  # noqa: ARG002  (the keyword says all)
        """Nothing."""
        return ()

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class Boolean(Flag):
    """Yes or no; the keyword alone says yes."""

    @property
    def syntax(self) -> str:
        """`[BOOL]`."""
        return "[BOOL]"

    def read(self, words: Words) -> bool:
        """One of on, true, yes, off, false, no."""
        text = words.optional()
        if text is None or text in _TRUE:
            return True
        if text not in _FALSE:
            meant = {"1": "on", "0": "off"}.get(text, text.lower())
            hint = f"write {meant}" if meant in _TRUE + _FALSE else ""
            words.reject("not-a-boolean", f"{words.keyword} must be on or off, not {text!r}", hint=hint)
        return False

    def write(self, value: bool) -> tuple[str, ...]:
        """On or off."""
        return ("on" if value else "off",)
