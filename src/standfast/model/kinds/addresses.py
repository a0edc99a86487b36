"""IP addresses."""

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.address_hints import address_hint
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words


class Address(Kind[IpAddress]):
    """One IP address, of either family or of a given one."""

    def __init__(self, family: Family | None = None, *, multicast: bool = False) -> None:
        self.family = family
        self.multicast = multicast

    @property
    def syntax(self) -> str:
        """`<IPADDR>`."""
        family = "" if self.family is None else f"IPv{self.family} "
        return f"<{family}MULTICAST IPADDR>" if self.multicast else f"<{family or 'IP'}ADDR>".replace(" ", "")

    def read(self, words: Words) -> IpAddress:
        """An address."""
        return self.address(words, words.next("an address"))

    def address(self, words: Words, text: str) -> IpAddress:
        """This word as an address.

        Raises:
            Rejected: it is none, or not of the right family or range.
        """
        host, slash, length = text.partition("/")
        try:
            value = parse_address(host)
        except ValueError:
            said = f"{words.keyword} needs an address, not {text!r}"
            words.reject("not-an-address", said, hint=address_hint(text))
        if slash and not (length.isdecimal() and len(length) <= 3 and int(length) <= value.max_prefixlen):
            words.reject("not-an-address", f"{words.keyword} needs an address, not {text!r}")
        if slash:  # Keepalived takes it, too, and does not look at it
            words.complain(
                "prefix-unused",
                f"{words.keyword} takes no prefix length; /{length} is not used",
                severity=Severity.NOTICE,
                error_class=ErrorClass.NONE,
            )
        if self.family is not None and value.version != self.family:
            words.reject("wrong-family", f"{words.keyword} needs an IPv{self.family} address, not {text}")
        if self.multicast and not value.is_multicast:
            words.reject("not-multicast", f"{words.keyword} needs a multicast address, not {text}")
        return value

    def write(self, value: IpAddress) -> tuple[str, ...]:
        """The address in its shortest form."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string in the format of an address."""
        four, six = {"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}
        if self.family is None:
            return {"anyOf": [four, six]}
        return four if self.family is Family.IPV4 else six
