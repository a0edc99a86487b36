"""Options of a `vrrp_instance` that do not go together, or not with where it runs."""

from collections.abc import Callable
from typing import Final

from standfast.base.times import ZERO
from standfast.conf.meaning.built import Built
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance

Instance = Built[VrrpInstance]

_LOOPBACK: Final = "lo"


def not_on_the_loopback(it: Instance, _: GlobalDefs) -> None:
    """Nobody hears adverts on the loopback interface."""
    if it.value.interface == _LOOPBACK:
        it.complain(
            "loopback",
            f"{it.value.name} runs on the loopback interface, where no other router hears it",
            field="interface",
            severity=Severity.ERROR,
            hint="name an interface that the other routers are on",
        )


def vrf_without_an_interface(it: Instance, _: GlobalDefs) -> None:
    """A VRF is for instances without an interface; others are in the VRF of theirs."""
    if it.value.vrf and it.value.interface:
        words = f"{it.value.name} has an interface, and with it a VRF; vrf is ignored"
        it.complain("vrf-interface", words, field="vrf", hint="remove vrf, or the interface")
        it.change(vrf="")


def adverts_below_a_vmac(it: Instance, _: GlobalDefs) -> None:
    """Only with a VMAC there is an interface below (VM-06)."""
    if it.value.vmac_xmit_base and it.value.use_vmac is None and it.value.use_ipvlan is None:
        words = f"vmac_xmit_base does nothing without use_vmac; {it.value.name} has none"
        it.complain("xmit-base", words, field="vmac_xmit_base", hint="remove it, or write use_vmac")
        it.change(vmac_xmit_base=False)


def delay_goes_with_preempting(it: Instance, _: GlobalDefs) -> None:
    """Who does not preempt, or starts as master, waits for nothing (SM-23)."""
    if not it.value.preempt_delay:
        return
    if not it.value.preempt:
        reason = "nopreempt"
    elif it.value.state == "MASTER":
        reason = "state MASTER"
    else:
        return
    it.complain(
        "preempt-delay",
        f"preempt_delay does nothing with {reason}",
        field="preempt_delay",
        hint="remove it" if reason == "nopreempt" else "write `state BACKUP`",
    )
    it.change(preempt_delay=ZERO)


def group_goes_with_multicast(it: Instance, _: GlobalDefs) -> None:
    """Adverts to peers do not go to a group."""
    if it.value.mcast_dst_ip is not None and it.value.unicast:
        words = f"{it.value.name} sends to its peers; mcast_dst_ip is ignored"
        it.complain("mcast-unicast", words, field="mcast_dst_ip", hint="remove it, or the peers")
        it.change(mcast_dst_ip=None)


def native_ipv6_has_ipv6(it: Instance, _: GlobalDefs) -> None:
    """The word says nothing that the addresses do not say."""
    if it.value.native_ipv6 and it.value.family != 6:
        words = f"native_ipv6 does nothing: the addresses of {it.value.name} are IPv4"
        it.complain("native-ipv6", words, field="native_ipv6", hint="remove it")


def hop_limits_leave_some(it: Instance, _: GlobalDefs) -> None:
    """No advert has a hop limit that is both at least and at most as the limits say (WI-10)."""
    lines = it.origin.entries.get("unicast_peer", [])
    for peer, line in zip(it.value.unicast_peer, lines, strict=False):
        if peer.min_ttl > peer.max_ttl:
            it.complain(
                "ttl-range",
                f"min_ttl {peer.min_ttl} is more than max_ttl {peer.max_ttl}: no advert of {peer.address} counts",
                line=line,
                hint="write the smaller number behind min_ttl",
            )


def ipvlan_has_a_source(it: Instance, _: GlobalDefs) -> None:
    """An ipvlan shares its MAC address and has no IPv4 address of its own to send from."""
    own = it.value.use_ipvlan
    if own is None or own.address is not None or it.value.source is not None or it.value.family != 4:
        return
    it.complain(
        "ipvlan-source",
        f"the ipvlan of {it.value.name} has no IPv4 address to send adverts from",
        field="use_ipvlan",
        severity=Severity.ERROR,
        error_class=ErrorClass.GENERAL,
        hint="write `use_ipvlan ADDRESS/PREFIX`, or mcast_src_ip",
    )


OPTION_RULES: Final[tuple[Callable[[Instance, GlobalDefs], None], ...]] = (
    not_on_the_loopback,
    vrf_without_an_interface,
    adverts_below_a_vmac,
    delay_goes_with_preempting,
    group_goes_with_multicast,
    native_ipv6_has_ipv6,
    hop_limits_leave_some,
    ipvlan_has_a_source,
)
