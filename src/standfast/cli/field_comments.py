"""What the source says of the fields of a struct: their types, and the comments behind them.

What is told has its words there and nowhere else: the command line imports these structs at every start.
"""

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator
from textwrap import dedent

from standfast.base.frozen import frozen


@frozen
class FieldWords:
    """One field, as a person reads it."""

    name: str
    type: str  # as the source writes it
    comment: str


def fields_of(of: type) -> tuple[FieldWords, ...]:
    """The fields of a struct in their order."""
    source = dedent(inspect.getsource(of))
    comments = _comments(source)
    body = ast.parse(source).body[0]
    return tuple(_fields(body, comments)) if isinstance(body, ast.ClassDef) else ()


def _fields(body: ast.ClassDef, comments: dict[int, str]) -> Iterator[FieldWords]:
    for each in body.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            lines = range(each.lineno, (each.end_lineno or each.lineno) + 1)
            said = " ".join(comments[line] for line in lines if line in comments)
            yield FieldWords(each.target.id, ast.unparse(each.annotation), said)


def _comments(source: str) -> dict[int, str]:
    """The comments by their lines, without what is meant for tools."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    said = {one.start[0]: one.string.lstrip("# ") for one in tokens if one.type == tokenize.COMMENT}
    return {line: text for line, text in said.items() if not re.match(r"noqa|type:|fmt:", text)}
