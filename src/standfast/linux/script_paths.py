"""Where a script is, whether it can be run, and whether somebody else than root could change it.

Behaviours SE-03 to SE-07, for who reads a configuration and for who runs its scripts. A symbolic link among the
directories of a path is followed and what it leads to is checked like everything else; that such a path counts as
insecure in Keepalived (SE-05) is a quirk which disables `/bin/true` on every present distribution.
"""

import os
import shutil
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import SCRIPT_LINKS
from standfast.linux.accounts import Account

_ROOT: Final = "/"


def check_script(command: str, account: Account, *, keep_links: bool = False) -> str:
    """The path to run for a command.

    Args:
        command: a path, or a name that is looked up in PATH (behaviour SE-06).
        account: that it will run as.
        keep_links: run a final symbolic link under its own name (`use_symlink_paths`, behaviour SE-07).

    Raises:
        Refused: `script-missing`, or `script-not-executable` by this account.
    """
    found = find_script(command)
    try:
        *_, (target, status) = _components(found)
    except OSError as error:
        words = f"{found}: {error.strerror}"
        raise Refused("script-missing", words, remedy="correct the path") from error
    if not stat.S_ISREG(status.st_mode):
        raise Refused("script-not-executable", f"{found} is not a file", remedy="correct the path")
    if not _may_execute(status, account):
        remedy = f"chmod a+x {target}, or let it run as another user"
        raise Refused("script-not-executable", f"{found} is not executable by {account.name}", remedy=remedy)
    return found if keep_links else target


def find_script(command: str) -> str:
    """The path of a command that was written as one, or of that name in PATH (behaviour SE-06).

    Raises:
        Refused: `script-missing`, PATH has none.
    """
    found = command if "/" in command else shutil.which(command, mode=os.F_OK)
    if found is None:
        raise Refused("script-missing", f"{command} is not found in PATH", remedy="write its whole path")
    return found


def insecurity(path: str) -> str:
    """Who else than root could change what is run at this path; empty if nobody could (behaviour SE-03).

    Every directory, link and file on the way must belong to root and be writable by root only, or by root's own
    group: who can write a directory can put another script in this one's place. Not in a sticky one, such as
    `/tmp`: there what is root's can be exchanged by root alone.
    """
    try:
        for name, status in _components(path):
            if status.st_uid != 0:
                return f"{name} belongs to user {status.st_uid}, not to root"
            if stat.S_ISLNK(status.st_mode) or _is_sticky(status):
                continue
            if status.st_mode & stat.S_IWOTH:
                return f"{name} is writable by everybody"
            if status.st_mode & stat.S_IWGRP and status.st_gid != 0:
                return f"{name} is writable by group {status.st_gid}"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""


def _is_sticky(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX)


def _components(path: str) -> Iterator[tuple[str, os.stat_result]]:
    """All that is passed on the way to the end of a path, links followed: the links too, and the end last.

    Raises:
        OSError: the way cannot be gone to its end.
    """
    left = deque(Path(os.path.abspath(path)).parts[1:])  # noqa: PTH100 (resolve() would follow links)
    links = 0
    place = _ROOT
    yield place, os.lstat(place)
    while left:
        part = left.popleft()
        if part == os.pardir:
            place = os.path.dirname(place)  # noqa: PTH120 (of a string)
            continue
        here = os.path.join(place, part)  # noqa: PTH118 (of strings)
        status = os.lstat(here)
        yield here, status
        if not stat.S_ISLNK(status.st_mode):
            place = here
            continue
        links += 1
        if links > SCRIPT_LINKS:
            raise OSError(0, "too many symbolic links")
        target = Path(os.readlink(here))  # noqa: PTH115 (of a string)
        if target.is_absolute():
            place = _ROOT
        left.extendleft(reversed(target.parts[1:] if target.is_absolute() else target.parts))


def _may_execute(status: os.stat_result, account: Account) -> bool:
    mode = status.st_mode
    if account.is_root:
        return bool(mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))
    if status.st_uid == account.uid:
        return bool(mode & stat.S_IXUSR)
    if status.st_gid in {account.gid, *account.groups}:
        return bool(mode & stat.S_IXGRP)
    return bool(mode & stat.S_IXOTH)
