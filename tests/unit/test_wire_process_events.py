"""The kernel's news of processes, byte for byte (taken from Linux 6.18)."""

from sys import byteorder

import pytest

from standfast.base.errors import Malformed
from standfast.wire.netlink import messages_in
from standfast.wire.process_events import (
    ANSWER,
    EXEC,
    EXIT,
    FORK,
    RENAME,
    ProcessEvent,
    decode_event,
    encode_listen,
)

pytestmark = pytest.mark.skipif(byteorder != "little", reason="the bytes are those of a little-endian host")

ANSWERED = (
    "4c00000003000000d6900000000000000100000001000000d690000079563412280000000000000001000000"
    "7bba1a61180c0000000000000000000000000000000000000000000000000000"
)


def event(kind: int, *numbers: int) -> bytes:
    """The body of an event with these numbers."""
    head = (1, 1, 7, 0)
    words = (kind, 0, 5, 6, *numbers, *[0] * (4 - len(numbers)))
    return b"".join(n.to_bytes(4, "little") for n in (*head, 40, *words))


def test_the_request_has_these_bytes() -> None:
    assert encode_listen(0x12345678).hex() == (
        "28000000030000000000000000000000" + "010000000100000000000000785634120400000001000000"
    )


def test_the_answer_of_the_kernel_is_recognised_by_our_number() -> None:
    (message,) = messages_in(bytes.fromhex(ANSWERED))

    assert decode_event(message.body) == ProcessEvent(ANSWER, 0x12345678, 0)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        pytest.param(event(FORK, 11, 10, 20, 20), (10, 20, False), id="a process forks"),
        pytest.param(event(FORK, 11, 10, 21, 20), (10, 20, True), id="a thread begins"),
        pytest.param(event(EXEC, 20, 20), (20, 0, False), id="a program begins"),
        pytest.param(event(RENAME, 21, 20, 0x64636261), (20, 0, True), id="a thread has a name"),
        pytest.param(event(EXIT, 20, 20, 9, 17), (20, 0, False), id="a process ends"),
    ],
)
def test_an_event_is_read(body: bytes, read: tuple[int, int, bool]) -> None:
    found = decode_event(body)

    assert (found.process, found.child, found.thread) == read


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(event(EXEC)[:-1], "process-event-short", id="cut"),
        pytest.param(b"\2" + event(EXEC)[1:], "process-event-foreign", id="of somebody else"),
    ],
)
def test_what_is_no_event_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        decode_event(body)

    assert refused.value.reason == reason
