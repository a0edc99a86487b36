"""The rules of one `vrrp_instance` (behaviours SM-04, SM-23, WI-06 to WI-08, WI-11, WI-17, AU-03, CF-07)."""

from collections.abc import Callable
from typing import Final

from standfast.base.advert_size import SIGNATURE_SIZE, most_addresses
from standfast.base.frozen import changed
from standfast.base.priorities import OWNER
from standfast.base.times import CENTISECOND, SECOND, Duration, in_seconds
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.instance_options import OPTION_RULES
from standfast.conf.meaning.strict import (
    strict_defaults,
    strict_first_address,
    strict_knows_no_unicast,
    strict_options,
    strict_state_is_the_owners,
)  # fmt: skip
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.global_defs import GlobalDefs
from standfast.model.virtual_address import VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance

Instance = Built[VrrpInstance]
InstanceRule = Callable[[Instance, GlobalDefs], None]

_REMOVE: Final = "remove one of the two"
_ONE_FAMILY: Final = "an instance speaks one family: make one instance for IPv4 and one for IPv6"
_LONGEST_V3: Final = Duration(4095 * CENTISECOND)  # 12 bits of centiseconds


def addresses_of_one_family(it: Instance, _: GlobalDefs) -> None:
    """Drop listed addresses that are not of the family of the first one (WI-07)."""
    family = it.value.family
    if all(address.family is family for address in it.value.virtual_ipaddress):
        return
    lines = it.origin.entries.get("virtual_ipaddress", [])
    kept = []
    for address, line in zip(it.value.virtual_ipaddress, lines, strict=True):
        if address.family is family:
            kept.append((address, line))
        else:
            it.complain(
                "wrong-family",
                f"{address.address} is not IPv{family} like the first address of {it.value.name}; it is left out",
                line=line,
                severity=Severity.ERROR,
                hint="put it into virtual_ipaddress_excluded, or into an instance of its own",
            )
    it.change(virtual_ipaddress=tuple(address for address, _ in kept))
    it.origin.entries["virtual_ipaddress"] = [line for _, line in kept]


def no_address_twice(it: Instance, _: GlobalDefs) -> None:
    """Drop an address that stands there already (CF-07)."""
    seen: set[object] = set()
    for field in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
        addresses: tuple[VirtualAddress, ...] = getattr(it.value, field)
        keys = [(a.address, a.dev or it.value.interface) for a in addresses]
        if len({*keys, *seen}) == len(keys) + len(seen):
            seen.update(keys)
            continue
        lines = it.origin.entries.get(field, [])
        kept = []
        for key, address, line in zip(keys, addresses, lines, strict=True):
            if key in seen:
                words = f"{address.address} stands in {it.value.name} already; this one is left out"
                it.complain("duplicate-address", words, line=line, hint=_REMOVE)
            else:
                kept.append((address, line))
            seen.add(key)
        it.change(**{field: tuple(address for address, _ in kept)})
        it.origin.entries[field] = [line for _, line in kept]


def version_of_ipv6(it: Instance, _: GlobalDefs) -> None:
    """IPv6 speaks version 3 (RFC 9568); version 2 has no form for it."""
    if it.value.family != 6:
        return
    if it.given("version") and it.value.version == 2:
        it.complain(
            "version-ipv6",
            f"{it.value.name} has IPv6 addresses and needs version 3; using 3",
            field="version",
            error_class=ErrorClass.GENERAL,
        )
    it.change(version=3)


def master_without_priority_owns(it: Instance, _: GlobalDefs) -> None:
    """`state MASTER` without a priority means 255 (SM-04)."""
    if it.value.state == "MASTER" and not it.given("priority"):
        it.change(priority=OWNER)


def nopreempt_needs_backup(it: Instance, _: GlobalDefs) -> None:
    """The keyword nopreempt does nothing for an owner or with `state MASTER` (SM-23)."""
    if it.value.preempt:
        return
    if it.value.state == "MASTER" or it.value.owner:
        reason = "state MASTER" if it.value.state == "MASTER" else "priority 255"
        it.complain(
            "nopreempt-master",
            f"nopreempt does nothing with {reason}",
            field="preempt",
            hint="write `state BACKUP` on every router of the group"
            if reason == "state MASTER"
            else "remove it",
        )
        it.change(preempt=True)


