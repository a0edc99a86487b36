"""The configuration on its way through the rules: every block that is a list, built and with its lines."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.host import Host
from standfast.conf.origin import Origin
from standfast.conf.source import Line
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs

if TYPE_CHECKING:
    from standfast.model.bfd_instance import BfdInstance
    from standfast.model.interfaces import GarpGroup
    from standfast.model.kinds.scripts import Script
    from standfast.model.sync_group import VrrpSyncGroup
    from standfast.model.track_group import TrackGroup
    from standfast.model.tracked import TrackFile, VrrpScript, VrrpTrackProcess
    from standfast.model.virtual_server import VirtualServer, VirtualServerGroup
    from standfast.model.vrrp_instance import VrrpInstance


class Draft:
    """All blocks. The names are those of `Config`."""

    def __init__(self, global_defs: Built[GlobalDefs], origin: Origin, host: Host | None = None) -> None:
        self.global_defs = global_defs
        self.origin = origin
        self.host = host
        self.vrrp_instances: list[Built[VrrpInstance]] = []
        self.vrrp_sync_groups: list[Built[VrrpSyncGroup]] = []
        self.vrrp_scripts: list[Built[VrrpScript]] = []
        self.vrrp_track_processes: list[Built[VrrpTrackProcess]] = []
        self.track_files: list[Built[TrackFile]] = []
        self.bfd_instances: list[Built[BfdInstance]] = []
        self.track_groups: list[Built[TrackGroup]] = []
        self.garp_groups: list[Built[GarpGroup]] = []
        self.virtual_server_groups: list[Built[VirtualServerGroup]] = []
        self.virtual_servers: list[Built[VirtualServer]] = []
        self.rest: dict[str, Any] = {}  # the other fields of Config
        self.lost_scripts: list[tuple[Script, Line | None]] = []  # of blocks left out early

    @cached_property
    def server_groups(self) -> "dict[str, Built[VirtualServerGroup]]":
        """The groups of virtual servers by name; thousands of servers ask."""
        return {group.value.name: group for group in reversed(self.virtual_server_groups)}

    @cached_property
    def tracked_files(self) -> frozenset[str]:
        """The names that a FILE_CHECK can have."""
        return frozenset(file.value.name for file in self.track_files if file.usable)

    @cached_property
    def told_sessions(self) -> frozenset[str]:
        """The names that a BFD_CHECK can have."""
        sessions = (bfd.value for bfd in self.bfd_instances if bfd.usable)
        return frozenset(session.name for session in sessions if session.tells_checkers)

    @property
    def defs(self) -> GlobalDefs:
        """The global settings as they are now."""
        return self.global_defs.value

    def config(self) -> Config:
        """The configuration, without the blocks that cannot be used."""
        values: dict[str, Any] = {name: self._usable(name) for name in LISTS}
        return Config(global_defs=self.defs, **values, **self.rest)

    def _usable(self, name: str) -> tuple[Any, ...]:
        blocks: list[Built[Any]] = getattr(self, name)
        return tuple(it.value for it in blocks if it.usable)


LISTS = (
    "vrrp_instances", "vrrp_sync_groups", "vrrp_scripts", "vrrp_track_processes", "track_files", "bfd_instances",
    "track_groups", "garp_groups", "virtual_server_groups", "virtual_servers",
)  # fmt: skip
