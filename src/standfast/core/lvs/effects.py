"""What the kernel's table of services is asked to become: one command a difference."""

from msgspec import Struct

from standfast.base.services import Destination, DestinationKey, Service, ServiceKey


class AddService(Struct, frozen=True):
    """Have this service."""

    service: Service


class EditService(Struct, frozen=True):
    """Have this service otherwise; its destinations and connections stay."""

    service: Service


class RemoveService(Struct, frozen=True):
    """Have this service no longer, nor its destinations."""

    key: ServiceKey


class AddDestination(Struct, frozen=True):
    """Have this destination of a service."""

    service: ServiceKey
    destination: Destination


class EditDestination(Struct, frozen=True):
    """Have this destination otherwise; its connections stay."""

    service: ServiceKey
    destination: Destination


class RemoveDestination(Struct, frozen=True):
    """Have this destination no longer."""

    service: ServiceKey
    key: DestinationKey


TableCommand = AddService | EditService | RemoveService | AddDestination | EditDestination | RemoveDestination
