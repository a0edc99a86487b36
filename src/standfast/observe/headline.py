"""The whole state in one line, for `systemctl status`."""

from collections import Counter
from collections.abc import Iterator

from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles


def headline(status: Status) -> str:
    """What there is, and what is wrong."""
    wrong = troubles(status)
    match len(wrong):
        case 0:
            end = "all is well"
        case 1:
            end = wrong[0]
        case more:
            end = f"{more} things are wrong: {wrong[0]} …"
    return "; ".join((*_counts(status), end))


def _counts(status: Status) -> Iterator[str]:
    if status.instances:
        states = Counter(one.state for one in status.instances)
        parts = ", ".join(f"{states[state]} {state}" for state in sorted(states, key=_rank))
        yield f"{_number(len(status.instances), 'instance')}: {parts}"
    if status.virtual_servers:
        live = sum(one.up for one in status.virtual_servers)
        yield f"{_number(len(status.virtual_servers), 'virtual server')}, {live} up"
    if status.sessions:
        live = sum(one.up for one in status.sessions)
        yield f"{_number(len(status.sessions), 'BFD session')}, {live} up"


def _rank(state: str) -> int:
    """What people look for first stands first."""
    order = ("master", "backup", "fault", "init")
    return order.index(state) if state in order else len(order)


def _number(count: int, of: str) -> str:
    return f"{count} {of}" if count == 1 else f"{count} {of}s"
