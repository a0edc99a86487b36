"""What trackers make of a router: its effective priority, with the arithmetic, and its faults.

Always from the base priority and the present verdicts (design law 3). Behaviours TR-01, TR-08, TR-14, TR-19,
SM-28; which weights count at all was settled when the configuration was read (SG-07).
"""

from collections.abc import Callable
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.priorities import LEAST, MOST
from standfast.core.track.verdict import WAITING, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.router import Router

FILE_FAULT: Final = -254  # a file's number times its weight: from here on it is a fault

Ask = Callable[[TrackerKey], Verdict]


@frozen
class Share:
    """What one tracker contributes."""

    key: TrackerKey
    change: int  # of the priority


@frozen
class Standing:
    """What a router is worth now."""

    priority: int  # effective
    shares: tuple[Share, ...] = ()  # that change it; their sum is limited to 1 to 254
    faults: tuple[str, ...] = ()  # each a slug and what it is about
    waits_for: tuple[TrackerKey, ...] = ()  # trackers without a first result


def standing(router: Router, ask: Ask) -> Standing:
    """The router's worth by the present verdicts of its trackers; its own priority is the base."""
    shares: list[Share] = []
    faults: list[str] = []
    waits_for: list[TrackerKey] = []
    for tracker in router.trackers:
        verdict = ask(tracker.key)
        if verdict == WAITING:
            waits_for.append(tracker.key)
        elif change := _change(tracker, verdict):
            shares.append(Share(tracker.key, change))
        elif words := _fault(tracker, verdict):
            faults.append(words)
    return Standing(_limited(router, shares), tuple(shares), tuple(sorted(faults)), tuple(waits_for))


def arithmetic(router: Router, worth: Standing) -> str:
    """How the effective priority comes about, for people: `100 + 20 (script web) - 5 (file load) = 115`."""
    sums = "".join(
        f" {'-' if share.change < 0 else '+'} {abs(share.change)} ({share.key.kind} {share.key.name})"
        for share in worth.shares
    )
    if router.owner and worth.priority != router.priority:
        return f"{worth.priority}: another host says that it owns the addresses, too, and does not give way"
    total = router.priority + sum(share.change for share in worth.shares)
    limit = "" if total == worth.priority else f", limited to {worth.priority}"
    return f"{router.priority}{sums} = {total}{limit}"


def _limited(router: Router, shares: list[Share]) -> int:
    if router.owner or not shares:  # an owner's never changes (behaviour SM-28)
        return router.priority
    return min(MOST, max(LEAST, router.priority + sum(share.change for share in shares)))


def _change(tracker: Tracker, verdict: Verdict) -> int:
    """What the verdict adds to the priority (behaviours TR-01, TR-08)."""
    sign = -1 if tracker.reverse else 1
    if tracker.key.kind is TrackerKind.FILE:
        product = sign * tracker.weight * verdict.value if verdict.up else 0
        return 0 if product <= FILE_FAULT else min(product, -FILE_FAULT - 1)
    counts = verdict.up if tracker.weight > 0 else not verdict.up
    return sign * tracker.weight if counts else 0


def _fault(tracker: Tracker, verdict: Verdict) -> str:
    """Why the verdict keeps the router from taking part; empty if it does not."""
    kind, name = tracker.key
    if kind is TrackerKind.FILE:
        return _file_fault(tracker, verdict)
    if tracker.weight or verdict.up is not tracker.reverse:
        return ""
    why = verdict.reason or "is good, and reverse makes that a fault"
    return f"track-{kind}: {name}: {why}"


def _file_fault(tracker: Tracker, verdict: Verdict) -> str:
    name, value = tracker.key.name, verdict.value
    if not verdict.up:
        return f"track-file: {name}: {verdict.reason}"
    sign = -1 if tracker.reverse else 1
    if tracker.weight == 0 and value:
        return f"track-file: {name}: it holds {value}, and without a weight only 0 is good"
    if sign * tracker.weight * value <= FILE_FAULT:
        return f"track-file: {name}: it holds {value}, times weight {sign * tracker.weight}"
    return ""
