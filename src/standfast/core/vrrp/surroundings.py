"""What the node knows of its host: interfaces, sockets, trackers; and what that means for a router."""

from collections.abc import Iterable, Mapping

from standfast.base.addresses import Family
from standfast.base.times import Instant
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.effects import Effects, Listen, Prepare
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.orders import Order, order_faults
from standfast.core.vrrp.router import ANYWHERE, Link, Router, faults_of, source_of
from standfast.core.vrrp.shielding import Shielding
from standfast.core.vrrp.standing import Standing, standing

Medium = tuple[str, Family]


class Surroundings:
    """The host as it was told."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self.links = {ANYWHERE.name: ANYWHERE, **links}
        self.deaf: dict[Medium, str] = {}  # sockets that cannot be had, and why
        self.lost: dict[str, tuple[str, ...]] = {}  # static things that routers need and lack
        self.shielding = Shielding()
        self.not_before = Instant(0)  # until then nobody becomes master, and adverts say nothing (SM-25)
        self.orders: tuple[Order, ...] = ()  # of operators
        self.verdicts: dict[TrackerKey, Verdict] = {}  # of interfaces none: their links tell

    def standing(self, router: Router) -> Standing:
        """What the trackers make of the router."""
        return standing(router, self.verdict)

    def verdict(self, key: TrackerKey) -> Verdict:
        """What this tracker says; of an interface, what its link does (behaviour TR-15)."""
        if key.kind is not TrackerKind.INTERFACE:
            return self.verdicts.get(key, WAITING)
        link = self.links.get(key.name)
        if link is None:
            return Verdict(up=False, reason="does not exist")
        return GOOD if link.up else Verdict(up=False, reason="is down")

    def faults(self, member: Member) -> tuple[str, ...]:
        """Why the router must not take part: orders, host and trackers; the sync group may know more."""
        router = member.router
        words = self.deaf.get((router.interface, router.family))
        deaf = () if words is None else (f"no-socket: {words}",)
        lost = self.lost.get(router.name, ())
        open_ = self.shielding.faults(router, member.state, self.links)
        ordered = order_faults((router.name, router.sync_group), self.orders)
        return (*ordered, *faults_of(router, self.links), *member.standing.faults, *deaf, *open_, *lost)

    def listen(self, members: Iterable[Member]) -> Listen:
        """The sockets that these need."""
        return Listen(
            tuple(
                (member.router, self.links[member.router.interface])
                for member in members
                if member.router.interface in self.links
                and not self.shielding.deafens(member.router, self.links)
            )
        )

    def prepare(self, member: Member) -> Effects:
        """What makes the member's takeover ready, as far as its interface is."""
        link = self.links.get(member.router.interface)
        source = source_of(member.router, self.links)
        if link is None or source is None:
            return ()
        return (Prepare(member.router, link, source),)
