"""An entry of `virtual_ipaddress`: an address, and how the host is to hold it (behaviours AD-01 to AD-04)."""

from ipaddress import IPv4Address, ip_network
from typing import Any, Final

from standfast.base.addresses import (
    AUTO_JOIN,
    FOREVER,
    HOME,
    MANAGE_TEMPORARY,
    NO_DETECTION,
    NO_PREFIX_ROUTE,
    Family,
    HostAddress,
    IpAddress,
    family_of,
)
from standfast.base.frozen import changed
from standfast.base.nearest import nearest
from standfast.base.route_names import SCOPES
from standfast.model.complaint import Severity
from standfast.model.declare import Keyword, argument, block, kw
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.host_addresses import (
    Broadcast,
    Label,
    Lifetime,
    Prefixed,
    PrefixedAddress,
    Scope,
)  # fmt: skip
from standfast.model.kinds.names import Flag, InterfaceName, Word
from standfast.model.words import Words


@block("address")
class VirtualAddress:
    """One address of an instance."""

    address: IpAddress = argument(
        PrefixedAddress(), doc="The address; with a peer it takes no prefix length."
    )
    prefix: int  # stands behind the address
    dev: str = kw(
        InterfaceName(), default="", doc="Interface that holds it.", default_words="that of the instance"
    )
    scope: int = kw(Scope(), default=0, doc="Scope (IPv4).", default_words="global")  # RT_SCOPE_*
    broadcast: IPv4Address | None = kw(
        Broadcast(), default=None, aliases=("brd",), default_words="none",
        doc="Broadcast address (IPv4); `+` sets and `-` clears the bits of the host.",
    )  # fmt: skip
    label: str = kw(Label(), default="", doc="Label (IPv4), at most 15 characters.", default_words="none")
    peer: IpAddress | None = kw(
        PrefixedAddress(), default=None, doc="Far end of a link between two.", default_words="none"
    )
    peer_prefix: int = 0  # stands behind the peer
    home: bool = kw(Flag(), default=False, doc="Mark it as a home address (IPv6).")
    dad: bool = kw(Flag(), default=False, name="-nodad", doc="Let the kernel look for duplicates (IPv6).")
    mngtmpaddr: bool = kw(Flag(), default=False, doc="Let the kernel make temporary addresses of it (IPv6).")
    noprefixroute: bool = kw(Flag(), default=False, doc="Make no route to its network.")
    autojoin: bool = kw(Flag(), default=False, doc="Join the multicast group that it is.")
    no_track: bool = kw(Flag(), default=False, doc="Leave it away if somebody removes it.")
    preferred_seconds: int = kw(
        Lifetime(), default=FOREVER, name="preferred_lft", default_words="forever; 0 for IPv6 /128",
        doc="Time for which the host sends from it by its own choice; 0: never.",
    )  # fmt: skip
    use_vmac: bool = kw(
        Flag(), default=False, doc="Hold it on a macvlan with the virtual router's MAC address."
    )
    track_group: str = kw(
        Word("NAME"), default="", default_words="none",
        doc="Static only: instances that fail when it is lost.",
    )  # fmt: skip

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
            bits |= NO_DETECTION * (not self.dad) | HOME * self.home | MANAGE_TEMPORARY * self.mngtmpaddr
        return bits | NO_PREFIX_ROUTE * self.noprefixroute | AUTO_JOIN * self.autojoin

    def __str__(self) -> str:
        return f"{self.address}/{self.prefix}"


_OTHERS: Final = {"use_vmac": "addresses of instances", "track_group": "static addresses"}


