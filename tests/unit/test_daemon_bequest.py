"""What is left from process to process arrives whole, or not at all."""

import fcntl
import os

import pytest

from standfast.base.addresses import parse_address
from standfast.base.errors import Malformed
from standfast.base.times import Instant
from standfast.core.bfd.legacy import SessionLegacy, SessionsLegacy
from standfast.core.bfd.session import Session
from standfast.core.bfd.step import begin
from standfast.daemon import bequest
from standfast.daemon.bequest import decode_bequest, encode_bequest
from standfast.daemon.estate import VARIABLE, Estate, LeftChild, read_estate, write_estate
from standfast.daemon.legacies import BfdLegacy, Number, counted, numbers
from standfast.model.config import Config

SESSION = Session("wan", parse_address("192.0.2.2"))
STATE = begin(SESSION, discriminator=7, dice=5, now=Instant(3))
LEFT = BfdLegacy(
    SessionsLegacy((SessionLegacy(SESSION, STATE, 50_000, "started"),)), (Number("wan", "sent", 3),)
)
DOCUMENT = encode_bequest("bfd", LEFT)


def test_what_is_left_arrives_as_it_was() -> None:
    assert decode_bequest(BfdLegacy, "bfd", DOCUMENT) == LEFT


def test_what_was_counted_can_be_counted_on() -> None:
    was = {"wan": {"sent": 3, "heard": 2}, "": {"dropped": 1}}

    assert counted(numbers(was)) == was


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param(b"", "bequest-none", id="nothing, because who should leave it died"),
        pytest.param(DOCUMENT[:-1], "bequest-damaged", id="all but the last byte"),
        pytest.param(DOCUMENT[:20], "bequest-damaged", id="a part of the first line"),
        pytest.param(DOCUMENT.replace(b"wan", b"van"), "bequest-damaged", id="another letter"),
        pytest.param(b"\xff\x00rubbish\n" * 9, "bequest-damaged", id="rubbish"),
        pytest.param(encode_bequest("vrrp", LEFT), "bequest-damaged", id="what another sort of child left"),
        pytest.param(encode_bequest("bfd", Number("a", "b", 1)), "bequest-damaged", id="something else"),
        pytest.param(DOCUMENT.replace(b'"schema":1', b'"schema":2'), "bequest-schema", id="another schema"),
    ],
)
def test_what_is_not_whole_is_nothing(document: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_bequest(BfdLegacy, "bfd", document)

    assert caught.value.reason == reason


def test_a_document_says_its_schema_where_every_version_can_read_it() -> None:
    assert DOCUMENT.startswith(b'{"schema":%d,' % bequest.SCHEMA)


# ---- the parent's


def estate(pid: int | None = None) -> Estate:
    pipe = os.open("/dev/null", os.O_RDONLY)
    return Estate(
        os.getpid() if pid is None else pid,
        pipe,
        "/run/keepalived.pid",
        Config(),
        (LeftChild("vrrp", 4711, pipe, pipe, b'{"type":"al'),),
    )


def test_the_parent_reads_what_it_left_and_nobody_else_sees_the_variable() -> None:
    left = estate()
    os.set_inheritable(left.pid_file, True)  # noqa: FBT003  (it has no other way)
    environment = {VARIABLE: str(write_estate(left)), "PATH": "/bin"}

    read = read_estate(environment)

    assert read == left
    assert environment == {"PATH": "/bin"}
    assert not os.get_inheritable(left.pid_file)
    os.close(left.pid_file)


def test_what_is_left_cannot_be_changed() -> None:
    left = estate()
    file = write_estate(left)

    with pytest.raises(PermissionError):
        os.pwrite(file, b"x", 0)
    os.close(file)
    os.close(left.pid_file)


def test_a_start_like_any_other_has_nothing() -> None:
    assert read_estate({}) is None


def test_what_was_left_to_another_process_is_not_taken() -> None:
    left = estate(pid=1)
    environment = {VARIABLE: str(write_estate(left))}

    with pytest.raises(Malformed):
        read_estate(environment)
    os.close(left.pid_file)


def test_a_file_that_anybody_could_have_written_is_not_believed() -> None:
    left = estate()
    file = os.memfd_create("estate", os.MFD_ALLOW_SEALING)
    os.write(file, encode_bequest("parent", left))
    assert fcntl.fcntl(file, fcntl.F_GET_SEALS) == 0

    with pytest.raises(Malformed):
        read_estate({VARIABLE: str(file)})
    os.close(left.pid_file)


@pytest.mark.parametrize("number", ["-1", "99999", "rubbish", "99999999999999999999"])
def test_a_number_of_no_file_is_nothing(number: str) -> None:
    with pytest.raises(Malformed):
        read_estate({VARIABLE: number})
