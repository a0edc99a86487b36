"""SMTP_CHECK and DNS_CHECK against real servers, and against bad ones. Evil ones: `test_attempts_evil.py`."""

import asyncio
import struct
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
from attempting import LATE, LOOPBACK, PATIENT, Trier, needed, running

from standfast.core.check.probes import DnsProbe, SmtpProbe, Way


def until_good(tries: Trier, probe: SmtpProbe | DnsProbe) -> str:
    """Try until a server that has just been started answers; why it does not, in the end."""
    words = ""
    for _ in range(200):
        outcome = tries.go(probe, 2.0)
        if outcome.ok:
            return ""
        words = outcome.words
        time.sleep(0.1)
    return words


# ---- mail


@pytest.mark.behaviour("HC-11")
def test_debians_opensmtpd_is_good(tries: Trier, tmp_path: Path) -> None:
    (tmp_path / "conf").write_text(
        'listen on lo port 2525\naction "nowhere" maildir\nmatch from any for any reject\n'
    )
    (tmp_path / "conf").chmod(0o600)

    with running(needed("smtpd"), "-d", "-f", str(tmp_path / "conf"), directory=tmp_path):
        wrong = until_good(tries, SmtpProbe((Way(LOOPBACK, 2525),), "checker.example"))

    assert wrong == "", (tmp_path / "log").read_text()


def speaks(*answers: bytes, heard: list[bytes] | None = None) -> Callable[..., object]:
    """A mail server that gives these answers, the first as its greeting."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, each in enumerate(answers):
            if number:
                line = await reader.readline()
                if heard is not None:
                    heard.append(line)
            writer.write(each)
            await writer.drain()
        await reader.read()

    return serve


@pytest.mark.behaviour("HC-11")
def test_the_conversation_has_these_lines(tries: Trier) -> None:
    heard: list[bytes] = []
    way = tries.serve(speaks(b"220-one\r\n220 two\r\n", b"250 hi\r\n", b"221 bye\r\n", heard=heard))  # type: ignore[arg-type]

    assert tries.go(SmtpProbe((way, way), "checker.example")).ok
    assert heard == [b"HELO checker.example\r\n", b"QUIT\r\n"] * 2


@pytest.mark.behaviour("HC-11")
def test_a_server_that_never_says_goodbye_takes_no_time_of_the_next_one(tries: Trier) -> None:
    silent = tries.serve(speaks(b"220 x\r\n", b"250 x\r\n"))  # type: ignore[arg-type]
    slow = tries.serve(speaks(b""))  # type: ignore[arg-type]

    good = tries.go(SmtpProbe((silent, silent, silent), "x"), 3.0)
    bad = tries.go(SmtpProbe((slow, silent), "x"), 3.0)

    assert good.ok, good.words
    assert "no greeting within 1.5 s" in bad.detail


@pytest.mark.behaviour("HC-11")
@pytest.mark.parametrize(
    ("answers", "phase", "says"),
    [
        pytest.param([b"220 x\r\n", b"250 x\r\n"], "", "", id="QUIT need not be answered"),
        pytest.param(
            [b"554 go away\r\n"], "status", "must be 220, not '554 go away'", id="a greeting that is none"
        ),
        pytest.param(
            [b"220 x\r\n", b"502 no\r\n"], "status", "answer to HELO must be 250", id="HELO is refused"
        ),
        pytest.param([b"HTTP/1.0 400 Bad\r\n\r\n"], "reply", "no SMTP", id="it speaks something else"),
        pytest.param([b""], "timeout", "no greeting", id="silence"),
        pytest.param([b"220 x\r\n", b""], "timeout", "no answer to HELO", id="silence after HELO"),
    ],
)
def test_a_mail_server_is_judged(tries: Trier, answers: list[bytes], phase: str, says: str) -> None:
    way = tries.serve(speaks(*answers))  # type: ignore[arg-type]
    outcome = tries.go(SmtpProbe((way,), "x"), 1.5 if phase == "timeout" else PATIENT)

    assert (outcome.ok, outcome.phase) == (not phase, phase), outcome.words
    assert says in outcome.detail


# ---- names


@pytest.mark.behaviour("HC-12")
@pytest.mark.parametrize("kind", ["A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"])
def test_debians_dnsmasq_is_good_for_every_type(tries: Trier, tmp_path: Path, kind: str) -> None:
    with running(*_dnsmasq(), directory=tmp_path):
        wrong = until_good(tries, DnsProbe(Way(LOOPBACK, 5353), kind, "www.example.test"))

    assert wrong == "", (tmp_path / "log").read_text()


@pytest.mark.behaviour("HC-12")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("nobody.example.test", "A nobody.example.test: NXDOMAIN", id="no such name"),
        pytest.param(".", "REFUSED", id="a name that is not its own"),
    ],
)
def test_debians_dnsmasq_says_no(tries: Trier, tmp_path: Path, name: str, says: str) -> None:
    way = Way(LOOPBACK, 5353)
    with running(*_dnsmasq(), directory=tmp_path):
        until_good(tries, DnsProbe(way, "A", "www.example.test"))
        outcome = tries.go(DnsProbe(way, "A", name))

    assert (outcome.phase, says in outcome.detail) == ("status", True), outcome.words


def _dnsmasq() -> tuple[str, ...]:
    options = "--keep-in-foreground --port=5353 --no-resolv --no-hosts --no-daemon --user=root --pid-file= "
    options += "--conf-file=/dev/null --host-record=www.example.test,192.0.2.7 --bind-interfaces "
    options += "--local=/example.test/"
    return needed("dnsmasq"), *options.split(), "--listen-address=127.0.0.1"


def reply(
    query: bytes, *, number: int | None = None, flags: int = 0x8180, question: bytes | None = None
) -> bytes:
    mine = struct.unpack_from("!H", query)[0] if number is None else number
    asked = query[12:] if question is None else question
    return struct.pack("!6H", mine, flags, 1 if asked else 0, 0, 0, 0) + asked


@pytest.mark.parametrize(
    ("answers", "phase", "says"),
    [
        pytest.param(lambda query: [reply(query)], "", "", id="an answer"),
        pytest.param(lambda query: [reply(query, question=b"")], "", "", id="one without the question"),
        pytest.param(
            lambda query: [reply(query, flags=0x8182)], "status", "SERVFAIL", id="a failure of its own"
        ),
        pytest.param(
            lambda query: [reply(query, number=7), reply(query)], "", "", id="a wrong one, then ours"
        ),
        pytest.param(lambda query: [query], "reply", "no DNS (query", id="our own question"),
        pytest.param(lambda query: [], "timeout", "no answer within", id="silence"),
    ],
)
@pytest.mark.behaviour("HC-12")
def test_an_answer_counts_if_it_is_one_to_our_question(
    tries: Trier, answers: Callable[[bytes], list[bytes]], phase: str, says: str
) -> None:
    limit = 0.4 if phase == "timeout" else PATIENT
    outcome = tries.go(DnsProbe(tries.serve_datagrams(answers)), limit)

    assert (outcome.ok, outcome.phase) == (not phase, phase), outcome.words
    assert says in outcome.detail
    assert outcome.took < (limit + LATE) * 1e6


def test_a_name_that_cannot_be_asked_for_says_so(tries: Trier) -> None:
    outcome = tries.go(DnsProbe(Way(ip_address("127.0.0.1"), 53), name="a..b"))

    assert (outcome.phase, "a..b" in outcome.detail) == ("cannot-run", True)
