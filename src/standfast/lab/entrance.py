"""The way into a lab's own namespaces, and what a machine lacks that does not let us in."""

import errno
import os
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.lab import kernel

RUN: Final = Path("/run")  # ours: what daemons leave there ends with the lab
_USER_NAMESPACES: Final = (
    "run it as root, or have user namespaces allowed: sysctl user.max_user_namespaces=10000, on Debian also "
    "kernel.unprivileged_userns_clone=1, on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0"
)
_LIMITS: Final = "see sysctl user.max_net_namespaces, user.max_pid_namespaces and user.max_mnt_namespaces"


def enter_namespaces() -> None:
    """Leave the namespaces that we were started in; with a user namespace where that is needed.

    Raises:
        Refused: the machine does not let us.
    """
    kinds = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWPID
    try:
        kernel.unshare(kinds)
    except OSError as problem:
        if problem.errno != errno.EPERM:
            words = f"this machine has no more namespaces to give ({problem.strerror})"
            raise Refused("no-namespaces", words, remedy=_LIMITS) from None
        _enter_user_namespace(kinds)


def _enter_user_namespace(kinds: int) -> None:
    user, group = os.geteuid(), os.getegid()
    try:
        kernel.unshare(kernel.CLONE_NEWUSER | kinds)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    except OSError as problem:
        raise Refused(
            "no-user-namespaces",
            f"this machine does not let user {user} make namespaces ({problem.strerror})",
            remedy=_USER_NAMESPACES,
        ) from None


def mount_own() -> None:
    """See only our own processes, and have a /run of our own.

    Raises:
        Refused: the machine does not let us.
    """
    volatile = kernel.MS_NOSUID | kernel.MS_NODEV
    try:
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("proc", "/proc", "proc", flags=volatile | kernel.MS_NOEXEC)
        kernel.mount("tmpfs", str(RUN), "tmpfs", flags=volatile, options="mode=755")
    except OSError as problem:
        words = f"this machine does not let the lab {problem.filename} ({problem.strerror})"
        raise Refused("no-mounts", words, remedy=_USER_NAMESPACES) from None
