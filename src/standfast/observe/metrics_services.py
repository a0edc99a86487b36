"""The metrics of trackers, virtual servers, orders and BFD sessions."""

from collections.abc import Iterator
from typing import Final

from standfast.observe.metric import COUNTER, Declared, Labels, Samples, for_nobody
from standfast.observe.state.service import CheckState
from standfast.observe.state.status import Status

METRICS: Final = Declared()
metric = METRICS.metric


@metric("standfast_tracker_up", "Whether what is tracked is good.", "kind", "name")
def _trackers(status: Status) -> Samples:
    return (((one.kind, one.name), one.up) for one in status.trackers)


@metric("standfast_script_last_run_timestamp_seconds", "Time of day at which a script was last run.", "name")
def _script_runs(status: Status) -> Samples:
    for one in status.trackers:
        if one.kind == "script" and one.last_run is not None:
            yield (one.name,), one.last_run


@metric("standfast_virtual_server_up", "Whether a virtual server has its quorum.", "virtual_server")
def _virtual_up(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.virtual_servers)


@metric("standfast_virtual_server_live_weight", "Weight of the real servers that are up.", "virtual_server")
def _virtual_live(status: Status) -> Samples:
    return (((one.name,), one.live) for one in status.virtual_servers)


@metric("standfast_virtual_server_quorum", "Weight that must be up.", "virtual_server")
def _virtual_quorum(status: Status) -> Samples:
    return (((one.name,), one.quorum) for one in status.virtual_servers)


@metric("standfast_real_server_up", "Whether a real server is up.", "virtual_server", "real_server")
def _real_up(status: Status) -> Samples:
    for virtual in status.virtual_servers:
        yield from (((virtual.name, one.name), one.up) for one in virtual.servers)


@metric("standfast_real_server_weight", "Weight of a real server.", "virtual_server", "real_server")
def _real_weight(status: Status) -> Samples:
    for virtual in status.virtual_servers:
        yield from (((virtual.name, one.name), one.weight) for one in virtual.servers)


_CHECK: Final = ("virtual_server", "real_server", "check", "number")


def _checks(status: Status) -> Iterator[tuple[Labels, CheckState]]:
    for virtual in status.virtual_servers:
        for server in virtual.servers:
            for number, check in enumerate(server.checks, start=1):
                yield (virtual.name, server.name, check.kind, str(number)), check


@metric("standfast_check_duration_seconds", "How long the last attempt of a check took.", *_CHECK)
def _check_took(status: Status) -> Samples:
    return ((labels, check.took) for labels, check in _checks(status) if check.took is not None)


@metric(
    "standfast_check_result_timestamp_seconds",
    "Time of day of the last result of a check that does not rest.",
    *_CHECK,
)
def _check_last(status: Status) -> Samples:
    return (
        (labels, check.last) for labels, check in _checks(status) if check.active and check.last is not None
    )


@metric(
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


@metric("standfast_bfd_session_up", "Whether a BFD session is up.", "session")
def _sessions(status: Status) -> Samples:
    return (((one.name,), one.up) for one in status.sessions)


@metric("standfast_bfd_packets_sent_total", "Control packets sent.", "session", kind=COUNTER)
def _bfd_sent(status: Status) -> Samples:
    return (((one.name,), one.sent) for one in status.sessions)


@metric("standfast_bfd_packets_received_total", "Control packets that counted.", "session", kind=COUNTER)
def _bfd_heard(status: Status) -> Samples:
    return (((one.name,), one.heard) for one in status.sessions)


@metric(
    "standfast_bfd_packets_dropped_total", "Packets for a session that did not count.", "session", "reason",
    kind=COUNTER,
)  # fmt: skip
def _bfd_dropped(status: Status) -> Samples:
    for one in status.sessions:
        yield from (((one.name, reason), n) for reason, n in one.drops.items())
    yield from for_nobody(status, "bfd")


@metric("standfast_bfd_session_downs_total", "How often a session went down.", "session", kind=COUNTER)
def _bfd_downs(status: Status) -> Samples:
    return (((one.name,), one.downs) for one in status.sessions)
