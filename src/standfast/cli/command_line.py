"""The command line as a value: verbs with their options, read from argparse.

Completion is made of it, so that no option is written down twice.
"""

import argparse
from collections.abc import Iterator
from enum import Enum
from typing import Final

from standfast.base.frozen import frozen
from standfast.cli.main import VERBS, parser_of


class Operand(Enum):
    """What a verb's further words are."""

    NOTHING = "nothing"
    FILES = "files"
    KEYWORDS = "keywords and slugs"
    CHOICES = "one of a few words"


@frozen
class Option:
    """An option of a verb."""

    names: tuple[str, ...]
    what: str
    choices: tuple[str, ...] = ()
    takes_value: bool = False
    value: str = "VALUE"  # what a person reads for the value


@frozen
class Verb:
    """A verb of `standfast`."""

    name: str
    what: str
    options: tuple[Option, ...]
    operand: Operand
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # its operands as a person reads them: FILE, [FILE...]
    operands: tuple[tuple[str, str], ...] = ()  # each operand with what it is
    note: str = ""  # what its help ends with


# What a positional argument stands for, by its name; the others are words that nobody can guess.
_OPERANDS: Final = {
    "file": Operand.FILES,
    "old": Operand.FILES,
    "new": Operand.FILES,
    "word": Operand.KEYWORDS,
}


def verbs() -> tuple[Verb, ...]:
    """All verbs with all their options."""
    parser = parser_of(VERBS)
    found = next(action for action in _actions(parser) if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    return tuple(_verb(name, found.choices[name]) for name in VERBS)


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001  (argparse has no public list of what it was told)


def _verb(name: str, parser: argparse.ArgumentParser) -> Verb:
    options: list[Option] = []
    operand, choices, operands = Operand.NOTHING, tuple[str, ...](), list[tuple[str, str]]()
    for action in _actions(parser):
        words = tuple(map(str, action.choices or ()))
        if action.option_strings:
            takes_value = action.nargs != 0
            value = str(action.metavar or action.dest.upper().replace("_", "-"))
            options.append(Option(tuple(action.option_strings), _help(action), words, takes_value, value))
            continue
        operands.append((_operand(action), _help(action)))
        if words:
            operand, choices = Operand.CHOICES, words
        else:
            operand = _OPERANDS.get(action.dest, operand)
    return Verb(
        name,
        VERBS[name],
        tuple(options),
        operand,
        choices,
        words=tuple(word for word, _ in operands),
        operands=tuple(operands),
        note=parser.epilog or "",
    )


def _operand(action: argparse.Action) -> str:
    """An operand as argparse shows it."""
    word = (
        "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest.upper())
    )
    return {"*": f"[{word}...]", "+": f"{word}...", "?": f"[{word}]"}.get(str(action.nargs), word)


def _help(action: argparse.Action) -> str:
    """The help as argparse would show it."""
    return (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")


def option_words(verb: Verb) -> Iterator[str]:
    """All spellings of the options of a verb."""
    for option in verb.options:
        yield from option.names
