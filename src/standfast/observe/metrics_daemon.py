"""The metrics of the daemon itself: its processes, its loops, its configuration."""

from typing import Final

from standfast.observe.metric import COUNTER, Declared, Samples
from standfast.observe.state.status import Status
from standfast.observe.state.trouble import troubles

METRICS: Final = Declared()
metric = METRICS.metric


@metric("standfast_build_info", "1, with the version.", "version")
def _build(status: Status) -> Samples:
    yield (status.version,), 1


@metric("standfast_start_time_seconds", "Time of day of the daemon's start.")
def _started(status: Status) -> Samples:
    yield (), status.started


@metric("standfast_process_up", "Whether a process does its work and answers.", "process")
def _processes(status: Status) -> Samples:
    return (((one.name,), one.state == "running" and one.answered) for one in status.processes)


@metric("standfast_process_restarts", "Restarts in the present series of short lives.", "process")
def _restarts(status: Status) -> Samples:
    return (((one.name,), one.restarts) for one in status.processes)


@metric(
    "standfast_process_since_timestamp_seconds",
    "Time of day since when a process is in its state.",
    "process",
)
def _process_since(status: Status) -> Samples:
    return (((one.name,), one.since) for one in status.processes if one.since is not None)


@metric(
    "standfast_loop_lateness_seconds",
    "How late a process's loop was at its worst between the last two hellos.",
    "process",
)
def _late(status: Status) -> Samples:
    return (((one.name,), one.late) for one in status.processes)


@metric("standfast_loop_lateness_max_seconds", "How late a process's loop ever was.", "process")
def _latest(status: Status) -> Samples:
    return (((one.name,), one.latest) for one in status.processes)


@metric("standfast_events_lost_total", "Events that a process could not tell.", "process", kind=COUNTER)
def _lost(status: Status) -> Samples:
    return (((one.name,), one.events_lost) for one in status.processes)


@metric("standfast_firewall_in_force", "Whether the rules for no_accept are in force.", "process", "tool")
def _firewall(status: Status) -> Samples:
    for one in status.processes:
        if one.firewall is not None:
            yield (one.name, one.firewall.tool), one.firewall.in_force


@metric("standfast_troubles", "How many things `standfast status` names as wrong.")
def _troubles(status: Status) -> Samples:
    yield (), len(troubles(status))


@metric("standfast_config_generation", "How many configurations have been in force since the start.")
def _generation(status: Status) -> Samples:
    yield (), status.configuration.generation


@metric("standfast_config_warnings", "Warnings about the configuration in force.")
def _warnings(status: Status) -> Samples:
    yield (), status.configuration.warnings


@metric("standfast_config_errors", "Errors of the configuration in force.")
def _errors(status: Status) -> Samples:
    yield (), status.configuration.errors


@metric("standfast_config_keywords_without_effect", "Keywords in use that have no effect yet.")
def _without_effect(status: Status) -> Samples:
    yield (), len(status.configuration.without_effect)


@metric("standfast_config_last_reload_successful", "Whether the last reload succeeded; 1 before the first.")
def _reloaded(status: Status) -> Samples:
    reload = status.configuration.reload
    yield (), reload is None or reload.ok


@metric("standfast_config_last_reload_timestamp_seconds", "Time of day of the last reload.")
def _reloaded_at(status: Status) -> Samples:
    if status.configuration.reload is not None:
        yield (), status.configuration.reload.at


@metric(
    "standfast_config_last_reload_undone",
    "Whether the last reload was undone: it was not confirmed, or taken back.",
)
def _undone(status: Status) -> Samples:
    reload = status.configuration.reload
    yield (), reload is not None and reload.undone


@metric(
    "standfast_config_confirm_by_timestamp_seconds",
    "Time of day at which the configuration is undone, unless it is confirmed; absent: none waits for that.",
)
def _confirm_by(status: Status) -> Samples:
    if status.configuration.confirm_by is not None:
        yield (), status.configuration.confirm_by
