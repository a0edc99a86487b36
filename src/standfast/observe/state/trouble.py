"""What is wrong, in words: each line is something that a person should look at."""

from collections.abc import Iterator

from standfast.observe.state.instance import Instance
from standfast.observe.state.service import VirtualServer
from standfast.observe.state.status import Status


def troubles(status: Status) -> tuple[str, ...]:
    """Everything that is wrong; what hurts most comes first."""
    return (
        *_processes(status),
        *(line for one in status.instances for line in _instance(one)),
        *(line for one in status.virtual_servers for line in _virtual_server(one)),
        *(f"BFD session {one.name} is {one.state}" for one in status.sessions if not one.up),
        *_trackers(status),
        *_configuration(status),
    )


def _processes(status: Status) -> Iterator[str]:
    for one in status.processes:
        if one.state != "running":
            yield f"the {one.name} process is {one.state}"
        elif not one.answered:
            yield f"the {one.name} process does not answer; what it does is not shown"
        if one.firewall is not None and not one.firewall.in_force:
            yield f"firewall rules are not in force: {one.firewall.refusal or 'not answered yet'}"
        for setting in one.unforwarded:
            yield f"{setting} is off: the kernel does not pass packets on to real servers"
    if not status.kernel_read:
        yield "the kernel's addresses cannot be read; shown is what is believed"


def _instance(one: Instance) -> Iterator[str]:
    if one.two_masters is not None:
        two = one.two_masters
        yield (
            f"{one.name}: two masters, {two.first.address} (priority {two.first.priority})"
            f" and {two.second.address} (priority {two.second.priority})"
        )
    if one.state == "fault":
        yield f"{one.name} is in fault: {'; '.join(one.faults) or one.detail or one.reason}"
    for address in one.addresses:
        if address.wanted and not address.present:
            yield f"{one.name}: the kernel does not have {address.address} on {address.interface}"
        if address.present and not address.wanted and not one.owner:
            yield f"{one.name}: {address.address} is on {address.interface} although we are {one.state}"


def _virtual_server(one: VirtualServer) -> Iterator[str]:
    if not one.up:
        instead = f"; {one.sorry_server} takes its place" if one.sorry else ""
        yield f"virtual server {one.name} has no quorum ({one.live} of {one.quorum}){instead}"
    for server in one.servers:
        if not server.up:
            yield f"real server {server.name} of {one.name} is down: {server.reason}"
    for service in one.refused:
        yield f"the kernel does not balance {service} as it should"


def _trackers(status: Status) -> Iterator[str]:
    for one in status.trackers:
        if not one.up and not one.waiting:
            yield f"{one.kind} {one.name} is not good: {one.reason}"


def _configuration(status: Status) -> Iterator[str]:
    config = status.configuration
    if config.reload is not None and not config.reload.ok:
        became = "undone" if config.reload.undone else "refused"
        yield f"the last reload was {became}: {config.reload.words}"
    if config.errors:
        yield f"the configuration has {config.errors} errors; see standfast check"
