"""`global_defs`: the processes, their names, priorities and buffers."""

from typing import Final

from standfast.base.limits import REALTIME_PATIENCE
from standfast.base.times import SECOND, Duration
from standfast.model.declare import Effect, Relation, Reload, group, kw
from standfast.model.kinds.composed import CpuList
from standfast.model.kinds.names import Boolean, CutWord, Flag
from standfast.model.kinds.numbers import Clamped, Microseconds, Whole

_NAMED: Final = (
    "without it they are called standfastd, standfastd:vrrp and so on, and their command lines say so"
)
_PAUSE: Final = (
    "an interpreter computes longer than 10 ms at a time now and then; then the class is given back"
)
_LOCKS: Final = (
    "what is used is locked without it, too, where permitted; with it all that is there at the start"
)
_ENLARGES: Final = "with less than what we use, news of the kernel would be lost that need not be"
_ANYWAY: Final = "we exceed rmem_max wherever we are permitted to"
_START: Final = "memory is locked when the process starts"


@group(reload=Reload.DAEMON)
class ProcessNames:
    """How the processes call themselves."""

    process_names: bool = kw(
        Flag(), default=False, because="a process is named when it starts",
        relation=Relation.DIFFERS, why=_NAMED,
        doc="Call the processes keepalived, keepalived_vrrp, keepalived_ipvs and keepalived_bfd.",
    )  # fmt: skip
    process_name: str = kw(
        CutWord("NAME", 15), default="", doc="Name of the parent process.", default_words="standfastd"
    )
    vrrp_process_name: str = kw(
        CutWord("NAME", 15), default="", doc="Name of the VRRP process.", default_words="standfastd:vrrp"
    )
    checker_process_name: str = kw(
        CutWord("NAME", 15), default="", aliases=("lvs_process_name",), doc="Name of the healthcheck process.",
        default_words="standfastd:checker",
    )  # fmt: skip
    bfd_process_name: str = kw(
        CutWord("NAME", 15), default="", doc="Name of the BFD process.", default_words="standfastd:bfd"
    )


@group(reload=Reload.LIVE)
class VrrpProcess:
    """The VRRP process."""

    vrrp_rt_priority: int = kw(
        Clamped(1, 99), default=0, doc="Real-time priority (SCHED_RR) of the VRRP process.",
        default_words="0: chosen by the daemon",
    )  # fmt: skip
    vrrp_no_swap: bool = kw(
        Flag(),
        default=False,
        relation=Relation.DIFFERS,
        why=_LOCKS,
        doc="Lock the memory of the VRRP process.",
        reload=Reload.DAEMON,
        because=_START,
    )
    vrrp_priority: int = kw(Clamped(-20, 19), default=0, doc="Nice value of the VRRP process.")
    vrrp_cpu_affinity: tuple[int, ...] = kw(
        CpuList(), default=(), doc="CPUs that the VRRP process may use.", default_words="all"
    )
    vrrp_rlimit_rttime: Duration = kw(
        Microseconds(2, 0xFFFF_FFFF), default=REALTIME_PATIENCE,
        relation=Relation.DIFFERS, why=_PAUSE, default_words="1000000",
        aliases=("vrrp_rlimit_rtime",),
        deprecated={"vrrp_rlimit_rtime": "vrrp_rlimit_rttime"},
        doc="Longest run of the real-time VRRP process without a pause.",
    )  # fmt: skip
    max_auto_priority: int = kw(
        Whole(-1, 99, when_bare=99), default=0,
        doc="Highest real-time priority that lateness may raise a process to; 0 for none.",
    )  # fmt: skip
    min_auto_priority_delay: Duration = kw(
        Microseconds(1, 10_000_000), default=Duration(SECOND),
        doc="Lateness that raises the priority.",
    )  # fmt: skip


