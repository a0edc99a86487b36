"""Since when virtual and real servers are as they are: a listener that remembers when it was told."""

from collections.abc import Iterable
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged, VirtualServerGone

_HEEDED: Final = frozenset({QuorumChanged, RealServerChanged, VirtualServerGone})


@frozen
class Changed:
    """When a virtual server or one of its real servers changed last."""

    virtual: str
    server: str  # empty: the virtual server itself
    at: Instant


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

    def everything(self) -> tuple[Changed, ...]:
        """All of them, for a process that goes on."""
        quorums = (Changed(virtual, "", at) for virtual, at in self._quorums.items())
        servers = (Changed(of, one, at) for of, each in self._servers.items() for one, at in each.items())
        return (*quorums, *servers)

    def recall(self, changes: Iterable[Changed]) -> None:
        """Know what another process remembered."""
        for one in changes:
            if one.server:
                self._servers.setdefault(one.virtual, {})[one.server] = one.at
            else:
                self._quorums[one.virtual] = one.at

    def of_virtual(self, virtual: str) -> Instant | None:
        """Since when it has its quorum, or not."""
        return self._quorums.get(virtual)

    def of_server(self, virtual: str, server: str) -> Instant | None:
        """Since when it is up, or down."""
        return self._servers.get(virtual, {}).get(server)
