"""The clear-text password of version 2 (behaviour AU-01)."""

import pytest

from standfast.wire.vrrp_auth import password_field, same_password


@pytest.mark.parametrize(
    ("password", "field"),
    [
        pytest.param(b"", b"\0\0\0\0\0\0\0\0", id="none: zeros"),
        pytest.param(b"secret", b"secret\0\0", id="a short one is filled with zeros"),
        pytest.param(b"12345678", b"12345678", id="one that fits stays as it is"),
        pytest.param(b"123456789", b"12345678", id="a longer one is cut"),
    ],
)
def test_a_password_makes_eight_bytes(password: bytes, field: bytes) -> None:
    assert password_field(password) == field


@pytest.mark.parametrize(
    ("theirs", "same"),
    [
        pytest.param(b"secret\0\0", True, id="the same"),
        pytest.param(b"Secret\0\0", False, id="another first byte"),
        pytest.param(b"secret\0\1", False, id="another last byte"),
        pytest.param(b"", False, id="none"),
        pytest.param(b"secret", False, id="a field that is too short"),
        pytest.param(b"\0secret\0\0", False, id="the same number, but longer"),
    ],
)
def test_passwords_are_compared_whole(theirs: bytes, same: bool) -> None:
    assert same_password(password_field(b"secret"), theirs) is same
