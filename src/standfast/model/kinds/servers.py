"""Values of virtual and real servers: addresses with ports, services, forwarding methods."""

from ipaddress import IPv4Address, ip_network
from typing import Final

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.base.frozen import frozen
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words

_TEXT: Final[Schema] = {"type": "string"}
_MARK: Final = Whole(0, 0xFFFF_FFFF)
_PORT: Final = Whole(0, 65_535)


@frozen
class Endpoint:
    """An address and a port; port 0 means every port, or the virtual server's."""

    address: IpAddress
    port: int = 0


class EndpointKind(Kind[Endpoint]):
    """`<IPADDR> [PORT]`."""

    @property
    def syntax(self) -> str:
        """`<IPADDR> [PORT]`."""
        return "<IPADDR> [PORT]"

    def read(self, words: Words) -> Endpoint:
        """An address, and perhaps a port."""
        return self.endpoint(words, words.next("an address"))

    def endpoint(self, words: Words, text: str) -> Endpoint:
        """This word as an address, and the next as its port.

        Raises:
            Rejected: one of them is none.
        """
        address = Address().address(words, text)
        port = words.optional()
        return Endpoint(address) if port is None else Endpoint(address, _PORT.number(words, port, "the port"))

    def write(self, value: Endpoint) -> tuple[str, ...]:
        """The words."""
        return (str(value.address), str(value.port)) if value.port else (str(value.address),)

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "properties": {"address": _TEXT, "port": _PORT.schema()}}


@frozen
class Service:
    """What a virtual server serves: an endpoint, a firewall mark, or a group of them."""

    endpoint: Endpoint | None = None
    fwmark: int | None = None
    group: str = ""

    @property
    def family(self) -> Family | None:
        """The family of the endpoint."""
        return None if self.endpoint is None else Family(self.endpoint.address.version)

    def __str__(self) -> str:
        if self.endpoint is not None:
            return f"[{self.endpoint.address}]:{self.endpoint.port}"
        return f"fwmark {self.fwmark}" if self.fwmark is not None else f"group {self.group}"


class ServiceKind(Kind[Service]):
    """`<IPADDR> [PORT] | fwmark <INTEGER> | group <NAME>`."""

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<IPADDR> [PORT] | fwmark <INTEGER> | group <NAME>"

    def read(self, words: Words) -> Service:
        """One of the forms."""
        text = words.next("an address, fwmark or group")
        if text == "fwmark":
            return Service(fwmark=_MARK.number(words, words.next("a mark")))
        if text == "group":
            return Service(group=words.next("a group"))
        return Service(EndpointKind().endpoint(words, text))

    def write(self, value: Service) -> tuple[str, ...]:
        """The words."""
        if value.endpoint is not None:
            return EndpointKind().write(value.endpoint)
        return ("fwmark", str(value.fwmark)) if value.fwmark is not None else ("group", value.group)

    def schema(self) -> Schema:
        """An object with one of the three."""
        return {"type": "object", "maxProperties": 1}


@frozen
class Method:
    """How packets get to a real server."""

    kind: str = "NAT"  # NAT, DR or TUN
    tunnel: str = ""  # ipip, gue or gre
    port: int = 0  # of a gue tunnel
    checksum: str = ""  # nocsum, csum or remcsum


class MethodKind(Kind[Method]):
    """`NAT | DR | TUN [type ipip | gue port N | gre] [nocsum | csum | remcsum]`."""

    kinds = ("NAT", "DR", "TUN")
    tunnels = ("ipip", "gue", "gre")
    checksums = ("nocsum", "csum", "remcsum")

    @property
    def syntax(self) -> str:
        """The forms."""
        return "NAT | DR | TUN [type ipip | gue port N | gre] [nocsum | csum | remcsum]"

    def read(self, words: Words) -> Method:
        """A method with its words."""
        kind = words.next("NAT, DR or TUN")
        if kind not in self.kinds:
            near = kind.upper() if kind.upper() in self.kinds else ""
            hint = f"write {near}" if near else ""
            words.reject("unknown-choice", f"{words.keyword} must be NAT, DR or TUN, not {kind!r}", hint=hint)
        tunnel, port, checksum = "", 0, ""
        while (word := words.optional()) is not None:
            if kind != "TUN":
                words.complain("unknown-word", f"{kind} takes no further word; {word!r} is not read")
            elif word == "type":
                tunnel = words.next("a tunnel type")
                if tunnel not in self.tunnels:
                    words.reject("unknown-choice", f"tunnel type must be ipip, gue or gre, not {tunnel!r}")
            elif word == "port":
                port = Whole(1, 65_535).number(words, words.next("a port"))
            elif word in self.checksums:
                checksum = word
            else:
                words.complain("unknown-word", f"unknown word {word!r} in {words.keyword}")
        _check_tunnel(words, tunnel, port, checksum)
        return Method(kind, tunnel, port, checksum)

    def write(self, value: Method) -> tuple[str, ...]:
        """The words."""
        tunnel = ("type", value.tunnel) if value.tunnel else ()
        port = ("port", str(value.port)) if value.port else ()
        return (value.kind, *tunnel, *port, *((value.checksum,) if value.checksum else ()))

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "properties": {"kind": {"enum": list(self.kinds)}}}


