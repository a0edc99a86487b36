"""Reads a command line as getopt_long(3) does: what works for Keepalived works here.

The standard library's parsers know no argument that must be attached (`-tFILE`, but not `-t FILE`).
"""

from collections.abc import Sequence
from typing import Final

from standfast.daemon.options import OPTIONS, Option, Takes

_SHORT: Final = {option.short: option for option in OPTIONS if option.short}
_LONG: Final = {option.long: option for option in OPTIONS}

Given = tuple[Option, str]  # an option with its argument, empty if it has none


class BadOption(Exception):
    """The command line is not one that we know; the message is what to say."""


def read_options(words: Sequence[str]) -> tuple[list[Given], list[str]]:
    """The options in their order, and the words that are none.

    Args:
        words: the command line without the program's name.

    Raises:
        BadOption: an unknown option, or one without the argument that it needs.
    """
    given: list[Given] = []
    extra: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            extra += rest
            break
        if word.startswith("--"):
            given.append(_long(word[2:], rest))
        elif word.startswith("-") and word != "-":
            given += _short(word[1:], rest)
        else:
            extra.append(word)
    return given, extra


def _long(word: str, rest: list[str]) -> Given:
    name, equals, value = word.partition("=")
    option = _LONG.get(name) or _abbreviated(name)
    if equals and option.takes is Takes.NOTHING:
        raise BadOption(f"option --{option.long} takes no argument")
    if not equals and option.takes is Takes.VALUE:
        return option, _next(f"--{option.long}", rest)
    return option, value


def _abbreviated(name: str) -> Option:
    found = [option for long, option in _LONG.items() if name and long.startswith(name)]
    if not found:
        raise BadOption(f"unknown option --{name}")
    if len(found) > 1:
        raise BadOption(f"option --{name} is short for {', '.join('--' + o.long for o in found)}")
    return found[0]


def _short(letters: str, rest: list[str]) -> list[Given]:
    """Letters behind one dash: `-nlD`, `-tFILE`, `-nf FILE`."""
    given: list[Given] = []
    while letters:
        letter, letters = letters[0], letters[1:]
        option = _SHORT.get(letter)
        if option is None:
            raise BadOption(f"unknown option -{letter}")
        if option.takes is Takes.NOTHING:
            given.append((option, ""))
            continue
        needs_next = option.takes is Takes.VALUE and not letters
        given.append((option, _next(f"-{letter}", rest) if needs_next else letters))
        break
    return given


def _next(shown: str, rest: list[str]) -> str:
    if not rest:
        raise BadOption(f"option {shown} needs an argument")
    return rest.pop(0)
