"""What is said on the control socket: one JSON object a line.

A client sends requests, and gets as many answers, in order. `events` with `follow` is answered by one event a line
until the client goes.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct, field

from standfast.observe.state.status import SCHEMA

SOCKET_SUFFIX: Final = ".sock"


class Request(Struct, frozen=True, kw_only=True):
    """What is asked or ordered."""

    schema: int = SCHEMA  # version of these forms
    verb: str  # one of the table
    names: tuple[str, ...] = ()  # of what it is about; empty: everything
    arguments: dict[str, Any] = {}  # of the verb


def _nothing() -> msgspec.Raw:
    return msgspec.Raw(b"null")


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What comes of it: the answer, or a refusal with a slug and words."""

    schema: int = SCHEMA  # version of these forms
    ok: bool  # it was done, or is told
    answer: msgspec.Raw = field(default_factory=_nothing)
    refusal: str = ""  # slug: why not
    words: str = ""  # the same for people
    remedy: str = ""  # what to do about it


def socket_beside(pid_file: str) -> str:
    """Where the control socket of a daemon with this pid file is, unless it is configured."""
    return pid_file.removesuffix(".pid") + SOCKET_SUFFIX
