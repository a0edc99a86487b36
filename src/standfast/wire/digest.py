"""Keyed digests (RFC 2104), and how two of them are compared.

`hmac` brings 4 MiB of a cryptographic library into the process. It is imported by the first who signs or checks,
so a process whose routers do not authenticate never has it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256: 32 bytes."""
    import hmac  # noqa: PLC0415  (see above)

    return hmac.digest(key, data, "sha256")


def hmac_md5(key: bytes, data: bytes) -> bytes:
    """HMAC-MD5 (RFC 2403): 16 bytes."""
    import hmac  # noqa: PLC0415

    return hmac.new(key, data, _md5).digest()


def same(ours: bytes, theirs: bytes) -> bool:
    """Whether two digests are equal; takes the same time wherever the first difference is."""
    import hmac  # noqa: PLC0415

    return hmac.compare_digest(ours, theirs)


def _md5(data: bytes = b"") -> "_Hash":
    """MD5 also where the library's policy forbids it for new protocols: this is an old one."""
    import hashlib  # noqa: PLC0415

    return hashlib.md5(data, usedforsecurity=False)
