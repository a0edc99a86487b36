"""Network namespaces with a name, as `ip netns` makes them: to live in one, or to be in one for a moment.

Whoever lives in one has a private view of two directories (behaviour PR-14). Files in the run directory do not
clash with those of a daemon in another namespace: from outside, they are in a directory of the namespace's name.
And `/sys` shows the interfaces of the namespace, as `ip netns exec` has it.
"""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused, ensure

NAMED: Final = "/run/netns"
FIRST: Final = "/proc/1/ns/net"  # of the first process
_HERE: Final = "/proc/thread-self/ns/net"

_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_SLAVE = 2, 4, 8, 0x1000, 0x4000, 0x80000
_REMEDY: Final = "run it as root, or give it CAP_SYS_ADMIN"

_libc = ctypes.CDLL(None, use_errno=True)


def path_of(name: str) -> str:
    """Where a namespace of this name is; empty: that of the first process (behaviour PR-15)."""
    return f"{NAMED}/{name}" if name else FIRST


def join(name: str, *, own: str, over: str) -> None:
    """Live in this network namespace from now on, with private views of the run directory and of /sys.

    Only before there is a second thread: the others would stay outside.

    Args:
        name: as `ip netns list` shows it.
        own: a directory of this namespace's daemon.
        over: the directory whose place it takes, for this process and its descendants.

    Raises:
        Refused: there is none of that name (`no-namespace`), or it may not be entered (`EPERM`).
    """
    namespace = _opened(name)
    try:
        _done(_libc.setns(namespace, _CLONE_NEWNET), f"enter the network namespace {name}")
    finally:
        os.close(namespace)
    _done(_libc.unshare(_CLONE_NEWNS), "have mounts of its own")
    _mount("none", "/", "", _MS_SLAVE | _MS_REC)  # what is mounted here is seen by nobody else
    _mount(own, over, "", _MS_BIND)
    with suppress(Refused):  # within a container it may be forbidden; then some checks see less
        _mount("standfast", "/sys", "sysfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)


@contextmanager
def visiting(path: str | None) -> Iterator[None]:
    """This thread is in another network namespace for a moment; sockets that it opens there stay there.

    Args:
        path: as `path_of` gives it; None: it stays where it is.

    Raises:
        OSError: it is not there, or may not be entered.
    """
    if path is None:
        yield
        return
    home = os.open(_HERE, os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(there, path)
        finally:
            os.close(there)
        try:
            yield
        finally:
            with suppress(OSError):
                _enter(home, _HERE)
            ensure(_is_here(home), "the way back into our network namespace is closed")
    finally:
        os.close(home)


def is_in(name: str) -> bool:
    """Whether this thread is in the network namespace of this name."""
    try:
        return os.path.samestat(Path(path_of(name)).stat(), Path(_HERE).stat())
    except OSError:
        return False


def check_name(name: str) -> None:
    """Refuse what is no name, but a path.

    Raises:
        Refused: it is one; `no-namespace`.
    """
    if "/" in name or name in {".", ".."}:
        raise Refused("no-namespace", f"{name} cannot be the name of a network namespace")


def check_present(name: str) -> None:
    """Refuse a namespace that cannot be entered, before anything is made for it.

    Raises:
        Refused: there is none of that name (`no-namespace`), or it may not be opened (`EPERM`).
    """
    os.close(_opened(name))


def _opened(name: str) -> int:
    try:
        return os.open(path_of(name), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        words = f"there is no network namespace {name} ({path_of(name)} does not exist)"
        raise Refused("no-namespace", words, remedy=f"make it: ip netns add {name}") from None
    except OSError as error:
        raise Refused(_slug(error), f"cannot open {path_of(name)}: {error.strerror}") from None


def _enter(namespace: int, path: str) -> None:
    if _libc.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)


def _is_here(namespace: int) -> bool:
    return os.path.samestat(os.fstat(namespace), Path(_HERE).stat())


def _mount(source: str, target: str, kind: str, flags: int) -> None:
    result = _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), None)
    _done(result, f"have {target} for itself")


def _done(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        words = f"cannot {what}: {os.strerror(number)}"
        raise Refused(errno.errorcode.get(number, "unknown"), words, remedy=_REMEDY)


def _slug(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "unknown")
