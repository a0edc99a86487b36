"""What a process was told of its host, and what that makes its routers worth.

Computed from the behaviours TR-01, TR-08, TR-14, TR-15 and SM-28, and not by the core that is judged by it.
"""

from dataclasses import dataclass, field
from typing import Final

from standfast.base.addresses import Family
from standfast.base.priorities import OWNER
from standfast.core.track.verdict import Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.events import Judged, Shielded, ShieldRefused, Stop
from standfast.core.vrrp.router import Router
from standfast.engine.ports import Event, LinkChanged, SocketFailed, SocketOpened

BOTTOM: Final = 1  # an effective priority lies between these
TOP: Final = 254
PRODUCT_IS_FAULT: Final = -254  # of a file's number and weight
PRODUCT_AT_MOST: Final = 253


@dataclass(slots=True)
class Knowledge:
    """What one process knows."""

    up: dict[str, bool]  # interfaces
    deaf: set[tuple[str, Family]] = field(default_factory=set)  # sockets that it cannot have
    verdicts: dict[TrackerKey, Verdict] = field(default_factory=dict)  # those that it was told
    closed: frozenset[object] = frozenset()  # addresses that the firewall keeps packets from
    unprotected: bool = False  # the firewall has refused its rules
    ends: bool = False  # it shall stop

    def learn(self, event: Event) -> None:
        """It is told this."""
        match event:
            case LinkChanged(link):
                self.up[link.name] = link.up
            case SocketFailed(interface, family):
                self.deaf.add((interface, family))
            case SocketOpened(interface, family):
                self.deaf.discard((interface, family))
            case Judged(verdicts):
                self.verdicts.update(verdicts)
            case Shielded(rules):
                self.closed, self.unprotected = rules.closed, False
            case ShieldRefused():
                self.unprotected = True
            case Stop():
                self.ends = True

    def waits(self, router: Router) -> bool:
        """Whether it does not begin: one of its trackers is not known yet (behaviour TR-04), or it ends."""
        return self.ends or any(self._verdict(tracker.key) is None for tracker in router.trackers)

    def priority(self, router: Router) -> int:
        """The effective one of a router that is configured like this."""
        if router.priority == OWNER:
            return OWNER
        total = router.priority + sum(self._contribution(tracker)[0] for tracker in router.trackers)
        return max(BOTTOM, min(TOP, total))

    def has_fault(self, router: Router) -> bool:
        """Whether anything keeps the router itself from taking part; its sync group is another matter."""
        return (
            not self.up[router.interface]
            or (router.interface, router.family) in self.deaf
            or any(self._contribution(tracker)[1] for tracker in router.trackers)
            or (self.unprotected and self._open(router))
        )

    def in_between(self, router: Router) -> bool:
        """Whether it waits for the firewall's answer: it need not have begun, nor to be in fault."""
        return not router.accept and not self.unprotected and self._open(router)

    def _open(self, router: Router) -> bool:
        """Whether packets would reach addresses that accept none (behaviour VM-10)."""
        return not router.accept and any(address.address not in self.closed for address in router.held)

    def _verdict(self, key: TrackerKey) -> Verdict | None:
        if key.kind is TrackerKind.INTERFACE:
            return Verdict(up=self.up.get(key.name, False))
        return self.verdicts.get(key)

    def _contribution(self, tracker: Tracker) -> tuple[int, bool]:
        """What one tracker adds to the priority, and whether it is a fault."""
        verdict = self._verdict(tracker.key)
        if verdict is None:
            return 0, False
        if tracker.key.kind is TrackerKind.FILE:
            return _of_file(tracker, verdict)
        if not tracker.weight:
            return 0, verdict.up == tracker.reverse
        when_up, when_down = max(tracker.weight, 0), min(tracker.weight, 0)
        adds = when_up if verdict.up else when_down
        return (-adds if tracker.reverse else adds), False


def _of_file(tracker: Tracker, verdict: Verdict) -> tuple[int, bool]:
    if not verdict.up:
        return 0, True  # what cannot be read has failed
    if not tracker.weight:
        return 0, verdict.value != 0
    product = verdict.value * tracker.weight * (-1 if tracker.reverse else 1)
    if product <= PRODUCT_IS_FAULT:
        return 0, True
    return min(product, PRODUCT_AT_MOST), False
