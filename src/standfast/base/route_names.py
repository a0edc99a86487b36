"""Names that routes and rules may use for numbers: those of iproute2's tables (ip-route(8), ip-rule(8))."""

from collections.abc import Mapping
from typing import Final

from standfast.base.frozen import frozen

TABLES: Final = {"local": 255, "main": 254, "default": 253, "unspec": 0}
PROTOCOLS: Final = {
    "unspec": 0, "redirect": 1, "kernel": 2, "boot": 3, "static": 4, "gated": 8, "ra": 9, "mrt": 10,
    "zebra": 11, "bird": 12, "dnrouted": 13, "xorp": 14, "ntk": 15, "dhcp": 16, "keepalived": 18,
    "babel": 42, "openr": 99, "bgp": 186, "isis": 187, "ospf": 188, "rip": 189, "eigrp": 192,
}  # fmt: skip
SCOPES: Final = {"global": 0, "universe": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255}
FIELDS: Final = {"default": 0}  # type of service
GROUPS: Final = {"default": 0}  # of links
IP_PROTOCOLS: Final = {"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "icmpv6": 58, "sctp": 132}


@frozen
class RouteNames:
    """What the names mean on one host."""

    tables: Mapping[str, int]
    protocols: Mapping[str, int]
    scopes: Mapping[str, int]
    fields: Mapping[str, int]
    realms: Mapping[str, int]
    groups: Mapping[str, int]  # of interfaces
    ip_protocols: Mapping[str, int]


BUILT_IN: Final = RouteNames(
    tables=TABLES,
    protocols=PROTOCOLS,
    scopes=SCOPES,
    fields=FIELDS,
    realms={},
    groups=GROUPS,
    ip_protocols=IP_PROTOCOLS,
)


def number_of(text: str, names: Mapping[str, int], what: str, *, most: int) -> int:
    """The number that a word means, as a name or in digits (also hexadecimal, as `0x10`).

    Raises:
        ValueError: it is neither a name nor a number of 0 to `most`; with words for people.
    """
    if text in names:
        return names[text]
    try:
        number = int(text, 0) if not text.isdecimal() else int(text)
    except ValueError:
        raise ValueError(f"there is no {what} named {text!r}") from None
    if not 0 <= number <= most:
        raise ValueError(f"{what} {text} is not a number of 0 to {most}")
    return number