def interval_of_version(it: Instance, _: GlobalDefs) -> None:
    """Version 2 counts in seconds, version 3 in hundredths up to 40.95 (WI-17)."""
    asked, version = it.value.advert_int, it.value.version
    unit = SECOND if version == 2 else CENTISECOND
    fits = Duration(max(unit, (asked + unit // 2) // unit * unit))
    if version != 2:
        fits = min(_LONGEST_V3, fits)
    if fits == asked:
        return
    if version == 2:
        counts = "version 2 counts in whole seconds"
        hint = "write `version 3` for shorter intervals, on every router of the group"
    else:
        counts = "version 3 counts in hundredths up to 40.95"
        hint = "write a multiple of 0.01, at most 40.95, the same on every router"
    words = f"{counts}: {in_seconds(asked)} becomes {in_seconds(fits)}"
    it.complain("interval-rounded", words, field="advert_int", at=1, hint=hint)
    it.change(advert_int=fits)


def authentication_is_for_version_2(it: Instance, _: GlobalDefs) -> None:
    """Version 3 has no authentication; one without a password is none (AU-03)."""
    auth = it.value.authentication
    if auth is None:
        return
    if it.value.version == 3:
        it.complain(
            "authentication-version",
            "version 3 has no authentication; the block is ignored",
            field="authentication",
            hint="remove the block; a password that everybody on the link can read protects nothing",
        )
    elif auth.auth_type and auth.auth_pass is None:
        it.complain(
            "password-missing", "authentication without a password is ignored", field="authentication",
            hint="write `auth_pass PASSWORD` into it, the same on every router of the group, or remove the block",
        )  # fmt: skip
    elif not auth.auth_type:
        it.complain(
            "authentication-type",
            "authentication without auth_type is ignored",
            field="authentication",
            severity=Severity.NOTICE,
            error_class=ErrorClass.NONE,
            hint="write `auth_type PASS`",
        )
    else:
        return
    it.change(authentication=None)


def room_for_addresses(it: Instance, _: GlobalDefs) -> None:
    """An advert counts its addresses in one byte, and fits into a packet; the rest are held unlisted (WI-06)."""
    listed = it.value.virtual_ipaddress
    proof = SIGNATURE_SIZE if it.value.auth_hmac is not None else 0
    room = most_addresses(it.value.family, proof=proof)
    if len(listed) <= room:
        return
    it.complain(
        "too-many-addresses",
        f"{it.value.name} lists {len(listed)} addresses; an advert has room for {room}, "
        "the others are held as excluded",
        field="virtual_ipaddress",
        hint="put them into virtual_ipaddress_excluded, the same ones on every router",
    )
    excluded = listed[room:] + it.value.virtual_ipaddress_excluded
    it.change(virtual_ipaddress=listed[:room], virtual_ipaddress_excluded=excluded)
    lines = it.origin.entries
    later = lines.get("virtual_ipaddress", [])[room:]
    lines["virtual_ipaddress_excluded"] = later + lines.get("virtual_ipaddress_excluded", [])
    lines["virtual_ipaddress"] = lines.get("virtual_ipaddress", [])[:room]


def has_addresses(it: Instance, _: GlobalDefs) -> None:
    """An instance without addresses holds nothing (WI-08)."""
    if it.value.virtual_ipaddress or it.value.no_virtual_ipaddress:
        return
    unusable = it.origin.given("virtual_ipaddress")
    it.complain(
        "no-addresses",
        f"{it.value.name} has no virtual_ipaddress{' that can be used' * unusable}",
        field="virtual_ipaddress",
        severity=Severity.ERROR if it.value.version == 3 else Severity.WARNING,
        hint="give it one, or write no_virtual_ipaddress if that is meant",
    )


def has_an_interface(it: Instance, _: GlobalDefs) -> None:
    """Only unicast with a source address goes without an interface (WI-20)."""
    if it.value.interface or (it.value.unicast and it.value.unicast_src_ip is not None):
        return
    it.reject(
        "interface-missing",
        f"{it.value.name} needs an interface; it is left out",
        hint="write `interface NAME`; `ip link` lists the names",
    )


_UNICAST: Final = (
    "unicast_src_ip", "unicast_peer", "unicast_ttl", "check_unicast_src", "old_unicast_checksum",
)  # fmt: skip


def unicast_has_peers(it: Instance, _: GlobalDefs) -> None:
    """Unicast keywords without a peer: Keepalived falls back to multicast (WI-19)."""
    if it.given(*_UNICAST) and not it.value.unicast:
        field = next(name for name in _UNICAST if it.given(name))
        it.complain(
            "unicast-without-peers",
            f"{it.value.name} has no unicast_peer: its adverts go to the multicast group",
            field=field,
            hint="list the peers, or write mcast_src_ip if multicast is meant",
        )


def peers_are_distinct(it: Instance, _: GlobalDefs) -> None:
    """A peer stands once, and is of the instance's family."""
    if not it.value.unicast_peer:
        return
    seen: set[object] = set()
    kept = []
    for peer, line in zip(it.value.unicast_peer, it.origin.entries.get("unicast_peer", []), strict=True):
        if peer.address in seen:
            it.complain(
                "duplicate-peer", f"peer {peer.address} stands there already", line=line, hint=_REMOVE
            )
        elif peer.address.version != it.value.family:
            words = f"peer {peer.address} is not IPv{it.value.family} like the addresses of {it.value.name}"
            it.complain("wrong-family", words, line=line, severity=Severity.ERROR, hint=_ONE_FAMILY)
        else:
            kept.append(peer)
        seen.add(peer.address)
    it.change(unicast_peer=tuple(kept))


def hop_limits_check_senders(it: Instance, _: GlobalDefs) -> None:
    """min_ttl and max_ttl are kept by peer, so only peers may speak (WI-11)."""
    if any(peer.checks_ttl for peer in it.value.unicast_peer):
        it.change(check_unicast_src=True)


def source_of_the_family(it: Instance, _: GlobalDefs) -> None:
    """The source address and the group are of the family of the addresses."""
    for field in ("unicast_src_ip", "mcast_src_ip", "mcast_dst_ip"):
        address = getattr(it.value, field)
        if address is not None and address.version != it.value.family:
            words = f"{field} {address} is not IPv{it.value.family} like the addresses of {it.value.name}"
            it.complain("wrong-family", words, field=field, at=1, severity=Severity.ERROR, hint=_ONE_FAMILY)
            it.change(**{field: None})


def minimal_announcements(it: Instance, defs: GlobalDefs) -> None:
    """vrrp_min_garp: once, no second batch, where nothing else is said (GA-07)."""
    if not defs.vrrp_min_garp:
        return
    usual = {
        "garp_master_delay": Duration(5 * SECOND),
        "garp_master_repeat": 5,
        "garp_master_refresh_repeat": 1,
        "garp_lower_prio_delay": Duration(5 * SECOND),
        "garp_lower_prio_repeat": 5,
    }
    least = {
        "garp_master_delay": Duration(0),
        "garp_master_repeat": 1,
        "garp_master_refresh_repeat": 0,
        "garp_lower_prio_delay": Duration(0),
        "garp_lower_prio_repeat": 1,
    }
    it.change(**{n: v for n, v in least.items() if not it.given(n) and getattr(it.value, n) == usual[n]})


def unicast_on_a_vmac_sends_below(it: Instance, _: GlobalDefs) -> None:
    """Unicast adverts leave through the interface below a VMAC (VM-06)."""
    if it.value.use_vmac is not None and it.value.unicast and not it.value.vmac_xmit_base:
        it.complain(
            "vmac-unicast", "unicast with use_vmac needs vmac_xmit_base; it is switched on", field="use_vmac",
            hint="write vmac_xmit_base",
        )  # fmt: skip
        it.change(vmac_xmit_base=True)


def own_interface_is_the_vmac(it: Instance, _: GlobalDefs) -> None:
    """An address on the instance's interface is held by the VMAC or ipvlan that stands for it (VM-01)."""
    if it.value.use_vmac is None and it.value.use_ipvlan is None:
        return
    for field in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
        addresses: tuple[VirtualAddress, ...] = getattr(it.value, field)
        own = it.value.interface
        if any(address.dev == own for address in addresses):
            moved = tuple(changed(each, dev="") if each.dev == own else each for each in addresses)
            it.change(**{field: moved})


def promotion_of_vmacs(it: Instance, _: GlobalDefs) -> None:
    """VMACs promote their secondary addresses anyway."""
    if it.value.promote_secondaries and it.value.use_vmac is not None:
        it.complain(
            "promote-secondaries", "VMACs promote secondary addresses anyway", field="promote_secondaries"
        )


def signed_masters_wait(it: Instance, _: GlobalDefs) -> None:
    """With AH nobody starts as master: the sequence numbers of the others must be heard first."""
    auth = it.value.authentication
    if auth is not None and auth.auth_type == "AH" and it.value.state == "MASTER":
        it.complain(
            "ah-master", "state MASTER does not go with auth_type AH; starting as BACKUP", field="state"
        )
        it.change(state="BACKUP")


INSTANCE_RULES: Final[tuple[InstanceRule, ...]] = (
    has_an_interface,
    addresses_of_one_family,
    no_address_twice,
    version_of_ipv6,
    source_of_the_family,
    peers_are_distinct,
    master_without_priority_owns,
    strict_knows_no_unicast,
    strict_state_is_the_owners,
    strict_options,
    strict_first_address,
    strict_defaults,
    nopreempt_needs_backup,
    interval_of_version,
    authentication_is_for_version_2,
    room_for_addresses,
    has_addresses,
    unicast_has_peers,
    hop_limits_check_senders,
    minimal_announcements,
    unicast_on_a_vmac_sends_below,
    own_interface_is_the_vmac,
    promotion_of_vmacs,
    signed_masters_wait,
    *OPTION_RULES,
)


def check_instances(draft: Draft) -> None:
    """The rules of each instance, as long as it is usable."""
    defs = draft.defs
    for it in draft.vrrp_instances:
        for rule in INSTANCE_RULES:
            if it.usable:
                rule(it, defs)
