"""Evil servers: each fails its own check, with its own reason, in bounded time and memory, and no other check.

What a server can do to each kind of check stands in one table. While it does, a good server is asked again and
again: all those checks are good, and soon.
"""

import asyncio
import re
import ssl
import subprocess
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from attempting import LATE, PATIENT, Reply, Serve, Trier, answer, fetch, needed, page
from linux_namespace import turn

from standfast.core.check.outcome import Outcome
from standfast.core.check.probes import (
    DnsProbe,
    Page,
    Pattern,
    Probe,
    SmtpProbe,
    TcpProbe,
    Tls,
    UdpProbe,
    Way,
)

MIB: Final = 1024 * 1024
SOON: Final = (
    2.0  # seconds in which a good server's check is over: a regex without a bound took 4.7 (docs/design.md)
)
TIMEOUT: Final = (
    1.0  # seconds of a check that is to end by its deadline, with time to get as far as it should
)
IN_TIME: Final = r"(1|0\.\d+) s"  # what is said of that; some are gone when it begins

Make = Callable[[Trier], Probe]

ANY: Final = page()
DIGEST: Final = page(digest="0" * 32)
PATTERN: Final = page(pattern=Pattern("x"))


# ---- what evil servers do


def resets(said: bytes = b"", *, hears: int = 1) -> Serve:
    """Hear so many bytes, say this, and break the connection off."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hears:
            await reader.readexactly(hears)
        writer.write(said)
        await writer.drain()
        await asyncio.sleep(0.05 if said else 0)
        writer.get_extra_info("socket").setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    return serve


def floods(piece: bytes, *, begin: bytes = b"") -> Serve:
    """Say this, and then that for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        while True:
            writer.write(piece)
            await writer.drain()

    return serve


def drips(begin: bytes, byte: bytes = b"y") -> Serve:
    """Say this, and then one byte after the other."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(begin)
        while True:
            writer.write(byte)
            await writer.drain()
            await asyncio.sleep(0.05)

    return serve


def says(said: bytes) -> Serve:
    """Say this once something was heard, and wait."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        while await reader.read(MIB):
            pass

    return serve


