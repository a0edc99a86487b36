"""Interfaces that we make for an instance: macvlans with the virtual router's MAC, and ipvlans."""

import re
from typing import Final

from standfast.base.addresses import IpAddress, parse_address
from standfast.base.frozen import frozen
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_MAC: Final = re.compile(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){4,5}\Z")
_OBJECT: Final[Schema] = {"type": "object"}


@frozen
class Vmac:
    """A macvlan in private mode."""

    name: str = ""  # empty: made of the prefix and the VRID
    mac: str = ""  # empty: the virtual router's own (RFC 9568, section 7.3); the VRID follows five octets
    netlink_notify_msg: bool = False
    group: str = ""


class VmacKind(Kind[Vmac]):
    """`[[name] IFNAME] [MAC] [netlink_notify_msg] [group GROUP]`."""

    @property
    def syntax(self) -> str:
        """The words."""
        return "[[name] IFNAME] [MAC] [netlink_notify_msg] [group GROUP]"

    def read(self, words: Words) -> Vmac:
        """The words in any order."""
        name, mac, notify, group = "", "", False, ""
        while (word := words.optional()) is not None:
            if word == "name":
                name = _interface(words, words.next("a name"))
            elif word == "netlink_notify_msg":
                notify = True
            elif word == "group":
                group = words.next("a group")
            elif _MAC.match(word):
                mac = _mac(words, word)
            else:
                name = _interface(words, word)
        return Vmac(name, mac, notify, group)

    def write(self, value: Vmac) -> tuple[str, ...]:
        """The words."""
        name = ("name", value.name) if value.name else ()
        mac = (value.mac,) if value.mac else ()
        notify = ("netlink_notify_msg",) if value.netlink_notify_msg else ()
        return (*name, *mac, *notify, *(("group", value.group) if value.group else ()))

    def schema(self) -> Schema:
        """An object."""
        return _OBJECT


@frozen
class Ipvlan:
    """An ipvlan in L2 mode."""

    name: str = ""
    address: IpAddress | None = None
    prefix: int | None = None
    mode: str = "bridge"  # bridge, private or vepa
    group: str = ""


class IpvlanKind(Kind[Ipvlan]):
    """`[[name] IFNAME] [IPADDR] [bridge | private | vepa] [group GROUP]`."""

    modes = ("bridge", "private", "vepa")

    @property
    def syntax(self) -> str:
        """The words."""
        return "[[name] IFNAME] [IPADDR] [bridge | private | vepa] [group GROUP]"

    def read(self, words: Words) -> Ipvlan:
        """The words in any order."""
        name, address, prefix, mode, group = "", None, None, "bridge", ""
        while (word := words.optional()) is not None:
            if word == "name":
                name = _interface(words, words.next("a name"))
            elif word == "group":
                group = words.next("a group")
            elif word in self.modes:
                mode = word
            elif (found := _address(word)) is not None:
                address, prefix = found
            else:
                name = _interface(words, word)
        return Ipvlan(name, address, prefix, mode, group)

    def write(self, value: Ipvlan) -> tuple[str, ...]:
        """The words."""
        name = ("name", value.name) if value.name else ()
        length = "" if value.prefix is None else f"/{value.prefix}"
        address = (f"{value.address}{length}",) if value.address is not None else ()
        mode = (value.mode,) if value.mode != "bridge" else ()
        return (*name, *address, *mode, *(("group", value.group) if value.group else ()))

    def schema(self) -> Schema:
        """An object."""
        return _OBJECT


def _mac(words: Words, text: str) -> str:
    if int(text.partition(":")[0], 16) & 1:
        words.complain("multicast-mac", f"{text} is the address of a group; the virtual router's own is used")
        return ""
    return text.lower()


def _interface(words: Words, name: str) -> str:
    if len(name.encode(errors="replace")) > 15:
        words.complain("interface-name", f"interface name {name!r} is longer than 15 characters; ignored")
        return ""
    return name


def _address(text: str) -> tuple[IpAddress, int | None] | None:
    host, slash, length = text.partition("/")
    try:
        address = parse_address(host)
    except ValueError:
        return None
    return address, int(length) if slash and length.isdecimal() and len(length) <= 3 else None
