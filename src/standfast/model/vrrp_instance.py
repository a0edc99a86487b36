"""`vrrp_instance`: one virtual router."""

from typing import Final, Literal

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.priorities import OWNER
from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.authentication import Authentication
from standfast.model.declare import Reload, Repeat, argument, block, kw
from standfast.model.instance_parts import Holdings, Oddities, OwnInterfaces, Trackers
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Boolean, Flag, InterfaceName, LastingChoice, Word
from standfast.model.kinds.numbers import AtLeastOne, Seconds, Whole, WholeSeconds
from standfast.model.kinds.scripts import Command, OptionalCommand, Script
from standfast.model.unicast_peer import PEERS, UnicastPeer
from standfast.model.virtual_address import AddressEntry, VirtualAddress

_LIVE: Final = Reload.LIVE


@block("vrrp_instance")
class VrrpInstance(Oddities, OwnInterfaces, Holdings, Trackers):
    """One virtual router on one interface (RFC 9568, section 6)."""

    name: str = argument(Word("NAME"), doc="Name of the instance in logs, scripts and commands.")

    # ---- who it is
    interface: str = kw(
        InterfaceName(), default="", doc="Interface that carries the adverts.",
        hint="name an interface of this host; `ip link` lists them",
        because="the sockets belong to the interface",
    )  # fmt: skip
    virtual_router_id: int = kw(
        Whole(1, 255), doc="Number that the routers of a group share.",
        hint="the same number on every router of the group, and no other group's on this link",
        because="it is another router for the network",
    )  # fmt: skip
    version: Literal[2, 3] = kw(
        Whole(2, 3), default=2, doc="Protocol version.", inherits=("global_defs.vrrp_version",),
        default_words="vrrp_version of global_defs; 3 for IPv6", reload=_LIVE,
    )  # fmt: skip
    state: Literal["MASTER", "BACKUP"] = kw(
        LastingChoice("MASTER", "BACKUP"), default="BACKUP", reload=_LIVE,
        doc="Wanted first state; only the owner of the addresses (priority 255) starts as master.",
    )  # fmt: skip
    priority: int = kw(
        Whole(1, 255), default=100, doc="Election weight; higher wins.", reload=_LIVE,
        hint="255 means that this host owns the addresses; use 1 to 254 otherwise",
        default_words="100; 255 with `state MASTER`",
    )  # fmt: skip

    # ---- time
    advert_int: Duration = kw(
        Seconds("0.01", "255"), default=SECOND, doc="Time between adverts.", reload=_LIVE,
        hint="version 2 takes whole seconds, version 3 up to 40.95",
    )  # fmt: skip
    down_timer_adverts: int = kw(
        Whole(1, 100), default=3, doc="Adverts missed before a backup takes over.", reload=_LIVE,
        inherits=("global_defs.vrrp_down_timer_adverts",),
    )  # fmt: skip
    preempt: bool = kw(
        Flag(), default=True, opposite="nopreempt", reload=_LIVE,
        doc="Take over from a master with a lower priority; nopreempt lets it be.",
    )  # fmt: skip
    preempt_delay: Duration = kw(
        Seconds("0", "1000"), default=ZERO, reload=_LIVE,
        doc="Time to wait before taking over from a master with a lower priority.",
    )  # fmt: skip

    # ---- addresses
    virtual_ipaddress: tuple[VirtualAddress, ...] = kw(
        Entries(AddressEntry()), default=(), repeat=Repeat.ALL, reload=_LIVE,
        doc="Addresses held while master, and listed in the adverts.",
    )  # fmt: skip
    virtual_ipaddress_excluded: tuple[VirtualAddress, ...] = kw(
        Entries(AddressEntry()), default=(), repeat=Repeat.ALL, reload=_LIVE,
        doc="Addresses held while master, not listed in the adverts.",
    )  # fmt: skip
    no_virtual_ipaddress: bool = kw(Flag(), default=False, doc="Have no addresses, on purpose.", reload=_LIVE)
    accept: bool = kw(
        Flag(), default=True, opposite="no_accept", reload=_LIVE,
        doc="Accept packets to the virtual addresses when not their owner; no_accept drops them.",
    )  # fmt: skip

    # ---- destinations and sources
    mcast_src_ip: IpAddress | None = kw(
        Address(), default=None, doc="Source address of the adverts.", default_words="the interface's own",
        reload=_LIVE,
    )  # fmt: skip
    unicast_src_ip: IpAddress | None = kw(
        Address(), default=None, doc="Source address of unicast adverts.", default_words="the interface's own",
        because="it is part of what a unicast instance is known by",
    )  # fmt: skip
    mcast_dst_ip: IpAddress | None = kw(
        Address(multicast=True), default=None, doc="Multicast destination of the adverts.",
        default_words="vrrp_mcast_group4 or vrrp_mcast_group6 of global_defs",
        because="the sockets belong to the group",
    )  # fmt: skip
    unicast_peer: tuple[UnicastPeer, ...] = kw(
        Entries(PEERS), default=(), repeat=Repeat.ALL, reload=_LIVE,
        doc="Routers that adverts are sent to, instead of the multicast group.",
    )  # fmt: skip
    unicast_ttl: int | None = kw(
        Whole(0, 255), default=None, doc="TTL or hop limit of unicast adverts.", default_words="255",
        reload=_LIVE,
    )  # fmt: skip
    check_unicast_src: bool = kw(
        Flag(), default=False, doc="Heed adverts from configured peers only.", reload=_LIVE,
        inherits=("global_defs.vrrp_check_unicast_src",),
    )  # fmt: skip
    skip_check_adv_addr: bool = kw(
        Boolean(), default=False, reload=_LIVE, inherits=("global_defs.vrrp_skip_check_adv_addr",),
        doc="Do not compare the address list of an advert whose sender is the same as before.",
    )  # fmt: skip
    v3_checksum_as_v2: bool = kw(
        Boolean(), default=False, reload=_LIVE, inherits=("global_defs.v3_checksum_as_v2",),
        doc="Leave the pseudo-header out of the checksum of version 3 adverts for IPv4.",
    )  # fmt: skip
    lower_prio_no_advert: bool = kw(
        Boolean(), default=False, reload=_LIVE, inherits=("global_defs.vrrp_lower_prio_no_advert",),
        doc="Do not answer the advert of a weaker master at once.",
    )  # fmt: skip
    higher_prio_send_advert: bool = kw(
        Boolean(), default=False, reload=_LIVE, inherits=("global_defs.vrrp_higher_prio_send_advert",),
        doc="Send one last advert before yielding to a stronger master.",
    )  # fmt: skip
    authentication: Authentication | None = kw(
        Block(Authentication), default=None, doc="Passwords of version 2 adverts.", reload=_LIVE
    )

    # ---- announcements
    garp_master_delay: Duration = kw(
        WholeSeconds(0, 4294), default=Duration(5 * SECOND), reload=_LIVE,
        inherits=("global_defs.vrrp_garp_master_delay",),
        doc="Time from becoming master to the second batch of announcements; 0 for none.",
    )  # fmt: skip
    garp_master_repeat: int = kw(
        AtLeastOne(), default=5, reload=_LIVE, inherits=("global_defs.vrrp_garp_master_repeat",),
        doc="Announcements of each address in one batch.",
    )  # fmt: skip
    garp_master_refresh: Duration = kw(
        WholeSeconds(0, 0xFFFF_FFFF), default=ZERO, reload=_LIVE,
        inherits=("global_defs.vrrp_garp_master_refresh",),
        doc="Time between announcements while master; 0 for none.",
    )  # fmt: skip
    garp_master_refresh_repeat: int = kw(
        AtLeastOne(), default=1, reload=_LIVE, inherits=("global_defs.vrrp_garp_master_refresh_repeat",),
        doc="Announcements of each address at a refresh.",
    )  # fmt: skip
    garp_lower_prio_delay: Duration = kw(
        WholeSeconds(0, 4294), default=Duration(5 * SECOND), reload=_LIVE,
        inherits=("global_defs.vrrp_garp_lower_prio_delay",),
        doc="Time to the second batch of announcements after a weaker master was heard; 0 for none.",
    )  # fmt: skip
    garp_lower_prio_repeat: int = kw(
        Whole(0, 0x7FFF_FFFF), default=5, reload=_LIVE,
        inherits=("global_defs.vrrp_garp_lower_prio_repeat",),
        doc="Announcements of each address in a batch after a weaker master was heard.",
    )  # fmt: skip

    # ---- notifications
    notify: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, reload=_LIVE,
        doc="Script run on every change of state, with INSTANCE, name, state and priority behind its arguments.",
    )  # fmt: skip
    notify_master: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering MASTER.", reload=_LIVE
    )
    notify_backup: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering BACKUP.", reload=_LIVE
    )
    notify_fault: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run on entering FAULT.", reload=_LIVE
    )
    notify_stop: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, doc="Script run when the daemon stops.", reload=_LIVE
    )
    notify_deleted: Script | None = kw(
        OptionalCommand(), default=None, reload=_LIVE,
        doc="Script run when a reload removes the instance; the state is then DELETED, not FAULT.",
    )  # fmt: skip
    notify_master_rx_lower_pri: Script | None = kw(
        Command(), default=None, repeat=Repeat.FIRST, reload=_LIVE,
        doc="Script run when a master hears an advert of a lower priority.",
    )  # fmt: skip
    notify_priority_changes: bool = kw(
        Boolean(), default=False, reload=_LIVE,
        inherits=("global_defs.vrrp_notify_priority_changes",),
        doc="Write changes of the effective priority to the notification pipes.",
    )  # fmt: skip
    smtp_alert: bool = kw(
        Boolean(), default=False, reload=_LIVE, inherits=("global_defs.smtp_alert_vrrp",),
        doc="Send a mail when the state changes.",
    )  # fmt: skip

    @property
    def family(self) -> Family:
        """The family of the adverts: that of the first address, else of the peers, else of the source."""
        if self.virtual_ipaddress:
            return self.virtual_ipaddress[0].family
        if self.unicast_peer:
            return family_of(self.unicast_peer[0].address)
        return Family.IPV4 if self.source is None else family_of(self.source)

    @property
    def unicast(self) -> bool:
        """Whether adverts go to peers instead of the multicast group (behaviour WI-19)."""
        return bool(self.unicast_peer)

    @property
    def source(self) -> IpAddress | None:
        """The configured source address of the adverts."""
        return self.unicast_src_ip or self.mcast_src_ip

    @property
    def owner(self) -> bool:
        """Whether this host owns the addresses."""
        return self.priority == OWNER
