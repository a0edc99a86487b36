"""Which of the two sockets of a port gets a packet: the kernel decides, by a program of ours.

Both sockets of a medium share their port (SO_REUSEPORT). Packets that can be for one of our sessions go to one
socket, all others to the other, whose buffer is small and which is read with rests. So a flood of foreign packets
can neither fill the buffer of the good ones nor take much of our time.
"""

from collections.abc import Iterator
from typing import Final

from standfast.base.addresses import Family
from standfast.base.limits import BFD_FILTERED
from standfast.engine.bfd_ports import Medium
from standfast.linux.bpf import (
    IF_AT_LEAST,
    IF_EQUAL,
    LOAD_BYTE,
    LOAD_WORD,
    NETWORK_HEADER,
    RETURN,
    SHIFT_RIGHT,
    Code,
    Do,
    Step,
    assemble,
)

# The order in which the sockets are bound: what is read beyond the end of a packet ends a program with 0.
UNSOUND, SOUND = 0, 1

_TTL_AT: Final = {Family.IPV4: NETWORK_HEADER + 8, Family.IPV6: NETWORK_HEADER + 7}
_SOURCE_AT: Final = {Family.IPV4: NETWORK_HEADER + 12, Family.IPV6: NETWORK_HEADER + 8}
_YOURS_AT: Final = 8  # the packet begins behind the UDP header
_VERSION: Final = 1


def sorts(medium: Medium) -> Code:
    """The program: TTL, version, and a discriminator of ours, or none and a neighbour's address.

    With more sessions than it has room for, discriminators are not looked at.
    """
    steps: list[Step] = [
        Do(LOAD_BYTE, _TTL_AT[medium.family]),
        *_only_if_at_least(medium.least_ttl),
        Do(LOAD_BYTE, 0),
        Do(SHIFT_RIGHT, 5),
        *_only_if(_VERSION),
    ]
    if len(medium.discriminators) > BFD_FILTERED:
        return assemble(*steps, Do(RETURN, SOUND))
    return assemble(*steps, *_addressed(medium), Do(RETURN, UNSOUND))


# A jump leads 255 instructions far at most, so each test has its own end.
def _only_if_at_least(number: int) -> tuple[Step, ...]:
    return Do(IF_AT_LEAST, number, "on"), Do(RETURN, UNSOUND), "on"


def _only_if(number: int) -> tuple[Step, ...]:
    return Do(IF_EQUAL, number, "on"), Do(RETURN, UNSOUND), "on"


def _addressed(medium: Medium) -> Iterator[Step]:
    yield Do(LOAD_WORD, _YOURS_AT)
    for discriminator in sorted(medium.discriminators):
        yield from (Do(IF_EQUAL, discriminator, "", "next"), Do(RETURN, SOUND), "next")
    yield from _only_if(0)
    for neighbor in sorted(medium.neighbors, key=int):
        yield from _comes_from(medium.family, neighbor.packed)


def _comes_from(family: Family, packed: bytes) -> Iterator[Step]:
    for at in range(0, len(packed), 4):
        yield Do(LOAD_WORD, _SOURCE_AT[family] + at)
        yield Do(IF_EQUAL, int.from_bytes(packed[at : at + 4], "big"), "", "next")
    yield Do(RETURN, SOUND)
    yield "next"
