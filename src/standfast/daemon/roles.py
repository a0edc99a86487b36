"""Who may do what on the control socket: by the credentials that the kernel vouches for."""

import os
import pwd
import socket
import struct
from enum import IntEnum
from typing import Final

_PEER: Final = struct.Struct("3i")  # struct ucred: pid, uid, gid
_PEER_GROUPS: Final = 59  # SO_PEERGROUPS (Linux 4.13); Python has no name for it
_GROUP: Final = struct.Struct("I")  # gid_t
_GROUPS_BYTES: Final = 1024  # Python takes no more: 256 groups; of who has more, only the first one counts


class Role(IntEnum):
    """What a client may do; who may order may also ask."""

    READ = 1
    WRITE = 2


def role_of(client: socket.socket, group: int | None) -> Role:
    """The role of whoever connected: root, our own user and the group may order, all others may ask.

    Args:
        client: the connection, on a unix socket.
        group: the id of the group; None: there is none.
    """
    _, user, primary = _PEER.unpack(client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    if user in {0, os.geteuid()}:
        return Role.WRITE
    if group is not None and (primary == group or group in _groups(client)):
        return Role.WRITE
    return Role.READ


def user_of(client: socket.socket) -> str:
    """The name of whoever connected: what orders say of their owner is not for the client to choose."""
    _, user, _ = _PEER.unpack(client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _groups(client: socket.socket) -> frozenset[int]:
    """The supplementary groups of whoever connected; none if the kernel does not tell."""
    try:
        packed = client.getsockopt(socket.SOL_SOCKET, _PEER_GROUPS, _GROUPS_BYTES)
    except OSError:
        return frozenset()
    return frozenset(group for (group,) in _GROUP.iter_unpack(packed))
