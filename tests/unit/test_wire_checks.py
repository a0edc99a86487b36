"""What checks send and read: HTTP, DNS and ICMP echoes, byte by byte."""

from collections.abc import Callable

import pytest

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.wire.dns import Answer, decode_answer, encode_query, encode_question
from standfast.wire.http import Head, decode_head, end_of_head, redirection, request
from standfast.wire.icmp import Echo, decode_echo_reply, encode_echo_request, error_words

V4, V6 = Family.IPV4, Family.IPV6


@pytest.mark.parametrize(
    ("head", "says"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", Head(200, None), id="a status"),
        pytest.param(b"HTTP/1.0 404\r\n\r\n", Head(404, None), id="without its words"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\ncontent-LENGTH:7 \r\n\r\n", Head(200, 7), id="the length, in any case"
        ),
        pytest.param(
            b"HTTP/1.1 200 X\r\nA: b\r\nContent-Length: 7\r\n\r\n", Head(200, 7), id="behind others"
        ),
        pytest.param(
            b"HTTP/1.1 200 X\r\nContent-Length: 7, 7\r\n\r\n", Head(200, None), id="no number, no length"
        ),
        pytest.param(b"HTTP/1.1 200 X\r\nX-Content-Length: 7\r\n\r\n", Head(200, None), id="another header"),
    ],
)
def test_a_head_says(head: bytes, says: Head) -> None:
    assert decode_head(head) == says


def test_a_head_may_say_where_to() -> None:
    assert redirection(b"HTTP/1.1 301 X\r\nlocation: /a\xff\r\n\r\n") == "/a\\xff"
    assert redirection(b"HTTP/1.1 301 X\r\nX-Location: /a\r\n\r\n") == ""


@pytest.mark.parametrize(
    "head", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 20\r\n", b"HTTP/1.1 2000\r\n", b" HTTP/1.1 200\r\n"]
)
def test_what_is_no_head_is_none(head: bytes) -> None:
    with pytest.raises(Malformed, match="status-line"):
        decode_head(head)


def test_a_head_ends_with_an_empty_line() -> None:
    assert end_of_head(b"HTTP/1.1 200 OK\r\n\r\nbody") == 19
    assert end_of_head(b"HTTP/1.1 200 OK\r\n") == -1


@pytest.mark.behaviour("HC-08")
def test_a_request_is_these_bytes() -> None:
    assert request("/a?b", "[::1]:80", version="1.1", close=True) == (
        b"GET /a?b HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: [::1]:80\r\n\r\n"
    )


@pytest.mark.behaviour("HC-12")
@pytest.mark.parametrize(
    ("name", "kind", "question"),
    [
        pytest.param(".", "SOA", b"\0\0\6\0\1", id="the root"),
        pytest.param("a.bc", "AAAA", b"\1a\2bc\0\0\x1c\0\1", id="a name"),
        pytest.param("a.bc.", "DNSKEY", b"\1a\2bc\0\0\x30\0\1", id="with its last dot"),
    ],
)
def test_a_question_is_these_bytes(name: str, kind: str, question: bytes) -> None:
    assert encode_question(name, kind) == question
    assert encode_query(0x1234, question) == b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a..b", "label", id="an empty part"),
        pytest.param("a" * 64, "label", id="a part of 64"),
        pytest.param(".".join(["a" * 60] * 5), "name", id="a name of 300"),
    ],
)
def test_a_name_that_cannot_be_asked_for(name: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        encode_question(name, "A")


def test_an_answer_repeats_the_question_in_any_case() -> None:
    message = bytes.fromhex("123481830001000000000000") + b"\1A\0\0\6\0\1"

    assert decode_answer(message) == Answer(0x1234, 3, b"\1a\0\0\6\0\1")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda good: good[:11], "short", id="half a head"),
        pytest.param(lambda good: good[:2] + b"\1" + good[3:], "query", id="a query"),
        pytest.param(lambda good: good[:-1], "truncated", id="half a question"),
        pytest.param(lambda good: good[:12] + b"\xc0\x0c", "compressed", id="a name that refers to itself"),
        pytest.param(lambda good: good[:12] + (b"\x3f" + b"a" * 63) * 5, "name", id="a name without end"),
    ],
)
def test_what_is_no_answer_is_none(change: Callable[[bytes], bytes], reason: str) -> None:
    good = bytes.fromhex("123481800001000000000000") + b"\1a\0\0\6\0\1"

    with pytest.raises(Malformed, match=reason):
        decode_answer(change(good))


@pytest.mark.behaviour("HC-15")
def test_an_echo_request_is_these_bytes() -> None:
    assert encode_echo_request(V4, b"ab", number=1, sequence=2).hex() == "0800969a000100026162"
    assert encode_echo_request(V6, b"ab", number=1, sequence=2).hex() == "80000000000100026162"


def test_an_echo_reply_is_read() -> None:
    assert decode_echo_reply(V4, bytes.fromhex("00000000000100026162")) == Echo(1, 2, b"ab")
    assert decode_echo_reply(V6, bytes.fromhex("81000000000100026162")) == Echo(1, 2, b"ab")
    with pytest.raises(Malformed, match="type"):
        decode_echo_reply(V4, bytes.fromhex("0800000000010002"))


@pytest.mark.parametrize(
    ("family", "kind", "code", "words"),
    [
        pytest.param(V4, 3, 3, "port unreachable", id="port"),
        pytest.param(V4, 3, 13, "prohibited by a filter", id="filter"),
        pytest.param(V4, 3, 99, "destination unreachable (code 99)", id="a code of its own"),
        pytest.param(V4, 11, 0, "time exceeded", id="a loop"),
        pytest.param(V6, 1, 4, "port unreachable", id="port (IPv6)"),
        pytest.param(V6, 3, 0, "time exceeded", id="a loop (IPv6)"),
        pytest.param(V6, 200, 1, "ICMP type 200, code 1", id="nobody knows"),
    ],
)
def test_an_objection_is_told(family: Family, kind: int, code: int, words: str) -> None:
    assert error_words(family, kind, code) == words
