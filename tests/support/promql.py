"""Reads PromQL as far as our rules and dashboards use it: what is no expression is refused; what is named is told.

The grammar is that of https://prometheus.io/docs/prometheus/latest/querying/basics/, without what we do not use:
subqueries, `offset`, `@`.
"""

import re
from dataclasses import dataclass, field
from typing import Final

AGGREGATIONS: Final = {"avg", "count", "group", "max", "min", "sum", "topk"}
FUNCTIONS: Final = {
    "absent", "changes", "clamp_min", "increase", "label_replace", "max_over_time", "rate", "time", "vector",
}  # fmt: skip
RANGED: Final = {"changes", "increase", "max_over_time", "rate"}  # what they take is a range
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<duration>\d+(?:ms|[smhdwy]))|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?P<sign>=~|!~|==|!=|>=|<=|[-+*/%^<>=(){}\[\],]))"""
)
_WEAKEST_FIRST: Final = (
    {"or"}, {"and", "unless"}, {"==", "!=", ">", "<", ">=", "<="}, {"+", "-"}, {"*", "/", "%"}, {"^"},
)  # fmt: skip


class NoExpression(ValueError):
    """Prometheus would refuse it."""


@dataclass
class Named:
    """What an expression names."""

    metrics: set[str] = field(default_factory=set)
    matched: set[tuple[str, str]] = field(default_factory=set)  # metric, label that it is chosen by
    grouped: set[str] = field(default_factory=set)  # labels of by, without, on, ignoring
    made: set[str] = field(default_factory=set)  # labels that label_replace makes


def read(text: str) -> Named:
    """What an expression names.

    Raises:
        NoExpression: it is none.
    """
    reader = _Reader(text)
    reader.operation(0)
    reader.expect("")
    return reader.named


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.named = Named()

    # ---- tokens

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self) -> str:
        return self.tokens.pop(0) if self.tokens else ""

    def expect(self, sign: str) -> None:
        if (found := self.take()) != sign:
            raise NoExpression(f"{found or 'the end'} stands where {sign or 'the end'} should: {self.text}")

    def took(self, word: str) -> bool:
        if self.next != word:
            return False
        self.take()
        return True

    # ---- the grammar

    def operation(self, level: int) -> None:
        if level == len(_WEAKEST_FIRST):
            self.operand()
            return
        self.operation(level + 1)
        while self.next in _WEAKEST_FIRST[level]:
            sign = self.take()
            if self.took("bool") and level != 2:
                raise NoExpression(f"bool behind {sign}: {self.text}")
            if self.next in {"on", "ignoring"}:
                self.take()
                self.named.grouped |= set(self.labels())
                if self.next in {"group_left", "group_right"}:
                    self.take()
                    if self.next == "(":
                        self.named.grouped |= set(self.labels())
            self.operation(level + 1)

    def operand(self) -> None:
        token = self.take()
        if token in {"-", "+"}:
            self.operand()
        elif token == "(":
            self.operation(0)
            self.expect(")")
        elif token in AGGREGATIONS:
            self.aggregation()
        elif self.next == "(":
            self.call(token)
        elif re.fullmatch(r"\d.*", token):
            pass
        elif re.fullmatch(r"[a-zA-Z_:]\w*", token):
            self.selector(token, ranged=False)
        else:
            raise NoExpression(f"{token or 'the end'} is no operand: {self.text}")

    def aggregation(self) -> None:
        grouped = self.grouping()
        self.arguments()
        if not grouped:
            self.grouping()

    def grouping(self) -> bool:
        if self.next not in {"by", "without"}:
            return False
        self.take()
        self.named.grouped |= set(self.labels())
        return True

    def call(self, name: str) -> None:
        if name not in FUNCTIONS:
            raise NoExpression(f"{name} is no function that we use: {self.text}")
        if name in RANGED:
            self.expect("(")
            self.selector(self.take(), ranged=True)
            self.expect(")")
            return
        strings = self.arguments()
        if name == "label_replace":
            self.named.made.add(strings[0])

    def arguments(self) -> list[str]:
        strings = []
        self.expect("(")
        while not self.took(")"):
            if self.next.startswith('"'):
                strings.append(self.take().strip('"'))
            else:
                self.operation(0)
            if self.next != ")":
                self.expect(",")
        return strings

    def selector(self, metric: str, *, ranged: bool) -> None:
        self.named.metrics.add(metric)
        if self.took("{"):
            while not self.took("}"):
                label, sign, value = self.take(), self.take(), self.take()
                if sign not in {"=", "!=", "=~", "!~"} or not value.startswith('"'):
                    raise NoExpression(f"{label}{sign}{value} chooses nothing: {self.text}")
                self.named.matched.add((metric, label))
                if self.next != "}":
                    self.expect(",")
        if ranged:
            self.expect("[")
            if not re.fullmatch(r"\d+[a-z]+", span := self.take()):
                raise NoExpression(f"{span} is no length of time: {self.text}")
            self.expect("]")

    def labels(self) -> list[str]:
        found = []
        self.expect("(")
        while not self.took(")"):
            found.append(self.take())
            if self.next != ")":
                self.expect(",")
        return found


def _tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NoExpression(f"what is {text[at : at + 10]!r}? {text}")
        found.append(match[0].strip())
        at = match.end()
    return found
