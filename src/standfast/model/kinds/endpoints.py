"""Where to listen: an address and a port."""

from ipaddress import ip_address
from typing import Final

from standfast.model.complaint import ErrorClass
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_PORT_MAX: Final = 65_535

Endpoint = tuple[str, int]  # address and port


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
