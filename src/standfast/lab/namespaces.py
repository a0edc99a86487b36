"""The lab's side of its namespaces: starts the keeper that holds them, asks it for what only it can do."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from standfast.base.errors import Refused
from standfast.base.times import Instant
from standfast.lab.channel import Message, receive, send
from standfast.lab.clock import NANOSECONDS

_ENDS_WITHIN: Final = 30.0  # seconds that the kernel may take to kill what runs in a lab
_PROGRAMS: Final = ("ip",)
_PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr"  # an ordinary user's PATH lacks the first


class Namespaces:
    """The namespaces of one lab; a context manager that leaves nothing of them behind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # a probe and a test may ask at the same time
        self._channel, self._keeper = _start_keeper()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all that runs in the namespaces, and them; once is enough, twice does no harm."""
        self._channel.close()
        try:
            self._keeper.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._keeper.kill()  # its child has asked to die with it
            self._keeper.wait()

    def network(self, host: str) -> str:
        """Make the network of a host; the path by which `ip` calls it."""
        return str(self._ask({"do": "network", "host": host})["path"])

    def start(
        self,
        host: str,
        argv: Sequence[str],
        *,
        streams: tuple[int, int, int],
        environment: Mapping[str, str] | None = None,
    ) -> tuple[int, int, Instant]:
        """Run a program on a host (an empty name: beside the switches).

        Returns:
            Its pid inside the lab, a pidfd that the caller closes, and when it was started.

        Raises:
            Refused: there is no such program.
        """
        # The PATH of the lab's own user may have been made for another: look the program up here.
        path = f"{os.environ.get('PATH', '')}:{_PLACES}"
        program = shutil.which(argv[0], path=path)
        if program is None:
            raise Refused("no-program", f"the program {argv[0]} is not installed")
        message = {
            "do": "start",
            "host": host,
            "argv": [program, *argv[1:]],
            "environment": {**os.environ, "PATH": path, **(environment or {})},
        }
        answer, (pidfd,) = self._ask_for_files(message, streams)
        return answer["pid"], pidfd, _instant(answer)

    def status(self, pid: int) -> int | None:
        """Exit status of a program that has ended (negative: the signal), or None."""
        status: int | None = self._ask({"do": "status", "pid": pid})["status"]
        return status

    def tell(self, pids: Sequence[int], number: int) -> Instant:
        """Send a signal to processes; when that was."""
        return _instant(self._ask({"do": "signal", "pids": list(pids), "number": int(number)}))

    def tree(self, pid: int) -> dict[int, str]:
        """The living processes below and with `pid`, itself among them: pid and command line."""
        tree: dict[str, str] = self._ask({"do": "tree", "pid": pid})["tree"]
        return {int(each): command for each, command in tree.items()}

    def destroy(self, pid: int) -> Instant:
        """Kill a program with all that belongs to it, so that nothing of it can say goodbye."""
        return _instant(self._ask({"do": "destroy", "pid": pid}))

    def socket(
        self, host: str, family: int, kind: int, protocol: int = 0, *, buffer: int = 0
    ) -> socket.socket:
        """A socket in the host's network; `buffer` bytes can wait to be read."""
        message = {"do": "socket", "host": host, "kind": [family, kind, protocol], "buffer": buffer}
        _, (file,) = self._ask_for_files(message)
        return socket.socket(fileno=file)

    def set_link(self, host: str, link: str, *, up: bool) -> Instant:
        """Set a link up or down; when that was done."""
        return _instant(self._ask({"do": "link", "host": host, "link": link, "up": up}))

    def write(self, host: str, file: str, text: str, mode: int) -> None:
        """Write a file under the host's /run."""
        self._ask({"do": "write", "host": host, "file": file, "text": text, "mode": mode})

    def read(self, host: str, file: str) -> str:
        """Read a file under the host's /run."""
        return str(self._ask({"do": "read", "host": host, "file": file})["text"])

    def _ask(self, message: Message) -> Message:
        return self._ask_for_files(message)[0]

    def _ask_for_files(self, message: Message, files: Sequence[int] = ()) -> tuple[Message, list[int]]:
        with self._lock:
            send(self._channel, message, files)
            answer = receive(self._channel)
        return _heed(answer)


def lacking() -> str:
    """What this machine lacks for a lab, and what to do, as a sentence; empty if there can be one."""
    try:
        with Namespaces() as namespaces:
            namespaces.network("trial")
    except Refused as refused:
        return str(refused)
    return ""


def _start_keeper() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    for program in _PROGRAMS:
        if shutil.which(program, path=_PLACES) is None:
            raise Refused("no-program", f"the program {program} is missing", remedy="apt install iproute2")
    ours, theirs = socket.socketpair()
    with theirs:
        # Of its own session: a ^C is for the lab, which then closes the channel.
        keeper = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-m", "standfast.lab.keeper", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        _heed(receive(ours))
    except BaseException:
        ours.close()
        keeper.wait()
        raise
    return ours, keeper


def _heed(answer: tuple[Message, list[int]] | None) -> tuple[Message, list[int]]:
    """The keeper's answer, unless it is a refusal.

    Raises:
        Refused: the keeper could not do it, or is gone.
    """
    if answer is None:
        raise Refused("keeper-gone", "the process that keeps the lab's namespaces has ended")
    message, _ = answer
    if "refused" in message:
        raise Refused(message.get("reason", "lab"), message["refused"], remedy=message.get("remedy", ""))
    return answer


def _instant(answer: Mapping[str, Any]) -> Instant:
    return Instant(answer["at"] // NANOSECONDS)
