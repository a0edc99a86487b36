"""Addresses of web servers."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.patterns import late
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

_URL: Final = late(
    r"(?P<scheme>https?)://(?:(?P<host>[A-Za-z0-9._-]+)|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>/[!-~]*)?\Z"
)
_PORTS: Final = {"http": 80, "https": 443}


@frozen
class Url:
    """Where something is posted to."""

    scheme: str  # http or https
    host: str  # a name or an address, without brackets
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        """The host as it stands in a URL and in the header Host, with a port that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def place(self) -> str:
        """Without path and query, which may hold what nobody should read in a log."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.place + self.target


class UrlKind(Kind[Url]):
    """`<URL>`: http or https; a user or password has no place in it."""

    secret = True  # path and query of many services are as good as a password

    @property
    def syntax(self) -> str:
        """`<URL>`."""
        return "<URL>"

    def read(self, words: Words) -> Url:
        """One address."""
        match = _URL().match(words.next("a URL"))
        if match is None:
            hint = "write it like https://alerts.example.org/hook, without user and password"
            words.reject("web-address", f"{words.keyword} needs the address of a web server", hint=hint)
        port = int(match["port"] or _PORTS[match["scheme"]])
        if not 0 < port < 65_536:
            words.reject(
                "web-address", f"{words.keyword}: there is no port {port}", hint="ports are 1 to 65535"
            )
        return Url(match["scheme"], match["host"] or match["six"], port, match["target"] or "/")

    def write(self, value: Url) -> tuple[str, ...]:
        """The address as one word."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string that tools should not show."""
        return {"type": "string", "format": "uri", "writeOnly": True}
