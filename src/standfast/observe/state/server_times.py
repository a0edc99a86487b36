"""Since when virtual and real servers are as they are: a listener that remembers when it was told."""

from typing import Final

from standfast.base.times import Instant
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged, VirtualServerGone

_HEEDED: Final = frozenset({QuorumChanged, RealServerChanged, VirtualServerGone})


class ServerTimes:
    """The moments of the last changes; a server that never changed has none."""

    def __init__(self) -> None:
        self._quorums: dict[str, Instant] = {}
        self._servers: dict[str, dict[str, Instant]] = {}  # by virtual server, then by real server

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are heeded."""
        return kind in _HEEDED

    def tell(self, fact: object, now: Instant) -> None:
        """Remember when it was."""
        match fact:
            case QuorumChanged(virtual):
                self._quorums[virtual] = now
            case RealServerChanged(virtual, server):
                self._servers.setdefault(virtual, {})[server] = now
            case VirtualServerGone(virtual):
                self._quorums.pop(virtual, None)
                self._servers.pop(virtual, None)
            case _:
                pass

    def of_virtual(self, virtual: str) -> Instant | None:
        """Since when it has its quorum, or not."""
        return self._quorums.get(virtual)

    def of_server(self, virtual: str, server: str) -> Instant | None:
        """Since when it is up, or down."""
        return self._servers.get(virtual, {}).get(server)
