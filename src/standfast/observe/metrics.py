"""The metrics: each declared once, with what it means and how it follows from the state.

Names that begin with `keepalived_` are those of mehdy/keepalived-exporter, where the meaning is equal. Its label
`state` is left out: it would begin a new series of every counter at each transition.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from standfast.base.frozen import frozen
from standfast.observe.state.instance import Instance
from standfast.observe.state.status import Status

GAUGE: Final = "gauge"
COUNTER: Final = "counter"

Labels = tuple[str, ...]
Samples = Iterator[tuple[Labels, float]]

CONTENT_TYPE: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
STATES: Final = {"init": 0, "backup": 1, "master": 2, "fault": 3}  # as in Keepalived's JSON (JSON-04)


@frozen
class Metric:
    """The declaration of one metric."""

    name: str
    doc: str
    kind: str  # gauge, counter
    labels: tuple[str, ...]
    of: Callable[[Status], Samples]

    @property
    def family(self) -> str:
        """Its name without the suffix of counters."""
        return self.name.removesuffix("_total") if self.kind == COUNTER else self.name


METRICS: Final[list[Metric]] = []


def _metric(
    name: str, doc: str, *labels: str, kind: str = GAUGE
) -> Callable[[Callable[[Status], Samples]], Callable[[Status], Samples]]:
    """Declare a metric; the function gives its samples, with the labels in order."""

    def declare(of: Callable[[Status], Samples]) -> Callable[[Status], Samples]:
        METRICS.append(Metric(name, doc, kind, labels, of))
        return of

    return declare


# ---- as the exporter of Keepalived has them

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


@_metric("keepalived_up", "The daemon runs.")
def _up(_: Status) -> Samples:
    yield (), 1


@_metric(
    "keepalived_vrrp_state", "State of the instance of an address: 0 init, 1 backup, 2 master, 3 fault.",
    *_WHICH, "ip_address",
)  # fmt: skip
def _state(status: Status) -> Samples:
    for one in status.instances:
        for address in one.addresses:
            labels = one.name, address.interface, str(one.virtual_router_id), address.address.split("/")[0]
            yield labels, STATES.get(one.state, 0)


for _name, (_word, _doc) in _STATISTICS.items():
    _metric(_name, _doc, *_WHICH, kind=COUNTER)(_statistic(_word))


@_metric(
    "keepalived_gratuitous_arp_delay_total",
    "Seconds to the second batch of announcements, as configured; a counter by name only.",
    *_WHICH,
    kind=COUNTER,
)
def _garp_delay(status: Status) -> Samples:
    return ((_which(one), one.garp_delay) for one in status.instances)


@_metric("keepalived_script_status", "Whether a tracked script is good: 1, or not: 0.", "name")
def _script_status(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.trackers if one.kind == "script")


@_metric("keepalived_script_state", "Whether a run of a tracked script is under way: 1, or not: 0.", "name")
def _script_state(status: Status) -> Samples:
    return (((one.name,), one.running) for one in status.trackers if one.kind == "script")


# ---- instances


@_metric("standfast_instance_state", "1 for the state that an instance is in.", "instance", "state", "group")
def _instance(status: Status) -> Samples:
    return (((one.name, one.state, one.group), 1) for one in status.instances)


@_metric("standfast_instance_transition_timestamp_seconds", "Time of day of the last transition.", "instance")
def _since(status: Status) -> Samples:
    return (((one.name,), one.since) for one in status.instances)


@_metric("standfast_instance_priority", "Effective priority.", "instance")
def _priority(status: Status) -> Samples:
    return (((one.name,), one.priority) for one in status.instances)


@_metric("standfast_instance_base_priority", "Configured priority.", "instance")
def _base_priority(status: Status) -> Samples:
    return (((one.name,), one.base_priority) for one in status.instances)


@_metric("standfast_two_masters", "1 while two speak as master of the same virtual router.", "instance")
def _two_masters(status: Status) -> Samples:
    return (((one.name,), one.two_masters is not None) for one in status.instances)


@_metric("standfast_addresses_wanted", "Addresses that the instance should hold now.", "instance")
def _wanted(status: Status) -> Samples:
    return (((one.name,), sum(each.wanted for each in one.addresses)) for one in status.instances)


@_metric(
    "standfast_addresses_wrong",
    "Addresses that the kernel lacks, or has although they should not be here.",
    "instance",
)
def _wrong(status: Status) -> Samples:
    return (
        ((one.name,), sum(each.wanted != each.present for each in one.addresses)) for one in status.instances
    )


@_metric(
    "standfast_adverts_dropped_total",
    "Packets received and not used, by reason; without an instance: for no router here.",
    "instance",
    "reason",
    kind=COUNTER,
)
def _dropped(status: Status) -> Samples:
    for one in status.instances:
        yield from (((one.name, reason), n) for reason, n in one.drops.items())
    yield from _unknown(status, "vrrp")


def _unknown(status: Status, name: str) -> Samples:
    """What a process heard that was for nobody here."""
    for process in status.processes:
        if process.name == name:
            yield from ((("", reason), n) for reason, n in process.unknown_drops.items())


@_metric(
    "standfast_adverts_odd_total", "Adverts that count although something differs.", "instance", "what",
    kind=COUNTER,
)  # fmt: skip
def _odd(status: Status) -> Samples:
    for one in status.instances:
        yield from (((one.name, what), n) for what, n in one.differs.items())


@_metric("standfast_group_state", "1 for the state that a sync group is in.", "group", "state")
def _groups(status: Status) -> Samples:
    return (((one.name, one.state), 1) for one in status.groups)


# ---- trackers, servers, sessions


@_metric("standfast_tracker_up", "Whether what is tracked is good.", "kind", "name")
def _trackers(status: Status) -> Samples:
    return (((one.kind, one.name), one.up) for one in status.trackers)


@_metric("standfast_virtual_server_up", "Whether a virtual server has its quorum.", "virtual_server")
def _virtual_up(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.virtual_servers)


@_metric("standfast_virtual_server_live_weight", "Weight of the real servers that are up.", "virtual_server")
def _virtual_live(status: Status) -> Samples:
    return (((one.name,), one.live) for one in status.virtual_servers)


@_metric("standfast_real_server_up", "Whether a real server is up.", "virtual_server", "real_server")
def _real_up(status: Status) -> Samples:
    for virtual in status.virtual_servers:
        yield from (((virtual.name, one.name), one.up) for one in virtual.servers)


@_metric("standfast_real_server_weight", "Weight of a real server.", "virtual_server", "real_server")
def _real_weight(status: Status) -> Samples:
    for virtual in status.virtual_servers:
        yield from (((virtual.name, one.name), one.weight) for one in virtual.servers)


@_metric(
    "standfast_check_duration_seconds",
    "How long the last attempt of a check took.",
    "virtual_server",
    "real_server",
    "check",
    "number",
)
def _check_took(status: Status) -> Samples:
    for virtual in status.virtual_servers:
        for server in virtual.servers:
            for number, check in enumerate(server.checks, start=1):
                if check.took is not None:
                    yield (virtual.name, server.name, check.kind, str(number)), check.took


@_metric(
    "standfast_order",
    "1 for each order of an operator that stands.",
    "what",
    "name",
    "real_server",
    "owner",
)
def _orders(status: Status) -> Samples:
    for one in status.orders:
        yield (one["what"], one["name"], one.get("server", ""), one["owner"]), 1


@_metric("standfast_bfd_session_up", "Whether a BFD session is up.", "session")
def _sessions(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.sessions)


@_metric("standfast_bfd_packets_sent_total", "Control packets sent.", "session", kind=COUNTER)
def _bfd_sent(status: Status) -> Samples:
    return (((one.name,), one.sent) for one in status.sessions)


@_metric("standfast_bfd_packets_received_total", "Control packets that counted.", "session", kind=COUNTER)
def _bfd_heard(status: Status) -> Samples:
    return (((one.name,), one.heard) for one in status.sessions)


@_metric(
    "standfast_bfd_packets_dropped_total", "Packets for a session that did not count.", "session", "reason",
    kind=COUNTER,
)  # fmt: skip
def _bfd_dropped(status: Status) -> Samples:
    for one in status.sessions:
        yield from (((one.name, reason), n) for reason, n in one.drops.items())
    yield from _unknown(status, "bfd")


@_metric("standfast_bfd_session_downs_total", "How often a session went down.", "session", kind=COUNTER)
def _bfd_downs(status: Status) -> Samples:
    return (((one.name,), one.downs) for one in status.sessions)


# ---- the daemon


@_metric("standfast_build_info", "1, with the version.", "version")
def _build(status: Status) -> Samples:
    yield (status.version,), 1


@_metric("standfast_start_time_seconds", "Time of day of the daemon's start.")
def _started(status: Status) -> Samples:
    yield (), status.started


@_metric("standfast_process_up", "Whether a process does its work and answers.", "process")
def _processes(status: Status) -> Samples:
    return (((one.name,), one.state == "running" and one.answered) for one in status.processes)


@_metric("standfast_process_restarts", "Restarts in the present series of short lives.", "process")
def _restarts(status: Status) -> Samples:
    return (((one.name,), one.restarts) for one in status.processes)


@_metric(
    "standfast_loop_lateness_seconds",
    "How late a process's loop was at its worst between the last two hellos.",
    "process",
)
def _late(status: Status) -> Samples:
    return (((one.name,), one.late) for one in status.processes)


@_metric("standfast_loop_lateness_max_seconds", "How late a process's loop ever was.", "process")
def _latest(status: Status) -> Samples:
    return (((one.name,), one.latest) for one in status.processes)


@_metric("standfast_events_lost_total", "Events that a process could not tell.", "process", kind=COUNTER)
def _lost(status: Status) -> Samples:
    return (((one.name,), one.events_lost) for one in status.processes)


@_metric("standfast_config_generation", "How many configurations have been in force since the start.")
def _generation(status: Status) -> Samples:
    yield (), status.configuration.generation


@_metric("standfast_config_warnings", "Warnings about the configuration in force.")
def _warnings(status: Status) -> Samples:
    yield (), status.configuration.warnings


@_metric("standfast_config_errors", "Errors of the configuration in force.")
def _errors(status: Status) -> Samples:
    yield (), status.configuration.errors


@_metric("standfast_config_keywords_without_effect", "Keywords in use that have no effect yet.")
def _without_effect(status: Status) -> Samples:
    yield (), len(status.configuration.without_effect)


@_metric("standfast_config_last_reload_successful", "Whether the last reload succeeded; 1 before the first.")
def _reloaded(status: Status) -> Samples:
    reload = status.configuration.reload
    yield (), reload is None or reload.ok


@_metric("standfast_config_last_reload_timestamp_seconds", "Time of day of the last reload.")
def _reloaded_at(status: Status) -> Samples:
    if status.configuration.reload is not None:
        yield (), status.configuration.reload.at


# ---- rendering


def openmetrics(status: Status) -> str:
    """All metrics as OpenMetrics text."""
    lines: list[str] = []
    for metric in METRICS:
        lines += (f"# TYPE {metric.family} {metric.kind}", f"# HELP {metric.family} {metric.doc}")
        lines += _samples(metric, metric.of(status))
    return "\n".join((*lines, "# EOF", ""))


def _samples(metric: Metric, samples: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    for values, value in samples:
        pairs = ",".join(
            f'{label}="{_escaped(text)}"' for label, text in zip(metric.labels, values, strict=True)
        )
        yield f"{metric.name}{{{pairs}}} {_number(value)}" if pairs else f"{metric.name} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _escaped(text: str) -> str:
    if '"' not in text and "\\" not in text and "\n" not in text:  # nearly always
        return text
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def reference() -> str:
    """The page about the metrics."""
    rows = "\n".join(
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.doc} |"
        for one in METRICS
    )
    return _PAGE.replace("ROWS", rows)


_PAGE: Final = """# Metrics

Written by `standfast metrics` over the control socket, and by the listener of `metrics_listen` under `/metrics`,
as OpenMetrics text. Names that begin with `keepalived_` are those of mehdy/keepalived-exporter, with an equal
meaning; its label `state` is left out, since it would begin a new series of every counter at each transition.
A series of counters begins at zero when its process does.

| Metric | Kind | Labels | Meaning |
| --- | --- | --- | --- |
ROWS
"""
