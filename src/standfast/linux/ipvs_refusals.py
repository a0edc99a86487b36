"""What a refusal of IPVS means for a command: that all is well, what to try instead, or words for people.

The kernel's answers are those of its own code: EEXIST for what is there already; ESRCH where the service is not
there, ENOENT where the destination is not; ENOENT, too, where a service's scheduler or engine is not.
"""

import errno
from typing import Final

from standfast.base.errors import Refused
from standfast.base.services import Service, endpoint_words
from standfast.engine.lvs_ports import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.linux.ipvs_modules import engine_module, scheduler_module
from standfast.linux.refusals import refused
from standfast.wire.netlink import Answer

_ABSENT: Final = frozenset({errno.ENOENT, errno.ESRCH})
_MIXED: Final = (
    "the kernel does not accept this destination: its address is none of a single host, or its family differs "
    "from the service's, which needs tunnelling and no running lvs_sync_daemon [EINVAL]"
)


def already_so(command: TableCommand, answer: Answer) -> bool:
    """Whether the table is as the command wanted it: what should go was not there."""
    return isinstance(command, RemoveService | RemoveDestination) and answer.error in _ABSENT


def instead(command: TableCommand, answer: Answer) -> TableCommand | None:
    """The command that leads where this one should have led, the table not being as it was believed to be."""
    match command, answer.error:
        case AddService(service), errno.EEXIST:
            return EditService(service)
        case EditService(service), errno.ESRCH:
            return AddService(service)
        case AddDestination(key, destination), errno.EEXIST:
            return EditDestination(key, destination)
        case EditDestination(key, destination), errno.ENOENT:
            return AddDestination(key, destination)
        case _:
            return None


def service_missing(command: TableCommand, answer: Answer) -> bool:
    """Whether a destination was refused because its service is not there."""
    return isinstance(command, AddDestination | EditDestination) and answer.error == errno.ESRCH


def modules_missing(command: TableCommand, answer: Answer) -> tuple[str, ...]:
    """The modules that the service of this command needs, if it was refused for want of them."""
    match command:
        case AddService(service) | EditService(service) if answer.error == errno.ENOENT:
            return modules_of(service)
        case _:
            return ()


def modules_of(service: Service) -> tuple[str, ...]:
    """The modules of a service's scheduler and engine."""
    engine = service.persistence.engine if service.persistence else ""
    return (scheduler_module(service.scheduler), *([engine_module(engine)] if engine else []))


def in_words(command: TableCommand, answer: Answer, *, why_no_module: str = "") -> Refused:
    """A refusal for people.

    Args:
        command: that was refused.
        answer: of the kernel.
        why_no_module: what loading the modules ended with.
    """
    doing = _doing(command)
    if names := modules_missing(command, answer):
        return _no_module(doing, names, why_no_module)
    if answer.error == errno.ESRCH:
        return Refused("ESRCH", f"cannot {doing}: the service is not there any more [ESRCH]")
    if answer.error == errno.EINVAL and isinstance(command, AddDestination | EditDestination):
        return Refused("EINVAL", f"cannot {doing}: {_MIXED}")
    return refused(answer.error, doing, kernel_says=answer.words)


def _no_module(doing: str, names: tuple[str, ...], why: str) -> Refused:
    listed = " or ".join(names)
    says = f" ({why})" if why else ""
    return Refused(
        "no-module",
        f"cannot {doing}: the kernel has no module {listed} [ENOENT]{says}",
        remedy=f"load it on the host (modprobe {names[0]}), install a kernel that has it, or choose another",
    )


def _doing(command: TableCommand) -> str:
    match command:
        case AddService(service):
            return f"add service {service}"
        case EditService(service):
            return f"change service {service}"
        case RemoveService(key):
            return f"remove service {key}"
        case AddDestination(key, destination):
            return f"add {destination} to service {key}"
        case EditDestination(key, destination):
            return f"change {destination} of service {key}"
        case RemoveDestination(key, name):
            return f"remove {endpoint_words(name)} from service {key}"
