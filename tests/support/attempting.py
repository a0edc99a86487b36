"""What the lab tests of attempts share: a loop in a namespace, the port under test, and servers on that loop."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import pytest
from linux_namespace import descriptors, inside

from standfast.base.times import Instant, seconds
from standfast.core.check.events import Attempted
from standfast.core.check.outcome import PHASES, Outcome
from standfast.core.check.probes import HttpProbe, Page, Probe, Way
from standfast.linux.accounts import Account, default_account
from standfast.linux.attempts.port import Attempts
from standfast.linux.loop import MonotonicClock, new_loop
from standfast.linux.script_paths import check_script
from standfast.model.kinds.scripts import Script

LOOPBACK: Final = ip_address("127.0.0.1")
LATE: Final = 5.0  # seconds that a busy machine may take beyond a deadline
PATIENT: Final = 10.0  # seconds of an attempt that is not to end by its deadline
_ROUNDS: Final = 100  # of ending servers

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Reply = Callable[[bytes], Iterable[bytes]]  # gets a datagram, gives those that answer it


class Trier:
    """Tries probes against servers of the same loop."""

    def __init__(self, loop: asyncio.SelectorEventLoop) -> None:
        self.loop = loop
        self.told: list[Attempted] = []
        self.attempts = Attempts(loop, self.told.extend, programs)
        self._servers: list[asyncio.Server] = []
        self._sockets: list[socket.socket] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._number = 0

    def go(self, probe: Probe, limit: float = PATIENT) -> Outcome:
        """Try once; what it came to."""
        number = self.start(probe, limit)
        return self.loop.run_until_complete(self.outcome_of(number, limit + LATE))

    def start(self, probe: Probe, limit: float) -> int:
        """Start an attempt; its number."""
        self._number += 1
        deadline = Instant(MonotonicClock().now() + seconds(limit))
        self.attempts.start("check", self._number, probe, deadline)
        return self._number

    async def outcome_of(self, number: int, limit: float) -> Outcome:
        """What an attempt comes to; an error if it takes longer than that, in seconds."""
        end, late = self.loop.time() + limit, False
        while not late:
            late = self.loop.time() > end  # asked first: who was stopped meanwhile looks once more
            for each in self.told:
                if each.number == number:
                    assert each.outcome.ok != (each.outcome.phase in PHASES), (
                        "a failure has a phase, nothing else"
                    )
                    return each.outcome
            await asyncio.sleep(0.001)
        raise AssertionError(f"nothing was told {LATE} s after the deadline")

    def serve(self, serve: Serve, host: str = "127.0.0.1", **options: object) -> Way:
        """Serve by this on a free port; the way there."""

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await serve(reader, writer)
            except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.transport.abort() if writer.is_closing() else writer.close()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.append(writer)
            self._serving.add(self.loop.create_task(one(reader, writer)))

        starting = asyncio.start_server(connected, host, 0, **options)  # type: ignore[arg-type]
        server = self.loop.run_until_complete(starting)
        self._servers.append(server)
        return Way(ip_address(host), server.sockets[0].getsockname()[1])

    def refuses(self) -> Way:
        """The way to a port that nothing listens on."""
        with socket.socket() as former:
            former.bind((str(LOOPBACK), 0))
            return Way(LOOPBACK, former.getsockname()[1])

    def says(self, answer: bytes, *, hears: bytes = b"\r\n\r\n") -> Way:
        """Serve this answer to whoever has said something that ends so."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if hears:
                await reader.readuntil(hears)
            writer.write(answer)
            await writer.drain()

        return self.serve(serve)

    def accept(self) -> Way:
        """Take all connections, and close them; the way there."""
        server = socket.create_server((str(LOOPBACK), 0), backlog=100)

        def take() -> None:
            connection, _ = server.accept()
            connection.close()

        self.loop.add_reader(server, take)
        self._sockets.append(server)
        return Way(LOOPBACK, server.getsockname()[1])

    def serve_datagrams(self, reply: Reply) -> Way:
        """Answer each datagram so, on a free port; the way there."""
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        server.bind((str(LOOPBACK), 0))

        def serve() -> None:
            asked, peer = server.recvfrom(2000)
            for each in reply(asked):
                server.sendto(each, peer)

        self.loop.add_reader(server, serve)
        self._sockets.append(server)
        return Way(LOOPBACK, server.getsockname()[1])

    def close(self) -> None:
        self.attempts.close()
        for server in self._servers:
            server.close()
        for one in self._sockets:
            self.loop.remove_reader(one)
            one.close()
        self.loop.run_until_complete(self._settle())

    async def _settle(self) -> None:
        """End who serves; who has just been accepted may begin to serve meanwhile."""
        for _ in range(_ROUNDS):
            for task in self._serving:
                task.cancel()
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.sleep(0.01)
            if len(asyncio.all_tasks()) == 1:
                return


@contextmanager
def trier() -> Iterator[Trier]:
    """In a namespace of its own; looks that nothing is left open."""
    with inside(), closing(new_loop()) as loop:
        before = descriptors()
        with closing(Trier(loop)) as made:
            yield made
        assert made.attempts.under_way == 0
        assert len(descriptors()) <= len(before) + 1, "the loop's resolver may have opened one"


def programs(script: Script) -> tuple[Sequence[str], Account]:
    """As the daemon finds them, without the look at who could change them."""
    account = default_account()
    return (check_script(script.path, account), *script.words[1:]), account


def page(path: str = "/", **values: object) -> Page:
    """A page of a server without a name."""
    return Page(path, "server", **values)  # type: ignore[arg-type]


def fetch(way: Way, *pages: Page, **values: object) -> HttpProbe:
    """These pages, or one."""
    return HttpProbe(way, pages or (page(),), **values)  # type: ignore[arg-type]


def answer(body: bytes = b"hello", status: str = "200 OK", head: str = "") -> bytes:
    """An answer of HTTP/1.1 with its length."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


def needed(program: str) -> str:
    """The path of a program; skips the test without it."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@contextmanager
def running(*words: str, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the namespace, ended at the end."""
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=directory)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
