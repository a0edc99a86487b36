"""`vrrp_sync_group`: instances that change state as one."""

from typing import Final

from standfast.model.declare import Effect, Relation, Reload, Repeat, argument, block, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.names import Boolean, Flag, Word
from standfast.model.kinds.scripts import Command, Script
from standfast.model.tracking import (
    BFDS,
    FILES,
    INTERFACES,
    PROCESSES,
    SCRIPTS,
    TrackedBfd,
    TrackedFile,
    TrackedInterface,
    TrackedProcess,
    TrackedScript,
)  # fmt: skip

_ALL: Final = Repeat.ALL


@block("vrrp_sync_group", reload=Reload.LIVE)
class VrrpSyncGroup:
    """Instances that are master together or not at all."""

    name: str = argument(Word("NAME"), doc="Name of the group in logs and scripts.")
    group: tuple[str, ...] = kw(
        Entries(Word("VRRP_INSTANCE"), several=True), default=(), repeat=Repeat.FIRST, doc="The instances."
    )
    track_interface: tuple[TrackedInterface, ...] = kw(
        Entries(INTERFACES), default=(), repeat=_ALL, doc="Interfaces tracked for all of them."
    )
    track_script: tuple[TrackedScript, ...] = kw(
        Entries(SCRIPTS), default=(), repeat=_ALL, doc="Scripts tracked for all of them."
    )
    track_file: tuple[TrackedFile, ...] = kw(
        Entries(FILES), default=(), repeat=_ALL, doc="Files tracked for all of them."
    )
    track_process: tuple[TrackedProcess, ...] = kw(
        Entries(PROCESSES), default=(), repeat=_ALL, doc="Processes tracked for all of them."
    )
    track_bfd: tuple[TrackedBfd, ...] = kw(
        Entries(BFDS), default=(), repeat=_ALL, doc="BFD sessions tracked for all of them."
    )
    notify: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST,
        doc="Script run on every change, with GROUP, name, state and 0 behind its arguments.",
    )  # fmt: skip
    notify_master: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering MASTER."
    )
    notify_backup: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering BACKUP."
    )
    notify_fault: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering FAULT."
    )
    notify_stop: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when the daemon stops."
    )
    smtp_alert: bool = kw(
        Boolean(), default=False, inherits=("global_defs.smtp_alert_vrrp",),
        default_words="smtp_alert_vrrp",
        doc="Send a mail when the group changes.",
    )  # fmt: skip
    sync_group_tracking_weight: bool = kw(
        Flag(), default=False, aliases=("global_tracking",),
        deprecated={"global_tracking": "sync_group_tracking_weight"},
        doc="Let trackers with a weight change the priority of the members.",
    )  # fmt: skip
    notify_priority_changes: bool = kw(
        Boolean(), default=False,
        inherits=("global_defs.vrrp_notify_priority_changes",),
        doc="Write changes of the members' priorities to the notification pipes.",
    )  # fmt: skip
    notify_deleted: Script | None = kw(
        Command(),
        unsupported={"notify_deleted": "groups have none, whatever its manual says"},
        default=None, effect=Effect.NONE, relation=Relation.DIFFERS,
        why="the manual names it, the parser refuses it; it is refused here, too",
        doc="Named by the manual; groups have no such script.",
    )  # fmt: skip
