"""Which events are about something."""

from standfast.observe.state.event import NAMING, Event


def is_about(event: Event, names: tuple[str, ...]) -> bool:
    """Whether an event is about one of these; no names: about anything."""
    return not names or event.about in names or any(event.facts.get(field) in names for field in NAMING)
