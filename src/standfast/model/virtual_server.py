"""`virtual_server`, `real_server`, `virtual_server_group`: services that the kernel balances."""

from typing import Final

from standfast.base.limits import SERVER_WEIGHT_MAX
from standfast.base.schedulers import SCHEDULERS
from standfast.base.times import SECOND, Duration
from standfast.model.checkers import (
    BfdCheck,
    DnsCheck,
    FileCheck,
    HttpGet,
    MiscCheck,
    PingCheck,
    SmtpCheck,
    SslGet,
    TcpCheck,
    UdpCheck,
)  # fmt: skip
from standfast.model.declare import Effect, Reload, Repeat, argument, block, kw, lines
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Boolean, Choice, CutWord, Flag, Word
from standfast.model.kinds.numbers import LONGEST, Seconds, Whole
from standfast.model.kinds.scripts import Command, Script
from standfast.model.kinds.servers import (
    Endpoint,
    EndpointKind,
    Granularity,
    GroupMember,
    GroupMemberKind,
    Method,
    MethodKind,
    NetworkSize,
    Service,
    ServiceKind,
)  # fmt: skip

_WIDEST: Final = 0xFFFF_FFFF


@block("virtual_server_group", reload=Reload.LIVE)
class VirtualServerGroup:
    """Addresses, ranges and marks that count as one service."""

    name: str = argument(Word("NAME"), doc="Name that virtual servers use.")
    members: tuple[GroupMember, ...] = lines(
        Entries(GroupMemberKind()), doc="Addresses, ranges, prefixes and firewall marks."
    )


