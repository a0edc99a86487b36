"""The few system calls of Linux that Python 3.11 does not offer: namespaces, mounts, and a death signal."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
from typing import Final

CLONE_NEWNS: Final = 0x0002_0000  # mounts
CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWPID: Final = 0x2000_0000
CLONE_NEWNET: Final = 0x4000_0000

MS_NOSUID: Final = 0x2
MS_NODEV: Final = 0x4
MS_NOEXEC: Final = 0x8
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x4_0000

PR_SET_PDEATHSIG: Final = 1

SIOCGIFFLAGS: Final = 0x8913
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 0x1
_IFREQ: Final = struct.Struct("16sH22x")  # name, flags, rest of the union

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def unshare(flags: int) -> None:
    """Leave the named kinds of namespaces for new ones of our own.

    Raises:
        OSError: the kernel does not permit it, or has no such kind.
    """
    _check(_libc.unshare(flags), "unshare")


def setns(namespace: int, kind: int) -> None:
    """Move this thread into the namespace behind a file descriptor.

    Raises:
        OSError: the kernel does not permit it.
    """
    _check(_libc.setns(namespace, kind), "setns")


def mount(source: str, target: str, kind: str | None = None, *, flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind one place to another.

    Raises:
        OSError: the kernel refuses.
    """
    encoded = kind.encode() if kind else None
    _check(_libc.mount(source.encode(), target.encode(), encoded, flags, options.encode()), f"mount {target}")


def die_with_parent() -> None:
    """Have the kernel kill this process when the process that made it is gone."""
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def set_link(name: str, *, up: bool) -> None:
    """Set a link of the present network namespace up or down: microseconds, where `ip` takes milliseconds.

    Raises:
        OSError: there is no such link.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, _IFREQ.pack(name.encode(), 0))
        _, flags = _IFREQ.unpack(answer)
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        fcntl.ioctl(control, SIOCSIFFLAGS, _IFREQ.pack(name.encode(), flags))
