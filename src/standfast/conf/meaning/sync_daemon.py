"""The IPVS synchronisation is said once, in `global_defs` or in one instance."""

from standfast.conf.meaning.draft import Draft


def check_sync_daemon(draft: Draft) -> None:
    """The first interface counts; those of further instances are ignored."""
    daemon = draft.defs.lvs_sync_daemon
    owner = "global_defs" if daemon is not None else ""
    for it in draft.vrrp_instances:
        if not it.value.lvs_sync_daemon_interface:
            continue
        if owner:
            it.complain(
                "sync-daemon-twice",
                f"the IPVS synchronisation is configured in {owner}; that of {it.value.name} is ignored",
                field="lvs_sync_daemon_interface",
                hint="remove it",
            )
            it.change(lvs_sync_daemon_interface="")
        else:
            owner = f"vrrp_instance {it.value.name}"
