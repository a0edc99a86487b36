"""Parts of `vrrp_instance`: trackers, routes and rules, interfaces of its own, and rarely used words."""

from typing import TYPE_CHECKING, Final

from standfast.model.declare import Effect, Relation, Reload, Repeat, group, kw
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.composed import ExtraInterfaces, ExtraInterfacesKind, OptionalChoice
from standfast.model.kinds.interfaces import Ipvlan, IpvlanKind, Vmac, VmacKind
from standfast.model.kinds.names import Boolean, Flag, InterfaceName
from standfast.model.kinds.numbers import Whole
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

if TYPE_CHECKING:
    from standfast.model.auth_hmac import AuthHmac
    from standfast.model.routes import Route
    from standfast.model.rules import Rule

_ALL: Final = Repeat.ALL


@group(reload=Reload.LIVE)
class Trackers:
    """What the instance depends on."""

    track_interface: tuple[TrackedInterface, ...] = kw(
        Entries(INTERFACES), default=(), repeat=_ALL, doc="Further interfaces that must be up."
    )
    track_script: tuple[TrackedScript, ...] = kw(
        Entries(SCRIPTS), default=(), repeat=_ALL, doc="Scripts that must succeed."
    )
    track_file: tuple[TrackedFile, ...] = kw(
        Entries(FILES), default=(), repeat=_ALL, doc="Files whose numbers count."
    )
    track_process: tuple[TrackedProcess, ...] = kw(
        Entries(PROCESSES), default=(), repeat=_ALL, doc="Processes that must run."
    )
    track_bfd: tuple[TrackedBfd, ...] = kw(
        Entries(BFDS), default=(), repeat=_ALL, doc="BFD sessions that must be up."
    )
    dont_track_primary: bool = kw(Flag(), default=False, doc="Let the instance's own interface go down.")
    track_src_ip: bool = kw(
        Flag(),
        default=False,
        doc="Be at fault while the configured source address is missing.",
    )


@group(reload=Reload.LIVE)
class Holdings:
    """What the master holds besides addresses."""

    virtual_routes: tuple["Route", ...] = kw(
        Entries("routes:ROUTES"), default=(), repeat=_ALL, doc="Routes present while master."
    )
    virtual_rules: tuple["Rule", ...] = kw(
        Entries("rules:RULES"), default=(), repeat=_ALL, doc="Rules of policy routing present while master."
    )
    promote_secondaries: bool = kw(
        Flag(),
        default=False,
        doc="Have the kernel keep the other addresses of a network when one is removed.",
    )
    garp_extra_if: ExtraInterfaces | None = kw(
        ExtraInterfacesKind(0), default=None, aliases=("vmac_garp_intvl",),
        deprecated={"vmac_garp_intvl": "garp_extra_if"}, inherits=("global_defs.vrrp_garp_extra_if",),
        doc="Announce addresses on other interfaces so often; 0 for never.",
    )  # fmt: skip


@group()
class OwnInterfaces:
    """Interfaces that are made for the instance."""

    use_vmac: Vmac | None = kw(
        VmacKind(),
        default=None,
        doc="Run on a macvlan that has the virtual router's MAC address.",
        default_words="off",
    )
    use_vmac_addr: bool = kw(
        Flag(),
        default=False,
        reload=Reload.LIVE,
        doc="Make such macvlans for addresses on other interfaces, too.",
    )
    vmac_xmit_base: bool = kw(Flag(), default=False, doc="Send and receive adverts on the interface below.")
    use_ipvlan: Ipvlan | None = kw(
        IpvlanKind(), default=None, repeat=Repeat.FIRST, doc="Run on an ipvlan.", default_words="off"
    )
    vrf: str = kw(
        InterfaceName(),
        default="",
        doc="VRF of an instance without an interface.",
        default_words="none",
    )


@group(reload=Reload.LIVE)
class Oddities:
    """What few need."""

    auth_hmac: "AuthHmac | None" = kw(
        Block("auth_hmac:AuthHmac"),
        default=None,
        doc="Signed adverts.",
        since=(2, 4),
    )
    strict_mode: bool = kw(
        Boolean(),
        default=False,
        inherits=("global_defs.vrrp_strict",),
        doc="Hold to the letter of the RFC.",
    )
    unicast_fault_no_peer: bool = kw(
        Flag(),
        default=False,
        doc="Be at fault, instead of using multicast, when there is no unicast peer.",
    )
    old_unicast_checksum: str = kw(
        OptionalChoice("never", when_bare="always"), default="", default_words="found out from the peers",
        effect=Effect.NONE, relation=Relation.DIFFERS,
        why="routers older than Keepalived 1.3.7, of 2017, are not understood in version 3 unicast",
        doc="Checksum of version 3 unicast as before Keepalived 1.3.7.",
    )  # fmt: skip
    native_ipv6: bool = kw(
        Flag(),
        default=False,
        effect=Effect.NONE,
        doc="Accepted for older files; the addresses say the family.",
    )
    linkbeat_use_polling: bool = kw(
        Flag(), default=False, deprecated={"linkbeat_use_polling": "linkbeat_interfaces { INTERFACE }"},
        doc="Poll the link of the interface.",
    )  # fmt: skip
    timer_expired_backup: int | None = kw(
        Whole(1, 254, when_bare=254), default=None, aliases=("thread_timer_expired",),
        deprecated={"thread_timer_expired": "timer_expired_backup"}, default_words="off",
        effect=Effect.NONE, relation=Relation.DIFFERS,
        why="a master that slept longer than the others wait always listens before it speaks again",
        doc="With nopreempt: a master that woke too late goes back to BACKUP.",
    )  # fmt: skip
    owner_ignore_adverts: bool = kw(
        Boolean(), default=False, inherits=("global_defs.vrrp_owner_ignore_adverts",),
        doc="Let the owner of the addresses ignore all adverts.",
    )  # fmt: skip
    kernel_rx_buf_size: int | None = kw(
        Whole(),
        default=None,
        doc="Receive buffer that the instance needs.",
    )
    lvs_sync_daemon_interface: str = kw(
        InterfaceName(), default="", deprecated={"lvs_sync_daemon_interface": "lvs_sync_daemon in global_defs"},
        doc="Interface of the IPVS synchronisation.",
    )  # fmt: skip
    debug: int = kw(
        Whole(0, 4), default=0, effect=Effect.NONE,
        doc="Accepted for older files; it does nothing.",
    )  # fmt: skip