@block("real_server", reload=Reload.LIVE)
class RealServer:
    """A server that does the work."""

    endpoint: Endpoint = argument(EndpointKind(), doc="Its address and port.")
    weight: int = kw(
        Whole(0, SERVER_WEIGHT_MAX), default=1, inherits=("virtual_server.weight",), doc="Its share."
    )
    lvs_method: Method | None = kw(
        MethodKind(), default=None, inherits=("virtual_server.lvs_method",), doc="How packets get to it."
    )
    uthreshold: int = kw(Whole(), default=0, doc="Connections that are too many; 0 for none.")
    lthreshold: int = kw(Whole(), default=0, doc="Connections that are few again; 0 for none.")
    inhibit_on_failure: bool = kw(
        Boolean(), default=False, inherits=("virtual_server.inhibit_on_failure",),
        doc="Give it weight 0 when it fails, instead of removing it.",
    )  # fmt: skip
    notify_up: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when it is up."
    )
    notify_down: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when it fails."
    )
    alpha: bool = kw(Boolean(), default=False, inherits=("virtual_server.alpha",), doc="Begin as failed.")
    retry: int | None = kw(
        Whole(1, _WIDEST),
        default=None,
        inherits=("virtual_server.retry",),
        doc="For its checkers: further failures that are let pass.",
    )
    delay_before_retry: Duration | None = kw(
        Seconds("0", LONGEST),
        default=None,
        inherits=("virtual_server.delay_before_retry",),
        doc="For its checkers: time from a failure that is let pass to the next attempt.",
    )
    warmup: Duration | None = kw(
        Seconds("0", LONGEST),
        default=None,
        inherits=("virtual_server.warmup",),
        doc="For its checkers: longest random time before the first check.",
    )
    connect_timeout: Duration = kw(
        Seconds("0.000001"), default=Duration(5 * SECOND), inherits=("virtual_server.connect_timeout",),
        doc="For its checkers: longest wait for the connection and the answer.",
    )  # fmt: skip
    delay_loop: Duration = kw(
        Seconds("0.000001", LONGEST), default=Duration(60 * SECOND), inherits=("virtual_server.delay_loop",),
        doc="For its checkers: time between checks.",
    )  # fmt: skip
    smtp_alert: bool = kw(
        Boolean(),
        default=True,
        inherits=("global_defs.smtp_alert_checker",),
        doc="Send a mail when it changes.",
    )
    virtualhost: str = kw(
        Word(),
        default="",
        inherits=("virtual_server.virtualhost",),
        doc="Default Host header of its checkers.",
    )
    snmp_name: str = kw(Word(), default="", effect=Effect.NOT_YET, doc="Name in SNMP.")
    misc_check: tuple[MiscCheck, ...] = kw(
        Block(MiscCheck, many=True), default=(), name="MISC_CHECK", repeat=Repeat.ALL, doc="Run a program."
    )
    smtp_check: tuple[SmtpCheck, ...] = kw(
        Block(SmtpCheck, many=True),
        default=(),
        name="SMTP_CHECK",
        repeat=Repeat.ALL,
        doc="Ask a mail server.",
    )
    tcp_check: tuple[TcpCheck, ...] = kw(
        Block(TcpCheck, many=True), default=(), name="TCP_CHECK", repeat=Repeat.ALL, doc="Connect by TCP."
    )
    ping_check: tuple[PingCheck, ...] = kw(
        Block(PingCheck, many=True),
        default=(),
        name="PING_CHECK",
        repeat=Repeat.ALL,
        doc="Send an ICMP echo.",
    )
    udp_check: tuple[UdpCheck, ...] = kw(
        Block(UdpCheck, many=True), default=(), name="UDP_CHECK", repeat=Repeat.ALL, doc="Send a datagram."
    )
    http_get: tuple[HttpGet, ...] = kw(
        Block(HttpGet, many=True), default=(), name="HTTP_GET", repeat=Repeat.ALL, doc="Fetch pages by HTTP."
    )
    ssl_get: tuple[SslGet, ...] = kw(
        Block(SslGet, many=True), default=(), name="SSL_GET", repeat=Repeat.ALL, doc="Fetch pages by HTTPS."
    )
    dns_check: tuple[DnsCheck, ...] = kw(
        Block(DnsCheck, many=True), default=(), name="DNS_CHECK", repeat=Repeat.ALL, doc="Ask a name server."
    )
    file_check: tuple[FileCheck, ...] = kw(
        Block(FileCheck, many=True), default=(), name="FILE_CHECK", repeat=Repeat.ALL, doc="Read a number."
    )
    bfd_check: tuple[BfdCheck, ...] = kw(
        Block(BfdCheck, many=True),
        default=(),
        name="BFD_CHECK",
        repeat=Repeat.ALL,
        doc="Follow a BFD session.",
    )


