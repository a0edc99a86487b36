"""The configuration on its way through the rules: every block that is a list, built and with its lines."""

from dataclasses import dataclass, field
from typing import Any

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.host import Host
from standfast.conf.origin import Origin
from standfast.model.bfd_instance import BfdInstance
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.groups import GarpGroup, TrackGroup
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.tracked import TrackFile, VrrpScript, VrrpTrackProcess
from standfast.model.virtual_server import VirtualServer, VirtualServerGroup
from standfast.model.vrrp_instance import VrrpInstance


@dataclass(slots=True)
class Draft:
    """All blocks. The names are those of `Config`."""

    global_defs: Built[GlobalDefs]
    origin: Origin
    host: Host | None = None
    vrrp_instances: list[Built[VrrpInstance]] = field(default_factory=list)
    vrrp_sync_groups: list[Built[VrrpSyncGroup]] = field(default_factory=list)
    vrrp_scripts: list[Built[VrrpScript]] = field(default_factory=list)
    vrrp_track_processes: list[Built[VrrpTrackProcess]] = field(default_factory=list)
    track_files: list[Built[TrackFile]] = field(default_factory=list)
    bfd_instances: list[Built[BfdInstance]] = field(default_factory=list)
    track_groups: list[Built[TrackGroup]] = field(default_factory=list)
    garp_groups: list[Built[GarpGroup]] = field(default_factory=list)
    virtual_server_groups: list[Built[VirtualServerGroup]] = field(default_factory=list)
    virtual_servers: list[Built[VirtualServer]] = field(default_factory=list)
    rest: dict[str, Any] = field(default_factory=dict)  # the other fields of Config

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
