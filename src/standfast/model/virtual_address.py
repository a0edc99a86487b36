"""An entry of `virtual_ipaddress`: an address, and how the host is to hold it (behaviours AD-01 to AD-04)."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any, Final

from standfast.base.addresses import FOREVER, Family, HostAddress, IpAddress, family_of, parse_address
from standfast.base.frozen import frozen
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.address_hints import address_hint, prefix_hint
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

LABEL_MAX: Final = 15  # IFNAMSIZ, with its closing zero

# IFA_F_* of linux/if_addr.h
_NODAD: Final = 0x02
_HOME: Final = 0x10
_MANAGE_TEMPORARY: Final = 0x100
_NO_PREFIX_ROUTE: Final = 0x200
_AUTO_JOIN: Final = 0x400

# RT_SCOPE_* of linux/rtnetlink.h, by the names of iproute2's rt_scopes
SCOPES: Final = {"global": 0, "universe": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255}


@frozen
class VirtualAddress:
    """One address of an instance."""

    address: IpAddress
    prefix: int
    dev: str = ""  # empty: the instance's interface
    scope: int = 0  # RT_SCOPE_*
    broadcast: IPv4Address | None = None
    label: str = ""
    peer: IpAddress | None = None
    peer_prefix: int = 0
    home: bool = False
    dad: bool = False  # IPv6: let the kernel look for duplicates (`-nodad`)
    mngtmpaddr: bool = False
    noprefixroute: bool = False
    autojoin: bool = False
    no_track: bool = False
    preferred_seconds: int = FOREVER
    use_vmac: bool = False
    track_group: str = ""

    @property
    def family(self) -> Family:
        """The family of the address."""
        return family_of(self.address)

    def on(self, interface: str) -> HostAddress:
        """The address as the host holds it, on its own interface or else on this one."""
        return HostAddress(
            self.address,
            self.peer_prefix if self.peer is not None else self.prefix,
            self.dev or interface,
            scope=self.scope,
            broadcast=self.broadcast,
            label=self.label,
            peer=self.peer,
            preferred_seconds=self.preferred_seconds,
            flags=self.flags,
        )

    @property
    def flags(self) -> int:
        """IFA_F_* bits."""
        bits = 0
        if self.family is Family.IPV6:
            bits |= _NODAD * (not self.dad) | _HOME * self.home | _MANAGE_TEMPORARY * self.mngtmpaddr
        return bits | _NO_PREFIX_ROUTE * self.noprefixroute | _AUTO_JOIN * self.autojoin

    def __str__(self) -> str:
        return f"{self.address}/{self.prefix}"


_FLAGS: Final = {
    "home": "home", "-nodad": "dad", "mngtmpaddr": "mngtmpaddr", "noprefixroute": "noprefixroute",
    "autojoin": "autojoin", "no_track": "no_track", "use_vmac": "use_vmac",
}  # fmt: skip


class AddressEntry(Kind[VirtualAddress]):
    """`<IPADDR>[/PREFIX] [dev IFNAME] [scope SCOPE] [label LABEL] …`."""

    words_after = (
        "dev", "scope", "broadcast", "brd", "label", "peer", "home", "-nodad", "mngtmpaddr", "noprefixroute",
        "autojoin", "no_track", "preferred_lft", "use_vmac", "track_group",
    )  # fmt: skip

    @property
    def syntax(self) -> str:
        """The entry with all its words."""
        return (
            "<IPADDR>[/PREFIX] [dev IFNAME] [scope SCOPE] [broadcast ADDRESS | + | -] [label LABEL] "
            "[peer IPADDR[/PREFIX]] [home] [-nodad] [mngtmpaddr] [noprefixroute] [autojoin] [no_track] "
            "[preferred_lft SECONDS | forever] [use_vmac] [track_group NAME]"
        )

    def read(self, words: Words) -> VirtualAddress:
        """One address with its words; what is unknown is skipped, a bad address drops the entry (CF-07)."""
        address, prefix = read_prefixed(words, words.next("an address"))
        options = _Options(words, address)
        while (word := words.optional()) is not None:
            options.take(word)
        return options.entry(prefix)

    def write(self, value: VirtualAddress) -> tuple[str, ...]:
        """The words of the entry, in one order."""
        out = [str(value.address) if value.peer is not None else str(value)]
        if value.peer is not None:
            out += ["peer", f"{value.peer}/{value.peer_prefix}"]
        out += ["dev", value.dev] if value.dev else []
        out += ["scope", str(value.scope)] if value.scope and value.address.version == 4 else []
        out += ["broadcast", str(value.broadcast)] if value.broadcast is not None else []
        out += ["label", value.label] if value.label else []
        out += [word for word, name in _FLAGS.items() if getattr(value, name)]
        if value.preferred_seconds != _preferred(value.address, value.prefix):
            forever = value.preferred_seconds == FOREVER
            out += ["preferred_lft", "forever" if forever else str(value.preferred_seconds)]
        return (*out, *(("track_group", value.track_group) if value.track_group else ()))

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return {"type": "string"}


def read_prefixed(words: Words, text: str) -> tuple[IpAddress, int | None]:
    """An address with a prefix length, or with none; a bad length becomes the full one (CF-07).

    Raises:
        Rejected: the address cannot be read.
    """
    host, slash, length = text.partition("/")
    try:
        address = parse_address(host)
    except ValueError:
        words.reject("not-an-address", f"{text!r} is not an address", hint=address_hint(text))
    if not slash:
        return address, None
    bits = family_of(address).bits
    if not length.isdecimal() or not length.isascii() or int(length[:4]) > bits:
        said = f"prefix length {length!r} of {host} must be 0 to {bits}; using {bits}"
        words.complain("bad-prefix", said, hint=prefix_hint(length))
        return address, bits
    return address, int(length)


def _preferred(address: IpAddress, prefix: int) -> int:
    """Default lifetime: a lone IPv6 address is deprecated, so the host does not send from it (AD-01)."""
    return 0 if address.version == 6 and prefix == 128 else FOREVER


class _Options:
    """The words behind the address, gathered."""

    def __init__(self, words: Words, address: IpAddress) -> None:
        self._words = words
        self._address = address
        self._ipv4 = address.version == 4
        self._values: dict[str, Any] = {}
        self._broadcast = ""
        self._peer: tuple[IpAddress, int | None] | None = None

    def take(self, word: str) -> None:
        """One word, with what belongs to it."""
        match word:
            case "dev":
                self._values["dev"] = self._words.next("an interface")
            case "scope":
                self._scope(self._words.next("a scope"))
            case "broadcast" | "brd":
                self._broadcast = self._words.next("an address, + or -")
            case "label":
                self._label(self._words.next("a label"))
            case "peer":
                self._peer = read_prefixed(self._words, self._words.next("an address"))
            case "preferred_lft":
                self._lifetime(self._words.next("seconds or forever"))
            case "track_group":
                self._values["track_group"] = self._words.next("a track group")
            case _ if word in _FLAGS:
                self._values[_FLAGS[word]] = True
            case _:
                self._words.complain(
                    "unknown-word",
                    f"unknown word {word!r} in an address entry",
                    error_class=ErrorClass.GENERAL,
                )

    def entry(self, prefix: int | None) -> VirtualAddress:
        """The finished entry."""
        peer, peer_prefix = self._peer if self._peer is not None else (None, None)
        if peer is not None and prefix is not None:
            self._words.reject(
                "prefix-with-peer", "an address with a peer takes no prefix length; give it to the peer"
            )
        if peer is not None and peer.version != self._address.version:
            self._words.reject("wrong-family", f"peer {peer} is not of the family of {self._address}")
        bits = family_of(self._address).bits
        full = bits if prefix is None else prefix
        values: dict[str, Any] = {"preferred_seconds": _preferred(self._address, full)} | self._values
        if peer is not None:
            values |= {"peer": peer, "peer_prefix": bits if peer_prefix is None else peer_prefix}
        if self._address.version == 6 and self._address.is_link_local and "scope" not in values:
            values["scope"] = SCOPES["link"]
        return VirtualAddress(self._address, full, broadcast=self._broadcast_of(full), **values)

    def _scope(self, text: str) -> None:
        if not self._ipv4:
            self._words.complain("scope-ipv6", f"{self._address} is IPv6 and takes no scope; ignored")
        elif text in SCOPES:
            self._values["scope"] = SCOPES[text]
        elif text.isdecimal() and text.isascii() and int(text[:4]) <= 255:
            self._values["scope"] = int(text)
        else:
            self._words.complain(
                "unknown-scope", f"unknown scope {text!r}", hint=f"one of {', '.join(SCOPES)}"
            )

    def _label(self, text: str) -> None:
        if not self._ipv4:
            self._words.complain("label-ipv6", f"{self._address} is IPv6 and takes no label; ignored")
        elif len(text.encode(errors="replace")) > LABEL_MAX:
            self._words.reject("label-too-long", f"label {text!r} is longer than {LABEL_MAX} characters")
        else:
            self._values["label"] = text

    def _lifetime(self, text: str) -> None:
        if text == "forever":
            self._values["preferred_seconds"] = FOREVER
        elif text.isdecimal() and text.isascii() and int(text[:11]) <= FOREVER:
            self._values["preferred_seconds"] = int(text)
        else:
            self._words.complain("not-a-number", f"preferred_lft must be seconds or forever, not {text!r}")

    def _broadcast_of(self, prefix: int) -> IPv4Address | None:
        text = self._broadcast
        if not text:
            return None
        if isinstance(self._address, IPv6Address):
            self._words.complain(
                "broadcast-ipv6", f"{self._address} is IPv6 and has no broadcast address; ignored"
            )
            return None
        if text in ("+", "-"):
            network = ip_network((self._address, prefix), strict=False)
            edge = network.broadcast_address if text == "+" else network.network_address
            return IPv4Address(int(edge))
        try:
            return IPv4Address(text)
        except ValueError:
            self._words.complain(
                "not-an-address",
                f"broadcast needs an IPv4 address, + or -, not {text!r}",
                severity=Severity.ERROR,
            )
            return None
