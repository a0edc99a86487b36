"""All rules, in the order in which they run."""

from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.engine import check_engine
from standfast.conf.meaning.firewall import check_firewalled_addresses
from standfast.conf.meaning.global_defs import check_globals
from standfast.conf.meaning.groups import check_groups
from standfast.conf.meaning.groups_of_adverts import check_advert_groups
from standfast.conf.meaning.instances import INSTANCE_RULES
from standfast.conf.meaning.interfaces import interfaces_exist, own_names_are_free
from standfast.conf.meaning.names import check_names
from standfast.conf.meaning.order import check_order
from standfast.conf.meaning.processes import check_processes
from standfast.conf.meaning.scripts import check_scripts
from standfast.conf.meaning.servers import SERVER_RULES, check_server_groups
from standfast.conf.meaning.sessions import check_sessions
from standfast.conf.meaning.signatures import check_signatures
from standfast.conf.meaning.sync_daemon import check_sync_daemon
from standfast.conf.meaning.tracking import check_trackers
from standfast.conf.meaning.weights import check_weights
from standfast.conf.meaning.whole import (
    names_are_distinct,
    own_names_are_distinct,
    routers_are_distinct,
)


def check_meaning(draft: Draft) -> None:
    """Say everything that is wrong between keywords and blocks, and correct it as Keepalived would."""
    check_globals(draft)
    check_advert_groups(draft)
    names_are_distinct(draft)
    check_names(draft)
    for it in draft.vrrp_instances:
        for rule in INSTANCE_RULES:
            if it.usable:
                rule(it, draft.defs)
    routers_are_distinct(draft.vrrp_instances, draft.defs)
    own_names_are_distinct(draft.vrrp_instances)
    check_firewalled_addresses(draft)
    interfaces_exist(draft)
    own_names_are_free(draft)
    check_sync_daemon(draft)
    check_engine(draft)
    check_sessions(draft)
    check_processes(draft)
    check_groups(draft)
    check_server_groups(draft)
    for server in draft.virtual_servers:
        for server_rule in SERVER_RULES:
            if server.usable:
                server_rule(server, draft)
    check_scripts(draft)
    check_order(draft)
    check_trackers(draft)
    check_weights(draft)
    check_signatures(draft)
