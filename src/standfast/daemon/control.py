"""The control socket: clients, their requests, and what they get for them; nobody can make it wait.

One JSON object a line (`observe.state.protocol`). Requests of one client are answered one after the other. Whoever
sends what is no request, too much, or nothing for long gets a word and is let go.
"""

import os
import socket
import stat
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from standfast.base.errors import Malformed, Refused
from standfast.base.frozen import frozen
from standfast.base.limits import (
    CONTROL_CLIENTS,
    CONTROL_IDLE,
    CONTROL_REQUEST,
    CONTROL_UNREAD,
    CONTROL_WAITING,
)
from standfast.base.times import Instant, after
from standfast.daemon.channel import enlarge_unread
from standfast.daemon.clients import BACKLOG, Clients
from standfast.daemon.poll import PollLoop
from standfast.daemon.roles import Role, role_of, user_of
from standfast.engine.ports import Clock
from standfast.observe.state.protocol import Answer, Request
from standfast.observe.state.status import SCHEMA
from standfast.wire.ipc import Lines

_CHUNK: Final = 64 * 1024
_REQUEST: Final = msgspec.json.Decoder(Request)
_ENCODE: Final = msgspec.json.Encoder(enc_hook=str).encode


class _Given(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An `Answer` whose value is not JSON yet: what is long is written only once."""

    schema: int = SCHEMA
    ok: bool
    answer: object


class Reply:
    """The way back to whoever asked; used once, or, if it is kept open, once a line."""

    def __init__(self, client: "_Client", role: Role) -> None:
        self._client = client
        self.role = role

    @property
    def user(self) -> str:
        """The name of the user who asked, as the kernel vouches for it."""
        return user_of(self._client.socket)

    @property
    def gone(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._client.closed

    def fileno(self) -> int:
        """The descriptor, for who answers from another program."""
        return self._client.socket.fileno()

    def answer(self, value: object) -> None:
        """Answer; the value becomes JSON, `msgspec.Raw` stays as it is."""
        self._client.finish(_ENCODE(_Given(ok=True, answer=value)))

    def refuse(self, slug: str, words: str, remedy: str = "") -> None:
        """Say why not."""
        self._client.finish(_ENCODE(Answer(ok=False, refusal=slug, words=words, remedy=remedy)))

    def line(self, value: object) -> None:
        """One line of a stream, instead of an answer."""
        self._client.send(_ENCODE(value))


@frozen
class Verb:
    """Something that a client can ask for or order."""

    role: Role  # that it takes
    serve: Callable[[Request, Reply], None]


class Control:
    """Listens, and lets verbs answer."""

    def __init__(
        self,
        loop: PollLoop,
        clock: Clock,
        verbs: Mapping[str, Verb],
        *,
        tell: Callable[[object], None] = lambda _fact: None,
    ) -> None:
        """Make it; nobody can connect yet.

        Args:
            loop: that everything is waited for on.
            clock: of this host.
            verbs: by name; others may be added to it at any time.
            tell: gets what is to be said of clients that cannot be let in.
        """
        self._verbs = verbs
        self._path = ""
        self._group: int | None = None
        self._clients: Clients[_Client] = Clients(loop, clock, self._client, tell=tell)
        self._inherited: tuple[int, str] | None = None

    @property
    def listening(self) -> tuple[int, str]:
        """Descriptor and path of the socket; -1 if there is none."""
        descriptor = self._clients.descriptor
        return descriptor, self._path if descriptor >= 0 else ""

    def inherit(self, descriptor: int, path: str) -> None:
        """Before it is opened: the program before listened here, and whoever has knocked since waits."""
        self._inherited = descriptor, path

    def open(self, path: str, *, mode: int, group: int | None) -> None:
        """Listen at this path.

        Args:
            path: of the socket; one that a dead process left there is removed.
            mode: its permissions; who may not write to it cannot connect.
            group: its group, whose members may order.

        Raises:
            Refused: somebody else listens there, or it cannot be made.
        """
        self.close()
        try:
            listening = self._taken_over(path, mode, group)
            if listening is None:
                _make_room(path)
                listening = _bound(path, mode, group)
        except OSError as error:
            words = f"cannot make the control socket {path}: {error.strerror or error}"
            raise Refused("control-socket", words, remedy="name another path with control_socket") from None
        self._path, self._group = path, group
        self._clients.listen(listening)

    def disinherit(self) -> None:
        """Nobody listens where the program before did."""
        self._taken_over("", 0, None)

    def _taken_over(self, path: str, mode: int, group: int | None) -> socket.socket | None:
        """The socket of the program before, if it is at this path.

        Raises:
            OSError: it cannot have this mode or group.
        """
        inherited, self._inherited = self._inherited, None
        if inherited is None:
            return None
        listening = socket.socket(fileno=inherited[0])
        if inherited[1] != path:
            Path(inherited[1]).unlink(missing_ok=True)
            listening.close()
            return None
        listening.setblocking(False)  # noqa: FBT003  (it has no name)
        if group is not None:
            os.chown(path, -1, group)
        Path(path).chmod(mode)
        return listening

    def close(self) -> None:
        """Listen no more, let all clients go, and remove the socket."""
        if self._clients.descriptor >= 0:
            with suppress(OSError):
                Path(self._path).unlink()
        self._clients.close()

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._clients.leave()

    def _client(self, connection: socket.socket) -> "_Client":
        enlarge_unread(connection)
        return _Client(connection, role_of(connection, self._group), self._clients, self.serve)

    def serve(self, client: "_Client", line: bytes) -> None:
        """Let the verb of a request answer."""
        reply = Reply(client, client.role)
        try:
            request = _REQUEST.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            client.bid_farewell("not-a-request", f"this is no request: {error}")
            return
        if request.schema != SCHEMA:
            reply.refuse("schema", f"we speak version {SCHEMA} of the schema, not {request.schema}")
            return
        verb = self._verbs.get(request.verb)
        if verb is None:
            reply.refuse("unknown-verb", f"there is no {request.verb!r}; there are: {', '.join(self._verbs)}")
        elif client.role < verb.role:
            words = f"{request.verb} is for root and the members of control_socket_group"
            reply.refuse("not-permitted", words, "run it as root, or become a member of that group")
        else:
            verb.serve(request, reply)


class _Client:
    """One connection."""

    def __init__(
        self,
        connection: socket.socket,
        role: Role,
        clients: "Clients[_Client]",
        serve: Callable[["_Client", bytes], None],
    ) -> None:
        self.socket = connection
        self.role = role
        self.closed = False
        self._clients = clients
        self._serve = serve
        self._lines = Lines(CONTROL_REQUEST)
        self._waiting: deque[bytes] = deque()
        self._busy = False  # a request is being answered
        self._unsent = bytearray()
        self._leaving = False
        self._active = clients.clock.now()

    @property
    def until(self) -> Instant:
        """When it has been silent for too long; while we owe it an answer it may be."""
        if self._busy and not self._unsent:
            return after(self._now(), CONTROL_IDLE)
        return after(self._active, CONTROL_IDLE)

    def watch(self) -> None:
        """Wait for what it says, and for it to read."""
        writable = self._flush if self._unsent else None
        self._clients.loop.watch(self.socket.fileno(), readable=self._hear, writable=writable)

    def _hear(self) -> None:
        try:
            data = self.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        if self._leaving:
            return
        self._active = self._now()
        try:
            self._waiting.extend(line for line in self._lines.feed(data) if line.strip())
        except Malformed:
            self.bid_farewell("too-long", f"a request has at most {CONTROL_REQUEST} bytes")
            return
        if len(self._waiting) > CONTROL_WAITING:
            self.bid_farewell("too-many", f"at most {CONTROL_WAITING} requests may wait for their answers")
            return
        self._serve_next()

    def _serve_next(self) -> None:
        while self._waiting and not self._busy and not self._leaving:
            self._busy = True
            self._serve(self, self._waiting.popleft())

    def finish(self, line: bytes) -> None:
        """The answer to the request that is being answered."""
        self.send(line)
        self._busy = False
        self._serve_next()

    def send(self, line: bytes) -> None:
        """Send a line, now or when it reads; one that never does is let go."""
        if self.closed:
            return
        if len(self._unsent) + len(line) >= CONTROL_UNREAD:
            self.close()
            return
        if self._unsent:
            self._unsent += line + b"\n"
        else:
            self._active = self._now()
            self._unsent += self._begun(line)
        self._flush()

    def _begun(self, line: bytes) -> bytes:
        """Send a line; what is left of it. Mostly that is nothing, and a megabyte was not copied."""
        try:
            sent = self.socket.sendmsg((line, b"\n"))
        except OSError:  # tried again with what there is to say of it
            sent = 0
        return b"" if sent > len(line) else line[sent:] + b"\n"

    def turn_away(self) -> None:
        """Say that there are too many."""
        self.bid_farewell("too-many-clients", f"{CONTROL_CLIENTS} clients are connected already")

    def expire(self) -> None:
        """Say that it was silent for too long."""
        self.bid_farewell("idle", "nothing was asked, or nothing was read, for too long")

    def bid_farewell(self, slug: str, words: str) -> None:
        """Say why, then let it go."""
        if self.closed:
            return
        self._leaving = True
        self.send(_ENCODE(Answer(ok=False, refusal=slug, words=words)))
        if not self.closed:
            self.close()

    def _flush(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self.socket.send(self._unsent)]
                self._active = self._now()
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        self.watch()

    def close(self) -> None:
        """Let it go."""
        if not self.closed:
            self.closed = True
            self._clients.forget(self)

    def _now(self) -> Instant:
        return self._clients.clock.now()


def _make_room(path: str) -> None:
    """Remove the socket that a dead process left.

    Raises:
        OSError: what is there is no socket.
        Refused: somebody listens there.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise FileExistsError(0, "there is something else that is no socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
            knocking.setblocking(False)  # noqa: FBT003  (it has no name)
            if knocking.connect_ex(path) == 0:
                raise Refused(
                    "control-socket", f"another process listens at {path}", remedy="name another path"
                )
        Path(path).unlink()


def _bound(path: str, mode: int, group: int | None) -> socket.socket:
    """A socket that listens; it is never more open than it will be."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    mask = os.umask(0o777)
    try:
        listening.bind(path)
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(mask)
    try:
        if group is not None:
            os.chown(path, -1, group)
        Path(path).chmod(mode)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        with suppress(OSError):
            Path(path).unlink()
        raise
    return listening
