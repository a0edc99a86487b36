"""HTTP_GET against good, bad and evil servers: the decision, the reason, bounded time and bounded memory."""

import asyncio
import hashlib
import tracemalloc
from collections.abc import Iterator

import pytest
from attempting import LATE, Serve, Trier, answer, fetch, page, trier

from standfast.core.check.probes import Page, Pattern, Tls
from standfast.model.kinds.ranges import Range

MIB = 1024 * 1024


@pytest.fixture
def tries() -> Iterator[Trier]:
    with trier() as made:
        yield made


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
        pytest.param(
            answer(status="302 Found", head="Location: /login\r\n"),
            page(),
            "status",
            "to '/login'",
            id="redirect",
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
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            page(),
            "size",
            "more than",
            id="too long",
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
    assert outcome.took < 5e6


@pytest.mark.behaviour("HC-25")
def test_a_pattern_matches_across_pieces(tries: Trier) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in (b"HTTP/1.0 200 OK\r\n", b"\r\nhe", b"ll", b"o"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)

    assert tries.go(fetch(tries.serve(serve), page(pattern=Pattern("hello")))).ok


async def endless_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and more\r\n" * 500)
        await writer.drain()


async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(bytes(65_536))
        await writer.drain()


async def one_byte_a_moment(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(0.05)


async def never_ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer()[:-1])
    await writer.drain()
    await reader.read()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(10)


async def resets_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    _reset(writer)


async def resets_in_the_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await asyncio.sleep(0.05)
    _reset(writer)


async def resets_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer()[:-1])
    await asyncio.sleep(0.05)
    _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


@pytest.mark.parametrize(
    ("serve", "wants", "phase", "says"),
    [
        pytest.param(endless_head, page(), "size", "head has more than 65536", id="a head without end"),
        pytest.param(endless_body, page(), "size", "body has more than", id="a body without end"),
        pytest.param(endless_body, page(digest=MD5), "size", "body", id="a digest of a body without end"),
        pytest.param(endless_body, page(pattern=Pattern("x")), "size", "regex", id="a pattern in one"),
        pytest.param(one_byte_a_moment, page(), "timeout", "no end of the head after", id="a byte a moment"),
        pytest.param(never_ends, page(), "timeout", "no end of the body", id="a body that never ends"),
        pytest.param(silence, page(), "timeout", "no answer", id="silence"),
        pytest.param(resets_in_the_head, page(), "receive", "reset by the server", id="a reset in the head"),
        pytest.param(resets_in_the_body, page(), "receive", "reset by the server", id="a reset in the body"),
    ],
)
def test_an_evil_server_fails_in_bounded_time_and_memory(
    tries: Trier, serve: Serve, wants: Page, phase: str, says: str
) -> None:
    way = tries.serve(serve)
    limit = 3.0 if phase == "size" else 0.5
    tracemalloc.start()
    try:
        outcome = tries.go(fetch(way, wants), limit)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (outcome.phase, says in outcome.detail) == (phase, True), outcome.words
    assert outcome.took <= (limit + LATE) * 1e6
    assert peak < 6 * MIB


def test_a_reset_at_once_is_one_of_the_connection(tries: Trier) -> None:
    outcome = tries.go(fetch(tries.serve(resets_at_once)))

    assert outcome.phase in {"connect", "send", "receive", "reply"}
    assert "server" in outcome.detail


@pytest.mark.parametrize(
    ("pattern", "body"),
    [
        pytest.param("(a+)+$", b"a" * 60 + b"b", id="exponential steps back"),
        pytest.param("(?:a|a)*c", b"a" * 100_000 + b"bc", id="a long body of alternatives"),
        pytest.param(r"[a-z]+\d", b"a" * MIB, id="quadratic: each beginning runs to the end"),
    ],
)
def test_a_regex_bomb_holds_nobody_up(tries: Trier, pattern: str, body: bytes) -> None:
    bomb = tries.says(answer(body))
    lateness: list[float] = []

    async def feel() -> None:
        while True:
            begin = tries.loop.time()
            await asyncio.sleep(0.01)
            lateness.append(tries.loop.time() - begin - 0.01)

    feeling = tries.loop.create_task(feel())
    outcome = tries.go(fetch(bomb, page(pattern=Pattern(pattern))), 1.0)
    feeling.cancel()

    assert outcome.phase in {"regex", "timeout"}, outcome.words
    assert outcome.took < (1.0 + LATE) * 1e6
    assert max(lateness, default=0.0) < 0.5


def test_what_speaks_no_tls_says_so(tries: Trier) -> None:
    outcome = tries.go(fetch(tries.says(b"HTTP/1.0 400 Bad Request\r\n\r\n", hears=b""), tls=Tls()))

    assert (outcome.phase, "does not speak TLS" in outcome.detail) == ("tls", True)


async def hangs_in_the_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    await asyncio.sleep(10)


async def leaves_in_the_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)


@pytest.mark.parametrize(
    ("serve", "phase", "says"),
    [
        pytest.param(hangs_in_the_handshake, "timeout", "no end of the TLS handshake", id="it hangs"),
        pytest.param(leaves_in_the_handshake, "tls", "server", id="it leaves"),
    ],
)
def test_a_handshake_that_does_not_end(tries: Trier, serve: Serve, phase: str, says: str) -> None:
    outcome = tries.go(fetch(tries.serve(serve), tls=Tls()), 0.4)

    assert (outcome.phase, says in outcome.detail) == (phase, True), outcome.words
