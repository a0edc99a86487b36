"""Scripts: what is run, as whom."""

import re
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.patterns import late
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words


@frozen
class Script:
    """A program with its arguments, and the account that it runs as."""

    words: tuple[str, ...]  # the program and its arguments
    user: str = ""  # empty: the script_user of global_defs
    group: str = ""  # empty: the user's own

    @property
    def path(self) -> str:
        """The program."""
        return self.words[0] if self.words else ""

    def __str__(self) -> str:
        return " ".join(self.words)


class Command(Kind[Script]):
    """`<SCRIPT> [USER [GROUP]]`: the script is one word; quotes around it hold its arguments together."""

    command = True

    @property
    def syntax(self) -> str:
        """`<SCRIPT> [USER [GROUP]]`."""
        return "<SCRIPT> [USER [GROUP]]"

    def read(self, words: Words) -> Script:
        """A script and its account."""
        command = split_command(words, words.next("a script"))
        return Script(command, words.optional() or "", words.optional() or "")

    def write(self, value: Script) -> tuple[str, ...]:
        """The script as one word, and its account."""
        account = (value.user, value.group) if value.group else (value.user,)
        return (join_command(value.words), *(part for part in account if part))

    def schema(self) -> Schema:
        """An object."""
        text: Schema = {"type": "string"}
        return {
            "type": "object",
            "properties": {"words": {"type": "array", "items": text}, "user": text, "group": text},
            "required": ["words"],
        }


_PART: Final = late(r"""\s*((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+)""", re.DOTALL)
_PIECE: Final = late(r"""'([^']*)'|"([^"]*)"|\\(.)|([^'"\\]+)""", re.DOTALL)


def split_command(words: Words, text: str) -> tuple[str, ...]:
    """A command line as its words: quotes of both sorts hold together, a backslash protects one character.

    Raises:
        Rejected: there is no word in it, or a quote is not closed.
    """
    parts: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _PART().match(text, at)
        if match is None:
            words.reject("quote", f"{words.keyword}: a quote in the command is not closed")
        parts.append("".join("".join(groups) for groups in _PIECE().findall(match[1])))
        at = match.end()
    if not parts:
        words.reject("empty-command", f"{words.keyword} needs a command")
    return tuple(parts)


_PLAIN: Final = late(r"[\w@%+=:,./-]+\Z", re.ASCII)


def join_command(parts: tuple[str, ...]) -> str:
    """The command line that `split_command` makes these words of."""
    return " ".join(
        part if _PLAIN().match(part) else "'" + part.replace("'", "'\"'\"'") + "'" for part in parts
    )


class CommandLine(Command):
    """`<COMMAND with arguments>`: all words of the line are the command; the account is another keyword's."""

    @property
    def syntax(self) -> str:
        """`<COMMAND with arguments>`."""
        return "<COMMAND with arguments>"

    def read(self, words: Words) -> Script:
        """A command with its arguments."""
        first = words.next("a command")
        rest = words.rest()
        return Script((*split_command(words, first), *rest))

    def write(self, value: Script) -> tuple[str, ...]:
        """The command as one word."""
        return (join_command(value.words),)


class OptionalCommand(Command):
    """`[SCRIPT [USER [GROUP]]]`: the keyword alone has a meaning, too: a script without words."""

    @property
    def syntax(self) -> str:
        """`[SCRIPT [USER [GROUP]]]`."""
        return "[SCRIPT [USER [GROUP]]]"

    def read(self, words: Words) -> Script:
        """A script, or none."""
        return Script(()) if words.peek() is None else super().read(words)

    def write(self, value: Script) -> tuple[str, ...]:
        """The script, if there is one."""
        return super().write(value) if value.words else ()
