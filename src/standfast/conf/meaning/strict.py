"""The rules of strict mode: what the RFC does not know is refused or corrected (ST-01, ST-02, VM-09)."""

from typing import Any, Final

from standfast.base.addresses import Family
from standfast.base.frozen import changed
from standfast.base.times import ZERO
from standfast.conf.meaning.built import Built
from standfast.model.complaint import Severity
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance

Instance = Built[VrrpInstance]

_MISSED: Final = 3  # adverts that a backup waits for (RFC 9568, section 6.1: Active_Down_Interval)


def strict_knows_no_unicast(it: Instance, _: GlobalDefs) -> None:
    """Unicast is none of the RFC's; an instance with peers runs without strict mode."""
    if it.value.strict_mode and it.value.unicast:
        it.complain(
            "strict-unicast",
            f"strict mode knows no unicast_peer; {it.value.name} runs without strict mode",
            field="unicast_peer",
            severity=Severity.ERROR,
            hint="remove the peers, or write `strict_mode off` in this instance",
        )
        it.change(strict_mode=False)


def strict_state_is_the_owners(it: Instance, _: GlobalDefs) -> None:
    """Only the owner of the addresses starts as master, and it does (RFC 9568, section 6.4.1)."""
    value = it.value
    if not value.strict_mode or (value.state == "MASTER") == value.owner:
        return
    fits = "MASTER" if value.owner else "BACKUP"
    it.complain(
        "strict-state",
        f"in strict mode, priority {value.priority} goes with state {fits}; {value.name} starts as {fits}",
        field="state",
        hint="255 is the priority of the addresses' owner, who starts as master; all others start as backups",
    )
    it.change(state=fits)


def strict_options(it: Instance, _: GlobalDefs) -> None:
    """Options that change what the RFC prescribes are put back."""
    value = it.value
    if not value.strict_mode:
        return
    if value.no_virtual_ipaddress:
        _refuse(it, "no_virtual_ipaddress", value=False)
    if value.authentication is not None and value.version == 2:
        _refuse(it, "authentication", value=None)
    if value.preempt_delay:
        _refuse(it, "preempt_delay", value=ZERO)
    if value.accept and it.given("accept") and value.version == 2:
        _refuse(it, "accept", value=False)
    if value.vmac_xmit_base:
        _refuse(it, "vmac_xmit_base", value=False)
    if value.use_vmac is not None and value.use_vmac.mac:
        _refuse(it, "use_vmac", value=changed(value.use_vmac, mac=""), what="a MAC address of your own")
    if value.down_timer_adverts != _MISSED:
        _refuse(it, "down_timer_adverts", value=_MISSED)
    for field in ("garp_lower_prio_delay", "garp_lower_prio_repeat"):
        if it.given(field):
            _refuse(it, field, value=0)


def _refuse(it: Instance, field: str, *, value: Any, what: str = "") -> None:
    words = f"strict mode does not go with {what or field}; {it.value.name} does without"
    it.complain(
        "strict-option", words, field=field, hint="remove it, or write `strict_mode off` in this instance"
    )
    it.change(**{field: value})


def strict_first_address(it: Instance, _: GlobalDefs) -> None:
    """The first address of an IPv6 router is link-local (RFC 9568, section 5.2.9; WI-07)."""
    value = it.value
    if not value.strict_mode or value.family is not Family.IPV6 or not value.virtual_ipaddress:
        return
    first = value.virtual_ipaddress[0].address
    if first.is_link_local:
        return
    it.complain(
        "strict-first-address",
        f"in strict mode the first IPv6 address is link-local; that of {value.name} is {first}",
        field="virtual_ipaddress",
        severity=Severity.ERROR,
        hint="put an address of fe80::/10 first, the same on every router",
    )


def strict_defaults(it: Instance, _: GlobalDefs) -> None:
    """What strict mode switches on and off by itself (ST-02)."""
    value = it.value
    if not value.strict_mode:
        return
    # RFC 9568, section 6.4.3, answers a weaker master with nothing but an advert, RFC 5798 not even with that.
    it.change(lower_prio_no_advert=True, higher_prio_send_advert=False, garp_lower_prio_repeat=0)
    if value.owner:
        it.change(owner_ignore_adverts=True)
    elif not it.given("accept"):
        it.change(accept=False)
    if value.auth_hmac is not None:
        it.change(auth_hmac=changed(value.auth_hmac, mode="enforce"))
