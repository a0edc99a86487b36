"""One end of the socket pair between the parent and a child; never waits."""

import os
import socket
from collections import deque
from collections.abc import Callable

from standfast.base.errors import Malformed
from standfast.base.limits import SENT_UNREAD
from standfast.wire.ipc import Lines, Message, Signalled, decode_message, encode_message

_CHUNK = 64 * 1024  # what is larger gets fresh pages from the kernel each time
_SO_SNDBUFFORCE = 32  # beyond the system's limit (socket(7)); Python has no name for it
_FILES = 16  # descriptors taken out of one chunk; there are three children


class Channel:
    """Sends and receives messages; what cannot be sent now waits, in order."""

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(0)
        self.links: dict[str, socket.socket] = {}  # that a child was born with: by whom they lead to
        self.elder: socket.socket | None = None  # that a child was born with: its predecessor speaks there
        self.acts: dict[int, Callable[[], None]] | None = None  # of a child that is a thread: by signal
        self._socket = end
        self._lines = Lines()
        self._unsent: deque[tuple[bytearray, socket.socket | None]] = deque()
        self._files: deque[int] = deque()

    def fileno(self) -> int:
        """The descriptor, for a selector."""
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether to call `flush` when the socket takes more."""
        return bool(self._unsent)

    @property
    def unsent(self) -> int:
        """How many bytes the other end has not read yet."""
        return sum(len(data) for data, _ in self._unsent)

    @property
    def rest(self) -> bytes:
        """What has arrived of a message that is not complete."""
        return self._lines.rest

    def resume(self, rest: bytes) -> None:
        """Go on where another holder of this end stopped."""
        self._lines.feed(rest)

    def send(self, message: Message, file: socket.socket | None = None) -> None:
        """Send a message, or keep it until the other end has read what came before.

        Args:
            message: what to say.
            file: a socket that goes with it, and is closed here when it has gone.
        """
        if file is None and self._unsent and self._unsent[-1][1] is None:
            self._unsent[-1][0].extend(encode_message(message))
        else:
            self._unsent.append((bytearray(encode_message(message)), file))
        self.flush()

    def flush(self) -> None:
        """Send as much as the socket takes; to a dead end nothing needs to be sent."""
        try:
            while self._unsent:
                self._send_some()
        except BlockingIOError:
            return
        except OSError:
            self._forget_unsent()

    def _send_some(self) -> None:
        data, file = self._unsent[0]
        if file is None:
            del data[: self._socket.send(data)]
        else:
            sent = socket.send_fds(self._socket, [data], [file.fileno()])
            file.close()
            del data[:sent]
            self._unsent[0] = data, None
        if not data:
            self._unsent.popleft()

    def receive(self) -> list[Message]:
        """What has arrived, at most a chunk of it.

        Raises:
            Malformed: the other end sends what nobody understands.
            EOFError: the other end is gone.
        """
        try:
            data, files, _, _ = socket.recv_fds(self._socket, _CHUNK, _FILES)
        except BlockingIOError:
            return []
        except OSError:
            data, files = b"", []
        for file in files:
            os.set_inheritable(file, False)  # noqa: FBT003  (it has no other way)
            self._files.append(file)
        if not data:
            raise EOFError
        messages = [decode_message(line) for line in self._lines.feed(data)]
        return messages if self.acts is None else [one for one in messages if not self._acts_on(one)]

    def _acts_on(self, message: Message) -> bool:
        """Do what a signal asks for; False: it is no signal."""
        if not isinstance(message, Signalled) or self.acts is None:
            return False
        if (act := self.acts.get(message.number)) is not None:
            act()
        return True

    def take_link(self) -> socket.socket:
        """The socket that came with the first `Linked` for which none was taken yet.

        Raises:
            Malformed: there is none.
        """
        if not self._files:
            raise Malformed("ipc-descriptor")
        return socket.socket(fileno=self._files.popleft())

    def close(self) -> None:
        """Close this end, and what was to go through it or came out of it."""
        self._socket.close()
        self._forget_unsent()
        while self._files:
            os.close(self._files.popleft())

    def _forget_unsent(self) -> None:
        for _, file in self._unsent:
            if file is not None:
                file.close()
        self._unsent.clear()


def enlarge_unread(end: socket.socket) -> None:
    """Let the other end leave a whole status unread: to wait for it again and again takes turns of a busy host."""
    try:
        end.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SENT_UNREAD)
    except PermissionError:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_UNREAD)


def channel_pair() -> tuple[Channel, Channel]:
    """Two ends: the parent's and the child's."""
    near, far = socket.socketpair()
    for end in (near, far):
        enlarge_unread(end)
    return Channel(near), Channel(far)
