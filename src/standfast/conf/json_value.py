"""One value of a keyword as JSON and back, as the `schema` of its kind says.

Numbers are numbers in the unit of the file, flags are booleans, values of several parts are objects of their
fields. A value whose schema is a string stands in the notation of the file.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from standfast.conf.lexer import scan
from standfast.conf.sentence import sentence
from standfast.model.complaint import Complaint, Rejected
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.kind import Kind
from standfast.model.kinds.secrets import Secret
from standfast.model.words import Words

Json = Any  # what a JSON decoder gives; numbers with a point as Decimal
_ADDRESSES: Final = (IPv4Address, IPv6Address)


class Unfit(Exception):
    """A JSON value that is no value of the keyword."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.words)
        self.complaint = complaint


def to_json(kind: Kind[Any], value: Any) -> Json:
    """A value as JSON."""
    sort = kind.schema().get("type")
    if sort == "boolean":
        return bool(value)
    words = kind.write(value)
    if sort in ("integer", "number"):
        number = Decimal(words[0])
        return int(number) if number == int(number) else float(number)
    if sort == "array":
        return [int(word) for word in words] if _of_integers(kind) else list(words)
    if sort == "object":
        return _plain(value)
    return words[0] if len(words) == 1 and not isinstance(kind, Entry) else sentence(words)


def _of_integers(kind: Kind[Any]) -> bool:
    items = kind.schema().get("items")
    return isinstance(items, Mapping) and items.get("type") == "integer"


def from_json(kind: Kind[Any], value: Json, *, keyword: str, of: Any) -> tuple[Any, list[Complaint]]:
    """The value that JSON tells, and what is to be said about it.

    Args:
        kind: of the keyword.
        value: what stands in the document.
        keyword: its name, for messages.
        of: the type of the value, as the block's class declares it.

    Raises:
        Unfit: it is no value of this kind.
    """
    sort = kind.schema().get("type")
    if sort == "boolean":
        return _typed(value, bool, keyword, "true or false"), []
    if sort in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise _unfit(keyword, "a number", value)
        return _read(kind, (format(Decimal(value), "f"),), keyword)
    if sort == "array":
        return _read(kind, _texts(value, keyword), keyword)
    if sort == "object":
        return _read(kind, kind.write(_rebuilt(of, value, keyword)), keyword)
    return _from_text(kind, str(_typed(value, str, keyword, "a string")), keyword)


def _from_text(kind: Kind[Any], text: str, keyword: str) -> tuple[Any, list[Complaint]]:
    if not isinstance(kind, Entry):
        words = Words((text,), keyword=keyword, start=0)
        try:
            made = kind.read(words)
        except Rejected:
            pass
        else:
            if kind.write(made) == (text,):
                return made, words.complaints
    return _read(kind, tuple(part for sort, part, _ in scan(text) if sort == "word"), keyword)


def _read(kind: Kind[Any], texts: tuple[str, ...], keyword: str) -> tuple[Any, list[Complaint]]:
    words = Words(texts, keyword=keyword, start=0)
    try:
        made = kind.read(words)
    except Rejected as refusal:
        raise Unfit(refusal.complaint) from None
    words.finish()
    return made, words.complaints


def _typed(value: Json, of: type, keyword: str, what: str) -> Json:
    if not isinstance(value, of):
        raise _unfit(keyword, what, value)
    return value


def _texts(value: Json, keyword: str) -> tuple[str, ...]:
    _typed(value, list, keyword, "an array")
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in value):
        raise _unfit(keyword, "an array of words or numbers", value)
    return tuple(map(str, value))


def _unfit(keyword: str, what: str, value: Json) -> Unfit:
    sorts = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", NoneType: "null"}
    got = sorts.get(type(value), "a number")
    return Unfit(Complaint("json-type", f"{keyword} must be {what}, not {got}"))


# ---- values of several parts: by the fields of their classes


def _plain(value: Any) -> Json:
    """A value by its fields; what is not there or a default is left out."""
    if isinstance(value, Secret):
        return value.value.decode(errors="surrogateescape")
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, _ADDRESSES):
        return str(value)
    if not is_dataclass(value):
        return value
    return {
        each.name: _plain(one)
        for each in fields(value)
        if (one := getattr(value, each.name)) != each.default or each.default is MISSING
    }


def _rebuilt(of: Any, value: Json, keyword: str) -> Any:
    """A value of this type from its plain form."""
    members = [member for member in get_args(of) if member is not NoneType]
    if get_origin(of) is tuple:
        return tuple(_rebuilt(members[0], one, keyword) for one in _typed(value, list, keyword, "an array"))
    if members and all(member in _ADDRESSES for member in members):
        return _address(value, keyword)
    if members:
        return None if value is None else _rebuilt(members[0], value, keyword)
    if of is Secret:
        text = str(_typed(value, str, keyword, "a string"))
        return Secret(text.encode(errors="surrogateescape"))
    if is_dataclass(of):
        return _rebuilt_object(of, _typed(value, dict, keyword, "an object"), keyword)
    return _typed(value, of, keyword, {str: "a string", int: "a number", bool: "true or false"}[of])


def _address(value: Json, keyword: str) -> Any:
    try:
        return ip_address(value)
    except ValueError:
        raise _unfit(keyword, "an address", value) from None


def _rebuilt_object(of: Any, value: Mapping[str, Json], keyword: str) -> Any:
    hints = get_type_hints(of)
    for name in value:
        if name not in hints:
            raise Unfit(Complaint("json-key", f"{keyword} has no part {name}"))
    for each in fields(of):
        if each.default is MISSING and each.name not in value:
            raise Unfit(Complaint("json-key", f"{keyword} needs the part {each.name}"))
    return of(**{name: _rebuilt(hints[name], one, keyword) for name, one in value.items()})
