"""From the configuration to the parameters of the routers."""

from dataclasses import replace

from standfast.base.addresses import Family, IpAddress
from standfast.base.advert_size import OVERHEAD, most_addresses
from standfast.base.limits import LINK_MTU_ASSUMED
from standfast.base.times import ZERO, seconds
from standfast.core.vrrp.firewall import Means, SetNames, Tool
from standfast.core.vrrp.routed import Routed, routed_of
from standfast.core.vrrp.router import Announcements, HopLimits, Rounds, Router
from standfast.core.vrrp.secrets import password_of, proof_size, signature_of
from standfast.core.vrrp.tracked import Ties, ties_of, trackers_of
from standfast.core.vrrp.vmac import OwnLinks, own_links_of
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.virtual_address import VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance


def routers_of(
    config: Config, own: OwnLinks | None = None, routed: Routed | None = None
) -> tuple[Router, ...]:
    """The virtual routers that a configuration asks for, in its order.

    Args:
        config: the configuration.
        own: the interfaces that are made for them; None: as on a host where every name is free.
        routed: their routes and rules; None: as on a host that gives no number a name of its own.
    """
    ties = ties_of(config)
    links = own_links_of(config) if own is None else own
    routes = routed_of(config) if routed is None else routed
    routers = (
        router_of(instance, config.global_defs, ties=ties, own=links) for instance in config.vrrp_instances
    )
    return tuple(_with_routing(router, routes) for router in routers)


def _with_routing(router: Router, routed: Routed) -> Router:
    """The router with its routes and rules (behaviours SM-19, AD-05 to AD-07)."""
    items = routed.of_instances.get(router.name, ())
    if not items:
        return router
    return replace(router, routing=items, untracked_routing=routed.untracked & {item.key for item in items})


def router_of(instance: VrrpInstance, defaults: GlobalDefs, *, ties: Ties, own: OwnLinks) -> Router:
    """The parameters of one instance's state machine."""
    mine = own.of_instances.get(instance.name)
    group = ties.groups.get(instance.name)
    listed = [address for address in instance.virtual_ipaddress if address.family is instance.family]
    room = most_addresses(instance.family, proof=proof_size(instance))
    excluded = (*listed[room:], *instance.virtual_ipaddress_excluded)
    return Router(
        name=instance.name,
        vrid=instance.virtual_router_id,
        family=instance.family,
        interface=mine.name if mine is not None and not instance.vmac_xmit_base else _runs_on(instance),
        own=mine,
        own_links=own.of_all.get(instance.name, ()),
        version=instance.version,
        priority=instance.priority,
        interval=instance.advert_int,
        addresses=tuple(own.held(instance, address) for address in listed[:room]),
        excluded=tuple(own.held(instance, address) for address in excluded),
        untracked=_untracked(instance, (*listed, *excluded), own),
        starts_as_master=instance.state == "MASTER" and (group is None or group.name in ties.all_owning),
        preempt=instance.preempt or instance.owner,  # behaviour SM-23
        preempt_delay=instance.preempt_delay,
        down_timer_adverts=instance.down_timer_adverts,
        source=instance.source,
        group=_group(instance, defaults),
        peers=tuple(peer.address for peer in instance.unicast_peer),
        peers_only=instance.unicast and _checks_senders(instance),
        password=password_of(instance, "PASS"),
        ah_key=password_of(instance, "AH"),
        signature=signature_of(instance),
        checksum_as_v2=instance.v3_checksum_as_v2,
        answers_weaker=not instance.lower_prio_no_advert,
        says_goodbye_to_stronger=instance.higher_prio_send_advert,
        hop_limit=255 if instance.unicast_ttl is None or not instance.unicast else instance.unicast_ttl,
        hop_limits=tuple(
            HopLimits(peer.address, peer.min_ttl, peer.max_ttl)
            for peer in instance.unicast_peer
            if peer.checks_ttl
        ),
        hears_strangers=defaults.log_unknown_vrids,
        receive_buffer=_receive_buffer(instance, defaults),
        ignores_adverts=instance.owner and instance.owner_ignore_adverts,
        skip_same_sender_check=instance.skip_check_adv_addr,
        announcements=_announcements(instance),
        accept=instance.accept or instance.owner,  # an owner always does (RFC 9568, section 6.4.3)
        tracks_source=instance.track_src_ip and instance.source is not None,
        tracks_own=not instance.dont_track_primary,
        trackers=trackers_of(instance, ties),
        sync_group=group.name if group else "",
        unable=_unable(instance),
    )


