"""What a tracked file says."""

import pytest

from standfast.core.track.events import FileContent
from standfast.core.track.file import verdict_of
from standfast.core.track.verdict import Verdict


@pytest.mark.behaviour("TR-09")
@pytest.mark.parametrize(
    ("content", "value"),
    [
        pytest.param(None, 0, id="a file that is not there is 0"),
        pytest.param(b"", 0, id="an empty file is 0"),
        pytest.param(b" \n", 0, id="white space is 0"),
        pytest.param(b"5\n", 5, id="a decimal number"),
        pytest.param(b"  -12", -12, id="a negative number behind white space"),
        pytest.param(b"+7", 7, id="a plus sign"),
        pytest.param(b"0x1F", 31, id="hexadecimal"),
        pytest.param(b"-010", -8, id="octal"),
        pytest.param(b"08", 0, id="octal ends at the first other digit"),
        pytest.param(b"0x", 0, id="no hexadecimal digit follows"),
        pytest.param(b"3 nodes are ill", 3, id="what follows the number is not read"),
        pytest.param(b"99999999999999", 0x7FFF_FFFF, id="too large: the largest"),
        pytest.param(b"-99999999999999", -0x7FFF_FFFF, id="too small: the smallest"),
        pytest.param(b"1" + b" " * 127 + b"2", 1, id="the number of a long file stands at its beginning"),
        pytest.param(b" " * 127 + b"12", 1, id="at most 128 bytes are read"),
    ],
)
def test_a_file_holds_a_number(content: bytes | None, value: int) -> None:
    assert verdict_of(FileContent(content)) == Verdict(up=True, value=value)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param(FileContent(b"ill\nvery"), "it holds no number: ill", id="words"),
        pytest.param(FileContent(b"- 1"), "it holds no number: - 1", id="a sign alone"),
        pytest.param(FileContent(b"\xff\x00"), "it holds no number: \\xff\x00", id="bytes"),
        pytest.param(FileContent(refusal="it lies on nfs"), "it lies on nfs", id="the file cannot be read"),
    ],
)
def test_a_file_without_a_number_is_not_good(found: FileContent, reason: str) -> None:
    assert verdict_of(found) == Verdict(up=False, reason=reason)
