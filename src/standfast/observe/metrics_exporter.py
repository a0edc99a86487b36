"""The metrics of mehdy/keepalived-exporter, by its names, where the meaning is equal.

Its label `state` is left out: it would begin a new series of every counter at each transition.
"""

from collections.abc import Callable
from typing import Final

from standfast.observe.dump_words import NUMBER_OF_STATE
from standfast.observe.metric import COUNTER, Declared, Labels, Samples
from standfast.observe.state.instance import Instance
from standfast.observe.state.status import Status

METRICS: Final = Declared()
metric = METRICS.metric

_WHICH: Final = ("iname", "intf", "vrid")
_STATISTICS: Final = {
    "keepalived_advertisements_received_total": ("advert_rcvd", "Adverts received that count."),
    "keepalived_advertisements_sent_total": ("advert_sent", "Adverts sent."),
    "keepalived_become_master_total": ("become_master", "How often the instance became master."),
    "keepalived_release_master_total": ("release_master", "How often the instance stopped being master."),
    "keepalived_packet_length_errors_total": ("packet_len_err", "Packets of a wrong length."),
    "keepalived_advertisements_interval_errors_total": (
        "advert_interval_err", "Adverts with another interval than ours."
    ),
    "keepalived_ip_ttl_errors_total": ("ip_ttl_err", "Packets with a wrong TTL or hop limit."),
    "keepalived_invalid_type_received_total": ("invalid_type_rcvd", "VRRP packets that are no adverts."),
    "keepalived_address_list_errors_total": ("addr_list_err", "Adverts with other addresses than ours."),
    "keepalived_authentication_invalid_total": ("invalid_authtype", "Adverts of an unknown authentication."),
    "keepalived_authentication_mismatch_total": (
        "authtype_mismatch", "Adverts of another kind of authentication than ours."
    ),
    "keepalived_authentication_failure_total": ("auth_failure", "Adverts whose authentication failed."),
    "keepalived_priority_zero_received_total": ("pri_zero_rcvd", "Goodbyes received (priority 0)."),
    "keepalived_priority_zero_sent_total": ("pri_zero_sent", "Goodbyes sent (priority 0)."),
}  # fmt: skip


def _which(one: Instance) -> Labels:
    return one.name, one.interface, str(one.virtual_router_id)


def _statistic(word: str) -> Callable[[Status], Samples]:
    def samples(status: Status) -> Samples:
        return ((_which(one), one.statistics.get(word, 0)) for one in status.instances)

    return samples


@metric("keepalived_up", "The daemon runs.")
def _up(_: Status) -> Samples:
    yield (), 1


@metric(
    "keepalived_vrrp_state", "State of the instance of an address: 0 init, 1 backup, 2 master, 3 fault.",
    *_WHICH, "ip_address",
)  # fmt: skip
def _state(status: Status) -> Samples:
    for one in status.instances:
        for address in one.addresses:
            labels = one.name, address.interface, str(one.virtual_router_id), address.address.split("/")[0]
            yield labels, NUMBER_OF_STATE.get(one.state, 0)


for _name, (_word, _doc) in _STATISTICS.items():
    metric(_name, _doc, *_WHICH, kind=COUNTER)(_statistic(_word))


@metric(
    "keepalived_gratuitous_arp_delay_total",
    "Seconds to the second batch of announcements, as configured; a counter by name only.",
    *_WHICH,
    kind=COUNTER,
)
def _garp_delay(status: Status) -> Samples:
    return ((_which(one), one.garp_delay) for one in status.instances)


@metric("keepalived_script_status", "Whether a tracked script is good: 1, or not: 0.", "name")
def _script_status(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.trackers if one.kind == "script")


@metric("keepalived_script_state", "Whether a run of a tracked script is under way: 1, or not: 0.", "name")
def _script_state(status: Status) -> Samples:
    return (((one.name,), one.running) for one in status.trackers if one.kind == "script")
