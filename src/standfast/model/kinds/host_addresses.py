"""Values of an address that a host holds: it with its prefix length, its scope, broadcast address and lifetime."""

from ipaddress import IPv4Address
from typing import Final, Literal

from standfast.base.addresses import FOREVER, IpAddress, family_of, parse_address
from standfast.base.frozen import frozen
from standfast.base.limits import INTERFACE_NAME_MAX
from standfast.base.nearest import nearest
from standfast.base.route_names import SCOPES
from standfast.model.kinds.address_hints import address_hint, prefix_hint
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Word
from standfast.model.words import Words

_TEXT: Final[Schema] = {"type": "string"}


@frozen
class Prefixed:
    """An address, perhaps with a prefix length."""

    address: IpAddress
    length: int | None = None

    @property
    def full(self) -> int:
        """The length; that of a lone address where none is said."""
        return family_of(self.address).bits if self.length is None else self.length

    def __str__(self) -> str:
        return str(self.address) if self.length is None else f"{self.address}/{self.length}"


class PrefixedAddress(Kind[Prefixed]):
    """`<IPADDR>[/PREFIX]`; a bad length becomes the full one (behaviour CF-07)."""

    @property
    def syntax(self) -> str:
        """`<IPADDR>[/PREFIX]`."""
        return "<IPADDR>[/PREFIX]"

    def read(self, words: Words) -> Prefixed:
        """An address with a prefix length, or with none."""
        text = words.next("an address")
        host, slash, length = text.partition("/")
        try:
            address = parse_address(host)
        except ValueError:
            words.reject("not-an-address", f"{text!r} is not an address", hint=address_hint(text))
        if not slash:
            return Prefixed(address)
        bits = family_of(address).bits
        if not length.isdecimal() or not length.isascii() or int(length[:4]) > bits:
            said = f"prefix length {length!r} of {host} must be 0 to {bits}; using {bits}"
            words.complain("bad-prefix", said, hint=prefix_hint(length))
            return Prefixed(address, bits)
        return Prefixed(address, int(length))

    def write(self, value: Prefixed) -> tuple[str, ...]:
        """The address, and the length where one is said."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string."""
        return _TEXT


class Scope(Kind[int]):
    """The name of a scope, or its number; an unknown one is reported and is the usual one."""

    @property
    def syntax(self) -> str:
        """`<NAME or INTEGER:0..255>`."""
        return "<NAME or INTEGER:0..255>"

    def read(self, words: Words) -> int:
        """RT_SCOPE_*."""
        text = words.next("a scope")
        if text in SCOPES:
            return SCOPES[text]
        if text.isdecimal() and text.isascii() and int(text[:4]) <= 255:
            return int(text)
        hint = nearest(text, SCOPES) or f"one of {', '.join(SCOPES)}"
        words.complain("unknown-scope", f"unknown scope {text!r}", hint=hint)
        return SCOPES["global"]

    def write(self, value: int) -> tuple[str, ...]:
        """The number."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string."""
        return _TEXT


class Broadcast(Kind[IPv4Address | Literal["+", "-"] | None]):
    """`<IPv4ADDR> | + | -`: signs set or clear all bits of the host; what is none is reported and left away."""

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<IPv4ADDR> | + | -"

    def read(self, words: Words) -> IPv4Address | Literal["+", "-"] | None:
        """An address, or a sign."""
        match words.next("an address, + or -"):
            case "+":
                return "+"
            case "-":
                return "-"
            case text:
                try:
                    return IPv4Address(text)
                except ValueError:
                    words.complain("not-an-address", f"broadcast needs an IPv4 address, + or -, not {text!r}")
                    return None

    def write(self, value: IPv4Address | Literal["+", "-"] | None) -> tuple[str, ...]:
        """The address or the sign."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string."""
        return _TEXT


class Label(Word):
    """The label of an IPv4 address."""

    def __init__(self) -> None:
        super().__init__("LABEL")

    def read(self, words: Words) -> str:
        """At most 15 bytes."""
        text = words.next("a label")
        if len(text.encode(errors="replace")) > INTERFACE_NAME_MAX:
            words.reject("label-too-long", f"label {text!r} is longer than {INTERFACE_NAME_MAX} characters")
        return text


class Lifetime(Kind[int | None]):
    """`<SECONDS> | forever`; what is neither is reported and left away."""

    @property
    def syntax(self) -> str:
        """The forms."""
        return "<SECONDS> | forever"

    def read(self, words: Words) -> int | None:
        """Seconds."""
        text = words.next("seconds or forever")
        if text == "forever":
            return FOREVER
        if text.isdecimal() and text.isascii() and int(text[:11]) <= FOREVER:
            return int(text)
        words.complain("not-a-number", f"preferred_lft must be seconds or forever, not {text!r}")
        return None

    def write(self, value: int | None) -> tuple[str, ...]:
        """Seconds, or forever."""
        return ("forever" if value == FOREVER else str(value),)

    def schema(self) -> Schema:
        """A string."""
        return _TEXT
