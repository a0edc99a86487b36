"""`Config`: everything that the files say, all defaults filled in.

Blocks that most files do not have are named, not imported: a start reads the declarations that its file needs.
"""

from typing import TYPE_CHECKING, Final

from standfast.base.times import SECOND, Duration
from standfast.model.declare import Effect, Reload, Repeat, block, kw
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.composed import OptionalWord
from standfast.model.kinds.names import Flag, Word
from standfast.model.kinds.numbers import WholeSeconds
from standfast.model.virtual_address import AddressEntry, VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance

if TYPE_CHECKING:
    from standfast.model.bfd_instance import BfdInstance
    from standfast.model.certificates import Ssl
    from standfast.model.interfaces import GarpGroup, Linkbeat, UpDownDelay
    from standfast.model.routes import Route
    from standfast.model.rules import Rule
    from standfast.model.sync_group import VrrpSyncGroup
    from standfast.model.track_group import TrackGroup
    from standfast.model.tracked import TrackFile, VrrpScript, VrrpTrackProcess
    from standfast.model.virtual_server import VirtualServer, VirtualServerGroup

_ALL: Final = Repeat.ALL
_FIXED: Final = "it is fixed when the daemon starts"


@block("(root)", reload=Reload.LIVE)
class Config:
    """The whole configuration; immutable."""

    global_defs: GlobalDefs = kw(
        Block(GlobalDefs, merged=True), default=GlobalDefs(), doc="Settings of the daemon, and defaults."
    )
    vrrp_instances: tuple[VrrpInstance, ...] = kw(
        Block(VrrpInstance, many=True), default=(), name="vrrp_instance", repeat=_ALL, doc="A virtual router."
    )
    vrrp_sync_groups: tuple["VrrpSyncGroup", ...] = kw(
        Block("sync_group:VrrpSyncGroup", many=True), default=(), name="vrrp_sync_group", repeat=_ALL,
        doc="Instances that change state as one.",
    )  # fmt: skip

    # ---- what is tracked
    vrrp_scripts: tuple["VrrpScript", ...] = kw(
        Block("tracked:VrrpScript", many=True), default=(), name="vrrp_script", repeat=_ALL,
        doc="A script that is run again and again.",
    )  # fmt: skip
    vrrp_track_processes: tuple["VrrpTrackProcess", ...] = kw(
        Block("tracked:VrrpTrackProcess", many=True), default=(), name="vrrp_track_process", repeat=_ALL,
        doc="A process that must run.",
    )  # fmt: skip
    track_files: tuple["TrackFile", ...] = kw(
        Block("tracked:TrackFile", many=True), default=(), name="track_file", aliases=("vrrp_track_file",),
        repeat=_ALL, doc="A file that holds a number.",
    )  # fmt: skip
    bfd_instances: tuple["BfdInstance", ...] = kw(
        Block("bfd_instance:BfdInstance", many=True), default=(), name="bfd_instance", repeat=_ALL,
        doc="A BFD session with a neighbour.",
    )  # fmt: skip
    track_groups: tuple["TrackGroup", ...] = kw(
        Block("track_group:TrackGroup", many=True), default=(), name="track_group", repeat=_ALL,
        doc="Instances that depend on static addresses, routes and rules.",
    )  # fmt: skip

    # ---- what holds whatever the state
    static_ipaddress: tuple[VirtualAddress, ...] = kw(
        Entries(AddressEntry(static=True)),
        default=(),
        repeat=_ALL,
        doc="Addresses present while the daemon runs.",
    )
    static_routes: tuple["Route", ...] = kw(
        Entries("routes:ROUTES"),
        default=(),
        repeat=_ALL,
        doc="Routes present while the daemon runs.",
    )
    static_rules: tuple["Rule", ...] = kw(
        Entries("rules:RULES"),
        default=(),
        repeat=_ALL,
        doc="Rules present while the daemon runs.",
    )

    # ---- interfaces
    garp_groups: tuple["GarpGroup", ...] = kw(
        Block("interfaces:GarpGroup", many=True), default=(), name="garp_group", repeat=_ALL,
        doc="Interfaces that share one limit of announcements.",
    )  # fmt: skip
    linkbeat_interfaces: tuple["Linkbeat", ...] = kw(
        Entries("interfaces:LINKBEATS"), default=(), repeat=_ALL, doc="Interfaces whose link is polled."
    )
    linkbeat_use_polling: bool = kw(Flag(), default=False, doc="Poll the link of every interface.")
    interface_up_down_delays: tuple["UpDownDelay", ...] = kw(
        Entries("interfaces:UP_DOWN_DELAYS"), default=(), repeat=_ALL,
        doc="How long a change of an interface must last.",
    )  # fmt: skip

    # ---- virtual servers
    virtual_server_groups: tuple["VirtualServerGroup", ...] = kw(
        Block("virtual_server:VirtualServerGroup", many=True), default=(), name="virtual_server_group",
        repeat=_ALL, doc="Addresses that count as one service.",
    )  # fmt: skip
    virtual_servers: tuple["VirtualServer", ...] = kw(
        Block("virtual_server:VirtualServer", many=True), default=(), name="virtual_server", repeat=_ALL,
        doc="A service that the kernel balances.",
    )  # fmt: skip
    ssl: "Ssl | None" = kw(
        Block("certificates:Ssl"),
        default=None,
        name="SSL",
        repeat=Repeat.REPLACED,
        doc="Certificates of SSL_GET.",
        default_words="none",
    )

    # ---- the daemon
    net_namespace: str = kw(
        Word("NAME"), default="", reload=Reload.DAEMON, because=_FIXED, repeat=Repeat.FIRST,
        doc="Network namespace that the daemon runs in.", default_words="the present one",
    )  # fmt: skip
    net_namespace_ipvs: str | None = kw(
        OptionalWord("NAME", ""), default=None, reload=Reload.DAEMON, because=_FIXED,
        repeat=Repeat.FIRST,
        doc="Network namespace of the virtual servers.", default_words="net_namespace",
    )  # fmt: skip
    namespace_with_ipsets: bool = kw(
        Flag(), default=False, effect=Effect.NONE, doc="Accepted for old kernels; it does nothing."
    )
    use_pid_dir: bool = kw(
        Flag(), default=False, reload=Reload.DAEMON, because=_FIXED,
        doc="Put pid files into a directory of their own.",
    )  # fmt: skip
    instance: str = kw(
        Word("NAME"), default="", reload=Reload.DAEMON, because=_FIXED, repeat=Repeat.FIRST,
        doc="Name of this daemon among several.", default_words="none",
    )  # fmt: skip
    child_wait_time: Duration = kw(
        WholeSeconds(0, 0xFFFF_FFFF), default=Duration(5 * SECOND),
        doc="How long a process may take to stop.",
    )  # fmt: skip
