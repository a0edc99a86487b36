"""Texts for the configuration reader: sentences of its own grammar, and those with bytes changed.

A sentence is made from the declarations: blocks with their own keywords, values after their own syntax, mostly
within the ranges. Then mistakes are made in it: words and braces are lost, doubled or misspelt, variables,
sequences and includes are put in. `CANARY` stands for every secret.
"""

import random
import re
from collections.abc import Callable
from typing import Final

from standfast.model.config import Config
from standfast.model.declare import BlockDeclaration, Keyword, declaration_of
from standfast.model.kinds.blocks import Block, Entries

CANARY: Final = "s3cr3t-canary-of-thirty-two-letters"
OTHER: Final = "other.conf"  # a file that texts include

_ANY_TEXT: Final = r"""
0 1 2 5 100 255 256 -1 99999999999999999999 0.5 1.5 0x10 1e3 eth0 lo 10.0.0.1 10.0.0.1/24 10.0.0.1-9 fe80::1/64
224.0.0.18 ff02::12 default MASTER BACKUP PASS AH TCP NAT TUN type gue port hex:00 file:/k all on off yes no
inst reverse /bin/true 'a "a a" "" " ' # ! \ \# $A ${A} ${_ENV A} ${_RANDOM 1 9} $A=1 $A=\ ~SEQ(A,3) ~LST(A,b,c)
@x @^x include includea other.conf include_check keepalived.conf { } { } { }
"""
_ANY: Final = _ANY_TEXT.split()
_LINES: Final = (
    "$A=eth0", "$A=\\", "$B=$A $A", "$C=${C}", "~SEQ(N, 1, 3) $A", "~LST(X, {a,b}) 10.0.0.$X", "@host ", "@^host ",
    f"include {OTHER}", "include *.conf", "includer none.conf", "include keepalived.conf", "include_check match",
    "# a comment", "}", "{", '"', "\\", "~SEQ(N, 999999999)", "$D=${A}${B}", "${D}", "é \u00a0 \x00 ",
)  # fmt: skip
_ADDRESSES: Final = (
    "10.0.0.1",
    "10.0.0.9",
    "192.0.2.7",
    "fe80::1",
    "2001:db8::5",
    "10.0.0.256",
    "::ffff:1.2.3.4",
)
_PART: Final = re.compile(r"<([^<>]*)>|\[([^\[\]]*)\]|([^\s<>\[\]]+)")
_RANGE: Final = re.compile(r"(-?[0-9.]+)\.\.(-?[0-9.]+)")


