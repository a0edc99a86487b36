"""What must be there before anything is done: one clear line for each thing that is missing."""

import socket
from collections.abc import Iterable, Iterator

from standfast.base.errors import Refused
from standfast.daemon.exits import EndWith, Exit
from standfast.linux.privileges import require_network
from standfast.model.config import Config


def check_permissions() -> None:
    """Refuse to start without the capabilities that VRRP needs.

    Raises:
        EndWith: one is missing.
    """
    try:
        require_network()
    except Refused as refusal:
        raise EndWith(Exit.PERMISSION, str(refusal)) from None


def check_interfaces(config: Config, present: Iterable[str] | None = None) -> None:
    """Refuse a configuration that names interfaces which this host does not have (behaviour TR-20).

    With `dynamic_interfaces` they may come later: until then their instances are in fault.

    Args:
        config: what is configured.
        present: the host's interfaces; None: ask the kernel.

    Raises:
        EndWith: one is missing.
    """
    if config.global_defs.dynamic_interfaces:
        return
    there = {name for _, name in socket.if_nameindex()} if present is None else set(present)
    missing = {name: user for name, user in _interfaces(config) if name not in there}
    if missing:
        named = ", ".join(f"{name} of vrrp_instance {user}" for name, user in missing.items())
        raise EndWith(
            Exit.CONFIG,
            f"this host has no interface {named}; create it before the start, correct its name, or say"
            " dynamic_interfaces in global_defs",
        )


def _interfaces(config: Config) -> Iterator[tuple[str, str]]:
    """The interfaces that the instances need, each with the instance that needs it."""
    default = config.global_defs.default_interface
    for instance in config.vrrp_instances:
        if own := instance.interface or instance.vrf:  # unicast needs none (behaviour WI-20)
            yield own, instance.name
        for address in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            yield address.on(instance.interface or default).interface, instance.name
