"""HTTP_GET against good and bad servers: the decision and the reason. Evil ones: `test_attempts_evil.py`."""

import asyncio
import hashlib

import pytest
from attempting import Trier, answer, fetch, page

from standfast.core.check.probes import Page, Pattern
from standfast.model.kinds.ranges import Range

MD5 = hashlib.md5(b"hello").hexdigest()


@pytest.mark.behaviour("HC-09")
@pytest.mark.parametrize(
    ("said", "wants", "phase", "says"),
    [
        pytest.param(answer(), page(), "", "", id="200 is good"),
        pytest.param(answer(status="299 Odd"), page(), "", "", id="299 is good"),
        pytest.param(answer(status="300 No"), page(), "status", "300; good is 200-299", id="300 is not"),
        pytest.param(answer(status="404 No"), page(), "status", "404", id="404 is not"),
        pytest.param(
            answer(status="404 No"), page(codes=(Range(404, 404),)), "", "", id="unless it is asked for"
        ),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nhello", page(digest=MD5), "", "", id="a body until the end"),
        pytest.param(answer(), page(digest=MD5), "", "", id="the digest"),
        pytest.param(answer(b"hallo"), page(digest=MD5), "digest", f"not {MD5}", id="another digest"),
        pytest.param(answer() + b"more", page(digest=MD5), "", "", id="more than it said is not of the body"),
        pytest.param(answer(), page(pattern=Pattern("^h.*o$")), "", "", id="the pattern"),
        pytest.param(answer(), page(pattern=Pattern("HEL", ("caseless",))), "", "", id="its options"),
        pytest.param(answer(), page(pattern=Pattern("x")), "regex", "does not match: x", id="no match"),
        pytest.param(
            answer(), page(pattern=Pattern("l", must_match=False)), "regex", "must not", id="forbidden"
        ),
        pytest.param(
            answer(), page(pattern=Pattern("x", must_match=False)), "", "", id="not there, as it should"
        ),
        pytest.param(
            answer(), page(pattern=Pattern("h", least_offset=1)), "regex", "", id="it begins too early"
        ),
        pytest.param(
            answer(), page(pattern=Pattern("o", most_offset=3)), "regex", "", id="it begins too late"
        ),
        pytest.param(
            answer(), page(pattern=Pattern("o", most_offset=4)), "", "", id="it begins just in time"
        ),
        pytest.param(answer(), page(pattern=Pattern("(")), "cannot-run", "parenthesis", id="a wrong pattern"),
        pytest.param(
            answer(), page(pattern=Pattern("a", ("odd",))), "cannot-run", "option odd", id="odd option"
        ),
        pytest.param(
            b"SSH-2.0-x\r\n\r\n", page(), "reply", "no HTTP: 'SSH-2.0-x", id="it speaks something else"
        ),
        pytest.param(b"", page(), "reply", "closed by the server without a word", id="it says nothing"),
        pytest.param(b"HTTP/1.1 200", page(), "reply", "closed by the server after", id="half a head"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", page(), "reply", "5 of 9", id="half a body"
        ),
    ],
)
def test_an_answer_is_judged(tries: Trier, said: bytes, wants: Page, phase: str, says: str) -> None:
    outcome = tries.go(fetch(tries.says(said), wants))

    assert (outcome.ok, outcome.phase) == (not phase, phase)
    assert says in outcome.detail


@pytest.mark.behaviour("HC-08")
@pytest.mark.parametrize(
    ("version", "close", "asked"),
    [
        pytest.param(
            "1.0", False, b"HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: server\r\n\r\n", id="1.0"
        ),
        pytest.param(
            "1.1",
            True,
            b"HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: server\r\n\r\n",
            id="1.1 and 1.0C close",
        ),
    ],
)
def test_a_request_has_these_bytes(tries: Trier, version: str, close: bool, asked: bytes) -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer())

    outcome = tries.go(fetch(tries.serve(serve), page("/a?b=c"), version=version, close=close))

    assert outcome.ok
    assert heard == [b"GET /a?b=c " + asked]


@pytest.mark.behaviour("HC-09")
def test_pages_are_fetched_in_order_until_one_fails(tries: Trier) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        asked.append(path)
        writer.write(answer(status="500 No" if path == b"/2" else "200 OK"))

    outcome = tries.go(fetch(tries.serve(serve), page("/1"), page("/2"), page("/3")))

    assert asked == [b"/1", b"/2"]
    assert (outcome.phase, "/2: 500" in outcome.detail) == ("status", True)


def test_each_of_several_pages_has_its_share_of_the_time(tries: Trier) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        if path == b"/hangs":
            await asyncio.sleep(10)
        writer.write(answer())

    outcome = tries.go(fetch(tries.serve(serve), page("/1"), page("/hangs"), page("/3")), 9.0)

    assert (outcome.phase, "no answer within 3 s" in outcome.detail) == ("timeout", True), outcome.words
    assert outcome.took < 8e6  # and not all of the 9 s


@pytest.mark.behaviour("HC-25")
def test_a_pattern_matches_across_pieces(tries: Trier) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in (b"HTTP/1.0 200 OK\r\n", b"\r\nhe", b"ll", b"o"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)

    assert tries.go(fetch(tries.serve(serve), page(pattern=Pattern("hello")))).ok
