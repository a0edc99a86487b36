"""The instances as JSON, with Keepalived's keys (behaviours JSON-01 to JSON-07)."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from standfast.base.times import SECOND
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import TrackerKey, TrackerKind
from standfast.core.vrrp.snapshot import RouterSnapshot
from standfast.core.vrrp.state import Backup, Master, name_of
from standfast.model.config import Config
from standfast.model.tracked import VrrpTrackProcess
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe import dump_words as words
from standfast.observe.counters import Counters
from standfast.observe.dump_vrrp import Seen, held_words, master_interval, routing_words

_AUTHENTICATION: Final = {"PASS": 1, "AH": 2}
_SCRIPTS: Final = {  # in the order of JSON-03
    "script_backup": "notify_backup",
    "script_master": "notify_master",
    "script_fault": "notify_fault",
    "script_stop": "notify_stop",
    "script_deleted": "notify_deleted",
    "script": "notify",
    "script_master_rx_lower_pri": "notify_master_rx_lower_pri",
}

Object = dict[str, Any]


def json_text(seen: Seen, counters: Counters, trackers: TrackersSnapshot) -> str:
    """All instances; empty if there are none (FILE-06)."""
    blocks = {one.name: one for one in seen.config.vrrp_instances}
    instances = [
        {
            "data": dict(_data(one, blocks[one.router.name], seen)),
            "stats": counters.statistics(one.router.name),
        }
        for one in seen.snapshot.routers
        if one.router.name in blocks
    ]
    if not instances:
        return ""
    if seen.config.global_defs.json_version == 1:
        return _encoded(instances)
    whole: Object = {"vrrp": instances}
    if processes := _processes(seen.config, trackers):
        whole["track_process"] = processes
    return _encoded(whole)


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode() + "\n"


def _data(one: RouterSnapshot, block: VrrpInstance, seen: Seen) -> Iterator[tuple[str, Any]]:
    router, state = one.router, one.state
    own = router.own
    yield "iname", router.name
    yield "dont_track_primary", int(block.dont_track_primary)
    yield "skip_check_adv_addr", int(block.skip_check_adv_addr)
    yield "strict_mode", int(block.strict_mode)
    yield "vmac_ifname", "" if own is None else own.name
    yield "ifp_ifname", router.interface if own is None else own.name
    yield "master_priority", state.master_priority if isinstance(state, Backup) else 0
    yield "last_transition", seen.moment.at(one.changed_at)
    yield from _announcements(block)
    yield "lower_prio_no_advert", int(block.lower_prio_no_advert)
    yield "higher_prio_send_advert", int(block.higher_prio_send_advert)
    yield "vrid", router.vrid
    yield "base_priority", one.configured.priority
    yield "effective_priority", router.priority
    yield "vipset", isinstance(state, Master)
    yield "promote_secondaries", block.promote_secondaries
    yield "adver_int", words.number(router.interval)
    yield "master_adver_int", words.number(master_interval(one))
    yield "accept", int(router.accept)
    yield "nopreempt", not router.preempt
    yield "preempt_delay", router.preempt_delay // SECOND
    yield "state", words.NUMBER_OF_STATE[name_of(state)]
    yield "wantstate", words.NUMBER_OF_STATE[name_of(state)]
    yield "version", router.version
    yield "smtp_alert", block.smtp_alert
    yield "notify_deleted", block.notify_deleted is not None
    yield from _scripts(block)
    yield from _lists(one, block, seen.config)
    yield from _authentication(block)


def _announcements(block: VrrpInstance) -> Iterator[tuple[str, int]]:
    yield "garp_delay", words.whole_seconds(block.garp_master_delay)
    yield "garp_refresh", words.whole_seconds(block.garp_master_refresh)
    yield "garp_rep", block.garp_master_repeat
    yield "garp_refresh_rep", block.garp_master_refresh_repeat
    yield "garp_lower_prio_delay", words.whole_seconds(block.garp_lower_prio_delay)
    yield "garp_lower_prio_rep", block.garp_lower_prio_repeat


def _scripts(block: VrrpInstance) -> Iterator[tuple[str, str]]:
    for key, field in _SCRIPTS.items():
        script = getattr(block, field)
        if script is not None and script.words:
            yield key, words.command(script)


def _lists(one: RouterSnapshot, block: VrrpInstance, config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Those that are not empty (JSON-05)."""
    commands = {script.name: words.command(script.script) for script in config.vrrp_scripts}
    routes, rules = routing_words(one.router)
    yield from (
        (key, values)
        for key, values in (
            ("vips", held_words(one, one.router.addresses)),
            ("evips", held_words(one, one.router.excluded)),
            ("vroutes", routes),
            ("vrules", rules),
            ("track_ifp", tuple(each.name for each in block.track_interface)),
            ("track_script", tuple(commands.get(each.name, each.name) for each in block.track_script)),
            ("track_process", tuple(each.name for each in block.track_process)),
        )
        if values
    )


def _authentication(block: VrrpInstance) -> Iterator[tuple[str, int | str]]:
    given = block.authentication
    kind = _AUTHENTICATION.get(given.auth_type, 0) if given is not None else 0
    yield "auth_type", kind
    if kind:
        yield "auth_data", words.MASKED


def _processes(config: Config, trackers: TrackersSnapshot) -> list[Object]:
    found = {one.key: one for one in trackers.trackers}
    return [
        dict(_process(block, found.get(TrackerKey(TrackerKind.PROCESS, block.name))))
        for block in config.vrrp_track_processes
    ]


def _process(block: VrrpTrackProcess, one: TrackerSnapshot | None) -> Iterator[tuple[str, Any]]:
    """The keys of JSON-07."""
    program, *arguments = block.process
    up, waits = (False, False) if one is None else (one.verdict.up, one.next_run is not None)
    yield "process", program
    if arguments:
        yield "parameters", words.quoted(tuple(arguments))
    yield "param_match", block.param_match or "none"
    yield "min_processes", block.quorum
    yield "max_processes", block.quorum_max if block.quorum_max is not None else 0xFFFF_FFFF
    yield "current_processes", 0 if one is None else one.count
    yield "have_quorum", up
    yield "weight", block.weight.value
    yield "terminate_delay", words.number(block.terminate_delay)
    yield "fork_delay", words.number(block.fork_delay)
    yield "fork_delay_timer_running", waits and not up
    yield "terminate_delay_timer_running", waits and up
    yield "full_command", block.full_command
