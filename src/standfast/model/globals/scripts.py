"""`global_defs`: scripts and notification pipes."""

from standfast.base.times import SECOND, Duration
from standfast.model.declare import Reload, Repeat, group, kw
from standfast.model.kinds.composed import Fifo, FifoKind
from standfast.model.kinds.names import Boolean, Flag
from standfast.model.kinds.numbers import WholeSeconds
from standfast.model.kinds.scripts import Command, Script
from standfast.model.kinds.users import Account, User


@group(reload=Reload.LIVE)
class Scripts:
    """Who scripts run as, and which are run for everything."""

    script_user: User = kw(
        Account(), default=User(), doc="Account that scripts run as.",
        default_words="keepalived_script if that account exists, otherwise the daemon's own",
    )  # fmt: skip
    enable_script_security: bool = kw(
        Flag(), default=False, doc="Run no script as root that another user could change."
    )
    use_symlink_paths: bool = kw(Boolean(), default=False, doc="Keep symbolic links in the paths of scripts.")
    startup_script: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST,
        doc="Script run before anything else when the daemon starts.",
    )  # fmt: skip
    startup_script_timeout: Duration = kw(
        WholeSeconds(1, 1000),
        default=Duration(10 * SECOND),
        doc="Longest run of startup_script.",
    )
    shutdown_script: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST,
        doc="Script run after everything else when the daemon stops.",
    )  # fmt: skip
    shutdown_script_timeout: Duration = kw(
        WholeSeconds(1, 1000),
        default=Duration(10 * SECOND),
        doc="Longest run of shutdown_script.",
    )


@group(reload=Reload.LIVE)
class Fifos:
    """Named pipes that every change of state is written to, and the scripts that read them."""

    notify_fifo: Fifo | None = kw(
        FifoKind(), default=None, repeat=Repeat.FIRST, doc="Named pipe for every notification."
    )
    notify_fifo_script: Script | None = kw(
        Command(),
        default=None,
        repeat=Repeat.FIRST,
        doc="Script started to read notify_fifo; the path is its last argument.",
    )
    vrrp_notify_fifo: Fifo | None = kw(
        FifoKind(), default=None, repeat=Repeat.FIRST, doc="Named pipe for notifications of VRRP."
    )
    vrrp_notify_fifo_script: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script started to read vrrp_notify_fifo."
    )
    lvs_notify_fifo: Fifo | None = kw(
        FifoKind(), default=None, repeat=Repeat.FIRST, doc="Named pipe for notifications of servers."
    )
    lvs_notify_fifo_script: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script started to read lvs_notify_fifo."
    )
    vrrp_notify_priority_changes: bool = kw(
        Boolean(), default=False, doc="Write changes of the effective priority to the pipes, too."
    )
    fifo_write_vrrp_states_on_reload: bool = kw(
        Flag(), default=False, doc="Write all present states to the pipes after a reload."
    )
