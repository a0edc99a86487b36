"""Two masters of one virtual router at once: seen by one of them, or by a backup that hears both.

A handover is no conflict: the old master falls silent as soon as the new one speaks. So a backup that hears A,
then B, knows nothing yet; only when A speaks *again* are there two, and not if A was silent for so long that it
may have come back by right. A master that hears a router with less right to be one knows at once. It is over when
one of the two has been silent for an interval more than a backup would wait, has said goodbye, or, if it is
ourselves, has given way; whoever has become master meanwhile is the one that is left. More than what is heard
nobody knows: of two that fall silent, the one that spoke last is named.
"""

from standfast.base.addresses import IpAddress
from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant, after, between, times
from standfast.core.vrrp.effects import Effects, OneMaster, TwoMasters


@frozen
class Speaker:
    """Somebody who speaks as master."""

    address: IpAddress
    priority: int
    last: Instant  # when its last advert came
    read: Instant  # when we got to that: later, if we slept
    interval: Duration  # from one of its adverts to the next


class Voice:
    """Somebody who speaks as master again and again: what changes with each advert is kept in place."""

    __slots__ = ("address", "interval", "last", "priority", "read")

    def __init__(self, speaker: Speaker) -> None:
        self.address = speaker.address
        self.priority = speaker.priority
        self.last = speaker.last
        self.read = speaker.read
        self.interval = speaker.interval

    def now(self) -> Speaker:
        """As it is at this moment."""
        return Speaker(self.address, self.priority, self.last, self.read, self.interval)


@frozen
class Conflict:
    """Two who speak as master, and since when."""

    since: Instant
    first: Speaker
    second: Speaker

    def hears(self, speaker: Speaker) -> "Conflict":
        """One of the two spoke again; a third takes the place of who has been silent longer."""
        if speaker.address == self.first.address:
            return Conflict(self.since, speaker, self.second)
        if speaker.address == self.second.address or self.second.last <= self.first.last:
            return Conflict(self.since, self.first, speaker)
        return Conflict(self.since, speaker, self.second)

    def is_about(self, address: IpAddress) -> bool:
        """Whether this is one of the two."""
        return address in (self.first.address, self.second.address)

    def ends(self, adverts: int) -> Instant:
        """When it is over unless both speak: after this many adverts of the slower one, and two more.

        From when we read the last one: what came while we slept, and found no room, is no silence of theirs.
        """
        one, other = self.first, self.second
        return after(min(one.read, other.read), times(adverts + 2, max(one.interval, other.interval)))


class Masters:
    """Who speaks as master of one virtual router, as far as we hear."""

    def __init__(self) -> None:
        self.conflict: Conflict | None = None
        self._last: Voice | None = None
        self._before: Speaker | None = None  # who spoke last before that

    @property
    def recent(self) -> tuple[Speaker | None, Speaker | None]:
        """Who spoke last, and who before that."""
        return None if self._last is None else self._last.now(), self._before

    def recall(self, last: Voice | None, before: Speaker | None, conflict: Conflict | None) -> None:
        """Go on where another process stopped."""
        self._last, self._before, self.conflict = last, before, conflict

    def involve(self, address: IpAddress) -> bool:
        """Whether this is one of two masters."""
        return self.conflict is not None and self.conflict.is_about(address)

    def goes_on(self, voice: Voice) -> bool:
        """Whether it is the one who spoke last, and no other does: then there is nothing to see."""
        return voice is self._last and self.conflict is None

    def hear(self, name: str, voice: Voice, adverts: int) -> Effects:
        """A backup heard a master.

        Args:
            name: of the router.
            voice: the master's, as of this advert.
            adverts: of a master that are missed before a backup takes its place.
        """
        last, before, speaker = self._last, self._before, voice.now()
        self._last = voice
        if self.conflict is not None:
            self.conflict = self.conflict.hears(speaker)
        elif last is not None and last.address != speaker.address:
            self._before = last.now()
            if (
                before is not None
                and before.address == speaker.address
                and between(before.last, speaker.last) <= _no_gap(before, last, adverts)
            ):
                return self._differ(name, Conflict(before.last, last.now(), speaker))
        return ()

    def contradict(self, name: str, ours: Speaker, theirs: Speaker) -> Effects:
        """A master heard another one that has less right to be master."""
        if self.conflict is None:
            return self._differ(name, Conflict(theirs.last, ours, theirs))
        self.conflict = self.conflict.hears(theirs).hears(ours)
        return ()

    def leaves(
        self, name: str, address: IpAddress, now: Instant, *, survivor: IpAddress | None = None
    ) -> Effects:
        """A master said goodbye, or gave way; `survivor` is left if that is known, otherwise the other."""
        if self.conflict is None:
            if self._last is not None and self._last.address == address:
                self._last = None
            return ()
        if not self.conflict.is_about(address):
            return ()
        one, other = self.conflict.first, self.conflict.second
        left = other if one.address == address else one
        return self._agree(name, left.address if survivor is None else survivor, now)

    def ends(self, adverts: int) -> Instant | None:
        """When the conflict is over because one of the two is silent; None: there is none."""
        return None if self.conflict is None else self.conflict.ends(adverts)

    def fall_silent(self, name: str, now: Instant, *, survivor: IpAddress | None = None) -> Effects:
        """`ends` has come; `survivor` is left if that is known, otherwise who was heard last."""
        if self.conflict is None:
            return ()
        one, other = self.conflict.first, self.conflict.second
        left = one if one.last >= other.last else other
        return self._agree(name, left.address if survivor is None else survivor, now)

    def _differ(self, name: str, conflict: Conflict) -> Effects:
        self.conflict = conflict
        one, other = conflict.first, conflict.second
        return (TwoMasters(name, one.address, one.priority, other.address, other.priority),)

    def _agree(self, name: str, survivor: IpAddress, now: Instant) -> Effects:
        lasted = 0 if self.conflict is None else between(self.conflict.since, now)
        self.conflict, self._last, self._before = None, None, None
        return (OneMaster(name, survivor, lasted),)


def _no_gap(speaker: Speaker, meanwhile: Voice, adverts: int) -> Duration:
    """How long one that was master all the time may have been silent at most.

    One that handed over and came back was silent for as many intervals as a backup misses, its own or the other's.
    Half of one is left to clocks that differ; but its own next advert is no gap, however slow it is.
    """
    handover = (2 * adverts - 1) * min(speaker.interval, meanwhile.interval) // 2
    return Duration(max(handover, 3 * speaker.interval // 2))
