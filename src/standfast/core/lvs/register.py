"""Which virtual servers there are, and which of them a check, a tracker or a service belongs to."""

from collections.abc import Iterable, Iterator
from itertools import chain

from standfast.base.services import ServiceKey
from standfast.core.check.parameters import Check
from standfast.core.lvs.parameters import VirtualServer
from standfast.core.track.verdict import TrackerKey


class Register:
    """The virtual servers by name, in the order of the plan."""

    def __init__(self) -> None:
        self.virtuals: dict[str, VirtualServer] = {}
        self.claims: dict[ServiceKey, tuple[str, ...]] = {}  # who has this service, the first ones first
        self.waiting: set[str] = set()  # those that need an address
        self._owner: dict[str, tuple[str, int]] = {}  # of each check: virtual server, place in it
        self._followers: dict[TrackerKey, set[str]] = {}

    def take(self, virtual: VirtualServer) -> None:
        """Know this virtual server."""
        name = virtual.name
        self.virtuals[name] = virtual
        for place, server in enumerate(virtual.servers):
            for check in server.checks:
                self._owner[check.key] = name, place
        for key in _follows(virtual):
            self._followers.setdefault(key, set()).add(name)
        for service in virtual.services:
            claims = self.claims.get(service.key, ())
            if name not in claims:
                self.claims[service.key] = (*claims, name)
        if virtual.needs:
            self.waiting.add(name)

    def forget(self, virtual: VirtualServer) -> None:
        """Nothing belongs to it any more; its name stays until `keep`."""
        name = virtual.name
        for key in _follows(virtual):
            self._followers[key].discard(name)
        for service in virtual.services:
            left = tuple(one for one in self.claims[service.key] if one != name)
            if left:
                self.claims[service.key] = left
            else:
                del self.claims[service.key]
        self.waiting.discard(name)
        for check in checks_of(virtual):
            del self._owner[check.key]

    def keep(self, names: Iterable[str]) -> None:
        """These there are, in this order, and no others."""
        self.virtuals = {name: self.virtuals[name] for name in names}

    def owner_of(self, check: str) -> tuple[str, int]:
        """The virtual server whose check this is, and the place of the server in it."""
        return self._owner[check]

    def followers_of(self, keys: Iterable[TrackerKey]) -> Iterator[str]:
        """The virtual servers that listen to one of these, each once."""
        return iter({name: None for key in keys for name in sorted(self._followers.get(key, ()))})


def checks_of(virtual: VirtualServer) -> Iterator[Check]:
    """All checks of its servers."""
    return chain.from_iterable(server.checks for server in virtual.servers)


def _follows(virtual: VirtualServer) -> Iterator[TrackerKey]:
    return (one.key for server in virtual.servers for one in server.follows)
