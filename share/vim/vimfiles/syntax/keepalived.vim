" Vim syntax file: configuration of Standfast and Keepalived
" Made by `standfast manual`; do not edit.
if exists("b:current_syntax")
  finish
endif

syn case match
setlocal iskeyword=@,48-57,_,-,.
syn keyword keepalivedBlock BFD_CHECK DNS_CHECK FILE_CHECK HTTP_GET MISC_CHECK PING_CHECK SMTP_CHECK SSL
syn keyword keepalivedBlock SSL_GET TCP_CHECK UDP_CHECK auth_hmac authentication bfd_instance garp_group global_defs
syn keyword keepalivedBlock group host interface_up_down_delays interfaces linkbeat_interfaces notification_email real_server static_ipaddress
syn keyword keepalivedBlock static_routes static_rules track_bfd track_file track_group track_interface track_process track_script
syn keyword keepalivedBlock unicast_peer url virtual_ipaddress virtual_ipaddress_excluded virtual_routes virtual_rules virtual_server virtual_server_group
syn keyword keepalivedBlock vrrp_instance vrrp_script vrrp_sync_group vrrp_track_file vrrp_track_process
syn keyword keepalivedKeyword accept active_key add advert_int advmss alpha anti_replay append
syn keyword keepalivedKeyword auth_pass auth_type autojoin bfd_cpu_affinity bfd_no_swap bfd_priority bfd_process_name bfd_rlimit_rtime
syn keyword keepalivedKeyword bfd_rlimit_rttime bfd_rt_priority bind_if bind_port bindto blackhole brd broadcast
syn keyword keepalivedKeyword ca certificate check_unicast_src checker checker_cpu_affinity checker_log_all_failures checker_no_swap checker_priority
syn keyword keepalivedKeyword checker_process_name checker_rlimit_rtime checker_rlimit_rttime checker_rt_priority child_wait_time config_save_dir congctl connect_ip
syn keyword keepalivedKeyword connect_port connect_timeout cwnd data_use_instance dbus_no_interface_name dbus_service_name debug default_interface
syn keyword keepalivedKeyword delay delay_before_retry delay_loop destination dev digest disable_local_igmp dont_track_primary
syn keyword keepalivedKeyword down_timer_adverts dport dsfield dynamic_interfaces enable_dbus enable_script_security enable_sni enable_snmp_checker
syn keyword keepalivedKeyword enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_vrrp enable_traps encap expires
syn keyword keepalivedKeyword fall fast_recovery fastopen_no_cookie features fifo_write_vrrp_states_on_reload file flag-1 flag-2
syn keyword keepalivedKeyword flag-3 fork_delay from full_command garp_extra_if garp_interval garp_lower_prio_delay garp_lower_prio_repeat
syn keyword keepalivedKeyword garp_master_delay garp_master_refresh garp_master_refresh_repeat garp_master_repeat global_tracking gna_interval goto gw
syn keyword keepalivedKeyword ha_suspend hashed helo_name higher_prio_send_advert home hoplimit http_protocol hysteresis
syn keyword keepalivedKeyword id idle_tx iif include_check inet inet6 inhibit_on_failure init_fail
syn keyword keepalivedKeyword init_file initcwnd initrwnd inst instance interface interval ip_family
syn keyword keepalivedKeyword ip_proto ipproto iproute_etc_dir iproute_usr_dir json_dump_file json_file_location json_version kernel_rx_buf_size
syn keyword keepalivedKeyword key l3mdev label lb_algo lb_kind linkbeat_use_polling log_all_failures log_unknown_vrids
syn keyword keepalivedKeyword lookup lower_prio_no_advert lthreshold lvs_flush lvs_flush_on_stop lvs_flush_onstop lvs_method lvs_netlink_cmd_rcv_bufs
syn keyword keepalivedKeyword lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force lvs_notify_fifo lvs_notify_fifo_script lvs_process_name lvs_sched lvs_sync_daemon
syn keyword keepalivedKeyword lvs_sync_daemon_interface lvs_timeouts max_auto_priority max_hops max_reply_length max_ttl maxlen mcast_dst_ip
syn keyword keepalivedKeyword mcast_src_ip metric mh-fallback mh-port min_auto_priority_delay min_reply_length min_rx min_ttl
syn keyword keepalivedKeyword min_tx misc_dynamic misc_path misc_timeout mngtmpaddr mode mtu multihop
syn keyword keepalivedKeyword multiplier name namespace_with_ipsets native_ipv6 nb_get_retry neighbor_ip neighbour_ip net_namespace
syn keyword keepalivedKeyword net_namespace_ipvs nexthop nftables nftables_counters nftables_ifindex nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark
syn keyword keepalivedKeyword nftables_priority no_accept no_checker_emails no_email_faults no_track no_virtual_ipaddress nop nopreempt
syn keyword keepalivedKeyword noprefixroute noreverse not notification_email_from notify notify_backup notify_deleted notify_down
syn keyword keepalivedKeyword notify_fault notify_fifo notify_fifo_script notify_master notify_master_rx_lower_pri notify_priority_changes notify_stop notify_up
syn keyword keepalivedKeyword oif old_unicast_checksum omega onlink ops or order owner_ignore_adverts
syn keyword keepalivedKeyword param_match passive password path payload peer persistence_engine persistence_granularity
syn keyword keepalivedKeyword persistence_timeout port preempt preempt_delay pref preference preferred_lft prepend
syn keyword keepalivedKeyword priority process process_monitor_rcv_bufs process_monitor_rcv_bufs_force process_name process_names prohibit promote_secondaries
syn keyword keepalivedKeyword protocol quickack quorum quorum_down quorum_max quorum_up random_seed realms
syn keyword keepalivedKeyword regex regex_max_offset regex_min_offset regex_no_match regex_options regex_stack reload_check_config reload_file
syn keyword keepalivedKeyword reload_repeat reload_time_file reordering require_reply retry reverse rise router_id
syn keyword keepalivedKeyword rs_init_notifies rto_min rtt rttvar scope script script_user sh-fallback
syn keyword keepalivedKeyword sh-port shutdown_script shutdown_script_timeout skip_check_adv_addr smtp_alert smtp_alert_checker smtp_alert_vrrp smtp_connect_timeout
syn keyword keepalivedKeyword smtp_helo_name smtp_server snmp_name snmp_rs_stats_update_interval snmp_socket snmp_vs_stats_update_interval sorry_server sorry_server_inhibit
syn keyword keepalivedKeyword sorry_server_lvs_method source_ip sport src ssthresh startup_script startup_script_timeout state
syn keyword keepalivedKeyword state_dump_file state_file_location stats_dump_file stats_file_location status_code strict_mode sup_group sup_pl
syn keyword keepalivedKeyword suppress_ifgroup suppress_prefixlength sync_group_tracking_weight table tcp tcpfin terminate_delay thread_timer_expired
syn keyword keepalivedKeyword time_window timeout timer_expired_backup tls_compliant tmp_config_directory to tos track_src_ip
syn keyword keepalivedKeyword ttl ttl-propagate tunnel-id type udp uidrange umask unicast_fault_no_peer
syn keyword keepalivedKeyword unicast_src_ip unicast_ttl unreachable use_ipvlan use_pid_dir use_symlink_paths use_vmac use_vmac_addr
syn keyword keepalivedKeyword user uthreshold v3_checksum_as_v2 version via virtual_router_id virtualhost vmac_addr_prefix
syn keyword keepalivedKeyword vmac_garp_intvl vmac_prefix vmac_xmit_base vrf vrrp vrrp_check_unicast_src vrrp_cpu_affinity vrrp_delay_after_boot
syn keyword keepalivedKeyword vrrp_down_timer_adverts vrrp_garp_extra_if vrrp_garp_interval vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat vrrp_garp_master_delay vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat
syn keyword keepalivedKeyword vrrp_garp_master_repeat vrrp_gna_interval vrrp_higher_prio_send_advert vrrp_ipsets vrrp_iptables vrrp_lower_prio_no_advert vrrp_mcast_group4 vrrp_mcast_group6
syn keyword keepalivedKeyword vrrp_min_garp vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs vrrp_netlink_monitor_rcv_bufs_force vrrp_no_swap vrrp_notify_fifo vrrp_notify_fifo_script
syn keyword keepalivedKeyword vrrp_notify_priority_changes vrrp_owner_ignore_adverts vrrp_priority vrrp_process_name vrrp_rlimit_rtime vrrp_rlimit_rttime vrrp_rt_priority vrrp_rx_bufs_multiplier
syn keyword keepalivedKeyword vrrp_rx_bufs_policy vrrp_skip_check_adv_addr vrrp_startup_delay vrrp_strict vrrp_version vrrp_vmac_garp_intvl warmup weight
syn keyword keepalivedKeyword window
syn match keepalivedKeyword "\(^\|\s\)\zs-nodad\ze\(\s\|$\)"
syn keyword keepalivedEntry address fwmark prefix range
syn keyword keepalivedValue A AAAA AH BACKUP CNAME DNSKEY MASTER MX
syn keyword keepalivedValue NS PASS RRSIG SCTP SOA TCP TXT UDP
syn keyword keepalivedValue blackhole broadcast dh disabled ecn enabled enforce fo
syn keyword keepalivedValue high inet inet6 lblc lblcr lc local low
syn keyword keepalivedValue medium mh monotonic multicast nat nq ovf permissive
syn keyword keepalivedValue prohibit receive-only rr sed sh throw time twos
syn keyword keepalivedValue unicast unreachable wlc wrr on off true false
syn keyword keepalivedValue yes no
syn match keepalivedValue "\(^\|\s\)\zs1.0\ze\(\s\|$\)"
syn match keepalivedValue "\(^\|\s\)\zs1.0C\ze\(\s\|$\)"
syn match keepalivedValue "\(^\|\s\)\zs1.0c\ze\(\s\|$\)"
syn match keepalivedValue "\(^\|\s\)\zs1.1\ze\(\s\|$\)"
syn keyword keepalivedInclude include includer includem includew includeb includea
syn match keepalivedNumber "\<-\?\d\+\(\.\d\+\)\?\>"
syn match keepalivedAddress "\<\d\{1,3}\(\.\d\{1,3}\)\{3}\(/\d\{1,3}\)\?\>"
syn match keepalivedAddress "\<\x*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\(/\d\{1,3}\)\?"
syn match keepalivedVariable "\$\h\w*\|\${[^}]*}"
syn match keepalivedDefine "^\s*\$\h\w*="
syn match keepalivedCondition "^\s*@^\?\S\+"
syn match keepalivedRepeat "\~\(SEQx\?\|LST\)("
syn region keepalivedString start=+"+ end=+"+ oneline contains=keepalivedVariable
syn match keepalivedComment "\(^\|[^\\]\)\zs[#!].*$"
syn region keepalivedFold start="{" end="}" transparent fold

hi def link keepalivedBlock Structure
hi def link keepalivedKeyword Keyword
hi def link keepalivedEntry Type
hi def link keepalivedValue Constant
hi def link keepalivedInclude Include
hi def link keepalivedNumber Number
hi def link keepalivedAddress Number
hi def link keepalivedVariable Identifier
hi def link keepalivedDefine Define
hi def link keepalivedCondition PreCondit
hi def link keepalivedRepeat PreProc
hi def link keepalivedString String
hi def link keepalivedComment Comment

let b:current_syntax = "keepalived"
