"""PING_CHECK: an echo that is answered (behaviour HC-15).

An ICMP datagram socket needs no privilege where net.ipv4.ping_group_range allows our group; the kernel gives it an
id, and only its replies. Elsewhere a raw socket does the same with CAP_NET_RAW: the host's setting stays as it is.
"""

import secrets
import socket
from errno import EACCES, EPERM
from typing import Final

from standfast.base.addresses import Family, family_of
from standfast.base.errors import Malformed
from standfast.engine.check_ports import PingProbe, Way
from standfast.linux.attempts.datagrams import Datagrams, open_datagrams
from standfast.linux.attempts.failure import Failed
from standfast.linux.attempts.trial import Trial
from standfast.linux.bpf import (
    DROP,
    HEADER_LENGTH_TO_X,
    IF_EQUAL,
    KEEP,
    LOAD_HALF_BEHIND_X,
    NUMBER_TO_X,
    RETURN,
    Code,
    Do,
    assemble,
    attach,
)
from standfast.wire.icmp import decode_echo_reply, encode_echo_request

_PROTOCOL: Final = {Family.IPV4: socket.IPPROTO_ICMP, Family.IPV6: socket.IPPROTO_ICMPV6}
_RAW: Final = socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
_ID_AT: Final = 4  # in an echo and its reply
_TOKEN: Final = 16  # bytes that only the answer to this request has


async def attempt(trial: Trial, probe: PingProbe) -> None:
    """Send an echo request, and wait for its reply."""
    family = family_of(probe.way.address)
    number, token = secrets.randbelow(0xFFFF) + 1, secrets.token_bytes(_TOKEN)
    with await _open(trial, probe.way, family, number) as link:
        trial.missing = "no answer"
        link.send(encode_echo_request(family, token, number=number, sequence=1))
        headed = link.sock.type == socket.SOCK_RAW and family is Family.IPV4
        while not _is_reply(family, await link.receive(), token, headed=headed):
            pass


async def _open(trial: Trial, way: Way, family: Family, number: int) -> Datagrams:
    try:
        return await open_datagrams(trial, way, protocol=_PROTOCOL[family])
    except Failed as failure:
        if failure.error not in {EACCES, EPERM}:
            raise
    try:
        link = await open_datagrams(trial, way, kind=_RAW, protocol=_PROTOCOL[family])
    except Failed as failure:
        if failure.error != EPERM:
            raise
        words = f"{trial.place}: not permitted; widen net.ipv4.ping_group_range, or give CAP_NET_RAW"
        raise Failed("cannot-run", words, error=EPERM) from failure
    attach(link.sock, _only(family, number))
    return link


def _is_reply(family: Family, message: bytes, token: bytes, *, headed: bool) -> bool:
    if headed:
        message = message[(message[0] & 0x0F) * 4 :] if message else b""
    try:
        return decode_echo_reply(family, message).data == token
    except Malformed:
        return False


def _only(family: Family, number: int) -> Code:
    """Lets through what has our id: a raw socket hears all the ICMP of its peer, other checks' replies, too."""
    to_message = Do(HEADER_LENGTH_TO_X, 0) if family is Family.IPV4 else Do(NUMBER_TO_X, 0)
    return assemble(
        to_message,
        Do(LOAD_HALF_BEHIND_X, _ID_AT),
        Do(IF_EQUAL, number, otherwise="other"),
        Do(RETURN, KEEP),
        "other",
        Do(RETURN, DROP),
    )