@group(reload=Reload.LIVE)
class OtherProcesses:
    """The healthcheck and BFD processes."""

    checker_priority: int = kw(Clamped(-20, 19), default=0, doc="Nice value of the healthcheck process.")
    checker_no_swap: bool = kw(
        Flag(),
        default=False,
        doc="Lock the memory of the healthcheck process.",
        reload=Reload.DAEMON,
        because=_START,
    )
    checker_rt_priority: int = kw(
        Clamped(1, 99), default=0, doc="Real-time priority (SCHED_RR) of the healthcheck process."
    )
    checker_cpu_affinity: tuple[int, ...] = kw(
        CpuList(), default=(), doc="CPUs that the healthcheck process may use.", default_words="all"
    )
    checker_rlimit_rttime: Duration = kw(
        Microseconds(2, 0xFFFF_FFFF), default=REALTIME_PATIENCE,
        relation=Relation.DIFFERS, why=_PAUSE, default_words="1000000",
        aliases=("checker_rlimit_rtime",),
        deprecated={"checker_rlimit_rtime": "checker_rlimit_rttime"},
        doc="Longest run of the real-time healthcheck process without a pause.",
    )  # fmt: skip
    bfd_priority: int = kw(Clamped(-20, 19), default=0, doc="Nice value of the BFD process.")
    bfd_no_swap: bool = kw(
        Flag(), default=False, doc="Lock the memory of the BFD process.", reload=Reload.DAEMON, because=_START,
        relation=Relation.DIFFERS, why=_LOCKS,
    )  # fmt: skip
    bfd_rt_priority: int = kw(
        Clamped(1, 99), default=0, doc="Real-time priority (SCHED_RR) of the BFD process.",
        default_words="0: chosen by the daemon",
    )  # fmt: skip
    bfd_cpu_affinity: tuple[int, ...] = kw(
        CpuList(), default=(), doc="CPUs that the BFD process may use.", default_words="all"
    )
    bfd_rlimit_rttime: Duration = kw(
        Microseconds(2, 0xFFFF_FFFF), default=REALTIME_PATIENCE,
        relation=Relation.DIFFERS, why=_PAUSE, default_words="1000000",
        aliases=("bfd_rlimit_rtime",),
        deprecated={"bfd_rlimit_rtime": "bfd_rlimit_rttime"},
        doc="Longest run of the real-time BFD process without a pause.",
    )  # fmt: skip


@group(reload=Reload.LIVE)
class Buffers:
    """Receive buffers of the sockets that the kernel reports through."""

    vrrp_netlink_cmd_rcv_bufs: int | None = kw(
        Whole(), default=None, relation=Relation.DIFFERS, why=_ENLARGES, default_words="4 MiB",
        doc="Receive buffer of the VRRP netlink command socket, in bytes; at least the default.",
    )  # fmt: skip
    vrrp_netlink_cmd_rcv_bufs_force: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS, why=_ANYWAY,
        doc="Exceed rmem_max for vrrp_netlink_cmd_rcv_bufs.",
    )  # fmt: skip
    vrrp_netlink_monitor_rcv_bufs: int | None = kw(
        Whole(), default=None, relation=Relation.DIFFERS, why=_ENLARGES, default_words="4 MiB",
        doc="Receive buffer of the VRRP netlink monitor sockets, in bytes; at least the default.",
    )  # fmt: skip
    vrrp_netlink_monitor_rcv_bufs_force: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS, why=_ANYWAY,
        doc="Exceed rmem_max for vrrp_netlink_monitor_rcv_bufs.",
    )  # fmt: skip
    process_monitor_rcv_bufs: int | None = kw(
        Whole(), default=None, relation=Relation.DIFFERS, why=_ENLARGES, default_words="4 MiB",
        doc="Receive buffer of the socket for process events, in bytes; at least the default.",
    )  # fmt: skip
    process_monitor_rcv_bufs_force: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS, why=_ANYWAY,
        doc="Exceed rmem_max for process_monitor_rcv_bufs.",
    )  # fmt: skip
    lvs_netlink_cmd_rcv_bufs: int | None = kw(
        Whole(), default=None, relation=Relation.DIFFERS, why=_ENLARGES, default_words="4 MiB",
        doc="Receive buffer of the healthcheck netlink command socket, in bytes; at least the default.",
    )  # fmt: skip
    lvs_netlink_cmd_rcv_bufs_force: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS, why=_ANYWAY,
        doc="Exceed rmem_max for lvs_netlink_cmd_rcv_bufs.",
    )  # fmt: skip
    lvs_netlink_monitor_rcv_bufs: int | None = kw(
        Whole(), default=None, relation=Relation.DIFFERS, why=_ENLARGES, default_words="4 MiB",
        doc="Receive buffer of the healthcheck netlink monitor socket, in bytes; at least the default.",
    )  # fmt: skip
    lvs_netlink_monitor_rcv_bufs_force: bool = kw(
        Boolean(), default=False, effect=Effect.NONE, relation=Relation.DIFFERS, why=_ANYWAY,
        doc="Exceed rmem_max for lvs_netlink_monitor_rcv_bufs.",
    )  # fmt: skip