class AddressEntry(Entry[VirtualAddress]):
    """An address; a bad one drops the entry, an unknown word is skipped (CF-07)."""

    def __init__(self, *, static: bool = False) -> None:
        super().__init__(VirtualAddress)
        self.elsewhere = "use_vmac" if static else "track_group"  # the word that only the others have

    def known(self, keyword: Keyword, word: str, words: Words, values: dict[str, Any]) -> None:
        """A declared word; some are for IPv4 alone."""
        host = values["address"].address
        if word == self.elsewhere:
            words.complain("unknown-word", f"{word} is for {_OTHERS[word]}; it is ignored here")
            if word == "track_group":
                words.next("a track_group")
            return
        if keyword.field == "dev" and "dev" in values:
            words.reject(
                "given-twice", f"{host} is on one interface; dev stands twice", hint="write one of them"
            )
        match keyword.field if host.version == 6 else "":
            case "scope":
                words.next("a scope")
                words.complain("scope-ipv6", f"{host} is IPv6 and takes no scope; ignored", hint="remove it")
            case "label":
                words.next("a label")
                words.complain("label-ipv6", f"{host} is IPv6 and takes no label; ignored", hint="remove it")
            case "broadcast":
                words.next("an address, + or -")
                words.complain("broadcast-ipv6", f"{host} is IPv6 and has no broadcast address; ignored")
            case _:
                super().known(keyword, word, words, values)

    def other(self, word: str, words: Words, values: dict[str, Any]) -> None:  # noqa: ARG002
        """A word that is not declared: skipped, with a message."""
        known = self.declaration.by_word
        hint = nearest(word, known) or f"remove it; the words of an address are {', '.join(known)}"
        words.complain("unknown-word", f"unknown word {word!r} in an address entry", hint=hint)

    def finish(self, words: Words, values: dict[str, Any]) -> None:
        """The parts of the address and its peer, and what follows from them."""
        own: Prefixed = values["address"]
        if (peer := values.get("peer")) is not None:
            _fits(words, own, peer)
            values |= {"peer": peer.address, "peer_prefix": peer.full}
        values |= {"address": own.address, "prefix": own.full}
        if values.get("preferred_seconds") is None:
            values["preferred_seconds"] = _preferred(own.address, own.full)
        if own.address.version == 6 and own.address.is_link_local:
            values["scope"] = SCOPES["link"]
        if values.get("broadcast") in ("+", "-"):
            values["broadcast"] = _edge(own, values["broadcast"])

    def write(self, value: VirtualAddress) -> tuple[str, ...]:
        """The words of the entry; what the reader adds by itself is not said."""
        alone = value.peer is not None
        head = Prefixed(value.address, None if alone else value.prefix)
        peer = Prefixed(value.peer, value.peer_prefix) if value.peer is not None else None
        usual = value.preferred_seconds == _preferred(value.address, value.prefix)
        rest = changed(
            value,
            address=head,
            peer=peer,
            scope=value.scope if value.family is Family.IPV4 else 0,
            preferred_seconds=FOREVER,
        )
        lifetime = () if usual else ("preferred_lft", *Lifetime().write(value.preferred_seconds))
        return (*super().write(rest), *lifetime)


def _fits(words: Words, own: Prefixed, peer: Prefixed) -> None:
    """The address has no prefix length beside a peer, and both are of one family (AD-12)."""
    if own.length is not None:
        words.reject("prefix-with-peer", "an address with a peer takes no prefix length; give it to the peer")
    if peer.address.version != own.address.version:
        words.reject("wrong-family", f"peer {peer.address} is not of the family of {own.address}")
    if peer.length is not None:
        words.complain(
            "prefix-with-peer",
            f"Keepalived refuses the prefix length of peer {peer}, whatever its manual says",
            severity=Severity.WARNING,
            hint="leave it out, if Keepalived is to read this file",
        )


def _preferred(address: IpAddress, prefix: int) -> int:
    """Default lifetime: a lone IPv6 address is deprecated, so the host does not send from it (AD-01)."""
    return 0 if address.version == 6 and prefix == 128 else FOREVER


def _edge(own: Prefixed, sign: str) -> IPv4Address:
    """The last or the first address of the network."""
    network = ip_network((own.address, own.full), strict=False)
    return IPv4Address(int(network.broadcast_address if sign == "+" else network.network_address))
