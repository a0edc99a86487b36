"""The clear-text password of version 2 (RFC 2338, section 5.3.6; removed by RFC 3768, but in use).

It keeps a wrongly configured neighbour out, not an attacker: who sees one advert has the password.
"""

from standfast.wire.vrrp import AUTH_SIZE


def password_field(password: bytes) -> bytes:
    """The 8 bytes of authentication data for a password: a longer one is cut (behaviour AU-01)."""
    return password[:AUTH_SIZE].ljust(AUTH_SIZE, b"\0")


def same_password(ours: bytes, theirs: bytes) -> bool:
    """Whether two authentication data fields are equal.

    Takes the same time wherever the first difference is. (`hmac.compare_digest` would bring 4 MiB of a
    cryptographic library into a process that needs nothing else of it.)
    """
    difference = int.from_bytes(ours, "big") ^ int.from_bytes(theirs, "big")
    return len(ours) == len(theirs) and difference == 0
