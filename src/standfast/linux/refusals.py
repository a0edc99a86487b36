"""What the kernel's refusals mean, in words that name the place, the cause and the remedy."""

import errno
import os
from typing import Final

from standfast.base.errors import Refused

_NO_CAPABILITY: Final = (
    "the process lacks {capability}",
    "run it as root or give it the capability (in a container: --cap-add {capability_short})",
)

_MEANINGS: Final[dict[int, tuple[str, str]]] = {
    errno.EPERM: _NO_CAPABILITY,
    errno.EACCES: _NO_CAPABILITY,
    errno.ENODEV: ("the interface is not there", "create it, or correct its name in the configuration"),
    errno.ENXIO: ("the interface is not there", "create it, or correct its name in the configuration"),
    errno.ENETDOWN: ("the interface is down", "set it up (ip link set … up)"),
    errno.ENETUNREACH: (
        "there is no route to the destination",
        "give the interface an address of its family",
    ),
    errno.EADDRNOTAVAIL: ("the host has no such address", "give it to an interface, or correct the address"),
    errno.EAFNOSUPPORT: ("this kernel does not speak that family", "load its module, or remove the address"),
    errno.EPROTONOSUPPORT: ("this kernel lacks raw sockets", "enable them, or use another kernel"),
    errno.EOPNOTSUPP: ("this kernel does not know such a thing", "load its module, or do without"),
    errno.EBUSY: ("something else has it already", "look at `ip -d link`"),
    errno.EEXIST: ("there is one already", "look at `ip -d link`"),
    errno.EADDRINUSE: ("another interface has that address", "look at `ip -d link`"),
    errno.ENOBUFS: ("the kernel is out of buffers", "look for a flood, or raise net.core.rmem_max"),
    errno.ENOMEM: ("the kernel is out of memory", "free some"),
    errno.EINVAL: ("the kernel does not accept these values", "look at prefix, scope, label and flags"),
    errno.EMSGSIZE: ("the packet is larger than the interface's MTU", "use fewer addresses per router"),
    errno.EMFILE: ("the process has too many open files", "raise its limit (LimitNOFILE=)"),
    errno.ENFILE: ("the system has too many open files", "raise fs.file-max"),
}


def refused(
    error: int,
    doing: str,
    *,
    place: str = "",
    capability: str = "CAP_NET_ADMIN",
    kernel_says: str = "",
) -> Refused:
    """A refusal of the kernel, for people.

    Args:
        error: the errno.
        doing: what we wanted, as it stands behind "cannot".
        place: where, an interface for example.
        capability: what is missing if we were not permitted.
        kernel_says: its own explanation, if there was one.
    """
    name = errno.errorcode.get(error, str(error))
    cause, remedy = _MEANINGS.get(error, (os.strerror(error), ""))
    short = capability.removeprefix("CAP_")
    cause = cause.format(capability=capability)
    remedy = remedy.format(capability_short=short)
    where = f"{place}: " if place else ""
    says = f" ({kernel_says})" if kernel_says else ""
    return Refused(name, f"{where}cannot {doing}: {cause} [{name}]{says}", remedy=remedy)
