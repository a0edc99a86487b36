"""News and questions about tables of nftables, in bytes."""

import pytest

from standfast.base.addresses import Family
from standfast.wire.netlink import Message, messages_in
from standfast.wire.nftables import Committed, TableTouched, decode_news, get_chain, get_table

NAME = bytes.fromhex("0f0001006b656570616c6976656400") + b"\0"  # attribute 1: "keepalived", padded


@pytest.mark.parametrize(
    ("kind", "body", "news"),
    [
        pytest.param(
            0x0A02,
            bytes.fromhex("02000000") + NAME,
            TableTouched(Family.IPV4, "keepalived"),
            id="a table goes",
        ),
        pytest.param(
            0x0A06,
            bytes.fromhex("0a000000") + NAME,
            TableTouched(Family.IPV6, "keepalived"),
            id="a rule comes",
        ),
        pytest.param(0x0A0F, bytes.fromhex("00000000"), Committed(), id="a transaction ends"),
        pytest.param(0x0A02, bytes.fromhex("01000000") + NAME, None, id="a table of both families"),
        pytest.param(0x0A02, bytes.fromhex("02000000"), None, id="nothing is named"),
        pytest.param(0x0A02, b"\2", None, id="it is too short"),
        pytest.param(0x0102, bytes.fromhex("02000000") + NAME, None, id="it is of another part of netfilter"),
    ],
)
def test_this_is_told_when(kind: int, body: bytes, news: object) -> None:
    assert decode_news(Message(kind, 0, 0, 0, body)) == news


def test_questions_name_family_table_and_chain() -> None:
    (table,) = messages_in(get_table(Family.IPV4, "keepalived"))
    (chain,) = messages_in(get_chain(Family.IPV6, "t", "c"))

    assert (table.kind, table.body) == (0x0A01, bytes.fromhex("02000000") + NAME)
    assert (chain.kind, chain.body) == (
        0x0A04,
        bytes.fromhex("0a00000006000100740000000600030063000000"),
    )
