"""The settings of the whole daemon in the form of Keepalived's dumps (FILE-03): those that have an effect here."""

from collections.abc import Callable
from typing import Final

from standfast.model.global_defs import GlobalDefs
from standfast.observe import dump_words as words

Value = Callable[[GlobalDefs], object]

_ROWS: Final[dict[str, Value]] = {
    "Router ID": lambda defs: defs.router_id,
    "Default smtp_alert": lambda defs: _unset(defs.smtp_alert),
    "Default smtp_alert_vrrp": lambda defs: _unset(defs.smtp_alert_vrrp),
    "Default smtp_alert_checker": lambda defs: _unset(defs.smtp_alert_checker),
    "Checkers log all failures": lambda defs: words.truth(defs.checker_log_all_failures),
    "Dynamic interfaces": lambda defs: words.truth(defs.dynamic_interfaces),
    "Default interface": lambda defs: defs.default_interface,
    "LVS flush": lambda defs: words.truth(defs.lvs_flush),
    "LVS flush on stop": lambda defs: defs.lvs_flush_on_stop or "disabled",
    "FIFO write vrrp states on reload": lambda defs: words.truth(defs.fifo_write_vrrp_states_on_reload),
    "VRRP notify priority changes": lambda defs: words.truth(defs.vrrp_notify_priority_changes),
    "VRRP IPv4 mcast group": lambda defs: defs.vrrp_mcast_group4,
    "VRRP IPv6 mcast group": lambda defs: defs.vrrp_mcast_group6,
    "Gratuitous ARP delay": lambda defs: words.whole_seconds(defs.vrrp_garp_master_delay),
    "Gratuitous ARP repeat": lambda defs: defs.vrrp_garp_master_repeat,
    "Gratuitous ARP refresh timer": lambda defs: words.whole_seconds(defs.vrrp_garp_master_refresh),
    "Gratuitous ARP refresh repeat": lambda defs: defs.vrrp_garp_master_refresh_repeat,
    "Gratuitous ARP lower priority delay": lambda defs: words.whole_seconds(defs.vrrp_garp_lower_prio_delay),
    "Gratuitous ARP lower priority repeat": lambda defs: defs.vrrp_garp_lower_prio_repeat,
    "Num adverts before down": lambda defs: defs.vrrp_down_timer_adverts,
    "Send advert after receive lower priority advert": (
        lambda defs: words.truth(not defs.vrrp_lower_prio_no_advert)
    ),
    "Send advert after receive higher priority advert": (
        lambda defs: words.truth(defs.vrrp_higher_prio_send_advert)
    ),
    "Gratuitous ARP interval": lambda defs: words.exact_seconds(defs.vrrp_garp_interval),
    "Gratuitous NA interval": lambda defs: words.exact_seconds(defs.vrrp_gna_interval),
    "VRRP default protocol version": lambda defs: defs.vrrp_version,
    "VRRP check unicast_src": lambda defs: words.truth(defs.vrrp_check_unicast_src),
    "VRRP skip check advert addresses": lambda defs: words.truth(defs.vrrp_skip_check_adv_addr),
    "VRRP strict mode": lambda defs: words.truth(defs.vrrp_strict),
    "Max auto priority": lambda defs: defs.max_auto_priority,
    "Min auto priority delay": lambda defs: f"{defs.min_auto_priority_delay} usecs",
    "VRRP process priority": lambda defs: defs.vrrp_priority,
    "VRRP don't swap": lambda defs: words.truth(defs.vrrp_no_swap),
    "VRRP realtime priority": lambda defs: defs.vrrp_rt_priority,
    "VRRP realtime limit": lambda defs: defs.vrrp_rlimit_rttime,
    "Checker process priority": lambda defs: defs.checker_priority,
    "Checker don't swap": lambda defs: words.truth(defs.checker_no_swap),
    "Checker realtime priority": lambda defs: defs.checker_rt_priority,
    "Checker realtime limit": lambda defs: defs.checker_rlimit_rttime,
    "BFD process priority": lambda defs: defs.bfd_priority,
    "BFD don't swap": lambda defs: words.truth(defs.bfd_no_swap),
    "BFD realtime priority": lambda defs: defs.bfd_rt_priority,
    "BFD realtime limit": lambda defs: defs.bfd_rlimit_rttime,
    "rs_init_notifies": lambda defs: int(defs.rs_init_notifies),
    "no_checker_emails": lambda defs: int(defs.no_checker_emails),
    "rx_bufs_multiples": lambda defs: defs.vrrp_rx_bufs_multiplier,
    "umask": lambda defs: f"{defs.umask:04o}",
}


def globals_text(defs: GlobalDefs) -> str:
    """The section, its rows as `name = value`; no secrets are among them."""
    lines = ["------< Global definitions >------"]
    lines += (f" {name} = {value(defs)}" for name, value in _ROWS.items())
    lines.append(f" DBus {words.enabled(defs.enable_dbus)}")
    lines.append(f" Script security {words.enabled(defs.enable_script_security)}")
    return "\n".join(lines) + "\n"


def _unset(value: bool | None) -> str:
    return "unset" if value is None else words.truth(value)