async def leaves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear something, and close."""
    await reader.read(4096)


# ---- the checks that meet them


def web(serve: Serve, wants: Page = ANY, **values: object) -> Make:
    return lambda tries: fetch(tries.serve(serve), wants, **values)


def tls(serve: Serve) -> Make:
    return web(serve, tls=Tls())


def mail(serve: Serve) -> Make:
    return lambda tries: SmtpProbe((tries.serve(serve),), "x")


def names(reply: Reply) -> Make:
    return lambda tries: DnsProbe(tries.serve_datagrams(reply))


def datagram(reply: Reply) -> Make:
    return lambda tries: UdpProbe(tries.serve_datagrams(reply), b"ask")


def nothing_listens(tries: Trier) -> Probe:
    return fetch(tries.refuses())


def bomb(pattern: str, body: bytes) -> Make:
    return web(says(answer(body)), page(pattern=Pattern(pattern)))


def of_id(number: int, query: bytes) -> bytes:
    """An answer that would be ours, but for its id."""
    return number.to_bytes(2, "big") + b"\x81\x80" + query[4:]


def other_id(query: bytes) -> bytes:
    return of_id(int.from_bytes(query[:2], "big") ^ 7, query)


def other_question(query: bytes) -> bytes:
    return query[:2] + b"\x81\x80\0\1\0\0\0\0\0\0" + b"\5other\0\0\6\0\1"


BEGIN: Final = b"HTTP/1.1 200 OK\r\n"
TEN_GB: Final = BEGIN + b"Content-Length: 10000000000\r\n\r\n"
CHUNKED: Final = BEGIN + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK: Final = b"10000\r\n" + bytes(65_536) + b"\r\n"
MOVED: Final = b"HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n"
HELLO_OF_16_MB: Final = b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(0x3FFC)

EVIL: Final = [
    # heads
    pytest.param(
        web(floods(b"X-More: and more\r\n" * 500, begin=BEGIN)),
        PATIENT,
        "size",
        "the head has more than 65536 bytes",
        id="headers without end are too many",
    ),
    pytest.param(
        web(floods(b"x" * 65_536)),
        PATIENT,
        "size",
        "the head has more than 65536 bytes",
        id="a line without end is a head that is too long",
    ),
    pytest.param(
        web(drips(BEGIN + b"X: ")),
        TIMEOUT,
        "timeout",
        r"no end of the head after \d+ bytes within " + IN_TIME,
        id="a head that comes a byte at a time has no end in time",
    ),
    # bodies
    pytest.param(
        web(says(TEN_GB)),
        PATIENT,
        "size",
        "the body has more than 16777216 bytes; check a smaller page",
        id="a body that says it has 10 GB is not waited for",
    ),
    pytest.param(
        web(says(TEN_GB), DIGEST), PATIENT, "size", "16777216", id="a body of 10 GB is not digested either"
    ),
    pytest.param(
        web(says(TEN_GB), PATTERN), PATIENT, "size", "16777216", id="a body of 10 GB is not matched either"
    ),
    pytest.param(
        web(floods(bytes(65_536), begin=BEGIN + b"\r\n")),
        PATIENT,
        "size",
        "the body has more than 16777216 bytes",
        id="a body without end is read up to a bound",
    ),
    pytest.param(
        web(floods(CHUNK, begin=CHUNKED)),
        PATIENT,
        "size",
        "the body has more than 16777216 bytes",
        id="chunks without end are a body without end",
    ),
    pytest.param(
        web(floods(bytes(65_536), begin=BEGIN + b"\r\n"), DIGEST),
        PATIENT,
        "size",
        "the body has more than 16777216 bytes",
        id="a body without end is digested up to a bound",
    ),
    pytest.param(
        web(floods(bytes(65_536), begin=BEGIN + b"\r\n"), PATTERN),
        PATIENT,
        "size",
        "more than 1048576 bytes, too many for a regex",
        id="a body without end is kept for its pattern up to a bound",
    ),
    pytest.param(
        web(drips(BEGIN + b"\r\n")),
        TIMEOUT,
        "timeout",
        "no end of the body within " + IN_TIME,
        id="a body that comes a byte at a time has no end in time",
    ),
    pytest.param(
        web(says(answer()[:-1])),
        TIMEOUT,
        "timeout",
        "no end of the body within " + IN_TIME,
        id="a body that lacks its last byte has no end in time",
    ),
    pytest.param(
        web(says(b"")), TIMEOUT, "timeout", "no answer within " + IN_TIME, id="a server that says nothing"
    ),
    # redirects
    pytest.param(
        web(says(MOVED.replace(b"{}", b"/"))),
        PATIENT,
        "status",
        "302, to '/'; good is 200-299",
        id="a redirect to itself is not followed",
    ),
    pytest.param(
        web(says(MOVED.replace(b"{}", b"http://198.51.100.1/" + b"a" * 60_000))),
        PATIENT,
        "status",
        "302, to 'http://198.51.100.1/a",
        id="a redirect to somebody else is not followed, however long",
    ),
    # resets
    pytest.param(nothing_listens, PATIENT, "connect", "refused", id="a reset instead of a connection"),
    pytest.param(
        web(resets(hears=0)),
        PATIENT,
        "connect|send|receive",
        "reset by the server|closed by the server",
        id="a reset as soon as we are connected",
    ),
    pytest.param(
        web(resets(hears=20)), PATIENT, "receive", "reset by the server", id="a reset after the request"
    ),
    pytest.param(web(resets(BEGIN)), PATIENT, "receive", "reset by the server", id="a reset in the head"),
    pytest.param(
        web(resets(answer()[:-1])), PATIENT, "receive", "reset by the server", id="a reset in the body"
    ),
    pytest.param(tls(resets()), PATIENT, "tls", "reset by the server", id="a reset in the TLS handshake"),
    pytest.param(
        mail(resets(b"220 x\r\n", hears=0)),
        PATIENT,
        "receive|send",
        "reset by the server|closed by the server",
        id="a reset after the greeting",
    ),
    # TLS
    pytest.param(
        tls(says(b"HTTP/1.0 400 Bad Request\r\n\r\n")),
        PATIENT,
        "tls",
        "it does not speak TLS on this port",
        id="TLS is answered by a text",
    ),
    pytest.param(
        tls(floods(b"\xab\xcd\xef" * 20_000)),
        PATIENT,
        "tls",
        "does not speak TLS",
        id="TLS is answered by garbage",
    ),
    pytest.param(
        tls(floods(bytes(0x4005), begin=HELLO_OF_16_MB)),
        PATIENT,
        "tls",
        "excessive message size",
        id="a message of the TLS handshake says it has 16 MB",
    ),
    pytest.param(
        tls(says(b"\x15\x03\x03\0\2\2\x28")),
        PATIENT,
        "tls",
        "it refuses our ciphers",
        id="TLS is refused by an alert",
    ),
    pytest.param(
        tls(says(b"")),
        TIMEOUT,
        "timeout",
        "no end of the TLS handshake within " + IN_TIME,
        id="the TLS handshake is not answered",
    ),
    pytest.param(
        tls(drips(b"\x16\x03\x03\x00\x7a", b"\2")),
        TIMEOUT,
        "timeout",
        "no end of the TLS handshake within " + IN_TIME,
        id="the TLS handshake comes a byte at a time",
    ),
    pytest.param(tls(leaves), PATIENT, "tls", "by the server", id="the TLS handshake is left in its middle"),
    # regular expressions
    pytest.param(
        bomb("(a+)+$", b"a" * 60 + b"b"),
        PATIENT,
        "regex",
        "takes too long",
        id="a regex bomb of exponential steps back",
    ),
    pytest.param(
        bomb("(?:a|a)*c", b"a" * 100_000 + b"bc"),
        3.0,
        "regex|timeout",
        r"takes too long|matching its regex within [23]",
        id="a regex bomb of alternatives over a long body",
    ),
    pytest.param(
        bomb(r"(?s).{0,60000}?[PQ]", b"a" * MIB),
        3.0,
        "regex|timeout",
        r"takes too long|matching its regex within [23]",
        id="a regex bomb whose every beginning runs on and on",
    ),
    # mail
    pytest.param(
        mail(floods(b"220-more\r\n" * 100)),
        PATIENT,
        "size",
        "the greeting has more than 16384 bytes",
        id="a greeting without end",
    ),
    pytest.param(
        mail(floods(b"x" * 1000)),
        PATIENT,
        "size",
        "the greeting has more than 16384 bytes",
        id="a line of a greeting without end",
    ),
    # names
    pytest.param(
        names(lambda query: [other_id(query)]),
        TIMEOUT,
        "timeout",
        r"1 answers to other questions, the last with id \d+, but none to ours within " + IN_TIME,
        id="an answer of a wrong id is passed over until the time is up",
    ),
    pytest.param(
        names(lambda query: [other_id(query)] * 70),
        PATIENT,
        "reply",
        "64 answers to other questions",
        id="a flood of answers of wrong ids ends early",
    ),
    pytest.param(
        names(lambda query: [other_question(query)]),
        TIMEOUT,
        "timeout",
        "answers to other questions",
        id="an answer to another question is passed over until the time is up",
    ),
    pytest.param(
        names(lambda _: [b"xx"]), PATIENT, "reply", r"this is no DNS \(short", id="an answer that is no DNS"
    ),
    pytest.param(
        names(lambda query: [query + bytes(60_000)]),
        PATIENT,
        "reply",
        r"this is no DNS \(query",
        id="our own question comes back, and 60 kB with it",
    ),
    # datagrams
    pytest.param(
        datagram(lambda _: [bytes(60_000)]),
        PATIENT,
        "reply",
        "the answer has 60000 bytes, not 0 to 255",
        id="a datagram of 60 kB",
    ),
]


@pytest.mark.parametrize(("make", "limit", "phase", "says"), EVIL)
def test_an_evil_server_fails_its_own_check_and_no_other(
    tries: Trier, make: Make, limit: float, phase: str, says: str
) -> None:
    evil = make(tries)
    others: list[Outcome] = []
    asking = tries.loop.create_task(ask_again_and_again(tries, tries.accept(), others))
    tracemalloc.start()
    try:
        outcome = tries.go(evil, limit)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    asked = turn(tries.loop, lambda: others)
    asking.cancel()

    assert not outcome.ok
    assert re.fullmatch(phase, outcome.phase), outcome.words
    assert re.search(says, outcome.detail), outcome.words
    assert outcome.took <= (limit + LATE) * 1e6
    assert peak < 8 * MIB
    assert asked, "the good server was not asked"
    assert all(one.ok for one in others)
    assert max(one.took for one in others) < SOON * 1e6


async def ask_again_and_again(tries: Trier, way: Way, outcomes: list[Outcome]) -> None:
    """Ask a good server, whose outcomes are added."""
    while True:
        outcomes.append(await tries.outcome_of(tries.start(TcpProbe(way), 5.0), 5.0 + LATE))
        await asyncio.sleep(0.01)


# ---- certificates

_AUTHORITY: Final = """
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
default_md = sha256
serial = serial
policy = names
[names]
commonName = supplied
"""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates that a browser would refuse, each with its key."""
    place = tmp_path_factory.mktemp("certificates")
    request = partial(_request, place)
    request("authority", "the authority", "-x509", "-days", "1")
    request("stranger", "another authority", "-x509", "-days", "1")
    request("expired", "www.example.test")
    request("early", "www.example.test")
    _sign_itself(place, "expired", "20200101000000Z", "20200102000000Z")
    _sign_itself(place, "early", "20900101000000Z", "20900102000000Z")
    request("itself", "www.example.test", "-x509", "-days", "1")
    request("other", "somebody.else", "-x509", "-days", "1")
    request("signed", "www.example.test")
    by = ("-CA", "stranger.pem", "-CAkey", "stranger.key", "-CAcreateserial", "-days", "1")
    _openssl(place, "x509", "-req", "-in", "signed.pem", "-out", "unknown.pem", *by)
    (place / "signed.key").rename(place / "unknown.key")
    return place


