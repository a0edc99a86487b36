"""The checkers of a real server: what is asked of it, and what an answer must be."""

from typing import Final, Literal

from standfast.base.addresses import IpAddress
from standfast.base.dns_types import DNS_TYPES
from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.declare import Effect, Reload, Repeat, block, group, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.blocks import Block
from standfast.model.kinds.composed import PORT, WordList
from standfast.model.kinds.domains import DomainName
from standfast.model.kinds.http import Digest, RegexStack, RegexStackKind, StatusCodes
from standfast.model.kinds.names import Boolean, Choice, Flag, InterfaceName, OnlyWord, Word
from standfast.model.kinds.numbers import LONGEST, Seconds, Whole, WholeSeconds
from standfast.model.kinds.payloads import Hex, OptionalHex
from standfast.model.kinds.ranges import Range
from standfast.model.kinds.scripts import CommandLine, Script
from standfast.model.kinds.users import Account, User
from standfast.model.kinds.weights import Weight, WeightKind

_RETRIES: Final = 0xFFFF_FFFF


@group(reload=Reload.LIVE)
class Pace:
    """How often a server is checked, and how often in vain (behaviours HC-01 to HC-05)."""

    retry: int = kw(
        Whole(0, _RETRIES), default=1, inherits=("real_server.retry",),
        doc="Further failures that are let pass.",
    )  # fmt: skip
    delay_before_retry: Duration = kw(
        Seconds("0", LONGEST), default=SECOND, inherits=("real_server.delay_before_retry",),
        doc="Time from a failure that is let pass to the next attempt.",
    )  # fmt: skip
    warmup: Duration | None = kw(
        Seconds("0", LONGEST), default=None, inherits=("real_server.warmup",), default_words="delay_loop",
        doc="Longest random time before the first check.",
    )  # fmt: skip
    delay_loop: Duration = kw(
        Seconds("0.000001", LONGEST), default=Duration(60 * SECOND), inherits=("real_server.delay_loop",),
        doc="Time between checks.",
    )  # fmt: skip
    alpha: bool = kw(
        Boolean(), default=False, inherits=("real_server.alpha",),
        doc="Count as failed until it has succeeded.",
    )  # fmt: skip
    log_all_failures: bool = kw(
        Boolean(), default=False, inherits=("global_defs.checker_log_all_failures",), doc="Log each failure."
    )


@group(reload=Reload.LIVE)
class Connection:
    """Where a checker connects to, and from where."""

    connect_ip: IpAddress | None = kw(
        Address(), default=None, doc="Address to connect to.", default_words="the real server's"
    )
    connect_port: int | None = kw(
        PORT, default=None, doc="Port to connect to.", default_words="the real server's"
    )
    bindto: IpAddress | None = kw(Address(), default=None, doc="Source address.", default_words="any")
    bind_port: int | None = kw(PORT, default=None, doc="Source port.", default_words="any")
    bind_if: str = kw(InterfaceName(), default="", doc="Interface to connect through.", default_words="any")
    connect_timeout: Duration = kw(
        Seconds("0.000001"), default=Duration(5 * SECOND),
        doc="Longest wait for the connection and the answer; each `url` has that long.",
        inherits=("real_server.connect_timeout",),
    )  # fmt: skip
    fwmark: int = kw(Whole(), default=0, doc="Firewall mark of its packets.")


@block("TCP_CHECK", reload=Reload.LIVE)
class TcpCheck(Connection, Pace):
    """A TCP connection that is accepted."""


@block("PING_CHECK", reload=Reload.LIVE)
class PingCheck(Connection, Pace):
    """An ICMP echo that is answered."""


@block("UDP_CHECK", reload=Reload.LIVE)
class UdpCheck(Connection, Pace):
    """A datagram that nobody objects to (behaviour HC-13)."""

    payload: str = kw(Hex(), default="", doc="What is sent.", default_words="32 bytes of our choice")
    require_reply: str | None = kw(
        OptionalHex(), default=None, doc="An answer must come, perhaps this one; x stands for any digit.",
        default_words="off",
    )  # fmt: skip
    min_reply_length: int = kw(Whole(0, 65_535), default=0, doc="Shortest answer taken.")
    max_reply_length: int = kw(Whole(0, 65_535), default=255, doc="Longest answer taken.")


@block("host")
class SmtpHost(Connection, Pace):
    """A further host that is asked, too."""


@block("SMTP_CHECK", reload=Reload.LIVE)
class SmtpCheck(Connection, Pace):
    """A mail server that says hello."""

    helo_name: str = kw(Word(), default="smtpchecker.keepalived.org", doc="Name given to the mail server.")
    host: tuple[SmtpHost, ...] = kw(
        Block(SmtpHost, many=True),
        default=(),
        repeat=Repeat.ALL,
        doc="A further host to ask; write a checker instead.",
    )


@block("DNS_CHECK", reload=Reload.LIVE)
class DnsCheck(Connection, Pace):
    """A name server that answers."""

    retry: int = kw(
        Whole(0, _RETRIES), default=3, inherits=("real_server.retry",),
        doc="Further failures that are let pass.",
    )  # fmt: skip
    delay_before_retry: Duration | None = kw(  # type: ignore[assignment]
        Seconds("0", LONGEST), default=None, default_words="delay_loop",
        doc="Time from a failure that is let pass to the next attempt.",
        inherits=("real_server.delay_before_retry",),
    )  # fmt: skip
    type: str = kw(Choice(*DNS_TYPES, any_case=True), default="SOA", doc="What is asked for.")
    name: str = kw(
        DomainName(), default=".", repeat=Repeat.FIRST, default_words="the root (`.`)", doc="Of which name."
    )


