"""What news of the host's interfaces means for the routers on them."""

from collections.abc import Callable

from standfast.base.addresses import Family
from standfast.base.times import Instant
from standfast.core.vrrp.belongings import Belongings
from standfast.core.vrrp.conduct import Conduct
from standfast.core.vrrp.effects import Effects
from standfast.core.vrrp.roster import Roster
from standfast.core.vrrp.router import Link
from standfast.core.vrrp.surroundings import Surroundings


class Interfaces:
    """Keeps what is known of the interfaces, and the routers in step with it."""

    def __init__(
        self,
        roster: Roster,
        host: Surroundings,
        *,
        conduct: Conduct,
        belongings: Belongings,
        rules: Callable[[], Effects],
    ) -> None:
        """Make it.

        Args:
            roster: all members.
            host: what is known of the host; the links in it are kept here.
            conduct: lets members do what follows.
            belongings: puts back what a new interface lacks.
            rules: what the firewall needs to know now.
        """
        self._roster = roster
        self._host = host
        self._conduct = conduct
        self._belongings = belongings
        self._rules = rules

    def changed(self, link: Link, now: Instant) -> Effects:
        """An interface has come, or looks different."""
        links = self._host.links
        if link == (old := links.get(link.name)):
            return ()
        if old is not None and old.index != link.index:  # another interface of the same name
            return (*self.gone(link.name, now), *self.changed(link, now))
        links[link.name] = link
        if old is not None and old.mac != link.mac:
            # Hosts that learnt the old hardware address would send into the void.
            self._conduct.announce_anew(self._roster.on(link.name), now)
        again = self._belongings.static.appeared(link, old)
        return (*self._rules(), *again, *self._renewed(link, old), *self.review(link.name, now))

    def gone(self, name: str, now: Instant) -> Effects:
        """There is no such interface any more."""
        self._host.links.pop(name, None)
        return (*self.review(name, now), self._host.listen(self._roster), *self._rules())

    def heard(self, name: str, family: Family, now: Instant, *, deaf: str = "") -> Effects:
        """Adverts of this family can be heard on an interface, or why not."""
        if deaf:
            self._host.deaf[name, family] = deaf
        else:
            self._host.deaf.pop((name, family), None)
        return self.review(name, now)

    def review(self, name: str, now: Instant) -> Effects:
        """Compare the faults of the routers on this interface with what they were."""
        members = self._roster.concerned(name)
        for member in members:
            if name in member.router.interfaces:
                member.forget_packets()  # they were compared with the address that we had
        return self._conduct.judge(members, now)

    def _renewed(self, link: Link, old: Link | None) -> Effects:
        """What was made ready for the old looks of a link is made ready again."""
        using = self._roster.on(link.name)
        if not using:
            return ()
        anew = old is None or (old.index, old.up) != (link.index, link.up)
        listen = (self._host.listen(self._roster),) if anew else ()
        return (*listen, *(effect for member in using for effect in self._host.prepare(member)))
