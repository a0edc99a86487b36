"""Messages between parent and children: they survive the wire, and garbage does not get past it."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.errors import Malformed
from standfast.wire.ipc import (
    Alive,
    AskReload,
    Configure,
    Configured,
    Hello,
    Lines,
    Message,
    Ready,
    decode_message,
    encode_message,
)

numbers = st.integers(0, 2**53)
messages = st.one_of(
    st.builds(Hello, numbers),
    st.builds(
        Configure, numbers, st.dictionaries(st.text(), st.text()).map(msgspec.json.encode).map(msgspec.Raw)
    ),
    st.just(Ready()),
    st.builds(Alive, numbers, numbers),
    st.builds(Configured, numbers, st.text()),
    st.just(AskReload()),
)


@given(messages)
def test_a_message_survives_the_wire_as_one_line(message: Message) -> None:
    line = encode_message(message)

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_message(line[:-1]) == message


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_decoder(line: bytes) -> None:
    with suppress(Malformed):
        decode_message(line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello", id="no JSON"),
        pytest.param(b"[" * 100_000, id="deeper than any message"),
        pytest.param(b'{"type":"explode"}', id="a message that nobody knows"),
        pytest.param(b'{"type":"hello"}', id="a message without what belongs to it"),
        pytest.param(b'{"type":"hello","number":"one"}', id="a word for a number"),
        pytest.param(b'{"type":"hello","number":1}\xff', id="something behind the message"),
    ],
)
def test_garbage_is_malformed(line: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_message(line)

    assert caught.value.reason == "ipc-message"


@given(st.lists(st.binary(max_size=20).filter(lambda b: b"\n" not in b), max_size=8), st.integers(1, 7))
def test_lines_come_out_whole_however_they_were_cut(lines: list[bytes], piece: int) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    reader = Lines()

    got = [line for at in range(0, len(stream), piece) for line in reader.feed(stream[at : at + piece])]

    assert got == lines


@pytest.mark.parametrize("data", [b"12345", b"12345\n", b"1\n12345", b"12345\n1\n"])
def test_a_line_longer_than_its_bound_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        Lines(limit=4).feed(data)

    assert caught.value.reason == "ipc-line"