def _check_tunnel(words: Words, tunnel: str, port: int, checksum: str) -> None:
    """The words behind a sort of tunnel go with it (LV-20).

    Raises:
        Rejected: they do not.
    """
    if tunnel == "gue" and not port:
        words.reject("gue-port", "a gue tunnel needs a port", hint="write `TUN type gue port N`")
    if tunnel != "gue" and port:
        words.reject("tunnel-option", "only a gue tunnel has a port", hint="write `TUN type gue port N`")
    if (checksum and tunnel in ("", "ipip")) or (checksum == "remcsum" and tunnel == "gre"):
        words.reject(
            "tunnel-option",
            f"{checksum} does not go with a tunnel of type {tunnel or 'ipip'}",
            hint="remove it: gue takes nocsum, csum and remcsum, gre takes nocsum and csum",
        )


@frozen
class GroupMember:
    """An entry of a virtual_server_group: an address, a range or prefix of them, or a firewall mark."""

    first: IpAddress | None = None
    last: IpAddress | None = None
    prefix: int | None = None
    port: int = 0
    fwmark: int | None = None
    family: int = 0  # of a mark: 4, 6, or 0 for what the servers say


class GroupMemberKind(Kind[GroupMember]):
    """`<IPADDR>[-LAST | /PREFIX] [PORT] | fwmark <INTEGER> [inet | inet6]`."""

    words_after = ("address", "range", "prefix", "fwmark")

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<IPADDR>[-<LAST OCTET or IPADDR> | /<PREFIX>] [PORT] | fwmark <INTEGER> [inet | inet6]"

    def read(self, words: Words) -> GroupMember:
        """One of the forms."""
        text = words.next("an address or fwmark")
        if text == "fwmark":
            mark = Whole(1, 0xFFFF_FFFF).number(words, words.next("a mark"))
            return GroupMember(fwmark=mark, family=self._family(words))
        head, dash, last = text.partition("-")
        host, slash, length = head.partition("/")
        first = Address().address(words, host)
        port = words.optional()
        number = 0 if port is None else _PORT.number(words, port, "the port")
        prefix = self._prefix(words, first, length) if slash else None
        return GroupMember(first, self._last(words, first, last) if dash else None, prefix, number)

    @staticmethod
    def _family(words: Words) -> int:
        word = words.optional()
        families = {None: 0, "inet": 4, "inet6": 6}
        if word not in families:
            words.complain("unknown-word", f"unknown address family {word!r}", hint="write inet or inet6")
        return families.get(word, 0)

    @staticmethod
    def _prefix(words: Words, first: IpAddress, length: str) -> int:
        prefix = Whole(0, first.max_prefixlen).number(words, length)
        network = ip_network((first, prefix), strict=False)
        if network.network_address != first:
            words.reject(
                "host-bits",
                f"{first}/{prefix} is no network",
                hint=f"write {network.network_address}/{prefix}",
            )
        return prefix

    @staticmethod
    def _last(words: Words, first: IpAddress, last: str) -> IpAddress:
        """The end of a range: a whole address, or only its last part (in hexadecimal for IPv6)."""
        separator = "." if first.version == 4 else ":"
        full = last if separator in last else f"{str(first).rpartition(separator)[0]}{separator}{last}"
        try:
            end = parse_address(full)
        except ValueError:
            words.reject("not-an-address", f"{last!r} is no end of a range from {first}")
        if end.version != first.version or int(end) <= int(first):
            words.reject("value-range", f"the range {first}-{last} ends before its second address")
        return end

    def write(self, value: GroupMember) -> tuple[str, ...]:
        """The words."""
        if value.fwmark is not None:
            family = {0: (), 4: ("inet",), 6: ("inet6",)}[value.family]
            return ("fwmark", str(value.fwmark), *family)
        tail = f"-{value.last}" if value.last is not None else ""
        length = f"/{value.prefix}" if value.prefix is not None else ""
        return (f"{value.first}{length}{tail}", *((str(value.port),) if value.port else ()))

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return _TEXT


@frozen
class NetworkSize:
    """How many leading bits of a client's address count: as a netmask (IPv4), or as a prefix length (IPv6)."""

    length: int
    netmask: bool = False


class Granularity(Kind[NetworkSize]):
    """`<IPv4 NETMASK | IPv6 PREFIX:1..128>`."""

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<IPv4 NETMASK | IPv6 PREFIX:1..128>"

    def read(self, words: Words) -> NetworkSize:
        """A netmask, or a prefix length."""
        text = words.next("a netmask or prefix length")
        if text.isdecimal() and text.isascii():
            return NetworkSize(Whole(1, 128).number(words, text))
        mask = int(Address(Family.IPV4).address(words, text))
        length = mask.bit_count()
        leading = 32 - (~mask & 0xFFFF_FFFF).bit_length()
        if leading != length:  # the kernel compares any bits, and so does Keepalived
            words.complain(
                "netmask",
                f"the bits of {text} do not stand together; {IPv4Address(_mask(leading))} is used",
                severity=Severity.WARNING,
                error_class=ErrorClass.NONE,
                hint="write a netmask such as 255.255.255.0",
            )
        return NetworkSize(leading, netmask=True)

    def write(self, value: NetworkSize) -> tuple[str, ...]:
        """The netmask or the prefix length."""
        return (str(IPv4Address(_mask(value.length))) if value.netmask else str(value.length),)

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return _TEXT


def _mask(length: int) -> int:
    return (0xFFFF_FFFF << (32 - length)) & 0xFFFF_FFFF
