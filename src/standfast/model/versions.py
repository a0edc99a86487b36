"""Versions of Keepalived."""

import re
from typing import Final

from standfast.base.patterns import late

Version = tuple[int, ...]

OLDEST: Final[Version] = (0,)  # of what was always there
_VERSION: Final = late(r"v?([0-9]{1,4}(?:\.[0-9]{1,4}){0,2})\Z", re.ASCII)


def read_version(text: str) -> Version:
    """A version such as 2.2.8.

    Raises:
        ValueError: it is none.
    """
    match = _VERSION().match(text)
    if match is None:
        raise ValueError(f"{text!r} is no version; write it like 2.2.8")
    return tuple(map(int, match[1].split(".")))


def version_text(version: Version) -> str:
    """The version as people write it."""
    return ".".join(map(str, version))