@group(reload=Reload.LIVE)
class UrlKeywords:
    """One thing that is fetched."""

    path: str = kw(Word("PATH"), default="", doc="Path of the request.", default_words="required")
    digest: str = kw(
        Digest(),
        default="",
        repeat=Repeat.FIRST,
        doc="MD5 of the body, as genhash prints it.",
        default_words="none",
    )
    status_code: tuple[Range, ...] = kw(
        StatusCodes(), default=(), doc="Status codes that are good.", default_words="200-299"
    )
    virtualhost: str = kw(Word(), default="", doc="Host header.", default_words="the checker's")
    regex: str = kw(
        Word("PATTERN"), default="", doc="Pattern (PCRE2) that the body must match.", default_words="none"
    )
    regex_no_match: bool = kw(Flag(), default=False, doc="The body must not match it.")
    regex_options: tuple[str, ...] = kw(
        WordList("OPTION", 1),
        default=(),
        doc="Options of the pattern, by their PCRE2 names.",
        default_words="none",
    )
    regex_min_offset: int = kw(Whole(), default=0, doc="First place where it may begin.")
    regex_max_offset: int | None = kw(
        Whole(), default=None, doc="Last place where it may begin.", default_words="anywhere"
    )
    regex_stack: RegexStack | None = kw(
        RegexStackKind(), default=None, doc="Memory for matching, in bytes.", default_words="the library's"
    )


@block("url", reload=Reload.LIVE)
class HttpUrl(UrlKeywords):
    """One thing that is fetched."""


@block("url", reload=Reload.LIVE)
class SslUrl(UrlKeywords):
    """One thing that is fetched through TLS."""

    tls_compliant: bool = kw(
        Boolean(), default=False, inherits=("SSL_GET.tls_compliant",), doc="Close TLS by the book."
    )


@group(reload=Reload.LIVE)
class HttpKeywords(Connection, Pace):
    """What HTTP and HTTPS share."""

    retry: int = kw(
        Whole(0, _RETRIES), default=1, inherits=("real_server.retry",),
        aliases=("nb_get_retry",), deprecated={"nb_get_retry": "retry"},
        doc="Further failures that are let pass.",
    )  # fmt: skip
    delay_before_retry: Duration = kw(
        Seconds("0", LONGEST), default=Duration(3 * SECOND),
        doc="Time from a failure that is let pass to the next attempt.",
        inherits=("real_server.delay_before_retry",),
    )  # fmt: skip
    virtualhost: str = kw(
        Word(), default="", inherits=("real_server.virtualhost",), doc="Host header.",
        default_words="the real server's",
    )  # fmt: skip
    http_protocol: Literal["1.0", "1.0C", "1.0c", "1.1"] = kw(
        Choice("1.0", "1.0C", "1.0c", "1.1"), default="1.0", doc="Version; with C the connection is closed."
    )
    enable_sni: bool = kw(Boolean(), default=False, doc="Name the host when TLS begins.")
    fast_recovery: bool = kw(
        Boolean(), default=False, effect=Effect.NONE,
        doc="Accepted; there is never a pause between URLs.",  # behaviour HC-20
    )  # fmt: skip


@block("HTTP_GET", reload=Reload.LIVE)
class HttpGet(HttpKeywords):
    """Pages that are served by HTTP."""

    url: tuple[HttpUrl, ...] = kw(
        Block(HttpUrl, many=True),
        default=(),
        repeat=Repeat.ALL,
        doc="A page to fetch.",
        default_words="required",
    )


@block("SSL_GET", reload=Reload.LIVE)
class SslGet(HttpKeywords):
    """Pages that are served by HTTPS, whatever certificate the server shows."""

    tls_compliant: bool = kw(Boolean(), default=False, doc="Close TLS by the book.")
    url: tuple[SslUrl, ...] = kw(
        Block(SslUrl, many=True),
        default=(),
        repeat=Repeat.ALL,
        doc="A page to fetch.",
        default_words="required",
    )


@block("MISC_CHECK", reload=Reload.LIVE)
class MiscCheck(Pace):
    """A program that exits with 0."""

    retry: int = kw(
        Whole(0, _RETRIES), default=0, inherits=("real_server.retry",),
        doc="Further failures that are let pass.",
    )  # fmt: skip
    misc_path: Script | None = kw(
        CommandLine(), default=None, doc="Program to run.", default_words="required"
    )
    misc_timeout: Duration = kw(
        WholeSeconds(0, 4294), default=ZERO, doc="Longest run.", default_words="delay_loop"
    )
    misc_dynamic: bool = kw(Flag(), default=False, doc="Exit codes from 2 set the weight, less 2.")
    user: User = kw(Account(), default=User(), doc="Account that it runs as.", default_words="script_user")


@block("FILE_CHECK", reload=Reload.LIVE)
class FileCheck:
    """A number in a file that counts as weight."""

    track_file: str = kw(Word("NAME"), default="", doc="track_file to use.", default_words="required")
    weight: Weight | None = kw(
        WeightKind(0x7FFF_FFFF, noreverse=True), default=None, doc="Multiplier of the number.",
        default_words="the track_file's",
    )  # fmt: skip


@block("BFD_CHECK", reload=Reload.LIVE)
class BfdCheck:
    """A BFD session that is up."""

    name: str = kw(
        OnlyWord("BFD_INSTANCE"),
        default="",
        repeat=Repeat.FIRST,
        doc="bfd_instance to use.",
        default_words="required",
    )
    alpha: bool = kw(
        Boolean(), default=False, inherits=("real_server.alpha",),
        doc="Count as failed until the session is up.",
    )  # fmt: skip