@block("virtual_server", reload=Reload.LIVE)
class VirtualServer:
    """A service that the kernel balances over real servers."""

    service: Service = argument(ServiceKind(), doc="What is served.")
    ip_family: str = kw(
        Choice("inet", "inet6"), default="", doc="Family of a mark.", default_words="from the addresses"
    )
    retry: int | None = kw(
        Whole(1, _WIDEST),
        default=None,
        doc="For its checkers: further failures that are let pass.",
        default_words="each checker's own",
    )
    delay_before_retry: Duration | None = kw(
        Seconds("0", LONGEST),
        default=None,
        doc="For its checkers: time from a failure that is let pass to the next attempt.",
        default_words="each checker's own",
    )
    warmup: Duration | None = kw(
        Seconds("0", LONGEST),
        default=None,
        doc="For its checkers: longest random time before the first check.",
        default_words="delay_loop",
    )
    connect_timeout: Duration = kw(
        Seconds("0.000001"),
        default=Duration(5 * SECOND),
        doc="For its checkers: longest wait for the connection and the answer.",
    )
    delay_loop: Duration = kw(
        Seconds("0.000001", LONGEST),
        default=Duration(60 * SECOND),
        doc="For its checkers: time between checks.",
    )
    inhibit_on_failure: bool = kw(
        Flag(), default=False, doc="Give a failed server weight 0, instead of removing it."
    )
    lvs_sched: str = kw(
        Choice(*SCHEDULERS), default="wlc", aliases=("lb_algo",), doc="How new connections are spread.",
        reload=Reload.RESTART, because="the kernel's service must be made anew",
    )  # fmt: skip
    hashed: bool = kw(Flag(), default=False, effect=Effect.NONE, doc="Accepted; it does nothing.")
    ops: bool = kw(Flag(), default=False, doc="Schedule each packet anew (UDP).")
    flag_1: bool = kw(Flag(), default=False, name="flag-1", doc="Flag 1 of the scheduler.")
    flag_2: bool = kw(Flag(), default=False, name="flag-2", doc="Flag 2 of the scheduler.")
    flag_3: bool = kw(Flag(), default=False, name="flag-3", doc="Flag 3 of the scheduler.")
    sh_port: bool = kw(Flag(), default=False, name="sh-port", doc="Scheduler sh: hash the source port, too.")
    sh_fallback: bool = kw(
        Flag(),
        default=False,
        name="sh-fallback",
        doc="Scheduler sh: take another server if the hashed one is gone.",
    )
    mh_port: bool = kw(Flag(), default=False, name="mh-port", doc="Scheduler mh: hash the source port, too.")
    mh_fallback: bool = kw(
        Flag(),
        default=False,
        name="mh-fallback",
        doc="Scheduler mh: take another server if the hashed one is gone.",
    )
    lvs_method: Method | None = kw(
        MethodKind(),
        default=None,
        aliases=("lb_kind",),
        doc="How packets get to the servers.",
        default_words="NAT",
    )
    persistence_engine: str = kw(
        CutWord("NAME", 15), default="", doc="Persistence engine.", default_words="none"
    )
    persistence_timeout: int | None = kw(
        Whole(1, 2_678_400, when_bare=360), default=None, doc="Seconds that a client stays with its server.",
        default_words="off",
    )  # fmt: skip
    persistence_granularity: NetworkSize | None = kw(
        Granularity(),
        default=None,
        doc="Clients of one such network count as one.",
        default_words="single addresses",
    )
    protocol: str = kw(
        Choice("TCP", "UDP", "SCTP", any_case=True), default="UDP", doc="Protocol of the service."
    )
    ha_suspend: bool = kw(Flag(), default=False, doc="Check nothing while the address is not on this host.")
    smtp_alert: bool = kw(
        Boolean(), default=False, inherits=("global_defs.smtp_alert_checker",),
        doc="Send a mail when the quorum is gained or lost.",
    )  # fmt: skip
    virtualhost: str = kw(Word(), default="", doc="Default Host header of the checkers.")
    snmp_name: str = kw(Word(), default="", effect=Effect.NOT_YET, doc="Name in SNMP.")
    alpha: bool = kw(Flag(), default=False, doc="Begin with all servers failed.")
    omega: bool = kw(Flag(), default=False, doc="Run the scripts for failures when the daemon stops.")
    quorum_up: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when the quorum is gained."
    )
    quorum_down: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when the quorum is lost."
    )
    quorum: int = kw(Whole(1, _WIDEST), default=1, doc="Weight that must live for the service to be up.")
    hysteresis: int = kw(Whole(), default=0, doc="Margin round the quorum.")
    weight: int = kw(Whole(1, SERVER_WEIGHT_MAX), default=1, doc="Default weight of the servers.")
    sorry_server: Endpoint | None = kw(
        EndpointKind(), default=None, doc="Server used while the quorum is lost."
    )
    sorry_server_inhibit: bool = kw(Flag(), default=False, doc="Keep it in the table with weight 0.")
    sorry_server_lvs_method: Method | None = kw(
        MethodKind(), default=None, doc="How packets get to it.", default_words="lvs_method"
    )
    real_servers: tuple[RealServer, ...] = kw(
        Block(RealServer, many=True), default=(), name="real_server", repeat=Repeat.ALL, doc="A server."
    )
