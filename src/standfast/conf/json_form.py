"""The JSON form of a configuration: what is said (`conf.told`) as a document, and back.

    {"form": "standfast-config", "version": 1, "config": {"vrrp_instance": [{"name": "VI_1", …}]}}

Each block is an object with its keywords as they stand in a file; blocks and keywords that may come several
times, and lists of entries, are arrays. `conf.schema` says the same as JSON Schema. Secrets are kept.
"""

from collections.abc import Iterator
from typing import Any, Final, get_args

from standfast.base.nearest import nearest
from standfast.conf.catalogue import reading_order
from standfast.conf.json_value import Json, Unfit, from_json, to_json
from standfast.conf.problems import Problem
from standfast.conf.source import Place
from standfast.conf.told import Told, ToldBlock
from standfast.model.complaint import Complaint
from standfast.model.config import Config
from standfast.model.declare import BlockDeclaration, Keyword, Repeat, declaration_of
from standfast.model.hints import hints_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Boolean, Flag

FORM: Final = "standfast-config"
VERSION: Final = 1


def as_document(said: ToldBlock) -> dict[str, Json]:
    """What is said, as a document; keys are added in later versions, never renamed."""
    return {"form": FORM, "version": VERSION, "config": _object(said)}


def _object(block: ToldBlock) -> dict[str, Json]:
    return {line.keyword.name: _value(line) for line in (*block.arguments, *block.lines)}


def _value(line: Told) -> Json:
    kind = line.keyword.kind
    if isinstance(kind, Block):
        blocks = [_object(block) for block in line.values]
        return blocks if kind.many else blocks[0]
    values = [to_json(line.keyword.value_kind, value) for value in line.values]
    return values if is_list(line.keyword) else values[0]


def is_list(keyword: Keyword) -> bool:
    """Whether a keyword's JSON value is an array of values or blocks."""
    if isinstance(keyword.kind, Block):
        return keyword.kind.many
    return isinstance(keyword.kind, Entries) or keyword.repeat is Repeat.ALL


# ---- back


def from_document(document: Json, file: str) -> tuple[ToldBlock, list[Problem]]:
    """What a document says, without what it says wrongly, and a problem for each such part.

    Args:
        document: as a JSON decoder gives it, numbers with a point as Decimal.
        file: for the places; behind it stands the JSON Pointer (RFC 6901) of the part.
    """
    reader = _DocumentReader(file)
    return reader.top(document), reader.problems


class _DocumentReader:
    def __init__(self, file: str) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def top(self, document: Json) -> ToldBlock:
        nothing = ToldBlock(Config, (), ())
        if not isinstance(document, dict) or document.get("form") != FORM:
            self._say("", Complaint("json-form", f'the document must have "form": "{FORM}"'))
            return nothing
        if document.get("version") != VERSION:
            self._say("/version", Complaint("json-form", f"this program reads version {VERSION} of the form"))
            return nothing
        return self._block(Config, document.get("config"), "/config")

    def _block(self, of: type, value: Json, at: str) -> ToldBlock:
        declaration = declaration_of(of)
        if not isinstance(value, dict):
            self._say(at, Complaint("json-type", f"{declaration.name} must be an object"))
            return ToldBlock(of, (), ())
        known = _by_key(declaration)
        hints = hints_of(of)
        found: dict[str, Told] = {}
        for key, inner in value.items():
            keyword = known.get(key)
            if keyword is None:
                complaint = Complaint(
                    "json-key", f"unknown key {key} in {declaration.name}", hint=nearest(key, known)
                )
                self._say(f"{at}/{_escaped(key)}", complaint)
                continue
            values = tuple(self._values(keyword, inner, hints[keyword.field], f"{at}/{_escaped(key)}"))
            if values:
                found[key] = Told(keyword, values)
        self._lacking(declaration, value, at)
        in_order = [found[key] for key in known if key in found]
        return ToldBlock(
            of,
            tuple(line for line in in_order if line.keyword.argument),
            tuple(line for line in in_order if not line.keyword.argument),
        )

    def _lacking(self, declaration: BlockDeclaration, value: dict[str, Json], at: str) -> None:
        for keyword in declaration.arguments:
            if keyword.required and keyword.name not in value:
                self._say(at, Complaint("json-key", f"{declaration.name} needs the key {keyword.name}"))

    def _values(self, keyword: Keyword, value: Json, of: Any, at: str) -> Iterator[Any]:
        """The values of a keyword that can be told; a flag that says no is nothing to tell."""
        if not is_list(keyword):
            yield from self._one(keyword, value, of, at)
            return
        if not isinstance(value, list):
            self._say(at, Complaint("json-type", f"{keyword.name} must be an array"))
            return
        item = get_args(of)[0] if get_args(of) else of
        for number, inner in enumerate(value):
            yield from self._one(keyword, inner, item, f"{at}/{number}")

    def _one(self, keyword: Keyword, value: Json, of: Any, at: str) -> Iterator[Any]:
        kind = keyword.kind
        if isinstance(kind, Block):
            yield self._block(kind.of, value, at)
            return
        try:
            made, complaints = from_json(keyword.value_kind, value, keyword=keyword.name, of=of)
        except Unfit as error:
            self._say(at, error.complaint)
            return
        for complaint in complaints:
            self._say(at, complaint)
        says_nothing = made is False and not keyword.opposite and not isinstance(keyword.value_kind, Boolean)
        if not (isinstance(keyword.value_kind, Flag) and says_nothing):
            yield made

    def _say(self, at: str, complaint: Complaint) -> None:
        place = Place(f"{self._file}#{at}", 0, 0)
        self.problems.append(
            Problem(place, complaint.slug, complaint.words, complaint.severity, hint=complaint.hint)
        )


def _by_key(declaration: BlockDeclaration) -> dict[str, Keyword]:
    lines = (declaration.lines,) if declaration.lines is not None else ()
    return {
        keyword.name: keyword for keyword in (*declaration.arguments, *lines, *reading_order(declaration))
    }


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
