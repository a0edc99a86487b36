"""What the node knows of its host: interfaces, sockets that cannot be had; and what that means for a router."""

from collections.abc import Iterable, Mapping

from standfast.base.addresses import Family
from standfast.core.vrrp.effects import Effects, Listen, Prepare
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.router import Link, Router, faults_of, source_of

Medium = tuple[str, Family]


class Surroundings:
    """The host as it was told."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self.links = dict(links)
        self.deaf: dict[Medium, str] = {}  # sockets that cannot be had, and why

    def faults(self, router: Router) -> tuple[str, ...]:
        """Why the host keeps the router from taking part."""
        words = self.deaf.get((router.interface, router.family))
        return (*faults_of(router, self.links), *([f"no-socket: {words}"] if words is not None else []))

    def listen(self, members: Iterable[Member]) -> Listen:
        """The sockets that these need."""
        return Listen(
            tuple(
                (member.router, self.links[member.router.interface])
                for member in members
                if member.router.interface in self.links
            )
        )

    def prepare(self, member: Member) -> Effects:
        """What makes the member's takeover ready, as far as its interface is."""
        link = self.links.get(member.router.interface)
        source = source_of(member.router, link)
        if link is None or source is None:
            return ()
        return (Prepare(member.router, link, source),)
