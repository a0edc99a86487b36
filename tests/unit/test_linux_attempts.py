"""The parts of attempts that need no network: patterns, answers, exit statuses, errors, genhash's options."""

import errno
import socket
import struct
from ipaddress import ip_address

import pytest

from standfast.base.errors import Refused
from standfast.core.check.outcome import PHASES
from standfast.core.check.probes import MiscProbe, UdpProbe, Way
from standfast.daemon.genhash import dump
from standfast.daemon.genhash import main as genhash
from standfast.daemon.main import main as standfastd
from standfast.linux.attempts.datagrams import objection
from standfast.linux.attempts.failure import EXHAUSTED, Failed, endpoint, failed, shown
from standfast.linux.attempts.misc import weight_of
from standfast.linux.attempts.pcre2 import OPTIONS, compiled
from standfast.linux.attempts.udp import unfit
from standfast.linux.scripts import Outcome
from standfast.model.kinds.scripts import Script

WAY = Way(ip_address("10.0.0.1"), 53)


@pytest.fixture
def pcre2() -> None:
    try:
        compiled("x")
    except Refused as refusal:
        pytest.skip(str(refusal))


@pytest.mark.behaviour("HC-25")
@pytest.mark.parametrize(
    ("pattern", "options", "subject", "found"),
    [
        pytest.param("^b", (), b"a\nb", False, id="a line is none"),
        pytest.param("^b", ("multiline",), b"a\nb", True, id="unless it is"),
        pytest.param("a.b", (), b"a\nb", False, id="a dot is no new line"),
        pytest.param("a.b", ("dotall",), b"a\nb", True, id="unless it is"),
        pytest.param("A B", ("caseless", "extended"), b"ab", True, id="two options"),
        pytest.param("A", ("PCRE2_CASELESS",), b"a", True, id="by its long name"),
        pytest.param(r"^(?<y>\d+)-\k<y>$", (), b"12-12", True, id="what re lacks: a named reference"),
        pytest.param(r"(?|(a)|(b))\1", (), b"bb", True, id="what re lacks: a branch reset"),
        pytest.param("^.$", ("utf",), "ä".encode(), True, id="characters"),
        pytest.param("^.$", (), "ä".encode(), False, id="bytes"),
    ],
)
def test_a_pattern_is_one_of_pcre2(
    pcre2: None, pattern: str, options: tuple[str, ...], subject: bytes, found: bool
) -> None:
    assert compiled(pattern, options).begins(subject, 0, len(subject)) is found


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_is_one_that_the_library_takes(pcre2: None, option: str) -> None:
    assert compiled("a", (option,)).begins(b"a", 0, 1)


def test_a_pattern_has_its_own_memory(pcre2: None) -> None:
    assert compiled("(a|b)+c", (), (32 * 1024, 64 * 1024)).begins(b"ababc", 0, 5)


def test_where_a_match_may_begin(pcre2: None) -> None:
    pattern = compiled("a")

    assert not pattern.begins(b"bba", 0, 1)
    assert pattern.begins(b"bba", 0, 2)
    assert not pattern.begins(b"abb", 1, 3)


@pytest.mark.parametrize(
    ("pattern", "options", "words"),
    [
        pytest.param("(", (), "missing closing parenthesis at character 1", id="a wrong pattern"),
        pytest.param("a", ("odd",), "no regex option odd", id="an unknown option"),
        pytest.param(r"\C", ("never_backslash_c",), "disabled", id="what an option forbids"),
    ],
)
def test_a_pattern_that_is_none(pcre2: None, pattern: str, options: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused, match=words):
        compiled(pattern, options)


@pytest.mark.parametrize(
    ("subject", "options", "words"),
    [
        pytest.param(b"a" * 60 + b"b", (), "takes too long", id="too many steps"),
        pytest.param(b"\xff", ("utf",), "UTF-8", id="not what it should be made of"),
    ],
)
def test_a_subject_that_cannot_be_matched(
    pcre2: None, subject: bytes, options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        compiled("(a+)+$", options).begins(subject, 0, 0)


@pytest.mark.behaviour("HC-13")
@pytest.mark.parametrize(
    ("reply", "fits"),
    [
        pytest.param(b"\x12\x34\x56", True, id="the same beginning"),
        pytest.param(b"\x12\x3f", True, id="any last digit"),
        pytest.param(b"\x12\x4f", False, id="another digit"),
        pytest.param(b"\x12", False, id="too little"),
        pytest.param(bytes(256), False, id="too much"),
    ],
)
def test_a_reply_fits_its_pattern(reply: bytes, fits: bool) -> None:
    probe = UdpProbe(WAY, b"x", reply=b"\x12\x30", mask=b"\xff\xf0")

    assert (unfit(probe, reply) == "") is fits


@pytest.mark.behaviour("HC-16")
def test_a_program_that_was_not_started_or_ended_is_told_apart() -> None:
    probe = MiscProbe(Script(("/check",)))

    with pytest.raises(Failed, match="cannot-run: no such thing"):
        weight_of(probe, Outcome(127, refusal="no such thing"))
    with pytest.raises(Failed, match="timeout: /check: no end of the program in time: busy"):
        weight_of(probe, Outcome(-15, timed_out=True, stderr="busy"))


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_errno_is_a_failure_with_words(number: int) -> None:
    failure = failed(number, "connect", "10.0.0.1:80")

    assert failure.phase in PHASES
    assert failure.detail.startswith("10.0.0.1:80: ")
    assert failure.detail.endswith(f"[{errno.errorcode[number]}]")
    assert (failure.phase == "cannot-run") or number not in EXHAUSTED


def test_what_was_sent_is_safe_to_print() -> None:
    assert shown(b"a\r\n\x1b[2J\xff") == repr("a\r\n\x1b[2J\\xff")
    assert shown(b"x" * 100).endswith(" ...")
    assert endpoint(ip_address("::1"), 80) == "[::1]:80"


@pytest.mark.parametrize(
    ("origin", "kind", "code", "who", "words"),
    [
        pytest.param(2, 3, 3, "10.0.0.9", "port unreachable, says 10.0.0.9", id="IPv4"),
        pytest.param(3, 1, 0, "fe80::9", "no route, says fe80::9", id="IPv6"),
        pytest.param(1, 0, 0, "10.0.0.9", "", id="our own kernel"),
    ],
)
def test_an_extended_error_names_who_objected(
    origin: int, kind: int, code: int, who: str, words: str
) -> None:
    head = struct.pack("=IBBBBII", errno.ECONNREFUSED, origin, kind, code, 0, 0, 0)
    address = ip_address(who)
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    begin = struct.pack("=HH", family, 0) + (b"" if address.version == 4 else bytes(4))

    assert objection(head + begin + address.packed) == words
    assert objection(head[:-1]) == ""


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="nothing"),
        pytest.param(["-h"], id="help"),
        pytest.param(["-s", "10.0.0.1", "-u", "/"], id="no port"),
        pytest.param(["-s", "nobody", "-p", "80", "-u", "/"], id="no address"),
        pytest.param(["-s", "10.0.0.1", "-p", "0", "-u", "/"], id="no such port"),
    ],
)
def test_genhash_says_how_to_use_it(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert genhash(words) == 1
    assert standfastd(["-T", *words]) == 1
    assert standfastd(["--genhash", *words]) == 1
    said = capsys.readouterr()
    assert "usage: genhash" in said.out + said.err


def test_a_dump_has_offsets_digits_and_characters() -> None:
    assert list(dump(b"0123456789abcdef\r\n")) == [
        "0000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66   0123456789abcdef\n",
        f"0016  {'0d 0a':<48}  ..\n",
    ]