def _runs_on(instance: VrrpInstance) -> str:
    """Where its adverts go; unicast without an interface goes by any, or by its VRF's (behaviour WI-20)."""
    return instance.interface or instance.vrf


def means_of(defaults: GlobalDefs) -> Means:
    """How the firewall is told what the instances do not accept (behaviour VM-11): nftables if nothing is said."""
    chains = defaults.vrrp_iptables
    uses_iptables = chains is not None and not defaults.nftables
    if not chains:
        chains = ("INPUT", "OUTPUT")
    return Means(
        tool=Tool.IPTABLES if uses_iptables else Tool.NFTABLES,
        table=defaults.nftables or "keepalived",
        priority=defaults.nftables_priority,
        counters=defaults.nftables_counters,
        by_index=defaults.nftables_ifindex,
        chain_in=chains[0],
        chain_out=chains[1] if len(chains) > 1 else "",
        sets=_sets(defaults.vrrp_ipsets),
    )


def _sets(names: tuple[str, ...] | None) -> SetNames | None:
    """The keyword alone: no sets. A name that is left out follows from the first."""
    if names is None:
        return SetNames()
    if not names:
        return None
    return SetNames(names[0], names[1] if len(names) > 1 else f"{names[0]}6")


def _group(instance: VrrpInstance, defaults: GlobalDefs) -> IpAddress | None:
    if instance.unicast:
        return None
    ours = defaults.vrrp_mcast_group4 if instance.family is Family.IPV4 else defaults.vrrp_mcast_group6
    return instance.mcast_dst_ip or ours


def _checks_senders(instance: VrrpInstance) -> bool:
    """A hop limit of any peer turns it on (behaviour WI-11)."""
    return instance.check_unicast_src or any(peer.checks_ttl for peer in instance.unicast_peer)


def _receive_buffer(instance: VrrpInstance, defaults: GlobalDefs) -> int:
    """What the instance adds to the receive buffer of its sockets, which is never less than is usual."""
    if instance.kernel_rx_buf_size is not None:
        return instance.kernel_rx_buf_size
    policy = defaults.vrrp_rx_bufs_policy
    if not policy:
        return 0
    if policy.isdigit():
        return int(policy)
    advert = OVERHEAD[instance.family] + len(instance.virtual_ipaddress) * instance.family.size
    return defaults.vrrp_rx_bufs_multiplier * (LINK_MTU_ASSUMED if policy == "MTU" else advert)


def _untracked(
    instance: VrrpInstance, addresses: tuple[VirtualAddress, ...], own: OwnLinks
) -> frozenset[tuple[str, IpAddress, int]]:
    return frozenset(own.held(instance, address).key for address in addresses if address.no_track)


def _announcements(instance: VrrpInstance) -> Announcements:
    extra = instance.garp_extra_if
    return Announcements(
        takeover=Rounds(instance.garp_master_repeat, instance.garp_master_delay),
        weaker=Rounds(instance.garp_lower_prio_repeat, instance.garp_lower_prio_delay),
        refresh=instance.garp_master_refresh,
        refresh_repeat=instance.garp_master_refresh_repeat,
        elsewhere=seconds(extra.seconds) if extra else ZERO,
        elsewhere_all=extra is not None and extra.all,
    )


def _unable(instance: VrrpInstance) -> str:
    """What the instance needs and this version cannot do: without it, it must not be master (fail closed)."""
    if instance.auth_hmac is not None and signature_of(instance) is None:
        return "the key that auth_hmac signs with cannot be read; mend it, and reload"
    if instance.unicast_fault_no_peer and not instance.unicast_peer:
        return "it has no unicast_peer, and unicast_fault_no_peer makes that a fault; name its peers"
    return ""
