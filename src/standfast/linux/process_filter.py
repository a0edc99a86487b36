"""Which news of processes are worth waking up for: a busy host forks thousands of times a second."""

import socket
from typing import Final

from standfast.linux.bpf import (
    A_TO_X,
    DROP,
    IF_EQUAL,
    IF_EQUAL_X,
    KEEP,
    LOAD_WORD,
    RETURN,
    Code,
    Do,
    assemble,
)
from standfast.wire.process_events import ANSWER, EXEC, EXIT, FIRST_AT, FORK, KIND_AT, RENAME

_NUMBER: Final = 4  # bytes


def processes() -> Code:
    """Forks, programs, names and ends of processes, not of their threads, and answers.

    Netlink writes in the byte order of the host, BPF reads in that of the network.
    """
    return assemble(
        Do(LOAD_WORD, KIND_AT),
        Do(IF_EQUAL, _told(ANSWER), then="keep"),
        Do(IF_EQUAL, _told(FORK), then="fork"),
        Do(IF_EQUAL, _told(EXEC), then="keep"),
        Do(IF_EQUAL, _told(RENAME), then="one"),
        Do(IF_EQUAL, _told(EXIT), then="one"),
        Do(RETURN, DROP),
        "fork",
        *_same(FIRST_AT + 2 * _NUMBER),
        "one",
        *_same(FIRST_AT),
        "keep",
        Do(RETURN, KEEP),
    )


def _same(at: int) -> tuple[Do, ...]:
    """Keep it if thread and process have one number."""
    return (
        Do(LOAD_WORD, at),
        Do(A_TO_X),
        Do(LOAD_WORD, at + _NUMBER),
        Do(IF_EQUAL_X, 0, then="keep"),
        Do(RETURN, DROP),
    )


def _told(kind: int) -> int:
    return socket.htonl(kind)
