"""Which file systems can hold a tracked file (behaviour TR-10).

On a network file system a read may wait for ever, and what another host writes there is not told; on those that
the kernel makes up, nothing is told at all.
"""

import ctypes
import os
import platform
from typing import Final

from standfast.base.errors import Refused

# linux/magic.h, and the headers of file systems whose numbers stand elsewhere.
_NETWORK: Final = {
    0x6969: "nfs",
    0x517B: "smb",
    0xFF534D42: "cifs",
    0xFE534D42: "smb3",
    0x00C36400: "ceph",
    0x5346414F: "afs",
    0x6B414653: "afs",
    0x73757245: "coda",
    0x564C: "ncp",
    0x01021997: "9p",
    0x65735546: "fuse",
    0x47504653: "gpfs",
    0x0BD00BD0: "lustre",
    0x01161970: "gfs2",
    0x7461636F: "ocfs2",
}
_PSEUDO: Final = {
    0x9FA0: "proc",
    0x62656572: "sysfs",
    0x27E0EB: "cgroup",
    0x63677270: "cgroup2",
    0x64626720: "debugfs",
    0x74726163: "tracefs",
    0x73636673: "securityfs",
    0x62656570: "configfs",
    0x1CD1: "devpts",
    0x6165676C: "pstorefs",
    0xCAFE4A11: "bpf",
    0xDE5E81E4: "efivarfs",
    0x19800202: "mqueue",
    0x958458F6: "hugetlbfs",
    0xF97CFF8C: "selinuxfs",
    0x42494E4D: "binfmt_misc",
    0x0187: "autofs",
    0x6E736673: "nsfs",
}
_STATFS_SIZE: Final = 256  # bytes, more than a struct statfs has
_TYPE: Final = ctypes.c_uint if platform.machine() == "s390x" else ctypes.c_long

_libc = ctypes.CDLL(None, use_errno=True)


def refuse_remote(directory: str) -> None:
    """Refuse a directory whose files cannot be followed.

    Raises:
        Refused: `file-system`.
        OSError: nothing can be said about it.
    """
    buffer = ctypes.create_string_buffer(_STATFS_SIZE)
    if _libc.statfs(os.fsencode(directory), buffer) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), directory)
    kind = _TYPE.from_buffer(buffer).value & 0xFFFFFFFF
    remedy = "put the file on a local file system, /run for example"
    if name := _NETWORK.get(kind):
        raise Refused("file-system", f"{directory} lies on {name}, a network file system", remedy=remedy)
    if name := _PSEUDO.get(kind):
        raise Refused("file-system", f"{directory} lies on {name}, where no change is told", remedy=remedy)
