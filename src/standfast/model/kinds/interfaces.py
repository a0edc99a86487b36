"""Interfaces that we make for an instance: macvlans with the virtual router's MAC, and ipvlans."""

import re
from typing import Final

from standfast.base.addresses import IpAddress, parse_address
from standfast.base.frozen import frozen
from standfast.base.patterns import late
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import TOO_LONG, is_too_long
from standfast.model.words import Words

_MAC: Final = late(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){4,}\Z")
_OCTETS: Final = 6
_OF_THE_RFC: Final = ((0, 0, 0x5E, 0, 1), (0, 0, 0x5E, 0, 2))  # RFC 9568, section 7.3
_NO_NAME: Final = late(r"\.{0,2}\Z|.*[/\s:]", re.DOTALL)  # what the kernel takes for no name
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
                name = _once(words, name, _vmac_name(words, words.next("a name")), "name")
            elif word == "netlink_notify_msg":
                notify = True
            elif word == "group":
                group = words.next("a group")
            elif ":" in word:
                mac = _once(words, mac, _mac(words, word), "MAC address")
            else:
                name = _once(words, name, _vmac_name(words, word), "name")
        return Vmac(name, mac, notify, group)

    def again(self, before: Vmac, value: Vmac, words: Words) -> Vmac:
        """What both lines say; of two names or MAC addresses the first counts."""
        return Vmac(
            _once(words, before.name, value.name, "name"),
            _once(words, before.mac, value.mac, "MAC address"),
            before.netlink_notify_msg or value.netlink_notify_msg,
            value.group or before.group,
        )

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
        name, address, prefix, mode, group = "", None, None, "", ""
        while (word := words.optional()) is not None:
            if word == "name":
                name = _once(words, name, _interface(words, words.next("a name")), "name")
            elif word == "group":
                group = words.next("a group")
            elif word in self.modes:
                mode = _once(words, mode, word, "mode")
            elif (found := _address(word)) is None:
                name = _once(words, name, _interface(words, word), "name")
            elif address is not None:
                _once(words, str(address), word, "address")
            else:
                address, prefix = found
        return Ipvlan(name, address, prefix, mode or "bridge", group)

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


def _once(words: Words, before: str, value: str, what: str) -> str:
    """The first of what can stand once."""
    if before and value:
        said = f"{words.keyword} has a {what} already, {before}; {value} is ignored"
        words.complain("given-twice", said, hint=f"keep one {what}")
    return before or value


def _vmac_name(words: Words, name: str) -> str:
    if _NO_NAME().match(name):
        said = f"{name!r} cannot be the name of an interface; the usual name is used"
        words.complain("interface-name", said, hint="leave out blanks, `/` and `:`")
        return ""
    return _interface(words, name)


def _mac(words: Words, text: str) -> str:
    if not _MAC().match(text):
        hint = "write six octets, 02:00:00:00:00:01, or five, which the virtual_router_id follows"
        words.complain(
            "mac-address", f"{text!r} is no MAC address; the virtual router's own is used", hint=hint
        )
        return ""
    octets = [int(octet, 16) for octet in text.split(":")]
    if tuple(octets[:5]) in _OF_THE_RFC:
        said = f"{text} belongs to the virtual routers themselves; theirs is used by itself"
        words.complain("mac-address", said, hint="remove it")
        return ""
    if len(octets) > _OCTETS:
        kept = ":".join(text.lower().split(":")[:_OCTETS])
        words.complain(
            "mac-address", f"a MAC address has six octets; {text} becomes {kept}", error_class=ErrorClass.NONE,
            severity=Severity.WARNING, hint=f"write {kept}",
        )  # fmt: skip
        return kept
    if int(text.partition(":")[0], 16) & 1:
        words.complain("multicast-mac", f"{text} is the address of a group; the virtual router's own is used")
        return ""
    return text.lower()


def _interface(words: Words, name: str) -> str:
    if is_too_long(name):
        words.complain("interface-name", f"interface name {name!r} {TOO_LONG}; ignored")
        return ""
    return name


def _address(text: str) -> tuple[IpAddress, int | None] | None:
    host, slash, length = text.partition("/")
    try:
        address = parse_address(host)
    except ValueError:
        return None
    return address, int(length) if slash and length.isdecimal() and len(length) <= 3 else None
