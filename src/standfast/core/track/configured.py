"""From the configuration to the parameters of the trackers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standfast.base.times import MICROSECOND, ZERO, Duration, times
from standfast.core.track.interface import LinkParameters
from standfast.core.track.parameters import FileCheck, Match, ProcessCheck, ScriptCheck, Tracked
from standfast.core.track.settling import Delays
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.tracked import TrackFile, VrrpScript, VrrpTrackProcess
from standfast.model.vrrp_instance import VrrpInstance

_MATCHES: Final = {"partial": Match.PARTIAL, "initial": Match.INITIAL}


def tracked_of(config: Config) -> Tracked:
    """What some instance or group tracks; what nobody does is not run and not read (behaviour TR-24)."""
    by: list[VrrpInstance | VrrpSyncGroup] = [*config.vrrp_instances, *config.vrrp_sync_groups]
    scripts = {entry.name for one in by for entry in one.track_script}
    files = {entry.name for one in by for entry in one.track_file}
    processes = {entry.name for one in by for entry in one.track_process}
    sessions = {entry.name for one in by for entry in one.track_bfd}
    return Tracked(
        tuple(script_check(one) for one in config.vrrp_scripts if one.name in scripts),
        tuple(file_check(one) for one in config.track_files if one.name in files),
        tuple(process_check(one) for one in config.vrrp_track_processes if one.name in processes),
        tuple(sorted(sessions)),
    )


def script_check(block: VrrpScript) -> ScriptCheck:
    """The parameters of a `vrrp_script`."""
    return ScriptCheck(
        block.name,
        Script(block.script.words, block.user.user, block.user.group),
        interval=block.interval,
        timeout=block.timeout or block.interval,  # behaviour TR-03
        rise=block.rise,
        fall=block.fall,
        init_fail=block.init_fail,
    )


def file_check(block: TrackFile) -> FileCheck:
    """The parameters of a `track_file`."""
    return FileCheck(block.name, block.file, block.init_file)


def process_check(block: VrrpTrackProcess) -> ProcessCheck:
    """The parameters of a `vrrp_track_process`."""
    most = block.quorum_max
    return ProcessCheck(
        block.name,
        block.process,
        match=_match(block),
        quorum=block.quorum if most is None else min(block.quorum, most),  # `quorum_max 0`: none may run
        quorum_max=most,
        fork_delay=block.fork_delay or block.delay or ZERO,
        terminate_delay=block.terminate_delay or block.delay or ZERO,
    )


def _match(block: VrrpTrackProcess) -> Match:
    if block.param_match is not None:
        return _MATCHES.get(block.param_match, Match.COMMAND)
    return Match.COMMAND if block.full_command or len(block.process) > 1 else Match.NAME


# ---- interfaces


def link_parameters_of(config: Config, parents: Mapping[str, str] | None = None) -> LinkParameters:
    """Which interfaces have delays, and which are polled.

    Args:
        config: the configuration.
        parents: by interface of our own, the one below: its delays are theirs.
    """
    limits = _longest_down(config.vrrp_instances)
    delays = {
        one.interface: Delays(
            up=one.down if one.up is None else one.up,
            down=min(one.down, limits.get(one.interface, one.down)),
        )
        for one in config.interface_up_down_delays
    }
    above = {name: delays[parent] for name, parent in (parents or {}).items() if parent in delays}
    return LinkParameters({**above, **delays}, _polled(config))


def _longest_down(instances: Iterable[VrrpInstance]) -> Mapping[str, Duration]:
    """By interface: its link counts as down before the others take over (behaviour TR-16).

    A master whose interface is down is not heard: who keeps it master longer than the others wait has two.
    """
    limits: dict[str, Duration] = {}
    for one in instances:
        silence = times(one.down_timer_adverts - 1, one.advert_int)
        limit = Duration(max(silence - MICROSECOND, 0))
        limits[one.interface] = min(limit, limits.get(one.interface, limit))
    return limits


def _polled(config: Config) -> Mapping[str, str]:
    """By interface: the way that is tried first (behaviour TR-17)."""
    polled = {one.interface: "" for one in config.vrrp_instances if one.linkbeat_use_polling}
    if config.linkbeat_use_polling:
        polled |= dict.fromkeys(_watched(config), "")
    return polled | {one.interface: one.method.upper() for one in config.linkbeat_interfaces}


def _watched(config: Config) -> Iterator[str]:
    """Every interface that an instance or a group depends on."""
    for instance in config.vrrp_instances:
        if instance.interface:
            yield instance.interface
        for address in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            if name := address.on(instance.interface).interface:
                yield name
        yield from (entry.name for entry in instance.track_interface)
    for group in config.vrrp_sync_groups:
        yield from (entry.name for entry in group.track_interface)
