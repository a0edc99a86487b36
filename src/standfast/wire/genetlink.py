"""Generic netlink: one netlink protocol for many families, each with a number that is found out by its name.

Behind the netlink header stands another one with the family's command (linux/genetlink.h); then the attributes.
"""

from struct import Struct
from typing import Final

from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.wire.netlink import (
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    encode_message,
    head_of,
    number_in,
    text_of,
)

PROTOCOL: Final = 16  # among those of netlink: NETLINK_GENERIC
CONTROL: Final = 16  # the family that knows the others; its number alone is fixed
HEAD: Final = Struct("=BBH")  # command, version, reserved

_CONTROL_VERSION: Final = 1
_NEW_FAMILY, _GET_FAMILY = 1, 3  # commands of the control family
_FAMILY_NUMBER, _FAMILY_NAME, _VERSION = 1, 2, 3  # its attributes


@frozen
class NetlinkFamily:
    """A family that this kernel speaks."""

    name: str
    number: int  # the kind of its messages
    version: int


def encode_command(
    family: int, command: int, attributes: bytes = b"", *, version: int = 1, flags: int = 0, sequence: int = 0
) -> bytes:
    """A command of a family."""
    body = HEAD.pack(command, version, 0) + attributes
    return encode_message(family, REQUEST | flags, body, sequence=sequence)


def request_family(name: str, *, sequence: int = 0) -> bytes:
    """Ask for a family; a kernel that has it as a module loads it for that, if permitted."""
    wanted = encode_attribute(_FAMILY_NAME, name.encode() + b"\0")
    return encode_command(CONTROL, _GET_FAMILY, wanted, version=_CONTROL_VERSION, sequence=sequence)


def command_in(message: Message) -> tuple[int, dict[int, bytes]]:
    """The command of a message, and its attributes.

    Raises:
        Malformed: `body-short`, or what `netlink` finds in the attributes.
    """
    command, *_ = head_of(message.body, HEAD)
    return command, attributes_in(message.body, HEAD.size)


def decode_family(message: Message) -> NetlinkFamily:
    """Read the answer to `request_family`.

    Raises:
        Malformed: `family-command` (it is something else), `family` (it lacks its number), `attribute-size`, or
            what `command_in` finds.
    """
    command, attributes = command_in(message)
    if message.kind != CONTROL or command != _NEW_FAMILY:
        raise Malformed("family-command", got=command, want=_NEW_FAMILY)
    number = number_in(attributes, _FAMILY_NUMBER, size=2)
    if number <= 0:
        raise Malformed("family")
    name = text_of(attributes.get(_FAMILY_NAME, b""))
    return NetlinkFamily(name, number, number_in(attributes, _VERSION, size=4))
