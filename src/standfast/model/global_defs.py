"""`global_defs`: what holds for the whole daemon, and the defaults of every instance."""

from ipaddress import IPv4Address, IPv6Address

from standfast.base.addresses import Family
from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.declare import Effect, Reload, block, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.names import Boolean, Flag, Word
from standfast.model.kinds.numbers import AtLeastOne, Seconds, Whole, WholeSeconds
from standfast.model.kinds.users import Account, User

_LIVE = Reload.LIVE


@block("global_defs")
class GlobalDefs:
    """Settings of the daemon, and defaults of the instances."""

    # ---- the node
    router_id: str = kw(
        Word(), default="", doc="Name of this node in messages, mails and SNMP.", reload=_LIVE,
        default_words="the host name",
    )  # fmt: skip

    # ---- scripts
    script_user: User = kw(
        Account(), default=User(), doc="Account that scripts run as.", reload=_LIVE,
        default_words="keepalived_script if that account exists, otherwise the daemon's own",
    )  # fmt: skip
    enable_script_security: bool = kw(
        Flag(), default=False, doc="Run no script as root that another user could change.", reload=_LIVE
    )

    # ---- VRRP defaults
    vrrp_version: int = kw(
        Whole(2, 3), default=2, doc="Protocol version of instances that name none.",
        default_words="2 for IPv4 instances, 3 for IPv6",
    )  # fmt: skip
    vrrp_mcast_group4: IPv4Address = kw(
        Address(Family.IPV4, multicast=True), default=IPv4Address("224.0.0.18"),
        doc="Destination of the adverts of IPv4 instances.",
    )  # fmt: skip
    vrrp_mcast_group6: IPv6Address = kw(
        Address(Family.IPV6, multicast=True), default=IPv6Address("ff02::12"),
        doc="Destination of the adverts of IPv6 instances.",
    )  # fmt: skip
    vrrp_garp_master_delay: Duration = kw(
        WholeSeconds(0, 4294), default=Duration(5 * SECOND), reload=_LIVE,
        doc="Time from becoming master to the second batch of announcements; 0 for none.",
    )  # fmt: skip
    vrrp_garp_master_repeat: int = kw(
        AtLeastOne(), default=5, doc="Announcements of each address in one batch.", reload=_LIVE
    )
    vrrp_garp_master_refresh: Duration = kw(
        WholeSeconds(0, 0xFFFF_FFFF), default=ZERO, reload=_LIVE,
        doc="Time between announcements while master; 0 for none.",
    )  # fmt: skip
    vrrp_garp_master_refresh_repeat: int = kw(
        AtLeastOne(), default=1, doc="Announcements of each address at a refresh.", reload=_LIVE
    )
    vrrp_garp_lower_prio_delay: Duration = kw(
        WholeSeconds(0, 4294), default=Duration(5 * SECOND), reload=_LIVE,
        inherits=("global_defs.vrrp_garp_master_delay",),
        doc="Time to the second batch of announcements after a weaker master was heard; 0 for none.",
    )  # fmt: skip
    vrrp_garp_lower_prio_repeat: int = kw(
        Whole(0, 0x7FFF_FFFF), default=5, reload=_LIVE, inherits=("global_defs.vrrp_garp_master_repeat",),
        doc="Announcements of each address in a batch after a weaker master was heard.",
    )  # fmt: skip
    vrrp_garp_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO, reload=_LIVE, effect=Effect.NOT_YET,
        doc="Least time between two gratuitous ARP packets on an interface.",
    )  # fmt: skip
    vrrp_gna_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO, reload=_LIVE, effect=Effect.NOT_YET,
        doc="Least time between two unsolicited neighbour advertisements on an interface.",
    )  # fmt: skip
    vrrp_min_garp: bool = kw(
        Boolean(), default=False, reload=_LIVE,
        doc="Announce each address once, without a second batch, where nothing else is configured.",
    )  # fmt: skip
    vrrp_down_timer_adverts: int = kw(
        Whole(1, 100), default=3, doc="Adverts missed before a backup takes over.", reload=_LIVE
    )
    v3_checksum_as_v2: bool = kw(
        Flag(), default=False, reload=_LIVE,
        doc="Leave the pseudo-header out of the checksum of version 3 adverts for IPv4.",
    )  # fmt: skip
    vrrp_lower_prio_no_advert: bool = kw(
        Boolean(), default=False, doc="Do not answer the advert of a weaker master at once.", reload=_LIVE
    )
    vrrp_higher_prio_send_advert: bool = kw(
        Boolean(),
        default=False,
        doc="Send one last advert before yielding to a stronger master.",
        reload=_LIVE,
    )
    vrrp_skip_check_adv_addr: bool = kw(
        Boolean(), default=False, reload=_LIVE,
        doc="Do not compare the address list of an advert whose sender is the same as before.",
    )  # fmt: skip
    vrrp_check_unicast_src: bool = kw(
        Flag(), default=False, doc="Heed unicast adverts from configured peers only.", reload=_LIVE
    )

    # ---- the VRRP process
    vrrp_rt_priority: int = kw(
        Whole(0, 99), default=0, doc="Real-time priority (SCHED_RR) of the VRRP process.", reload=_LIVE,
        default_words="0: chosen by the daemon",
    )  # fmt: skip
    vrrp_no_swap: bool = kw(
        Flag(), default=False, doc="Lock the memory of the VRRP process.", reload=Reload.DAEMON,
        because="memory is locked when the process starts",
    )  # fmt: skip
    max_auto_priority: int = kw(
        Whole(-1, 99, when_bare=99), default=0, reload=_LIVE,
        doc="Highest real-time priority that lateness may raise a process to; 0 for none.",
    )  # fmt: skip
