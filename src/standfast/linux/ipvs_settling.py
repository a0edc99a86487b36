"""What follows from the kernel's answers to a batch of commands; a pure matter of values."""

from collections.abc import Mapping, Sequence

from standfast.base.frozen import frozen
from standfast.base.services import ServiceKey
from standfast.engine.lvs_ports import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.linux.ipvs_refusals import already_so, instead, modules_missing, service_missing
from standfast.wire.netlink import Answer


@frozen
class Settled:
    """The commands of a batch that were refused, sorted."""

    again: tuple[TableCommand, ...]  # to be sent now
    surprises: tuple[TableCommand, ...]  # met another table than was believed
    modules: tuple[str, ...]  # to be loaded first
    refused: tuple[int, ...]  # the places of the others


def settle(commands: Sequence[TableCommand], answers: Mapping[int, Answer]) -> Settled:
    """Sort the refused commands of a batch.

    Args:
        commands: that were sent.
        answers: the refusals, by the places of their commands.
    """
    again: list[TableCommand] = []
    surprises: list[TableCommand] = []
    modules: list[str] = []
    refused: list[int] = []
    coming: set[ServiceKey] = set()  # services that will be there the second time
    for place in sorted(answers):
        command, answer = commands[place], answers[place]
        if already_so(command, answer):
            surprises.append(command)
        elif (other := instead(command, answer)) is not None:
            surprises.append(command)
            again.append(other)
            coming.add(service_of(command))
        elif missing := modules_missing(command, answer):
            again.append(command)
            modules += missing
            coming.add(service_of(command))
        elif service_missing(command, answer) and service_of(command) in coming:
            again.append(_added(command))
        else:
            refused.append(place)
    return Settled(tuple(again), tuple(surprises), tuple(dict.fromkeys(modules)), tuple(refused))


def service_of(command: TableCommand) -> ServiceKey:
    """The service that a command is about."""
    match command:
        case AddService(service) | EditService(service):
            return service.key
        case RemoveService(key):
            return key
        case AddDestination(key) | EditDestination(key) | RemoveDestination(key):
            return key


def _added(command: TableCommand) -> TableCommand:
    """The same for a service that was made anew, and has no destinations."""
    match command:
        case EditDestination(key, destination):
            return AddDestination(key, destination)
        case _:
            return command