class Texts:
    """An endless supply of texts."""

    def __init__(self, seed: str) -> None:
        self._dice = random.Random(seed)
        self._last = b""

    def next(self) -> tuple[bytes, bool]:
        """One more text, and whether its secrets stand where secrets belong."""
        if self._last and self._dice.random() < 0.5:
            self._last = self._changed(self._last)
            return self._last, False
        mistakes = self._dice.choice((0, 0, 1, 2, 5))
        lines = self._block(declaration_of(Config), 0)
        for _ in range(mistakes):
            self._mistake(lines)
        self._last = "\n".join(lines).encode()
        return self._last, not mistakes

    # ---- sentences

    def _block(self, declaration: BlockDeclaration, depth: int) -> list[str]:
        keywords = [*declaration.keywords, *((declaration.lines,) if declaration.lines else ())]
        if not keywords:
            return []
        needed = [keyword for keyword in declaration.required if not keyword.argument]
        count = self._dice.choice((1, 2, 3, 6)) if depth else self._dice.choice((1, 1, 2, 3))
        chosen = [keyword for keyword in needed if self._dice.random() < 0.9]
        return [
            line
            for keyword in chosen + self._dice.choices(keywords, k=count)
            for line in self._said(keyword, depth)
        ]

    def _said(self, keyword: Keyword, depth: int) -> list[str]:
        kind, indent = keyword.kind, " " * depth
        if isinstance(kind, Block):
            inner = declaration_of(kind.of)
            head = [keyword.names[0], *(self._value(each) for each in inner.arguments)]
            return [f"{indent}{' '.join(head)} {{", *self._block(inner, depth + 1), indent + "}"]
        if isinstance(kind, Entries):
            entries = [f"{indent} {self._syntax(kind.of.syntax)}" for _ in range(self._dice.randint(0, 4))]
            return entries if keyword.lines else [f"{indent}{keyword.name} {{", *entries, indent + "}"]
        return [f"{indent}{self._dice.choice(keyword.names)} {self._value(keyword)}"]

    def _value(self, keyword: Keyword) -> str:
        if keyword.kind.secret:
            number = f"{self._dice.randint(1, 9)} " if keyword.kind.syntax.startswith("<ID") else ""
            return number + CANARY
        return self._syntax(keyword.kind.syntax)

    def _syntax(self, syntax: str) -> str:
        """Words after a syntax of the manual: `<INTEGER:1..255> [reverse]`, `MASTER | BACKUP`."""
        choice = self._dice.choice(syntax.split(" | ")) if "<" not in syntax and "[" not in syntax else syntax
        return " ".join(word for part in _PART.finditer(choice) if (word := self._word(part)))

    def _word(self, part: re.Match[str]) -> str:
        value, optional, word = part.groups()
        if word is not None:
            return "" if word in ("-", "|", "...") else word
        if optional is not None:
            return self._syntax(optional) if self._dice.random() < 0.4 else ""
        if span := _RANGE.search(value):
            return self._number(span)
        if "ADDR" in value:
            length = self._dice.choice(("", "/24", "/32", "/33") if "/" in value else ("",))
            return self._dice.choice(_ADDRESSES) + length
        if value == "IFNAME":
            return self._dice.choice(("eth0", "eth0", "lo", "eth0.5", "far-too-long-name"))
        return self._dice.choice(("one", "two", "/bin/true", "10", *self._dice.choices(_ANY, k=2)))

    def _number(self, span: re.Match[str]) -> str:
        low, high = float(span[1]), float(span[2])
        inside = self._dice.uniform(low, min(high, low + 500))
        value = self._dice.choice((low, high, inside, inside, inside, low - 1, high + 1))
        return str(value) if "." in span[2] and self._dice.random() < 0.5 else str(int(value))

    # ---- mistakes

    def _mistake(self, lines: list[str]) -> None:
        at = self._dice.randrange(len(lines)) if lines else 0
        mistakes: tuple[Callable[[], object], ...] = (
            lambda: lines.__delitem__(slice(at, at + 1)),
            lambda: lines.insert(at, self._dice.choice(_LINES)),
            lambda: lines.insert(at, self._dice.choice(_LINES)),
            lambda: lines.insert(at, " ".join(self._dice.choices(_ANY, k=3))),
            lambda: lines.insert(at, lines[at] if lines else "}"),
            lambda: lines.__setitem__(
                slice(at, at + 1), [self._misspelt(line) for line in lines[at : at + 1]]
            ),
        )
        self._dice.choice(mistakes)()

    def _misspelt(self, line: str) -> str:
        words = line.split(" ")
        at = self._dice.randrange(len(words))
        words[at] = self._dice.choice((words[at][1:], words[at] * 2, self._dice.choice(_ANY), ""))
        return " ".join(words)

    def _changed(self, text: bytes) -> bytes:
        """Some bytes of a text lost, doubled or replaced."""
        changed = bytearray(text[:20_000])
        for _ in range(self._dice.randint(1, 8)):
            at, size = self._dice.randrange(len(changed) + 1), self._dice.choice((0, 0, 1, 5, 40))
            new = self._dice.choice(
                (self._dice.randbytes(self._dice.choice((0, 1, 4))), changed[at : at + size] * 2)
            )
            changed[at : at + size] = new
        return bytes(changed)
