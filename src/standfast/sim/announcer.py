"""Gratuitous ARP and neighbour advertisements of a simulated host: nobody hears them, they are written down."""

from collections.abc import Callable, Sequence

from standfast.base.addresses import HostAddress
from standfast.engine.ports import Part, Router


class Announcer:
    """The engine's way to announce (`ports.AnnouncePort`)."""

    def __init__(self, announced: Callable[[Part], None]) -> None:
        """Make one.

        Args:
            announced: told of each part that goes out.
        """
        self._announced = announced

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Nothing has to be made ready here."""

    def announce(self, part: Part) -> None:
        """One frame for each address of this part."""
        self._announced(part)

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """Nothing waits here."""

    def forget(self, router: str) -> None:
        """Nothing was made ready."""
