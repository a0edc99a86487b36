"""Sockets of attempts: from where, through what, with which mark (behaviour HC-24), and connected."""

import socket
from errno import EALREADY, EINPROGRESS, EINVAL
from functools import partial
from struct import Struct
from typing import Final

from standfast.base.limits import ATTEMPT_EXHAUSTED_PAUSE
from standfast.base.times import SECOND
from standfast.engine.check_ports import Way
from standfast.linux.attempts.failure import EXHAUSTED, failed, place_of
from standfast.linux.attempts.readiness import WRITABLE
from standfast.linux.attempts.trial import TimedOut, Trial

STREAM: Final = socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
DATAGRAM: Final = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC

_RESET: Final = Struct("@ii").pack(1, 0)  # struct linger: close with a reset


async def open_socket(trial: Trial, way: Way, kind: int, protocol: int = 0) -> socket.socket:
    """A socket for this way, bound as it says, not yet connected.

    Where descriptors or memory have run out, they may be back soon: it is tried until the deadline, so that a
    moment's shortage of ours takes no server away.

    Raises:
        Failed: `cannot-run`.
    """
    trial.where = partial(place_of, way)
    family = socket.AF_INET if way.address.version == 4 else socket.AF_INET6
    while True:
        try:
            sock = socket.socket(family, kind, protocol)
            break
        except OSError as error:
            if error.errno not in EXHAUSTED:
                raise failed(error.errno or 0, "cannot-run", place_of(way)) from error
            await _wait_for_better(trial, error)
    try:
        _bind(sock, way, kind)
    except OSError as error:
        sock.close()
        raise failed(error.errno or EINVAL, "cannot-run", place_of(way)) from error
    return sock


async def connected(trial: Trial, way: Way, kind: int = STREAM, protocol: int = 0) -> socket.socket:
    """A socket that is connected.

    Raises:
        Failed: `connect`, or `cannot-run`.
    """
    sock = await open_socket(trial, way, kind, protocol)
    try:
        error = await _connect(trial, sock, way)
    except OSError as refusal:
        error = refusal.errno or EINVAL
    except BaseException:
        trial.leave(sock)
        raise
    if error:
        trial.leave(sock)
        raise failed(error, "connect", place_of(way))
    return sock


async def _connect(trial: Trial, sock: socket.socket, way: Way) -> int:
    """0, or the errno of the refusal."""
    trial.missing = "no connection"
    address = sockaddr_of(way)
    error = sock.connect_ex(address)
    if error == EINPROGRESS:
        error = sock.connect_ex(address)  # who is near has answered already
    while error == EALREADY:
        await trial.ready(sock, WRITABLE)
        error = sock.connect_ex(address)
    return error


def sockaddr_of(way: Way) -> tuple[str, int] | tuple[str, int, int, int]:
    """Where it leads to, as `connect` wants it.

    Raises:
        OSError: there is no such interface.
    """
    if way.address.version == 4:
        return str(way.address), way.port
    return str(way.address), way.port, 0, _scope(way) if way.address.is_link_local else 0


def _scope(way: Way) -> int:
    return socket.if_nametoindex(way.interface) if way.interface else 0


def _bind(sock: socket.socket, way: Way, kind: int) -> None:
    if way.mark:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, way.mark)
    if way.interface:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, way.interface.encode() + b"\0")
    if way.source is None and not way.source_port:
        return
    if way.source_port:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == STREAM:  # else the next check would find its port in TIME-WAIT
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    elif kind == STREAM:  # the port is chosen when it is known where to: more than 28,000 at once
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
    if way.source is None:
        sock.bind(("0.0.0.0" if way.address.version == 4 else "::", way.source_port))  # noqa: S104 (no listener)
    elif way.source.version == 4:
        sock.bind((str(way.source), way.source_port))
    else:
        sock.bind((str(way.source), way.source_port, 0, _scope(way) if way.source.is_link_local else 0))


async def _wait_for_better(trial: Trial, error: OSError) -> None:
    """Let a moment pass.

    Raises:
        Failed: the deadline has come, and it is not better yet.
    """
    try:
        await trial.pause(ATTEMPT_EXHAUSTED_PAUSE / SECOND)
    except TimedOut as end:
        raise failed(error.errno or 0, "cannot-run", trial.place) from end
