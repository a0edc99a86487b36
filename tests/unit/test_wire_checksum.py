"""The Internet checksum: words, and the two zeros of ones' complement."""

from ipaddress import ip_address

import pytest

from standfast.wire.checksum import as_number, checksum_of, ones_sum, pseudo_header, verifies


@pytest.mark.parametrize(
    ("data", "total"),
    [
        pytest.param(b"", 0x0000, id="no words: zero"),
        pytest.param(b"\0\0\0\0", 0x0000, id="only zeros: zero"),
        pytest.param(b"\xff\xff", 0xFFFF, id="a full word stays what it is, it is not zero"),
        pytest.param(b"\xff\xff\xff\xff", 0xFFFF, id="two full words: the carry comes round"),
        pytest.param(b"\xff\xff\0\x01", 0x0001, id="one more than full is one"),
        pytest.param(b"\xff\xfe\0\x01", 0xFFFF, id="words that add up to full"),
        pytest.param(b"\x01", 0x0100, id="an odd byte is the upper half of a word"),
        pytest.param(bytes.fromhex("0001f203f4f5f6f7"), 0xDDF2, id="the example of RFC 1071, section 3"),
    ],
)
def test_words_add_up(data: bytes, total: int) -> None:
    assert ones_sum(as_number(data)) == total


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        pytest.param(b"\0\0", 0xFFFF, id="nothing but zeros"),
        pytest.param(b"\xff\xff", 0x0000, id="a full sum"),
        pytest.param(b"\x31\x0a\xc8\x02", 0x06F3, id="some words"),
    ],
)
def test_the_checksum_is_what_is_missing_to_a_full_sum(data: bytes, checksum: int) -> None:
    assert checksum_of(as_number(data)) == checksum
    assert verifies(as_number(data + checksum.to_bytes(2, "big")))


def test_a_message_of_zeros_does_not_verify() -> None:
    """Its sum is 0, not 0xFFFF: a buffer that nobody filled is no good message."""
    assert not verifies(as_number(bytes(20)))


def test_a_message_with_a_wrong_bit_does_not_verify() -> None:
    assert verifies(as_number(bytes.fromhex("310ac8020064828ac0000201c0000202")))
    assert not verifies(as_number(bytes.fromhex("310bc8020064828ac0000201c0000202")))


@pytest.mark.parametrize(
    ("source", "destination", "words"),
    [
        pytest.param("192.0.2.251", "224.0.0.18", "c00002fbe00000120070000c", id="IPv4: 12 bytes"),
        pytest.param(
            "fe80::c8",
            "ff02::12",
            "fe8000000000000000000000000000c8ff0200000000000000000000000000120000000c00000070",
            id="IPv6: 40 bytes",
        ),
    ],
)
def test_a_pseudo_header_counts_like_its_words(source: str, destination: str, words: str) -> None:
    number = pseudo_header(ip_address(source), ip_address(destination), protocol=112, length=12)

    assert ones_sum(number) == ones_sum(as_number(bytes.fromhex(words)))
