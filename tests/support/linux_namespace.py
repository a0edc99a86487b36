"""A network namespace that the test's own thread enters, for tests of one socket against the real kernel.

It has no name and no process of its own: it is gone as soon as the test has left it, in any case.
"""

import asyncio
import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

_NEW_NET: Final = 0x40000000
_ROUNDS: Final = 10  # of a loop: a process that was stopped still hears what had come meanwhile
_libc = ctypes.CDLL(None, use_errno=True)


def lacking() -> str:
    """Why this process cannot have a namespace; empty if it can."""
    status = Path("/proc/self/status").read_text()
    capabilities = int(status.split("CapEff:")[1].split()[0], 16)
    return "" if capabilities >> 21 & 1 else "needs CAP_SYS_ADMIN to make a network namespace: run it as root"


class Namespace:
    """One network namespace; `here` brings the thread into it for a while."""

    def __init__(self) -> None:
        with _home():
            if _libc.unshare(_NEW_NET) != 0:
                pytest.skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
            self.fd = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            ip("link set lo up")

    @contextmanager
    def here(self) -> Iterator[None]:
        with _home():
            _enter(self.fd)
            yield

    @property
    def path(self) -> str:
        """What `ip link set … netns` takes."""
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    def close(self) -> None:
        os.close(self.fd)


@contextmanager
def namespaces(count: int) -> Iterator[list[Namespace]]:
    """That many of them; skips the test where there can be none."""
    if words := lacking():
        pytest.skip(words)
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Namespace())) for _ in range(count)]


@contextmanager
def inside() -> Iterator[None]:
    """The thread is in a new namespace with a veth pair, one end `eth0` (10.0.0.1/24) and the other `peer0`."""
    with namespaces(1) as (namespace,), namespace.here():
        ip("link add eth0 type veth peer name peer0")
        ip("link set eth0 up")
        ip("link set peer0 up")
        ip("addr add 10.0.0.1/24 dev eth0")
        yield


@contextmanager
def cable() -> Iterator[tuple[Namespace, Namespace]]:
    """Two namespaces, left and right, joined by their `eth0`: 10.0.0.1/24, fe80::1 and 10.0.0.2/24, fe80::2."""
    with namespaces(2) as (left, right):
        with left.here():
            ip(f"link add eth0 type veth peer name eth0 netns {right.path}")
        for number, namespace in enumerate((left, right), start=1):
            with namespace.here():
                ip(f"addr add 10.0.0.{number}/24 dev eth0")
                ip("link set eth0 addrgenmode none")
                ip("link set eth0 up")
                ip(f"addr add fe80::{number}/64 dev eth0 nodad")
        for namespace in (left, right):
            with namespace.here():
                _carries("eth0")
        yield left, right


def _carries(interface: str) -> None:
    """Wait until the kernel has seen that the cable is plugged in: it drops what is sent before."""
    end = time.monotonic() + 20
    while "state UP" not in ip(f"-o link show dev {interface}"):
        assert time.monotonic() < end, f"{interface} carries nothing"
        time.sleep(0.002)


def ip(words: str) -> str:
    """Run `ip` where the thread is; what it prints."""
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, f"ip {words}: {done.stderr}"
    return done.stdout


def turn(loop: asyncio.AbstractEventLoop, until: Callable[[], object], *, seconds: float = 20.0) -> bool:
    """Run the loop until something holds, at most so long, but for some rounds in any case; whether it does."""

    async def watch() -> bool:
        end, rounds = loop.time() + seconds, 0
        while not until():
            if loop.time() > end and rounds >= _ROUNDS:
                return False
            await asyncio.sleep(0.001)
            rounds += 1
        return True

    return loop.run_until_complete(watch())


def descriptors() -> set[str]:
    """The open descriptors of this process."""
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208 (a name is enough)


@contextmanager
def _home() -> Iterator[None]:
    """Back to the namespace of before, whatever happens."""
    before = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        _enter(before)
        os.close(before)


def _enter(fd: int) -> None:
    if _libc.setns(fd, _NEW_NET) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
