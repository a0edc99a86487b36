"""Netlink messages, attributes and answers: what is read, and what is dropped."""

from struct import pack

import pytest

from standfast.base.errors import Broken, Malformed
from standfast.wire.netlink import (
    DONE,
    ERROR,
    Answer,
    Message,
    attributes_in,
    decode_answer,
    encode_attribute,
    encode_message,
    messages_in,
    number_in,
    text_of,
)

HEADER = "=IHHII"
REQUEST_HEADER = pack(HEADER, 20, 20, 5, 7, 0)
WORDS = encode_attribute(1, b"not today\0")


def attribute(length: int, kind: int, value: bytes = b"") -> bytes:
    return pack("=HH", length, kind) + value


# ---- messages


def test_a_message_has_a_header_and_padding() -> None:
    assert encode_message(20, 5, b"abcde", sequence=9) == pack(HEADER, 21, 20, 5, 9, 0) + b"abcde\0\0\0"


def test_messages_stand_one_behind_the_other() -> None:
    data = encode_message(20, 5, b"abcde", sequence=1) + encode_message(21, 1, b"", sequence=2)

    assert list(messages_in(data)) == [Message(20, 5, 1, 0, b"abcde"), Message(21, 1, 2, 0, b"")]


def test_nothing_holds_no_message() -> None:
    assert list(messages_in(b"")) == []


def test_the_last_message_may_come_without_its_padding() -> None:
    assert [message.body for message in messages_in(encode_message(20, 5, b"abcde")[:-3])] == [b"abcde"]


@pytest.mark.parametrize(("flags", "interrupted"), [(0x02, False), (0x12, True)])
def test_a_dump_says_that_it_was_interrupted(flags: int, interrupted: bool) -> None:
    assert Message(20, flags, 1, 0, b"").interrupted is interrupted


@pytest.mark.parametrize(
    ("rest", "slug"),
    [
        pytest.param(bytes(15), "short", id="less than a header"),
        pytest.param(pack(HEADER, 0, 20, 5, 0, 0), "length", id="length 0: the loop would stand still"),
        pytest.param(pack(HEADER, 15, 20, 5, 0, 0), "length", id="shorter than its header"),
        pytest.param(pack(HEADER, 17, 20, 5, 0, 0), "truncated", id="longer than the buffer"),
        pytest.param(pack(HEADER, 0xFFFFFFFF, 20, 5, 0, 0), "truncated", id="longer than anything"),
    ],
)
def test_a_bad_message_has_its_slug_and_those_before_it_count(rest: bytes, slug: str) -> None:
    messages = messages_in(encode_message(20, 5, b"good") + rest)

    assert next(messages).body == b"good"
    with pytest.raises(Malformed) as caught:
        next(messages)
    assert caught.value.reason == slug


# ---- attributes


def test_attributes_are_read_by_their_kinds() -> None:
    data = encode_attribute(1, b"abc") + encode_attribute(3, b"") + encode_attribute(2, b"abcd")

    assert len(data) == 8 + 4 + 8
    assert attributes_in(data) == {1: b"abc", 3: b"", 2: b"abcd"}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"", {}, id="none"),
        pytest.param(attribute(8, 1, b"old!") + attribute(8, 1, b"new!"), {1: b"new!"}, id="the last counts"),
        pytest.param(
            attribute(8, 0x8001, b"nest"), {1: b"nest"}, id="nested: the mark is no part of the kind"
        ),
        pytest.param(attribute(8, 0x4001, b"swap"), {1: b"swap"}, id="big-endian: nor is this one"),
        pytest.param(attribute(5, 1, b"a"), {1: b"a"}, id="the last one comes without padding"),
        pytest.param(attribute(4, 1) + b"\0\0\0", {1: b""}, id="less than a header is left: padding"),
    ],
)
def test_what_looks_odd_in_attributes_is_read(data: bytes, found: dict[int, bytes]) -> None:
    assert attributes_in(data) == found


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        pytest.param(attribute(0, 1), "attribute-length", id="length 0: the loop would stand still"),
        pytest.param(attribute(3, 1), "attribute-length", id="shorter than its header"),
        pytest.param(attribute(5, 1), "attribute-truncated", id="longer than the message"),
        pytest.param(attribute(4, 1) + attribute(0xFFFF, 2), "attribute-truncated", id="the second one"),
    ],
)
def test_a_bad_attribute_has_its_slug(data: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        attributes_in(data)

    assert caught.value.reason == slug


def test_an_attribute_of_ours_that_is_too_long_is_our_mistake() -> None:
    assert len(encode_attribute(1, bytes(0xFFFF - 4))) == 0x10000
    with pytest.raises(Broken):
        encode_attribute(1, bytes(0xFFFF - 3))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(b"eth0\0", "eth0", id="with its end mark"),
        pytest.param(b"eth0", "eth0", id="without it"),
        pytest.param(b"eth0\0junk", "eth0", id="nothing behind it counts"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"\xffth0\0", "\\xffth0", id="a byte that is no text is shown"),
    ],
)
def test_text_is_read(value: bytes, text: str) -> None:
    assert text_of(value) == text