def _request(place: Path, name: str, subject: str, *words: str) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key")
    _openssl(place, "req", *key, "-subj", f"/CN={subject}", "-out", f"{name}.pem", *words)


def _sign_itself(place: Path, name: str, begin: str, end: str) -> None:
    """Make a certificate of a request, good from one day to another."""
    (place / "ca.conf").write_text(_AUTHORITY)
    (place / "index.txt").write_text("")
    times = ("-startdate", begin, "-enddate", end, "-notext", "-out", "signed")
    key = ("-selfsign", "-keyfile", f"{name}.key", "-in", f"{name}.pem")
    _openssl(place, "ca", "-batch", "-config", "ca.conf", "-rand_serial", *key, *times)
    (place / "signed").rename(place / f"{name}.pem")


def _openssl(place: Path, *words: str) -> None:
    done = subprocess.run(
        [needed("openssl"), *words], cwd=place, capture_output=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr.decode()


def server_context(place: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / f"{name}.pem", place / f"{name}.key")
    return context


WRONG: Final = [
    pytest.param("expired", id="one that has expired"),
    pytest.param("early", id="one that is not valid yet"),
    pytest.param("other", id="one of another name"),
    pytest.param("itself", id="one that its server has signed itself"),
    pytest.param("unknown", id="one that an unknown authority has signed"),
]


@pytest.mark.behaviour("HC-10")
@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="as it is usual"),
        pytest.param({"sni": True}, id="with the name told (enable_sni)"),
        pytest.param({"ca": "authority.pem"}, id="with an authority of ours (SSL, ca)"),
    ],
)
def test_a_wrong_certificate_is_not_looked_at(
    tries: Trier, certificates: Path, name: str, settings: dict[str, object]
) -> None:
    """A check asks whether a server answers, not who it is; no keyword asks for more."""
    if "ca" in settings:
        settings = {"ca": str(certificates / str(settings["ca"]))}
    way = tries.serve(says(answer()), ssl=server_context(certificates, name))
    wants = Page("/", "www.example.test", "www.example.test", pattern=Pattern("^hello$"))

    outcome = tries.go(fetch(way, wants, tls=Tls(**settings)), PATIENT)  # type: ignore[arg-type]

    assert outcome.ok, outcome.words


@pytest.mark.parametrize(
    ("serve", "phase", "says"),
    [
        pytest.param(
            resets(hears=20), "reply", "closed by the server without a word", id="after the request"
        ),
        pytest.param(resets(BEGIN, hears=20), "reply", "closed by the server after 'HTTP", id="in the head"),
        pytest.param(resets(answer()[:-1], hears=20), "reply", "after 4 of 5 bytes", id="in the body"),
    ],
)
def test_a_connection_that_breaks_within_tls(
    tries: Trier, certificates: Path, serve: Serve, phase: str, says: str
) -> None:
    way = tries.serve(serve, ssl=server_context(certificates, "itself"))

    outcome = tries.go(fetch(way, tls=Tls()), PATIENT)

    assert (outcome.phase, says in outcome.detail) == (phase, True), outcome.words
