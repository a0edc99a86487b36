"""Classic BPF: what the kernel drops before it wakes us (Linux Documentation/networking/filter).

A program is a list of instructions with names between them that jumps lead to, always forward. What is read
beyond the end of a packet drops it.
"""

import ctypes
import socket
from struct import Struct
from typing import Final, NamedTuple

_SOCK_FILTER: Final = Struct("=HBBI")
_SOCK_FPROG: Final = Struct("@HP")
_SO_ATTACH_FILTER: Final = 26
_SO_ATTACH_REUSEPORT_CBPF: Final = 51

# Operations: class, size, mode and source as in linux/bpf_common.h. A and X are registers.
LOAD_BYTE: Final = 0x30  # A = packet[k]
LOAD_HALF: Final = 0x28
LOAD_WORD: Final = 0x20
LOAD_BYTE_BEHIND_X: Final = 0x50  # A = packet[X + k]
LOAD_HALF_BEHIND_X: Final = 0x48
LOAD_NUMBER: Final = 0x00  # A = k
LOAD_STORED: Final = 0x60  # A = store[k]
HEADER_LENGTH_TO_X: Final = 0xB1  # X = 4 * (packet[k] & 15): the length of an IPv4 header
NUMBER_TO_X: Final = 0x01  # X = k
STORE: Final = 0x02  # store[k] = A
A_TO_X: Final = 0x07
X_TO_A: Final = 0x87
AND: Final = 0x54  # A &= k
SHIFT_RIGHT: Final = 0x74  # A >>= k
SHIFT_RIGHT_BY_X: Final = 0x7C
IF_EQUAL: Final = 0x15  # A == k
IF_EQUAL_X: Final = 0x1D  # A == X
IF_AT_LEAST: Final = 0x35  # A >= k
RETURN: Final = 0x06  # keep so many bytes

KEEP: Final = 0xFFFFFFFF
DROP: Final = 0
NETWORK_HEADER: Final = 0xFFF00000  # SKF_NET_OFF: offsets from here on count from the IP header


class Do(NamedTuple):
    """One instruction; a jump without a name goes to the next one."""

    operation: int
    number: int = 0
    then: str = ""
    otherwise: str = ""


Step = Do | str  # a str names the instruction behind it
Code = tuple[tuple[int, int, int, int], ...]  # operation, instructions to skip if true and if false, number


def assemble(*steps: Step) -> Code:
    """The program that these steps make; a name may stand several times, a jump goes to the next of them."""
    code: list[tuple[int, int, int, int]] = []
    ahead: dict[str, int] = {}  # from the end: each name, and how many instructions stand from it to the end
    for step in reversed(steps):
        if isinstance(step, str):
            ahead[step] = len(code)
            continue
        then, otherwise = (len(code) - ahead[name] if name else 0 for name in (step.then, step.otherwise))
        code.append((step.operation, then, otherwise, step.number))
    return tuple(reversed(code))


DROP_ALL: Final = assemble(Do(RETURN, DROP))


def attach(sock: socket.socket, code: Code) -> None:
    """Let only through what the program keeps, from now on; replaces an earlier one.

    Raises:
        OSError: the kernel refuses it.
    """
    _give(sock, _SO_ATTACH_FILTER, code)


def sort_by(sock: socket.socket, code: Code) -> None:
    """Let the kernel sort packets over the sockets of this one's port; replaces an earlier program.

    What the program returns is the number of the socket, in the order in which they were bound.

    Raises:
        OSError: the kernel refuses it.
    """
    _give(sock, _SO_ATTACH_REUSEPORT_CBPF, code)


def _give(sock: socket.socket, option: int, code: Code) -> None:
    packed = b"".join(_SOCK_FILTER.pack(*instruction) for instruction in code)
    memory = ctypes.create_string_buffer(packed, len(packed))
    sock.setsockopt(socket.SOL_SOCKET, option, _SOCK_FPROG.pack(len(code), ctypes.addressof(memory)))
