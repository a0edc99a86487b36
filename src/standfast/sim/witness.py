"""What the parts of a world tell as it happens. Oracles listen; nothing else depends on it."""

from typing import TYPE_CHECKING, Protocol

from standfast.engine.ports import AddressKey, Event, Part, Router
from standfast.sim.network import Packet

if TYPE_CHECKING:
    from standfast.sim.host import SimHost


class Witness(Protocol):
    """Told of everything that matters, at the moment when it happens."""

    def stirred(self, host: str, what: str, *, harmful: bool) -> None:
        """Something was done to this host, or to the network if the name is empty.

        Harmful is what can take a master away: a crash, a cut. Healing is not.
        """
        ...

    def configured(self, host: "SimHost", routers: tuple[Router, ...]) -> None:
        """The process is about to go on with exactly these routers."""
        ...

    def learns(self, host: "SimHost", event: Event) -> None:
        """The process is about to be told this of its host."""
        ...

    def stepped(self, host: "SimHost") -> None:
        """The process has handled one event, and has carried out all that followed from it."""
        ...

    def ended(self, host: "SimHost") -> None:
        """The process is gone."""
        ...

    def told(self, host: "SimHost", fact: object) -> None:
        """The process tells a fact."""
        ...

    def sent(self, host: "SimHost", router: str, payload: bytes) -> None:
        """The process sends an advert."""
        ...

    def announced(self, host: "SimHost", part: Part) -> None:
        """The process announces addresses."""
        ...

    def arrived(self, host: "SimHost", packet: Packet, *, kept: bool) -> None:
        """A packet came for an open socket; kept: there was room for it."""
        ...

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """The network ate a packet, or its receiver could not have it."""
        ...

    def taken(self, host: "SimHost", key: AddressKey) -> None:
        """Somebody is about to remove this address by hand."""
        ...

    def served(self, host: "SimHost") -> None:
        """The process has done what it had to do, and waits."""
        ...
