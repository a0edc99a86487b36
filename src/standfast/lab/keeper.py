"""The process that lives inside a lab: it holds the namespaces, and all that runs in them descends from it.

It is the first process of a PID namespace, and the network namespaces exist only as its open files. So there
is nothing to tidy up: when it ends, for whatever reason, the kernel kills everything that it started and the
networks are gone. It ends when its channel to the lab is closed, which happens too if the lab is killed.

Where it may (root) it makes namespaces directly; otherwise it enters a user namespace and is root there.
"""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from standfast.base.errors import Refused
from standfast.lab import kernel
from standfast.lab.channel import Message, receive, send
from standfast.lab.entrance import RUN, enter_namespaces, mount_own
from standfast.lab.trees import command, destroy, tell, tree

PRIVATE_RUN: Final = RUN / "hosts"  # one folder a host, which each sees as its /run
NOT_STARTED: Final = 127  # as a shell says it: the program could not be run

# An address must be usable at once, and nobody speaks who was not asked: no duplicate address detection, no
# router solicitations. Echo requests may be sent without a raw socket.
_SETTINGS: Final = {
    "net/ipv6/conf/all/accept_dad": "0",
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv6/conf/default/accept_ra": "0",
    "net/ipv6/conf/default/router_solicitations": "0",
    "net/ipv4/ping_group_range": "0 0",
}


class Keeper:
    """Answers the lab's requests, one at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        # "": our own, where the switches are.
        self._networks = {"": os.open("/proc/self/ns/net", os.O_RDONLY)}
        self._ended: dict[int, int] = {}  # pid -> exit status, of what we started

    def serve(self) -> None:
        """Answer until the lab is gone."""
        while (asked := receive(self._channel)) is not None:
            message, files = asked
            self._reap()
            given: list[int] = []
            try:
                answer, given = self._answer(message, files)
            except OSError as problem:
                answer = {"refused": str(problem)}
            finally:
                _close(files)
            send(self._channel, answer, given)
            _close(given)

    def _answer(self, message: Message, files: list[int]) -> tuple[Message, list[int]]:
        match message:
            case {"do": "network", "host": name}:
                return {"path": self._network(name)}, []
            case {"do": "start", "host": name, "argv": argv, "environment": environment}:
                pid = self._start(name, argv, environment, files)
                return {"pid": pid, "at": time.time_ns()}, [os.pidfd_open(pid)]
            case {"do": "status", "pid": pid}:
                return {"status": self._ended.get(pid)}, []
            case {"do": "signal", "pids": pids, "number": number}:
                return {"at": tell(pids, number)}, []
            case {"do": "tree", "pid": pid}:
                return {"tree": {each: command(each) for each in tree(pid)}}, []
            case {"do": "destroy", "pid": pid}:
                return {"at": destroy(pid)}, []
            case {"do": "socket", "host": name, "kind": kind, "buffer": buffer}:
                return {}, [self._socket(name, kind, buffer)]
            case {"do": "link", "host": name, "link": link, "up": up}:
                return {"at": self._link(name, link, up=up)}, []
            case {"do": "write", "host": name, "file": file, "text": text, "mode": mode}:
                return self._write(_home(name) / file, text, mode), []
            case {"do": "read", "host": name, "file": file}:
                return {"text": (_home(name) / file).read_text()}, []
            case _:
                return {"refused": f"the keeper knows no {message.get('do')}"}, []

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._ended[ended[0]] = os.waitstatus_to_exitcode(ended[1])

    def _network(self, name: str) -> str:
        """Make a network namespace; the path under which `ip` finds it."""
        _home(name).mkdir(parents=True)
        try:
            kernel.unshare(kernel.CLONE_NEWNET)
            for path, value in _SETTINGS.items():
                with suppress(FileNotFoundError):  # a kernel without IPv6
                    Path("/proc/sys", path).write_text(value)
            kernel.set_link("lo", up=True)
            self._networks[name] = os.open("/proc/self/ns/net", os.O_RDONLY)
        finally:
            kernel.setns(self._networks[""], kernel.CLONE_NEWNET)
        return f"/proc/{os.getpid()}/fd/{self._networks[name]}"

    def _start(self, name: str, argv: list[str], environment: dict[str, str], files: list[int]) -> int:
        if pid := os.fork():
            return pid
        try:
            self._become(name, argv, environment, files)
        except OSError as problem:
            os.write(2, f"{argv[0]}: {problem}\n".encode())
        finally:
            os._exit(NOT_STARTED)

    def _become(self, name: str, argv: list[str], environment: dict[str, str], files: list[int]) -> NoReturn:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and that is inherited
        kernel.setns(self._networks[name], kernel.CLONE_NEWNET)
        kernel.unshare(kernel.CLONE_NEWNS)
        if name:
            kernel.mount(str(_home(name)), str(RUN), flags=kernel.MS_BIND)
        with suppress(OSError):  # a /sys of this network is a comfort; some containers refuse it
            kernel.mount("sysfs", "/sys", "sysfs")
        os.execvpe(argv[0], argv, environment)  # noqa: S606 - a lab runs what its caller names

    def _socket(self, name: str, kind: list[int], buffer: int) -> int:
        """A socket that belongs to the host's network, whoever uses it."""
        kernel.setns(self._networks[name], kernel.CLONE_NEWNET)
        try:
            made = socket.socket(*kind)
        finally:
            kernel.setns(self._networks[""], kernel.CLONE_NEWNET)
        if buffer:
            _widen(made, buffer)
        return made.detach()

    def _link(self, name: str, link: str, *, up: bool) -> int:
        kernel.setns(self._networks[name], kernel.CLONE_NEWNET)
        try:
            kernel.set_link(link, up=up)
            return time.time_ns()  # not before: while others change links, the kernel lets us wait
        finally:
            kernel.setns(self._networks[""], kernel.CLONE_NEWNET)

    def _write(self, path: Path, text: str, mode: int) -> Message:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return {}


def _home(name: str) -> Path:
    return PRIVATE_RUN / name


def _close(files: list[int]) -> None:
    for file in files:
        os.close(file)


def _widen(made: socket.socket, buffer: int) -> None:
    so_rcvbufforce = 33  # beyond the system's limit; needs CAP_NET_ADMIN outside as well
    try:
        made.setsockopt(socket.SOL_SOCKET, so_rcvbufforce, buffer)
    except PermissionError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)


def _keep(channel: socket.socket) -> None:
    """Be the first process of the new PID namespace."""
    kernel.die_with_parent()
    os.setsid()
    mount_own()
    send(channel, {})
    Keeper(channel).serve()


def main() -> int:
    """Run with the number of an open channel as the only argument."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    try:
        enter_namespaces()
        if pid := os.fork():  # the namespace's first process is a child: unshare moves only those
            channel.close()
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        _keep(channel)
    except Refused as refused:
        send(channel, {"refused": refused.words, "reason": refused.reason, "remedy": refused.remedy})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