def test_a_number_has_its_size_and_its_default() -> None:
    attributes = {4: pack("=I", 1500), 16: b"\6"}

    assert number_in(attributes, 4, size=4) == 1500
    assert number_in(attributes, 16, size=1) == 6
    assert number_in(attributes, 5, size=4, default=9) == 9
    with pytest.raises(Malformed, match="attribute-size"):
        number_in(attributes, 16, size=4)


# ---- answers


@pytest.mark.parametrize(
    ("kind", "flags", "body", "error", "words"),
    [
        pytest.param(ERROR, 0x100, pack("=i", 0) + REQUEST_HEADER[:16], 0, "", id="an acknowledgement"),
        pytest.param(
            ERROR, 0, pack("=i", -17) + REQUEST_HEADER + b"body", 17, "", id="a refusal without words"
        ),
        pytest.param(
            ERROR, 0x200, pack("=i", -17) + REQUEST_HEADER + b"body" + WORDS, 17, "not today", id="with words"
        ),
        pytest.param(
            ERROR,
            0x300,
            pack("=i", -17) + REQUEST_HEADER + WORDS,
            17,
            "not today",
            id="the request cut short",
        ),
        pytest.param(DONE, 0x2, pack("=i", 0), 0, "", id="the end of a dump"),
        pytest.param(DONE, 0x2, pack("=i", -4), 4, "", id="the end of a dump that failed"),
        pytest.param(DONE, 0x202, pack("=i", -4) + WORDS, 4, "not today", id="and says why"),
        pytest.param(ERROR, 0, pack("=i", -(2**31)), 2**31, "", id="an error that there is not"),
        pytest.param(ERROR, 0, pack("=i", -17), 17, "", id="without the request"),
    ],
)
def test_an_answer_is_read(kind: int, flags: int, body: bytes, error: int, words: str) -> None:
    assert decode_answer(Message(kind, flags, 7, 0, body)) == Answer(7, error, words)


@pytest.mark.parametrize(
    ("flags", "body", "slug"),
    [
        pytest.param(0, b"\0\0\0", "answer-short", id="no error number"),
        pytest.param(
            0x200, pack("=i", -17) + REQUEST_HEADER[:15], "answer-truncated", id="half a request header"
        ),
        pytest.param(0x200, pack("=i", -17) + REQUEST_HEADER, "answer-truncated", id="half a request"),
        pytest.param(
            0x200, pack("=iIHHII", -17, 8, 0, 0, 0, 0), "answer-truncated", id="a request of length 8"
        ),
        pytest.param(
            0x300,
            pack("=i", -17) + REQUEST_HEADER + attribute(2, 1),
            "attribute-length",
            id="a bad attribute",
        ),
    ],
)
def test_a_bad_answer_has_its_slug(flags: int, body: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_answer(Message(ERROR, flags, 7, 0, body))

    assert caught.value.reason == slug
