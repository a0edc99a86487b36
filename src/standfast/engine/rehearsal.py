"""A takeover is gone through just before its time, on ports on which nothing happens (`driver.Rehearsal`)."""

from collections.abc import Sequence

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.routes import Routing
from standfast.base.times import Instant
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Link, Part, Router
from standfast.engine.vrrp import VrrpEffects


class TakeoverRehearsal:
    """Goes through the end of a backup's silence: the decision, and what is done then."""

    def __init__(self, node: Node, effects: VrrpEffects) -> None:
        self._node = node
        self._effects = effects

    def pays(self) -> bool:
        """Whether what is due next is the end of a backup's silence."""
        return self._node.ends_silence_next()

    def run(self) -> None:
        """Go through it once."""
        silent = self._effects.rehearsing(
            SilentAdverts(),
            SilentAddresses(),
            SilentAnnouncer(),
            firewall=SilentFirewall(),
            routing=SilentRouting(),
        )
        silent.run(self._node.foresee())


class SilentAdverts:
    """An advert port that sends and hears nothing."""

    def listen(self, routers: Sequence[tuple[Router, Link]]) -> None:
        """Nothing."""

    def prepare(self, router: Router, link: Link, source: IpAddress) -> None:
        """Nothing."""

    def ready(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Nothing."""

    def send(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Nothing."""

    def flush(self) -> None:
        """Nothing."""

    def drain(self, until: Instant | None = None) -> bool:  # noqa: ARG002  (the port's)
        """Nothing has come."""
        return False

    def forget(self, router: str) -> None:
        """Nothing."""


class SilentAddresses:
    """An address port that changes nothing."""

    def prepare(self, parts: Sequence[Part]) -> None:
        """Nothing."""

    def hold(self, part: Part) -> None:
        """Nothing."""

    def release(self, addresses: Sequence[HostAddress]) -> None:
        """Nothing."""

    def read(self) -> None:
        """Nothing."""

    def forget(self, router: str) -> None:
        """Nothing."""


class SilentRouting:
    """A port of routes and rules that changes nothing."""

    def hold(self, items: Sequence[Routing]) -> None:
        """Nothing."""

    def release(self, items: Sequence[Routing]) -> None:
        """Nothing."""

    def read(self) -> None:
        """Nothing."""


class SilentFirewall:
    """A firewall that is told nothing."""

    def shield(self, rules: RuleSet) -> None:
        """Nothing."""

    def check(self) -> None:
        """Nothing."""


class SilentAnnouncer:
    """An announcing port that says nothing."""

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Nothing."""

    def announce(self, part: Part) -> None:
        """Nothing."""

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """Nothing."""

    def forget(self, router: str) -> None:
        """Nothing."""
