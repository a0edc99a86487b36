"""`global_defs`: the defaults of every vrrp_instance."""

from ipaddress import IPv4Address, IPv6Address

from standfast.base.addresses import Family
from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.declare import Reload, Repeat, group, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.buffers import BufferPolicy
from standfast.model.kinds.composed import ExtraInterfaces, ExtraInterfacesKind, OptionalChoice
from standfast.model.kinds.names import Boolean, Flag, InterfaceName, Word
from standfast.model.kinds.numbers import AtLeastOne, Seconds, Whole, WholeSeconds


@group(reload=Reload.LIVE)
class VrrpDefaults:
    """VRRP as a whole, and the defaults of its instances."""

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
        WholeSeconds(0, 4294), default=Duration(5 * SECOND),
        doc="Time from becoming master to the second batch of announcements; 0 for none.",
    )  # fmt: skip
    vrrp_garp_master_repeat: int = kw(
        AtLeastOne(), default=5, doc="Announcements of each address in one batch."
    )
    vrrp_garp_master_refresh: Duration = kw(
        WholeSeconds(0, 0xFFFF_FFFF), default=ZERO,
        doc="Time between announcements while master; 0 for none.",
    )  # fmt: skip
    vrrp_garp_master_refresh_repeat: int = kw(
        AtLeastOne(), default=1, doc="Announcements of each address at a refresh."
    )
    vrrp_garp_lower_prio_delay: Duration = kw(
        WholeSeconds(0, 4294), default=Duration(5 * SECOND),
        inherits=("global_defs.vrrp_garp_master_delay",),
        doc="Time to the second batch of announcements after a weaker master was heard; 0 for none.",
    )  # fmt: skip
    vrrp_garp_lower_prio_repeat: int = kw(
        Whole(0, 0x7FFF_FFFF), default=5, inherits=("global_defs.vrrp_garp_master_repeat",),
        doc="Announcements of each address in a batch after a weaker master was heard.",
    )  # fmt: skip
    vrrp_garp_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO,
        doc="Least time between two gratuitous ARP packets on an interface.",
    )  # fmt: skip
    vrrp_gna_interval: Duration = kw(
        Seconds("0.000001"), default=ZERO,
        doc="Least time between two unsolicited neighbour advertisements on an interface.",
    )  # fmt: skip
    vrrp_min_garp: bool = kw(
        Boolean(), default=False,
        doc="Announce each address once, without a second batch, where nothing else is configured.",
    )  # fmt: skip
    vrrp_down_timer_adverts: int = kw(
        Whole(1, 100), default=3, doc="Adverts missed before a backup takes over."
    )
    v3_checksum_as_v2: bool = kw(
        Flag(), default=False,
        doc="Leave the pseudo-header out of the checksum of version 3 adverts for IPv4.",
    )  # fmt: skip
    vrrp_lower_prio_no_advert: bool = kw(
        Boolean(), default=False, doc="Do not answer the advert of a weaker master at once."
    )
    vrrp_higher_prio_send_advert: bool = kw(
        Boolean(),
        default=False,
        doc="Send one last advert before yielding to a stronger master.",
    )
    vrrp_skip_check_adv_addr: bool = kw(
        Boolean(), default=False,
        doc="Do not compare the address list of an advert whose sender is the same as before.",
    )  # fmt: skip
    vrrp_check_unicast_src: bool = kw(
        Flag(), default=False, doc="Heed unicast adverts from configured peers only."
    )

    vrrp_garp_extra_if: ExtraInterfaces | None = kw(
        ExtraInterfacesKind(1), default=None, aliases=("vrrp_vmac_garp_intvl",),
        deprecated={"vrrp_vmac_garp_intvl": "vrrp_garp_extra_if"},
        doc="Announce addresses on interfaces other than the instance's own so often.",
    )  # fmt: skip
    vrrp_strict: bool = kw(Boolean(), default=False, doc="Hold every instance to the letter of the RFC.")
    vrrp_owner_ignore_adverts: bool = kw(
        Boolean(), default=False,
        doc="Let the owner of the addresses ignore all adverts (RFC 9568, section 6.4.3).",
    )  # fmt: skip
    vrrp_startup_delay: Duration = kw(
        Seconds("0.001"),
        default=ZERO,
        doc="Time after the start in which no instance becomes master.",
    )
    vrrp_delay_after_boot: Duration = kw(
        Seconds("0.001"), default=ZERO,
        doc="Time after the host's boot in which no instance becomes master.",
    )  # fmt: skip
    log_unknown_vrids: bool = kw(Flag(), default=False, doc="Log adverts with a VRID that no instance has.")
    default_interface: str = kw(
        InterfaceName(), default="eth0", doc="Interface of static addresses that name none."
    )
    dynamic_interfaces: str = kw(
        OptionalChoice("allow_if_changes", when_bare="yes"), default="",
        doc="Accept interfaces that do not exist yet.", default_words="off",
    )  # fmt: skip
    vmac_prefix: str = kw(
        Word("NAME"),
        default="vrrp",
        repeat=Repeat.FIRST,
        doc="How the names of our VMAC interfaces begin.",
    )
    vmac_addr_prefix: str = kw(
        Word("NAME"), default="vrrp", repeat=Repeat.FIRST, inherits=("global_defs.vmac_prefix",),
        default_words="vmac_prefix", doc="How the names of VMAC interfaces for single addresses begin.",
    )  # fmt: skip
    disable_local_igmp: bool = kw(
        Flag(), default=False, reload=Reload.DAEMON, because="the kernel is told once, at the start",
        doc="Have the kernel report no group 224.0.0.x by IGMP.",
    )  # fmt: skip
    vrrp_rx_bufs_policy: str = kw(
        BufferPolicy(), default="", default_words="the system's",
        doc="How the receive buffers of advert sockets are sized.",
    )  # fmt: skip
    vrrp_rx_bufs_multiplier: int = kw(AtLeastOne(), default=3, doc="Factor of the MTU and ADVERT policies.")
