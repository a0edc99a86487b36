"""Virtual servers, their real servers and checks, as programs and people are told of them."""

from msgspec import Struct


class CheckState(Struct, frozen=True, kw_only=True, gc=False):
    """One check of a real server."""

    kind: str  # keyword
    up: bool  # its result is good
    waiting: bool = False  # there is no result yet
    active: bool = True  # False: it rests
    trying: bool = False  # an attempt is under way
    failures: int = 0  # in a row
    reason: str = ""  # why it is not up
    last_phase: str = ""  # in which the last attempt failed; empty: it succeeded, or there was none
    last_detail: str = ""  # more about it
    last: float | None = None  # time of day of the last result
    took: float | None = None  # seconds
    next: float | None = None  # seconds until the next attempt


class RealServer(Struct, frozen=True, kw_only=True, gc=False):
    """A real server."""

    name: str
    up: bool
    since: float | None = None  # None: since it is known here
    weight: int  # that it has while it is up
    configured_weight: int  # as the file says
    reason: str = ""  # why it is not up
    ordered: str = ""  # what an operator has ordered for it, in words
    connections: int | None = None  # active ones, if it was asked for by its name and they can be counted
    checks: tuple[CheckState, ...] = ()


class VirtualServer(Struct, frozen=True, kw_only=True, gc=False):
    """A virtual server."""

    name: str
    up: bool  # it has its quorum
    since: float | None = None  # None: since it is known here
    quorum: int  # weight that must be alive
    live: int  # weight that is alive
    idle: bool = False  # its address is not on this host
    sorry_server: str = ""
    sorry: bool = False  # the sorry server takes its place
    servers: tuple[RealServer, ...] = ()
    uncounted: str = ""  # why connections, that were asked for, could not be counted
    refused: tuple[str, ...] = ()  # services that the kernel does not have as they should be
