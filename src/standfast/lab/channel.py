"""Messages between the lab and the keeper of its namespaces: JSON, and open files that travel with it."""

import json
import socket
from collections.abc import Sequence
from struct import Struct
from typing import Any, Final

Message = dict[str, Any]

_LENGTH: Final = Struct("!I")
_FILES_MAX: Final = 4  # open files in one message: input, output and error of a process, and one to spare


def send(channel: socket.socket, message: Message, files: Sequence[int] = ()) -> None:
    """Send one message; `files` are file descriptors that the other side gets copies of."""
    body = json.dumps(message).encode()
    socket.send_fds(channel, [_LENGTH.pack(len(body))], list(files))
    channel.sendall(body)


def receive(channel: socket.socket) -> tuple[Message, list[int]] | None:
    """Wait for one message and its file descriptors; None when the other side is gone."""
    head, files, _, _ = socket.recv_fds(channel, _LENGTH.size, _FILES_MAX)
    head += _exactly(channel, _LENGTH.size - len(head)) if head else b""
    if len(head) < _LENGTH.size:
        return None
    body = _exactly(channel, _LENGTH.unpack(head)[0])
    return (json.loads(body), files) if body else None


def _exactly(channel: socket.socket, size: int) -> bytes:
    got = bytearray()
    while len(got) < size:
        piece = channel.recv(size - len(got))
        if not piece:
            return b""
        got += piece
    return bytes(got)
