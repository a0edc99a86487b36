"""One end of the socket pair between the parent and a child; never waits."""

import socket

from standfast.wire.ipc import Lines, Message, decode_message, encode_message

_CHUNK = 256 * 1024


class Channel:
    """Sends and receives messages; what cannot be sent now waits, in order."""

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(0)
        self._socket = end
        self._lines = Lines()
        self._unsent = bytearray()

    def fileno(self) -> int:
        """The descriptor, for a selector."""
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether to call `flush` when the socket takes more."""
        return bool(self._unsent)

    def send(self, message: Message) -> None:
        """Send a message, or keep it until the other end has read what came before."""
        self._unsent += encode_message(message)
        self.flush()

    def flush(self) -> None:
        """Send as much as the socket takes; to a dead end nothing needs to be sent."""
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()

    def receive(self) -> list[Message]:
        """What has arrived, at most a chunk of it.

        Raises:
            Malformed: the other end sends what nobody understands.
            EOFError: the other end is gone.
        """
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            raise EOFError
        return [decode_message(line) for line in self._lines.feed(data)]

    def close(self) -> None:
        """Close this end."""
        self._socket.close()


def channel_pair() -> tuple[Channel, Channel]:
    """Two ends: the parent's and the child's."""
    near, far = socket.socketpair()
    return Channel(near), Channel(far)
