"""The configuration in force, as programs and people are told of it."""

from msgspec import Struct


class Reload(Struct, frozen=True, kw_only=True):
    """The last reload."""

    at: float
    ok: bool
    changed: bool = True  # False: nothing differed
    words: str = ""  # why it was refused


class Configuration(Struct, frozen=True, kw_only=True):
    """The configuration in force."""

    path: str
    generation: int  # how many have been in force since the start
    since: float
    errors: int = 0
    warnings: int = 0
    without_effect: tuple[str, ...] = ()  # keywords that are accepted and do nothing
    complaints: tuple[str, ...] = ()  # of its reading, the first ones
    reload: Reload | None = None
    reloading: bool = False
