"""All rules, in the order in which they run, each with the keywords of the top level that it is about.

A rule is imported when a file says one of them, and has nothing to say where a file says none.
"""

from typing import Final, NamedTuple

from standfast.base.elsewhere import imported
from standfast.conf.meaning.draft import Draft

_INSTANCES: Final = frozenset({"vrrp_instances"})
_GROUPS: Final = frozenset({"vrrp_sync_groups"})
_SERVERS: Final = frozenset({"virtual_server_groups", "virtual_servers"})
_GLOBALS: Final = frozenset({"global_defs"})
_TRACKED: Final = frozenset({"vrrp_scripts", "vrrp_track_processes", "track_files", "bfd_instances"})
_STATIC: Final = frozenset({"static_ipaddress", "static_routes", "static_rules"})
_LINKS: Final = frozenset({"interface_up_down_delays", "linkbeat_interfaces", "garp_groups"})


class Rule(NamedTuple):
    """A rule, by its module and name in this package: a function of the draft."""

    name: str
    about: frozenset[str]  # fields of `Config`


RULES: Final = (
    Rule("global_defs:check_globals", _GLOBALS),
    Rule("groups_of_adverts:check_advert_groups", _GLOBALS),
    Rule("whole:names_are_distinct", _INSTANCES),
    Rule("names:check_names", _TRACKED | _SERVERS),
    Rule("instances:check_instances", _INSTANCES),
    Rule("whole:routers_are_distinct", _INSTANCES),
    Rule("whole:own_names_are_distinct", _INSTANCES),
    Rule("firewall:check_firewalled_addresses", _INSTANCES),
    Rule("interfaces:interfaces_exist", _INSTANCES | _GROUPS | _STATIC | _LINKS),
    Rule("interfaces:own_names_are_free", _INSTANCES),
    Rule("sync_daemon:check_sync_daemon", _INSTANCES),
    Rule("sessions:check_sessions", _TRACKED),
    Rule("processes:check_processes", _TRACKED),
    Rule("groups:check_groups", _GROUPS | _STATIC | frozenset({"garp_groups", "track_groups"})),
    Rule("servers:check_server_groups", _SERVERS),
    Rule("servers:check_servers", _SERVERS),
    Rule("scripts:check_scripts", _GLOBALS | _INSTANCES | _GROUPS | _TRACKED | _SERVERS),
    Rule("order:check_order", _TRACKED),
    Rule("tracking:check_trackers", _INSTANCES | _GROUPS),
    Rule("weights:check_weights", _INSTANCES),
    Rule("signatures:check_signatures", _INSTANCES),
)


def check_meaning(draft: Draft) -> None:
    """Say everything that is wrong between keywords and blocks, and correct it as Keepalived would."""
    said = draft.origin.fields.keys()
    for rule in RULES:
        if not rule.about.isdisjoint(said):
            imported(f"standfast.conf.meaning.{rule.name}")(draft)
