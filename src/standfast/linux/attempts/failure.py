"""How an attempt fails: in which phase, and why, in words for whoever is woken up by it."""

import errno
import os
from typing import Final

from standfast.base.addresses import IpAddress
from standfast.engine.check_ports import Way


class Failed(Exception):
    """The attempt has failed."""

    def __init__(self, phase: str, detail: str, *, error: int = 0) -> None:
        super().__init__(f"{phase}: {detail}")
        self.phase = phase  # one of `PHASES`
        self.detail = detail
        self.error = error  # the errno that it comes from; 0: none


EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})  # for the moment

# What keeps us from asking at all, and what to do about it. It says nothing about the server.
_OURS: Final = {
    errno.EACCES: "not permitted here; look at this host's firewall, or run as root",
    errno.EPERM: "not permitted here; look at this host's firewall, or run as root",
    errno.EMFILE: "the process has too many open files; raise its limit (LimitNOFILE=)",
    errno.ENFILE: "the system has too many open files; raise fs.file-max",
    errno.ENOBUFS: "the kernel is out of buffers; look for a flood, or raise net.core.wmem_max",
    errno.ENOMEM: "the kernel is out of memory; free some",
    errno.ENETUNREACH: "there is no route to it; look at `ip route get`",
    errno.ENETDOWN: "the interface is down; set it up (ip link set ... up)",
    errno.EADDRNOTAVAIL: "this host lacks the source address, or has no free port; look at bindto and bind_port",
    errno.EADDRINUSE: "the source port is in use; use another bind_port, or none",
    errno.ENODEV: "the interface is not there; correct bind_if",
    errno.EAFNOSUPPORT: "the kernel does not speak that family, or bindto is of the other one",
    errno.EPROTONOSUPPORT: "the kernel does not speak that protocol; load its module",
    errno.EINVAL: "the kernel refuses the address; a link-local one needs bind_if",
}

_THEIRS: Final = {
    errno.ECONNREFUSED: "refused: nothing listens there, or a firewall rejects it",
    errno.ECONNRESET: "reset by the server",
    errno.EPIPE: "closed by the server",
    errno.EHOSTUNREACH: "host unreachable: it does not answer on its link, or a router says so",
    errno.ETIMEDOUT: "the kernel has given up waiting",
}


def failed(error: int, phase: str, place: str) -> Failed:
    """The failure that an errno means; in `cannot-run` if it is our own."""
    name = errno.errorcode.get(error, str(error))
    if error in _OURS:
        return Failed("cannot-run", f"{place}: {_OURS[error]} [{name}]", error=error)
    return Failed(phase, f"{place}: {_THEIRS.get(error) or os.strerror(error)} [{name}]", error=error)


def place_of(way: Way) -> str:
    """Where it leads to, for people."""
    return endpoint(way.address, way.port)


def endpoint(address: IpAddress, port: int) -> str:
    """An address and a port for people; without the port if there is none."""
    if not port:
        return str(address)
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def shown(data: bytes, most: int = 60) -> str:
    """The beginning of what somebody sent, safe to be printed."""
    text = ascii(data[:most].decode(errors="backslashreplace"))
    return f"{text} ..." if len(data) > most else text
