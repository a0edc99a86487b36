"""One BFD session, as programs and people are told of it."""

from msgspec import Struct


class Session(Struct, frozen=True, kw_only=True, gc=False):
    """A BFD session."""

    name: str
    state: str  # admin-down, down, init, up
    up: bool
    since: float  # time of day
    neighbour: str  # address
    diagnostic: str = ""  # in words: why it went down
    remote_state: str = ""  # what the neighbour says of itself
    interval: float | None = None  # seconds between packets of ours
    detection: float | None = None  # seconds of silence until it is down
    sent: int = 0  # packets
    heard: int = 0  # packets that counted
    downs: int = 0  # how often it went down
    drops: dict[str, int] = {}  # packets for it that did not count, by reason
