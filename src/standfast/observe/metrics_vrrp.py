"""The metrics of instances and sync groups."""

from typing import Final

from standfast.observe.metric import COUNTER, Declared, Samples, for_nobody
from standfast.observe.state.status import Status

METRICS: Final = Declared()
metric = METRICS.metric


@metric(
    "standfast_instance_state", "1 for the state that an instance is in.", "vrrp_instance", "state", "group"
)
def _instance(status: Status) -> Samples:
    return (((one.name, one.state, one.group), 1) for one in status.instances)


@metric(
    "standfast_instance_transition_timestamp_seconds", "Time of day of the last transition.", "vrrp_instance"
)
def _since(status: Status) -> Samples:
    return (((one.name,), one.since) for one in status.instances)


@metric("standfast_instance_priority", "Effective priority.", "vrrp_instance")
def _priority(status: Status) -> Samples:
    return (((one.name,), one.priority) for one in status.instances)


@metric("standfast_instance_base_priority", "Configured priority.", "vrrp_instance")
def _base_priority(status: Status) -> Samples:
    return (((one.name,), one.base_priority) for one in status.instances)


@metric("standfast_two_masters", "1 while two speak as master of the same virtual router.", "vrrp_instance")
def _two_masters(status: Status) -> Samples:
    return (((one.name,), one.two_masters is not None) for one in status.instances)


@metric("standfast_addresses_wanted", "Addresses that the instance should hold now.", "vrrp_instance")
def _wanted(status: Status) -> Samples:
    return (((one.name,), sum(each.wanted for each in one.addresses)) for one in status.instances)


@metric(
    "standfast_addresses_wrong",
    "Addresses that the kernel lacks, or has although they should not be here.",
    "vrrp_instance",
)
def _wrong(status: Status) -> Samples:
    return (
        ((one.name,), sum(each.wanted != each.present for each in one.addresses)) for one in status.instances
    )


@metric(
    "standfast_adverts_dropped_total",
    "Packets received and not used, by reason; without an instance: for no router here.",
    "vrrp_instance",
    "reason",
    kind=COUNTER,
)
def _dropped(status: Status) -> Samples:
    for one in status.instances:
        yield from (((one.name, reason), n) for reason, n in one.drops.items())
    yield from for_nobody(status, "vrrp")


@metric(
    "standfast_adverts_odd_total", "Adverts that count although something differs.", "vrrp_instance", "what",
    kind=COUNTER,
)  # fmt: skip
def _odd(status: Status) -> Samples:
    for one in status.instances:
        yield from (((one.name, what), n) for what, n in one.differs.items())


@metric("standfast_group_state", "1 for the state that a sync group is in.", "group", "state")
def _groups(status: Status) -> Samples:
    return (((one.name, one.state), 1) for one in status.groups)
