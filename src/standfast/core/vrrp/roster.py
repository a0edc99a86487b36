"""The routers of a node: who they are, where packets for them come to, and who is due next."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standfast.base.agenda import Agenda
from standfast.base.times import Instant
from standfast.core.track.verdict import TrackerKey, TrackerKind
from standfast.core.vrrp.effects import Effects
from standfast.core.vrrp.events import Received, RouterEvent
from standfast.core.vrrp.groups import Groups, groups_of, takeover_due
from standfast.core.vrrp.hearing import Places, addressee, places_of
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.state import Backup, Master
from standfast.core.vrrp.timing import advert_due

READING: Final = ""  # who is due in the agenda when the addresses are to be read back; no router's name


class Roster:
    """The members by name, in the order of the configuration, with their deadlines."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.agenda = Agenda()
        self.beats = Agenda()  # of masters only: when they speak next
        self._members: Mapping[str, Member] = {}
        self._places: Places = {}
        self._groups: Groups = {}
        self._listening: Mapping[TrackerKey, tuple[Member, ...]] = {}
        self._order: Mapping[str, int] = {}
        self._on: Mapping[str, tuple[Member, ...]] = {}
        self._wary: tuple[Member, ...] = ()  # who minds where its source address is, on any interface
        self.guarded: tuple[Member, ...] = ()  # who may need rules of the firewall
        self.replace({member.router.name: member for member in members})

    def replace(self, members: Mapping[str, Member]) -> None:
        """From now on these are the members; who is gone is due no more."""
        for name in self._members.keys() - members.keys():
            self.agenda.set(name, None)
            self.beats.set(name, None)
        self._members = members
        self._places = places_of(members.values())
        self._groups = groups_of(members.values())
        self._listening = _listening(members.values())
        self._order = {name: place for place, name in enumerate(members)}
        self._on = _on(members.values())
        self._wary = tuple(member for member in members.values() if member.router.tracks_source)
        self.guarded = tuple(
            member for member in members.values() if member.router.own_links or not member.router.accept
        )

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

    @property
    def groups(self) -> Mapping[str, tuple[Member, ...]]:
        """The sync groups by name."""
        return self._groups

    def group_of(self, member: Member) -> tuple[Member, ...]:
        """The members of its sync group; itself alone if it is in none."""
        return self._groups.get(member.router.sync_group, (member,))

    def listening(self, key: TrackerKey) -> tuple[Member, ...]:
        """The members that this tracker matters to."""
        return self._listening.get(key, ())

    def on(self, interface: str) -> tuple[Member, ...]:
        """The members that need this interface."""
        return self._on.get(interface, ())

    def concerned(self, interface: str) -> tuple[Member, ...]:
        """The members that news of this interface may matter to, in the order of the configuration."""
        tracking = self.listening(TrackerKey(TrackerKind.INTERFACE, interface))
        names = {member.router.name for member in (*self.on(interface), *tracking, *self._wary)}
        return tuple(self._members[name] for name in sorted(names, key=self._order.__getitem__))

    def give(self, member: Member, event: RouterEvent, now: Instant) -> Effects:
        """Let the member do what the event asks for, and remember when it is due next."""
        effects = member.give(event, now)
        self.schedule(member)
        return effects

    def schedule(self, member: Member) -> None:
        """Remember when the member is due next; of a sync group, who changed last knows best."""
        due = member.deadline()
        if member.router.sync_group and isinstance(member.state, Backup):
            dues = (takeover_due(self.group_of(member)), member.conflict_ends())
            due = min((each for each in dues if each is not None), default=None)
        self.agenda.set(member.router.name, due)
        state = member.state
        self.beats.set(
            member.router.name, advert_due(member.router, state) if type(state) is Master else None
        )


def _listening(members: Iterable[Member]) -> Mapping[TrackerKey, tuple[Member, ...]]:
    listening: dict[TrackerKey, list[Member]] = {}
    for member in members:
        for key in dict.fromkeys(tracker.key for tracker in member.router.trackers):
            listening.setdefault(key, []).append(member)
    return {key: tuple(each) for key, each in listening.items()}


def _on(members: Iterable[Member]) -> Mapping[str, tuple[Member, ...]]:
    on: dict[str, list[Member]] = {}
    for member in members:
        for interface in member.router.interfaces:
            on.setdefault(interface, []).append(member)
    return {interface: tuple(each) for interface, each in on.items()}
