"""What the drivers of interfaces say about their links: polling, for those that tell the kernel nothing.

Behaviour TR-17: the registers of the transceiver (MII), the answer of the driver to ethtool (ETHTOOL), or the flag
of the interface (IOCTL): the first that works, beginning with the one that is configured.
"""

import array
import fcntl
import socket
from collections.abc import Callable, Mapping
from struct import Struct
from typing import Final

from standfast.engine.track_ports import LinkEvent, LinksPolled

_SIOCGIFFLAGS: Final = 0x8913
_SIOCETHTOOL: Final = 0x8946
_SIOCGMIIPHY: Final = 0x8947
_SIOCGMIIREG: Final = 0x8948

_NAME: Final = 16  # bytes of an interface's name, and what stands before the rest of a struct ifreq
_REQUEST: Final = 40  # bytes of a struct ifreq
_MII: Final = Struct("=HHHH")  # transceiver, register, value in, value out
_STATUS_REGISTER: Final = 1  # BMSR (IEEE 802.3, clause 22)
_LINK_STATUS: Final = 0x4
_ETHTOOL_GLINK: Final = 0xA
_FLAGS: Final = Struct("=H")
_RUNNING: Final = 0x40


class Linkbeat:
    """Asks drivers (`ports.LinkbeatPort`)."""

    def __init__(self, tell: Callable[[LinkEvent], None]) -> None:
        """Make it; the answers are told at once."""
        self._tell = tell
        self._works: dict[str, str] = {}  # by interface: the way that worked last

    def poll(self, methods: Mapping[str, str]) -> None:
        """Ask about these links; who cannot be asked is not among the answers."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            answers = {name: self._ask(asking, name, method) for name, method in methods.items()}
        self._tell(LinksPolled({name: up for name, up in answers.items() if up is not None}))

    def _ask(self, asking: socket.socket, name: str, method: str) -> bool | None:
        """Whether the link is up; None: nobody knows."""
        for way in dict.fromkeys((self._works.get(name, method), method, *_WAYS)):
            if way not in _WAYS:
                continue
            try:
                up = _WAYS[way](asking.fileno(), name)
            except OSError:
                continue
            self._works[name] = way
            return up
        return None


def _mii(asking: int, name: str) -> bool:
    """What the transceiver says; its status keeps a loss until it is read, so the second reading counts."""
    found = _asked(asking, _SIOCGMIIPHY, name)
    transceiver, *_ = _MII.unpack_from(found, _NAME)
    request = _MII.pack(transceiver, _STATUS_REGISTER, 0, 0)
    _asked(asking, _SIOCGMIIREG, name, request)
    *_, status = _MII.unpack_from(_asked(asking, _SIOCGMIIREG, name, request), _NAME)
    return bool(status & _LINK_STATUS)


def _ethtool(asking: int, name: str) -> bool:
    """What the driver says."""
    value = array.array("I", (_ETHTOOL_GLINK, 0))
    address, _ = value.buffer_info()
    _asked(asking, _SIOCETHTOOL, name, Struct("@P").pack(address))
    return bool(value[1])


def _flag(asking: int, name: str) -> bool:
    """What the kernel says."""
    (flags,) = _FLAGS.unpack_from(_asked(asking, _SIOCGIFFLAGS, name), _NAME)
    return bool(flags & _RUNNING)


_WAYS: Final[Mapping[str, Callable[[int, str], bool]]] = {"MII": _mii, "ETHTOOL": _ethtool, "IOCTL": _flag}


def _asked(asking: int, what: int, name: str, request: bytes = b"") -> bytes:
    """The kernel's answer to a request about an interface.

    Raises:
        OSError: there is no such interface, or its driver does not answer that.
    """
    padded = name.encode(errors="surrogateescape")[: _NAME - 1].ljust(_NAME, b"\0") + request
    return fcntl.ioctl(asking, what, padded.ljust(_REQUEST, b"\0"))
