"""The accounts that scripts run as."""

import grp
import os
import pwd
from typing import Final

from standfast.base.errors import Refused
from standfast.base.frozen import frozen

SCRIPT_ACCOUNT: Final = "keepalived_script"  # if it exists and nothing else is configured (behaviour SE-01)


@frozen
class Account:
    """A user with all groups that a process of his belongs to."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]  # supplementary, in order

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as it already."""
        return (self.uid, self.gid) == (os.geteuid(), os.getegid())

    @property
    def is_root(self) -> bool:
        """Whether what runs as it may do anything."""
        return self.uid == 0


def find_account(user: str, group: str = "") -> Account:
    """The account of this name.

    Args:
        user: name of the user.
        group: name of the group; empty: the user's own.

    Raises:
        Refused: there is no such user or group; `script-user`, `script-group`.
    """
    try:
        entry = pwd.getpwnam(user)
    except KeyError as unknown:
        raise Refused(
            "script-user", f"there is no user {user}", remedy="create it, or correct the name"
        ) from unknown
    try:
        gid = grp.getgrnam(group).gr_gid if group else entry.pw_gid
    except KeyError as unknown:
        words = f"there is no group {group}"
        raise Refused("script-group", words, remedy="create it, or correct the name") from unknown
    return Account(user, entry.pw_uid, gid, tuple(sorted(os.getgrouplist(user, gid))))


def default_account() -> Account:
    """Whom scripts run as that nothing is said about (behaviour SE-01)."""
    try:
        return find_account(SCRIPT_ACCOUNT)
    except Refused:
        uid, gid = os.geteuid(), os.getegid()
        return Account(_name_of(uid), uid, gid, tuple(sorted(os.getgroups())))


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
