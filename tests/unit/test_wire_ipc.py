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
    Told,
    decode_message,
    encode_message,
    several,
)

numbers = st.integers(0, 2**53)
texts = st.lists(st.text().map(msgspec.json.encode).map(msgspec.Raw), max_size=4)
messages = st.one_of(
    st.builds(Hello, numbers),
    st.builds(
        Configure, numbers, st.dictionaries(st.text(), st.text()).map(msgspec.json.encode).map(msgspec.Raw)
    ),
    st.just(Ready()),
    st.builds(Alive, numbers, numbers),
    st.builds(Configured, numbers, st.text()),
    st.just(AskReload()),
    st.builds(Told, numbers, st.dictionaries(st.text(), texts, max_size=3), st.booleans()),
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
        pytest.param(b"=", id="a state without a head"),
        pytest.param(b'=[1,true,{"a":[2]}]\t1', id="a state that is cut off"),
        pytest.param(b'=[1,true,{"a":[1]}]\t11', id="a state longer than it says"),
        pytest.param(b'=[1,true,{"a":[2,-1]}]\t1', id="a text of less than nothing"),
    ],
)
def test_garbage_is_malformed(line: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_message(line)

    assert caught.value.reason == "ipc-message"


def test_several_values_are_handed_on_in_one_piece() -> None:
    values = [msgspec.Raw(b'{"a":1}'), msgspec.Raw(b'{"a":2}')]
    line = encode_message(Told(1, {"instances": several(values), "held": several([])}))

    told = decode_message(line[:-1])

    assert isinstance(told, Told)
    assert msgspec.json.encode(told.parts) == b'{"instances":[{"a":1},{"a":2}],"held":[]}'


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
