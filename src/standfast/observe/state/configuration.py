"""The configuration in force, as programs and people are told of it."""

from msgspec import Struct


class Planned(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a reload does; of a list, what came and what went."""

    block: str  # "vrrp_instance VI_1"; "" for keywords of the top level
    what: str  # added, removed, changed
    keyword: str = ""  # empty: the whole block
    before: str = ""  # value
    after: str = ""  # value
    added: tuple[str, ...] = ()  # entries of a list
    removed: tuple[str, ...] = ()  # entries of a list
    need: str = "live"  # live, restart (of the block), daemon (not before the daemon is restarted)
    because: str = ""  # why it needs that

    @property
    def words(self) -> str:
        """For people, on one line."""
        where = self.block or "top level"
        if not self.keyword:
            return f"{where}: {self.what}"
        lists = [f"-{each}" for each in self.removed] + [f"+{each}" for each in self.added]
        values = ", ".join(lists) or f"{self.before} -> {self.after}"
        need = {
            "live": "",
            "restart": "; restarts the block",
            "daemon": "; not before the daemon is restarted",
        }
        because = f" ({self.because})" if self.because else ""
        return f"{where}: {self.keyword}: {values}{need.get(self.need, '')}{because}"


class Reload(Struct, frozen=True, kw_only=True):
    """The last reload."""

    at: float  # time of day
    ok: bool  # it was taken over, or would be
    changed: bool = True  # False: nothing differed
    words: str = ""  # why it was refused
    problems: tuple[str, ...] = ()  # the errors for which it was refused, with their places
    plan: tuple[Planned, ...] = ()  # what it did, or would have done
    confirm_by: float | None = None  # it is undone then, unless it is confirmed
    undone: bool = False  # the former configuration is in force again


class Configuration(Struct, frozen=True, kw_only=True):
    """The configuration in force."""

    path: str  # of the top file
    generation: int  # how many have been in force since the start
    since: float  # time of day
    errors: int = 0  # of its reading
    warnings: int = 0  # of its reading
    without_effect: tuple[str, ...] = ()  # keywords that are accepted and do nothing
    complaints: tuple[str, ...] = ()  # of its reading, the first ones
    reload: Reload | None = None  # the last one
    reloading: bool = False  # one is under way
    reload_at: float | None = None  # the next planned reload (reload_time_file)
    confirm_by: float | None = None  # the former one comes back then, unless this one is confirmed
