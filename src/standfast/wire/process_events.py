"""The kernel's news of processes: netlink connector, process events (linux/connector.h, linux/cn_proc.h).

Behind the netlink header stands that of the connector (whom it is from, a number to recognise answers by, a
length), then the event; all in the host's byte order. Threads are told of like processes: those whose number is
not that of their process are marked here, and left out by our filter before.
"""

from struct import Struct
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.wire.netlink import encode_message

GROUP: Final = 1  # CN_IDX_PROC, the multicast group
_VALUE: Final = 1  # CN_VAL_PROC
_LISTEN: Final = 1  # PROC_CN_MCAST_LISTEN
_DONE: Final = 3  # NLMSG_DONE, the kind of connector messages

KIND_AT: Final = 36  # from the beginning of the datagram, for the filter
FIRST_AT: Final = 52  # numbers of the event
FORK: Final = 0x1
EXEC: Final = 0x2
RENAME: Final = 0x200  # PROC_EVENT_COMM
EXIT: Final = 0x80000000
ANSWER: Final = 0x0  # PROC_EVENT_NONE

_CONNECTOR: Final = Struct("=IIIIHH")  # index, value, sequence, what is acknowledged, length, flags
_REQUEST: Final = Struct("=I")
_EVENT: Final = Struct("=IIQIIII")  # kind, processor, nanoseconds, then four numbers


@frozen
class ProcessEvent:
    """One event; what the numbers are depends on its kind."""

    kind: int
    answers: int  # of an answer: the number of the request
    process: int  # who it is about; of a fork: the parent; of an answer: an errno
    child: int = 0  # of a fork
    thread: bool = False  # it is about a thread, not a process


def encode_listen(number: int) -> bytes:
    """The request to tell of processes; the number, less than 2**32 - 1, comes back with the answer."""
    wanted = _REQUEST.pack(_LISTEN)
    return encode_message(_DONE, 0, _CONNECTOR.pack(GROUP, _VALUE, 0, number, len(wanted), 0) + wanted)


def decode_event(body: bytes) -> ProcessEvent:
    """Read what stands behind the netlink header.

    Raises:
        Malformed: `process-event-short`, or `process-event-foreign` (of another use of the connector).
    """
    if len(body) < _CONNECTOR.size + _EVENT.size:
        raise Malformed("process-event-short", got=len(body), want=_CONNECTOR.size + _EVENT.size)
    index, value, _, acknowledged, *_ = _CONNECTOR.unpack_from(body)
    if (index, value) != (GROUP, _VALUE):
        raise Malformed("process-event-foreign", got=index, want=GROUP)
    answers = acknowledged - 1  # the kernel counts on from our number, which is not its own sequence
    kind, _, _, first, second, third, fourth = _EVENT.unpack_from(body, _CONNECTOR.size)
    if kind == FORK:  # thread and process of the parent, then of the child
        return ProcessEvent(kind, answers, second, fourth, thread=third != fourth)
    if kind == ANSWER:
        return ProcessEvent(kind, answers, first)
    return ProcessEvent(kind, answers, second, thread=first != second)
