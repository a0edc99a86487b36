"""A `Config` as JSON and back: the parent gives it to its children so.

Derived from the types of the fields alone. Secrets travel: the bytes are for a pipe between our own processes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from standfast.base.addresses import parse_address
from standfast.base.errors import Broken, broken
from standfast.base.frozen import fields_of
from standfast.model.config import Config
from standfast.model.declare import declaration_of, declares
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.entry import Entry

# What decoding raises of bytes that `encode_value` did not make, or not of this type.
DAMAGE: Final = (msgspec.MsgspecError, UnicodeError, TypeError, ValueError, KeyError, AttributeError, Broken)

_ADDRESSES: Final = (IPv4Address, IPv6Address)
_NETWORKS: Final = (IPv4Network, IPv6Network)
V = TypeVar("V")
Rebuild = Callable[[Any], Any]


def encode_config(config: Config) -> bytes:
    """A configuration as one line of JSON."""
    return encode_value(config)


def decode_config(encoded: bytes) -> Config:
    """The configuration that `encode_config` made this of."""
    return decode_value(Config, encoded)


def encode_value(value: object) -> bytes:
    """A frozen value, of which a configuration may be a part, as one line of JSON."""
    return msgspec.json.encode(value, enc_hook=_plain)


def make_ready(of: Any) -> None:
    """Find out now how values of this type are made: whoever decodes one later need not wait for that."""
    _rebuilder(of)


def decode_value(of: type[V], encoded: bytes) -> V:
    """The value that `encode_value` made this of."""
    kind: Any = of
    made = _rebuilder(kind)(msgspec.json.decode(encoded))
    if not isinstance(made, of):
        broken(f"what was a {of.__name__} decodes to one")
    return made


def _plain(value: object) -> object:
    if not isinstance(value, _ADDRESSES + _NETWORKS):
        broken(f"no way to send a {type(value).__name__} to another process")
    return str(value)


@cache
def _rebuilder(of: Any) -> Rebuild:
    """The function that makes a value of this type of what JSON left of it."""
    if isinstance(of, NewType):
        return _rebuilder(of.__supertype__)
    origin = get_origin(of)
    if origin in (Union, UnionType):
        return _of_union(get_args(of))
    if origin is tuple:
        return _of_tuple(get_args(of))
    if origin is Literal or of in (int, str, bool, float, NoneType):
        return _same
    if of is bytes:
        return _bytes
    if of in _ADDRESSES:
        return parse_address
    if of in _NETWORKS:
        return ip_network
    return _of_class(of) if isinstance(of, type) else broken(f"no way to send a {of}")


def _of_class(of: type[Any]) -> Rebuild:
    if issubclass(of, Enum):
        return of
    if declares(of):
        return _of_block(of)
    if is_dataclass(of):
        return _of_named(of, (field.name for field in fields(of)))
    if issubclass(of, msgspec.Struct):
        return _of_named(of, of.__struct_fields__)
    if issubclass(of, tuple):
        return _of_named_tuple(of)
    return broken(f"no way to send a {of}")


def _same(value: Any) -> Any:
    return value


def _bytes(value: str) -> bytes:
    return msgspec.convert(value, bytes)


def _of_union(members: tuple[Any, ...]) -> Rebuild:
    """A union of None and one more, or of the two sorts of addresses; JSON tells no more apart."""
    rebuilds = {_rebuilder(member) for member in members if member is not NoneType}
    if len(rebuilds) != 1:
        broken(f"a union that JSON cannot tell apart: {members}")
    rebuild = rebuilds.pop()
    return _same if rebuild is _same else lambda value: None if value is None else rebuild(value)


def _of_tuple(members: tuple[Any, ...]) -> Rebuild:
    if members[-1] is Ellipsis:
        rebuild = _rebuilder(members[0])
        return lambda values: tuple(map(rebuild, values))
    each = [_rebuilder(member) for member in members]
    return lambda values: tuple(rebuild(value) for rebuild, value in zip(each, values, strict=True))


def _of_block(of: type) -> Rebuild:
    """Of a block or an entry. What can stand in it may not be imported yet, and is not before it stands there."""
    keywords = declaration_of(of).by_field
    every: dict[str, Rebuild] = {}
    for name, field in fields_of(of).items():
        kind = keywords[name].kind if name in keywords else None
        if isinstance(kind, Block):
            every[name] = _of_inner(kind, many=kind.many)
        elif isinstance(kind, Entries) and kind.named:
            every[name] = _of_inner(kind, many=True)
        else:
            every[name] = _rebuilder(field.type)
    return _of_parts(of, every)


def _of_inner(kind: Block | Entries, *, many: bool) -> Rebuild:
    def made(value: Any) -> Any:
        of = kind.of.of if isinstance(kind, Entries) and isinstance(kind.of, Entry) else kind.of
        return _rebuilder(of)(value)

    if many:
        return lambda values: tuple(map(made, values))
    return lambda value: None if value is None else made(value)


def _of_named(of: Any, names: Iterable[str]) -> Rebuild:
    hints = get_type_hints(of)
    return _of_parts(of, {name: _rebuilder(hints[name]) for name in names})


def _of_parts(of: Any, every: Mapping[str, Rebuild]) -> Rebuild:
    """Of a class with these fields; most of their values are as JSON left them."""
    others = tuple((name, rebuild) for name, rebuild in every.items() if rebuild is not _same)

    def made(values: dict[str, Any]) -> Any:
        mine = {name: values[name] for name in every}
        for name, rebuild in others:
            mine[name] = rebuild(mine[name])
        return of(**mine)

    return made


def _of_named_tuple(of: Any) -> Rebuild:
    each = [_rebuilder(hint) for hint in get_type_hints(of).values()]
    return lambda values: of(*(rebuild(value) for rebuild, value in zip(each, values, strict=True)))
