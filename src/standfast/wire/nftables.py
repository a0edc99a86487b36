"""The little of nfnetlink that tells whether a table of nftables stands (linux/netfilter/nf_tables.h).

Rules are made by the program nft; here are the question whether a table or a chain is there, and the kernel's news
of what was committed. Behind the netlink header stand family and version, one byte each, and two bytes more.
"""

from struct import Struct
from typing import Final

from standfast.base.addresses import Family
from standfast.base.frozen import frozen
from standfast.wire.netlink import REQUEST, Message, attributes_in, encode_attribute, encode_message, text_of

NETLINK_NETFILTER: Final = 12
GROUP_NFTABLES: Final = 1 << 6  # NFNLGRP_NFTABLES as a bit

_SUBSYSTEM: Final = 10 << 8  # NFNL_SUBSYS_NFTABLES, in the upper byte of the kind
_GET_TABLE, _GET_CHAIN, _NEW_GENERATION = 1, 4, 15
_TABLE: Final = 1  # the attribute that names the table, in messages of every kind
_CHAIN_NAME: Final = 3
_HEAD: Final = Struct("=BBH")
_FAMILIES: Final = {2: Family.IPV4, 10: Family.IPV6}  # NFPROTO_*
_NUMBERS: Final = {family: number for number, family in _FAMILIES.items()}


@frozen
class TableTouched:
    """Something in a table was added, changed or removed, or the table itself."""

    family: Family
    table: str


@frozen
class Committed:
    """A transaction ends; it did what was told since the one before."""


def get_table(family: Family, table: str) -> bytes:
    """The question whether a table is there; the answer is an error or the table."""
    return _ask(_GET_TABLE, family, encode_attribute(_TABLE, _text(table)))


def get_chain(family: Family, table: str, chain: str) -> bytes:
    """The question whether a chain is there; the answer is an error or the chain."""
    names = encode_attribute(_TABLE, _text(table)) + encode_attribute(_CHAIN_NAME, _text(chain))
    return _ask(_GET_CHAIN, family, names)


def decode_news(message: Message) -> TableTouched | Committed | None:
    """What a message of the group tells; None if it is about nothing that matters here.

    Raises:
        Malformed: its attributes are broken.
    """
    if message.kind == _SUBSYSTEM | _NEW_GENERATION:
        return Committed()
    if message.kind & 0xFF00 != _SUBSYSTEM or len(message.body) < _HEAD.size:
        return None
    family = _FAMILIES.get(message.body[0])
    name = attributes_in(message.body, _HEAD.size).get(_TABLE)
    return None if family is None or name is None else TableTouched(family, text_of(name))


def _ask(kind: int, family: Family, attributes: bytes) -> bytes:
    return encode_message(_SUBSYSTEM | kind, REQUEST, _HEAD.pack(_NUMBERS[family], 0, 0) + attributes)


def _text(name: str) -> bytes:
    return name.encode() + b"\0"
