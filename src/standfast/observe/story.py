"""The story of an instance in words: what it is, since when, by which facts, and what would change it."""

from collections.abc import Iterable, Iterator, Sequence

from standfast.observe.reasons import reason_words
from standfast.observe.spans import ago, clock, span
from standfast.observe.state.event import Event
from standfast.observe.state.instance import Instance

_TRANSITION = "router-changed"
_BEFORE_S = 30.0  # what happened in this time before a transition may have led to it
_SHOWN = 12  # of those events, the last ones


def story(one: Instance, events: Sequence[Event], now: float) -> Iterator[str]:
    """What there is to say.

    Args:
        one: the instance as it is.
        events: about it and its surroundings, the oldest first.
        now: time of day.
    """
    yield f"{one.name} is {one.state.upper()} since {clock(one.since, now)} ({ago(one.since, now)})."
    yield f"Because {reason_words(one.reason, one.detail)}."
    yield ""
    came = _coming(one, events)
    if came:
        was, priority = came[0].facts.get("old", ""), came[0].facts.get("priority", "?")
        yield f"It came from {was.upper()} with priority {priority}. What led to it:"
        yield from _led_to(came, events, now)
    else:
        yield "The history does not reach back to that."
    yield ""
    yield "What holds now:"
    yield from (f"  - {line}" for line in facts(one, now))
    yield ""
    yield "What would change it:"
    yield from (f"  - {line}" for line in changes(one))


def priority_words(one: Instance) -> str:
    """The effective priority, with its arithmetic if there is any."""
    plain = one.arithmetic == f"{one.priority} = {one.priority}"
    return f"{one.priority}, as configured" if plain else one.arithmetic


def _coming(one: Instance, events: Iterable[Event]) -> list[Event]:
    """The transition to the state that it is in, and those after it that gave further causes to stay there."""
    came: list[Event] = []
    for each in events:
        if each.kind == _TRANSITION and each.about == one.name:
            came = [*came, each] if came and each.facts.get("old") == each.facts.get("new") else [each]
    return came if came and came[-1].facts.get("new") == one.state else []


def _led_to(came: Sequence[Event], events: Iterable[Event], now: float) -> Iterator[str]:
    """The events of the time before, the transition itself, and what came to it."""
    first = came[0]
    near = [each for each in events if first.at - _BEFORE_S <= each.at and each.number <= first.number]
    for each in (*near[-_SHOWN:], *came[1:][-_SHOWN:]):
        yield f"  {clock(each.at, now)}  {each.text}"


def facts(one: Instance, now: float) -> Iterator[str]:
    """What the state rests on."""
    yield f"priority {priority_words(one)}"
    yield from (f"fault: {fault}" for fault in one.faults)
    if one.two_masters is not None:
        two = one.two_masters
        yield f"two masters since {clock(two.since, now)}: {two.first.address} and {two.second.address}"
    if one.state == "backup":
        master = f"{one.master} with priority {one.master_priority}" if one.master else "nobody"
        quiet = f", {one.quiet:.2f} s ago" if one.quiet is not None and one.master else ""
        yield f"the master that it hears is {master}{quiet}"
    if one.state == "master":
        held = sum(each.present for each in one.addresses)
        yield f"the kernel has {held} of its {len(one.addresses)} addresses"
    for peer in one.peers:
        yield f"{peer.address} was heard {ago(peer.last, now)}, with priority {peer.priority}"
    for each in one.trackers:
        if not each.up:
            yield f"{each.kind} {each.name} is not good: {each.reason}"


def changes(one: Instance) -> Iterator[str]:
    """What would make it go elsewhere."""
    match one.state:
        case "master":
            yield f"it yields to an advert with a priority above {one.priority}, or equal and a higher address"
            yield "it gives up when it is stopped"
        case "backup":
            yield from _backup_changes(one)
        case "fault":
            yield "it takes part again when nothing of the above is a fault any more"
        case _:
            yield "it takes part when it is started"
    if one.state in {"master", "backup"}:
        yield f"fault, if {one.interface or 'its interface'} goes down or loses the address that it sends from"
        yield from _tracker_changes(one)
        if one.group:
            yield f"what happens to the other members of {one.group}"


def _backup_changes(one: Instance) -> Iterator[str]:
    if one.patience is not None:
        yield f"it takes over after {one.patience:.2f} s of silence, or when the master says goodbye"
    if one.preempt and not one.owner:
        delay = f", after {span(one.preempt_delay)}" if one.preempt_delay else ""
        yield f"it takes over from a master with a priority below {one.priority}{delay}"
    if not one.preempt:
        yield "it does not take over from a weaker master (nopreempt)"


def _tracker_changes(one: Instance) -> Iterator[str]:
    for each in one.trackers:
        if not each.weight:
            yield f"fault, if {each.kind} {each.name} is not good"
        else:
            yield f"another priority, if {each.kind} {each.name} says something else (weight {each.weight})"
