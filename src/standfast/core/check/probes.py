"""What an attempt is told: all that is needed to try once, one value a kind of checker."""

from standfast.base.addresses import IpAddress
from standfast.base.frozen import frozen
from standfast.model.kinds.ranges import Range
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.secrets import Secret


@frozen
class Way:
    """Where an attempt connects to, and from where (behaviour HC-24)."""

    address: IpAddress
    port: int  # 0 of an ICMP echo
    source: IpAddress | None = None  # None: the kernel chooses
    source_port: int = 0  # 0: the kernel chooses
    interface: str = ""  # empty: the kernel chooses
    mark: int = 0  # of the packets; 0: none


@frozen
class TcpProbe:
    """A connection is accepted (behaviour HC-07)."""

    way: Way


@frozen
class PingProbe:
    """An ICMP echo is answered (behaviour HC-15)."""

    way: Way


@frozen
class UdpProbe:
    """Nobody objects to a datagram, or it is answered (behaviour HC-13)."""

    way: Way
    payload: bytes
    reply_needed: bool = False  # silence is a failure
    reply: bytes = b""  # what the answer must begin with, where `mask` has bits; empty: anything
    mask: bytes = b""  # as long as `reply`
    least: int = 0  # bytes of an answer
    most: int = 255


@frozen
class Pattern:
    """A regular expression of PCRE2 that a body is matched with (behaviour HC-25)."""

    text: str
    options: tuple[str, ...] = ()  # by their PCRE2 names
    must_match: bool = True
    least_offset: int = 0  # where a match may begin first
    most_offset: int | None = None  # and last
    stack: tuple[int, int] | None = None  # bytes for matching: at first, and at most


@frozen
class Page:
    """One thing that is fetched, and what must come."""

    path: str
    host: str  # the Host header (behaviour HC-23)
    name: str = ""  # the host's name without its port, for SNI; empty: it has none
    codes: tuple[Range, ...] = (Range(200, 299),)
    digest: str = ""  # MD5 of the body in lower-case hexadecimal; empty: any body
    pattern: Pattern | None = None
    tls_compliant: bool = False  # TLS is closed by the book


@frozen
class Tls:
    """How TLS is spoken; servers' certificates are not verified (behaviour HC-10)."""

    sni: bool = False  # the name is told when TLS begins
    ca: str = ""  # files
    certificate: str = ""
    key: str = ""
    password: Secret | None = None


@frozen
class HttpProbe:
    """Pages that are fetched one after another; all must be good (behaviours HC-08, HC-09)."""

    way: Way
    pages: tuple[Page, ...]
    version: str = "1.0"  # 1.0, 1.1
    close: bool = False  # say `Connection: close`
    tls: Tls | None = None  # None: plain HTTP


@frozen
class SmtpProbe:
    """Mail servers that greet us; all must (behaviour HC-11)."""

    ways: tuple[Way, ...]
    helo: str


@frozen
class DnsProbe:
    """A name server that answers without an error (behaviour HC-12)."""

    way: Way
    kind: str = "SOA"
    name: str = "."


@frozen
class MiscProbe:
    """A program that exits with 0 (behaviour HC-16)."""

    script: Script
    dynamic: bool = False  # exit codes from 2 are good and ask for a weight


Probe = TcpProbe | PingProbe | UdpProbe | HttpProbe | SmtpProbe | DnsProbe | MiscProbe
