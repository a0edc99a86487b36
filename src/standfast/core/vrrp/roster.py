"""The routers of a node: who they are, where packets for them come to, and who is due next."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standfast.base.times import Instant
from standfast.core.vrrp.agenda import Agenda
from standfast.core.vrrp.effects import Effects
from standfast.core.vrrp.events import Received, RouterEvent
from standfast.core.vrrp.hearing import Places, addressee, places_of
from standfast.core.vrrp.member import Member

READING: Final = ""  # who is due in the agenda when the addresses are to be read back; no router's name


class Roster:
    """The members by name, in the order of the configuration, with their deadlines."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.agenda = Agenda()
        self._members: Mapping[str, Member] = {}
        self._places: Places = {}
        self.replace({member.router.name: member for member in members})

    def replace(self, members: Mapping[str, Member]) -> None:
        """From now on these are the members; who is gone is due no more."""
        for name in self._members.keys() - members.keys():
            self.agenda.set(name, None)
        self._members = members
        self._places = places_of(members.values())

    def __iter__(self) -> Iterator[Member]:
        """The members in the order of the configuration."""
        return iter(self._members.values())

    @property
    def by_name(self) -> Mapping[str, Member]:
        """The members by name."""
        return self._members

    def get(self, name: str | None) -> Member | None:
        """The member of this name."""
        return None if name is None else self._members.get(name)

    def addressee(self, packet: Received) -> Member | None:
        """The member that the packet is for."""
        return addressee(self._places, packet)

    def give(self, member: Member, event: RouterEvent, now: Instant) -> Effects:
        """Let the member do what the event asks for, and remember when it is due next."""
        effects = member.give(event, now)
        self.schedule(member)
        return effects

    def schedule(self, member: Member) -> None:
        """Remember when the member is due next."""
        self.agenda.set(member.router.name, member.deadline())
