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
syn keyword keepalivedKeyword connect_port connect_timeout control_socket control_socket_group control_socket_mode cwnd data_use_instance dbus_no_interface_name
syn keyword keepalivedKeyword dbus_service_name debug default_interface delay delay_before_retry delay_loop destination dev
syn keyword keepalivedKeyword digest disable_local_igmp dont_track_primary down_timer_adverts dport dsfield dynamic_interfaces enable_dbus
syn keyword keepalivedKeyword enable_script_security enable_sni enable_snmp_checker enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_vrrp
syn keyword keepalivedKeyword enable_traps encap expires fall fast_recovery fastopen_no_cookie features fifo_write_vrrp_states_on_reload
syn keyword keepalivedKeyword file flag-1 flag-2 flag-3 fork_delay from full_command garp_extra_if
syn keyword keepalivedKeyword garp_interval garp_lower_prio_delay garp_lower_prio_repeat garp_master_delay garp_master_refresh garp_master_refresh_repeat garp_master_repeat global_tracking
syn keyword keepalivedKeyword gna_interval goto gw ha_suspend hashed helo_name higher_prio_send_advert history_file
syn keyword keepalivedKeyword home hoplimit http_protocol hysteresis id idle_tx iif include_check
syn keyword keepalivedKeyword inet inet6 inhibit_on_failure init_fail init_file initcwnd initrwnd inst
syn keyword keepalivedKeyword instance interface interval ip_family ip_proto ipproto iproute_etc_dir iproute_usr_dir
syn keyword keepalivedKeyword json_dump_file json_file_location json_version kernel_rx_buf_size key l3mdev label lb_algo
syn keyword keepalivedKeyword lb_kind linkbeat_use_polling log_all_failures log_unknown_vrids lookup lower_prio_no_advert lthreshold lvs_engine
syn keyword keepalivedKeyword lvs_flush lvs_flush_on_stop lvs_flush_onstop lvs_method lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force
syn keyword keepalivedKeyword lvs_notify_fifo lvs_notify_fifo_script lvs_process_name lvs_sched lvs_sync_daemon lvs_sync_daemon_interface lvs_timeouts max_auto_priority
syn keyword keepalivedKeyword max_hops max_reply_length max_ttl maxlen mcast_dst_ip mcast_src_ip metric metrics_listen
syn keyword keepalivedKeyword mh-fallback mh-port min_auto_priority_delay min_reply_length min_rx min_ttl min_tx misc_dynamic
syn keyword keepalivedKeyword misc_path misc_timeout mngtmpaddr mode mtu multihop multiplier name
syn keyword keepalivedKeyword namespace_with_ipsets native_ipv6 nb_get_retry neighbor_ip neighbour_ip net_namespace net_namespace_ipvs nexthop
syn keyword keepalivedKeyword nftables nftables_counters nftables_ifindex nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark nftables_priority no_accept
syn keyword keepalivedKeyword no_checker_emails no_email_faults no_track no_virtual_ipaddress nop nopreempt noprefixroute noreverse
syn keyword keepalivedKeyword not notification_email_from notify notify_backup notify_deleted notify_down notify_fault notify_fifo
syn keyword keepalivedKeyword notify_fifo_script notify_master notify_master_rx_lower_pri notify_priority_changes notify_stop notify_up oif old_unicast_checksum
syn keyword keepalivedKeyword omega onlink ops or order owner_ignore_adverts param_match passive
syn keyword keepalivedKeyword password path payload peer persistence_engine persistence_granularity persistence_timeout port
syn keyword keepalivedKeyword preempt preempt_delay pref preference preferred_lft prepend priority process
syn keyword keepalivedKeyword process_monitor_rcv_bufs process_monitor_rcv_bufs_force process_name process_names prohibit promote_secondaries protocol quickack
syn keyword keepalivedKeyword quorum quorum_down quorum_max quorum_up random_seed realms regex regex_max_offset
syn keyword keepalivedKeyword regex_min_offset regex_no_match regex_options regex_stack reload_check_config reload_file reload_repeat reload_time_file
syn keyword keepalivedKeyword reordering require_reply retry reverse rise router_id rs_init_notifies rto_min
syn keyword keepalivedKeyword rtt rttvar scope script script_user sh-fallback sh-port shutdown_script
syn keyword keepalivedKeyword shutdown_script_timeout skip_check_adv_addr smtp_alert smtp_alert_checker smtp_alert_vrrp smtp_ca_file smtp_connect_timeout smtp_helo_name
syn keyword keepalivedKeyword smtp_password smtp_security smtp_server smtp_user snmp_name snmp_rs_stats_update_interval snmp_socket snmp_vs_stats_update_interval
syn keyword keepalivedKeyword sorry_server sorry_server_inhibit sorry_server_lvs_method source_ip sport src ssthresh startup_script
syn keyword keepalivedKeyword startup_script_timeout state state_dump_file state_file_location stats_dump_file stats_file_location status_code strict_mode
syn keyword keepalivedKeyword sup_group sup_pl suppress_ifgroup suppress_prefixlength sync_group_tracking_weight table tcp tcpfin
syn keyword keepalivedKeyword terminate_delay thread_timer_expired time_window timeout timer_expired_backup tls_compliant tmp_config_directory to
syn keyword keepalivedKeyword tos track_src_ip ttl ttl-propagate tunnel-id type udp uidrange
syn keyword keepalivedKeyword umask unicast_fault_no_peer unicast_src_ip unicast_ttl unreachable use_ipvlan use_pid_dir use_symlink_paths
syn keyword keepalivedKeyword use_vmac use_vmac_addr user uthreshold v3_checksum_as_v2 version via virtual_router_id
syn keyword keepalivedKeyword virtualhost vmac_addr_prefix vmac_garp_intvl vmac_prefix vmac_xmit_base vrf vrrp vrrp_check_unicast_src
syn keyword keepalivedKeyword vrrp_cpu_affinity vrrp_delay_after_boot vrrp_down_timer_adverts vrrp_garp_extra_if vrrp_garp_interval vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat vrrp_garp_master_delay
syn keyword keepalivedKeyword vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat vrrp_garp_master_repeat vrrp_gna_interval vrrp_higher_prio_send_advert vrrp_ipsets vrrp_iptables vrrp_lower_prio_no_advert
syn keyword keepalivedKeyword vrrp_mcast_group4 vrrp_mcast_group6 vrrp_min_garp vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs vrrp_netlink_monitor_rcv_bufs_force vrrp_no_swap
syn keyword keepalivedKeyword vrrp_notify_fifo vrrp_notify_fifo_script vrrp_notify_priority_changes vrrp_owner_ignore_adverts vrrp_priority vrrp_process_name vrrp_rlimit_rtime vrrp_rlimit_rttime
syn keyword keepalivedKeyword vrrp_rt_priority vrrp_rx_bufs_multiplier vrrp_rx_bufs_policy vrrp_skip_check_adv_addr vrrp_startup_delay vrrp_strict vrrp_version vrrp_vmac_garp_intvl
syn keyword keepalivedKeyword warmup webhook webhook_ca_file webhook_timeout webhook_token weight window
syn match keepalivedKeyword "\(^\|\s\)\zs-nodad\ze\(\s\|$\)"
syn keyword keepalivedEntry address fwmark prefix range
syn keyword keepalivedValue A AAAA AH BACKUP CNAME DNSKEY MASTER MX
syn keyword keepalivedValue NS PASS RRSIG SCTP SOA TCP TXT UDP
syn keyword keepalivedValue auto blackhole broadcast dh disabled ecn enabled enforce
syn keyword keepalivedValue fo high inet inet6 ipvs lblc lblcr lc
syn keyword keepalivedValue local low medium mh monotonic multicast nat nftables
syn keyword keepalivedValue none nq ovf permissive prohibit random receive-only rr
syn keyword keepalivedValue sed sh starttls throw time tls twos unicast
syn keyword keepalivedValue unreachable wlc wrr on off true false yes
syn keyword keepalivedValue no
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
