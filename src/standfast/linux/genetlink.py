"""Questions to families of generic netlink that the kernel answers at once: one asks, and waits."""

import errno
import os
import select
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from standfast.linux.netlink import NetlinkSocket, Overrun
from standfast.wire.genetlink import PROTOCOL, NetlinkFamily, decode_family, request_family
from standfast.wire.netlink import DONE, ERROR, Message, decode_answer

SEQUENCE: Final = 1  # that a question bears: it is the only one on its socket
_PATIENCE_MS: Final = 2_000  # the kernel answers at once; this is for one that never does


def find_family(name: str) -> NetlinkFamily:
    """The family of this name; the kernel loads its module if it can.

    Raises:
        OSError: the kernel does not know it (ENOENT), or does not answer.
        Malformed: the answer is none.
    """
    (message, *_) = ask(request_family(name, sequence=SEQUENCE)) or _nothing()
    return decode_family(message)


def ask(request: bytes) -> Sequence[Message]:
    """The answer to a request that bears this `SEQUENCE`: one message, or all of a dump.

    Raises:
        OSError: the kernel refuses, or does not answer.
    """
    with closing(NetlinkSocket(protocol=PROTOCOL)) as asking:
        asking.send(request)
        return _answer(asking)


def _answer(asking: NetlinkSocket) -> Sequence[Message]:
    poll = select.poll()
    poll.register(asking.fileno(), select.POLLIN)
    found: list[Message] = []
    while poll.poll(_PATIENCE_MS):
        try:
            messages = asking.receive() or ()
        except Overrun as overrun:
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS), "netlink") from overrun
        for message in messages:
            if message.sequence != SEQUENCE:
                continue
            if message.kind in {DONE, ERROR}:
                if error := decode_answer(message).error:
                    raise OSError(error, os.strerror(error), "netlink")
                return found
            found.append(message)
            if not message.multiple:
                return found
    raise TimeoutError("the kernel does not answer")


def _nothing() -> Sequence[Message]:
    raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), "netlink")
