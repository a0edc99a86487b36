"""The BPF programs of our sockets: which packets and which news of the kernel are worth waking up for."""

import socket
from collections.abc import Iterable
from typing import Final, NamedTuple

from standfast.base.addresses import Family
from standfast.base.routes import OUR_ROUTING_PROTOCOL
from standfast.linux.bpf import (
    A_TO_X,
    AND,
    DROP,
    HEADER_LENGTH_TO_X,
    IF_AT_LEAST,
    IF_EQUAL,
    KEEP,
    LOAD_BYTE,
    LOAD_BYTE_BEHIND_X,
    LOAD_HALF,
    LOAD_NUMBER,
    LOAD_STORED,
    LOAD_WORD,
    NETWORK_HEADER,
    NUMBER_TO_X,
    RETURN,
    SHIFT_RIGHT,
    SHIFT_RIGHT_BY_X,
    STORE,
    X_TO_A,
    Code,
    Do,
    Step,
    assemble,
)
from standfast.wire.netlink import REPLACE
from standfast.wire.rtnetlink_route import DEL_ROUTE, NEW_ROUTE, PROTOCOL_AT

_TTL: Final = 255
_ADVERTS: Final = 0x21, 0x31  # the first byte: version 2 or 3, type 1 (RFC 3768, 5.3.1; RFC 9568, 5.2.1)
_WORD: Final = 32  # bits
_MESSAGE_KIND, _MESSAGE_FLAGS, _MESSAGE_PORT = 4, 6, 12  # offsets in a netlink header


class _Layout(NamedTuple):
    """Where things are, as a raw socket of a family sees a packet."""

    payload_to_x: Do
    ttl: int
    destination: int
    first_group: int  # the first byte of a group's address is this or more


_LAYOUTS: Final = {
    Family.IPV4: _Layout(Do(HEADER_LENGTH_TO_X, 0), 8, 16, 0xE0),
    # The packet begins behind its IP header.
    Family.IPV6: _Layout(Do(NUMBER_TO_X, 0), NETWORK_HEADER + 7, NETWORK_HEADER + 24, 0xFF),
}


def adverts(
    family: Family,
    vrids: Iterable[int],
    *,
    multicast: bool,
    sound: bool,
    strangers: bool = False,
    behind: int = 0,
) -> Code:
    """What a socket for the adverts of these routers lets in.

    A packet is sound if it can be an advert at all: its version and type exist and, if it is for a group, its
    TTL or hop limit is 255 (behaviour WI-09). What is for other VRIDs is dropped, unless somebody asks for it
    (`log_unknown_vrids`): then it is not sound.

    Args:
        family: of the socket.
        vrids: each 1 to 255.
        multicast: whether the socket is for a group; otherwise for what comes to an address of the host.
        sound: let in what is sound; False: let in what is not.
        strangers: count what is for other VRIDs as not sound, instead of dropping it.
        behind: bytes between the IP header and the advert.
    """
    layout = _LAYOUTS[family]
    ttl_test = (Do(LOAD_BYTE, layout.ttl), Do(IF_EQUAL, _TTL, otherwise="unsound")) if multicast else ()
    group, host = ("", "drop") if multicast else ("drop", "")
    return assemble(
        Do(LOAD_BYTE, layout.destination),
        Do(IF_AT_LEAST, layout.first_group, then=group, otherwise=host),
        layout.payload_to_x,
        *_unless_among(vrids, "unsound" if strangers else "drop", behind),
        *ttl_test,
        layout.payload_to_x,
        Do(LOAD_BYTE_BEHIND_X, behind),
        Do(IF_EQUAL, _ADVERTS[0], then="sound"),
        Do(IF_EQUAL, _ADVERTS[1], then="sound"),
        "unsound",
        Do(RETURN, DROP if sound else KEEP),
        "sound",
        Do(RETURN, KEEP if sound else DROP),
        "drop",
        Do(RETURN, DROP),
    )


def _unless_among(vrids: Iterable[int], elsewhere: str, behind: int) -> tuple[Step, ...]:
    """Go elsewhere if the advert's second byte is not among these.

    They are a set of 256 bits: first its word is found, then the bit, so that 255 routers take no longer than
    one. The X register is used up.
    """
    words: dict[int, int] = {}
    for vrid in vrids:
        words[vrid // _WORD] = words.get(vrid // _WORD, 0) | 1 << vrid % _WORD
    table: list[Step] = []
    for number, word in sorted(words.items()):
        to_bit = Do(IF_AT_LEAST, 0, then="bit")
        table += [Do(IF_EQUAL, number, otherwise="not this"), Do(LOAD_NUMBER, word), to_bit, "not this"]
    return (
        Do(LOAD_BYTE_BEHIND_X, behind + 1),
        Do(A_TO_X),
        Do(SHIFT_RIGHT, _WORD.bit_length() - 1),
        *table,
        Do(IF_AT_LEAST, 0, then=elsewhere),
        "bit",
        Do(STORE, 0),
        Do(X_TO_A),
        Do(AND, _WORD - 1),
        Do(A_TO_X),
        Do(LOAD_STORED, 0),
        Do(SHIFT_RIGHT_BY_X),
        Do(AND, 1),
        Do(IF_EQUAL, 0, then=elsewhere),
    )


def news(kind: int, port: int) -> Code:
    """All netlink messages but those of this kind that tell what the socket with this port has done itself.

    Netlink writes in the byte order of the host, BPF reads in that of the network.
    """
    return assemble(
        Do(LOAD_HALF, _MESSAGE_KIND),
        Do(IF_EQUAL, socket.htons(kind), otherwise="keep"),
        Do(LOAD_WORD, _MESSAGE_PORT),
        Do(IF_EQUAL, socket.htonl(port), otherwise="keep"),
        Do(RETURN, DROP),
        "keep",
        Do(RETURN, KEEP),
    )


def routing_news() -> Code:
    """Of routes only what may be about ours: those that go with our mark, and any that replace others.

    A routing daemon beside us may change thousands a second; none of them wakes us up. All news of rules pass.
    """
    return assemble(
        Do(LOAD_HALF, _MESSAGE_KIND),
        Do(IF_EQUAL, socket.htons(DEL_ROUTE), then="ours"),
        Do(IF_EQUAL, socket.htons(NEW_ROUTE), otherwise="keep"),
        Do(LOAD_HALF, _MESSAGE_FLAGS),
        Do(AND, socket.htons(REPLACE)),
        Do(IF_EQUAL, 0, then="drop", otherwise="keep"),
        "ours",
        Do(LOAD_BYTE, PROTOCOL_AT),
        Do(IF_EQUAL, OUR_ROUTING_PROTOCOL, then="keep", otherwise="drop"),
        "keep",
        Do(RETURN, KEEP),
        "drop",
        Do(RETURN, DROP),
    )
