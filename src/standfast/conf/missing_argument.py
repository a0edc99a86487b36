"""What Keepalived makes of keywords without their argument.

At most of them it ends, even while it runs (EX-03). At these it goes on, with a message or without one, so its
exit code is another. For us it is the same mistake at all of them.
"""

from typing import Final

from standfast.base.frozen import changed
from standfast.model.complaint import Complaint, ErrorClass

_BLOCKS: Final = {
    "global_defs": "vrrp_garp_extra_if vrrp_vmac_garp_intvl default_interface vrrp_rx_bufs_policy"
    " vrrp_rx_bufs_multiplier script_user startup_script startup_script_timeout shutdown_script"
    " shutdown_script_timeout notification_email_from notify_fifo notify_fifo_script vrrp_notify_fifo"
    " vrrp_notify_fifo_script lvs_notify_fifo lvs_notify_fifo_script vrrp_rt_priority vrrp_priority"
    " vrrp_cpu_affinity min_auto_priority_delay checker_priority checker_rt_priority checker_cpu_affinity"
    " bfd_priority bfd_rt_priority bfd_cpu_affinity vrrp_netlink_cmd_rcv_bufs"
    " vrrp_netlink_monitor_rcv_bufs process_monitor_rcv_bufs lvs_netlink_cmd_rcv_bufs"
    " lvs_netlink_monitor_rcv_bufs lvs_sync_daemon snmp_socket dbus_service_name reload_time_file"
    " tmp_config_directory router_id",
    "vrrp_instance": "garp_extra_if vmac_garp_intvl kernel_rx_buf_size",
    "vrrp_script": "script",
    "vrrp_track_process": "weight",
    "track_file": "weight",
    "SSL": "password ca certificate key",
    "virtual_server": "virtualhost snmp_name sorry_server_lvs_method",
    "real_server": "virtualhost snmp_name",
    "UDP_CHECK": "payload",
    "SMTP_CHECK": "helo_name",
    "MISC_CHECK": "misc_path user",
    "HTTP_GET": "virtualhost http_protocol",
    "SSL_GET": "virtualhost http_protocol",
    "url": "virtualhost",
}
_GOES_ON: Final = {(block, word) for block, words in _BLOCKS.items() for word in words.split()}
_TRACKERS: Final = ("track_interface", "track_script", "track_file", "track_process", "track_bfd")
_ADDRESSES: Final = ("virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress", "unicast_peer")
_ENTRIES: Final = frozenset((*_TRACKERS, *_ADDRESSES))
_SAYS_NOTHING: Final = {
    ("global_defs", "smtp_helo_name"),
    *(
        ("url", word)
        for word in ("status_code", "regex", "regex_options", "regex_min_offset", "regex_max_offset")
    ),
    ("url", "regex_stack"),
    ("interface_up_down_delays", ""),
}


def as_keepalived_takes_it(block: str, word: str, complaint: Complaint) -> Complaint:
    """The complaint about a keyword, with the class that it has for Keepalived.

    Args:
        block: that the keyword stands in; of an entry: the list.
        word: the keyword; empty for an entry.
        complaint: what is wrong.
    """
    if complaint.error_class is not ErrorClass.MISSING_ARGUMENT:
        return complaint
    if (block, word) in _SAYS_NOTHING:
        return changed(complaint, error_class=ErrorClass.NONE)
    goes_on = (block, word) in _GOES_ON if word else block in _ENTRIES
    return changed(complaint, error_class=ErrorClass.GENERAL) if goes_on else complaint
