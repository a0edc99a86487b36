"""Permissions of a file, and where to listen."""

from ipaddress import ip_address
from typing import Final

from standfast.base.patterns import late
from standfast.model.complaint import ErrorClass
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_OCTAL: Final = late(r"0?[0-7]{3}")
_PORT_MAX: Final = 65_535

Endpoint = tuple[str, int]  # address and port


class Mode(Kind[int]):
    """Permissions in octal digits."""

    @property
    def syntax(self) -> str:
        """`<MODE>`."""
        return "<MODE>"

    def read(self, words: Words) -> int:
        """Three octal digits, perhaps with a 0 before them."""
        text = words.next("a mode")
        if not _OCTAL().fullmatch(text):
            hint = "0660: its owner and its group may read and write; 0666: everybody may"
            words.reject(
                "mode",
                f"{words.keyword} must be three octal digits, not {text!r}",
                error_class=ErrorClass.BAD_NUMBER,
                hint=hint,
            )
        return int(text, 8)

    def write(self, value: int) -> tuple[str, ...]:
        """In octal digits."""
        return (f"0{value:03o}",)

    def schema(self) -> Schema:
        """A string of octal digits."""
        return {"type": "string", "pattern": "^0?[0-7]{3}$"}


class EndpointKind(Kind[Endpoint]):
    """An address and a port to listen at."""

    @property
    def syntax(self) -> str:
        """`<ADDRESS> <PORT>`."""
        return "<ADDRESS> <INTEGER:1..65535>"

    def read(self, words: Words) -> Endpoint:
        """An address of this host, and a port."""
        address, port = words.next("an address"), words.next("a port")
        try:
            ip_address(address)
        except ValueError:
            hint = "127.0.0.1 for this host alone, :: for all that reach it"
            words.reject("not-an-address", f"{address!r} is no IP address", hint=hint)
        if not port.isdecimal() or not 1 <= int(port) <= _PORT_MAX:
            words.reject(
                "value-range",
                f"the port must be 1 to {_PORT_MAX}, not {port!r}",
                error_class=ErrorClass.BAD_NUMBER,
            )
        return address, int(port)

    def write(self, value: Endpoint) -> tuple[str, ...]:
        """Both, with a blank between."""
        return value[0], str(value[1])

    def schema(self) -> Schema:
        """An array of both."""
        return {
            "type": "array",
            "prefixItems": [{"type": "string"}, {"type": "integer", "minimum": 1, "maximum": _PORT_MAX}],
            "minItems": 2,
            "maxItems": 2,
        }
