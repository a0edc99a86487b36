"""From the configuration to the checks of one real server (behaviours HC-01, HC-03, HC-23)."""

from collections.abc import Iterator
from typing import Any, Final

from standfast.base.limits import CHECK_PACE_MIN
from standfast.base.times import Duration, times
from standfast.core.check.parameters import Check
from standfast.core.check.probes import (
    DnsProbe,
    HttpProbe,
    MiscProbe,
    Page,
    Pattern,
    PingProbe,
    Probe,
    SmtpProbe,
    TcpProbe,
    Tls,
    UdpProbe,
    Way,
)
from standfast.model.certificates import Ssl
from standfast.model.checkers import (
    DnsCheck,
    HttpGet,
    HttpUrl,
    MiscCheck,
    PingCheck,
    SmtpCheck,
    SmtpHost,
    SslGet,
    SslUrl,
    TcpCheck,
    UdpCheck,
)
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.servers import Endpoint
from standfast.model.virtual_server import RealServer

UDP_PAYLOAD: Final = bytes(range(32))  # what is sent where nothing else is said (HC-13)

_FIELDS: Final = {
    "misc_check": "MISC_CHECK",
    "smtp_check": "SMTP_CHECK",
    "tcp_check": "TCP_CHECK",
    "ping_check": "PING_CHECK",
    "udp_check": "UDP_CHECK",
    "http_get": "HTTP_GET",
    "ssl_get": "SSL_GET",
    "dns_check": "DNS_CHECK",
}


def checks_of(block: RealServer, *, service: str, server: str, ssl: Ssl | None) -> Iterator[Check]:
    """The scheduled checks of a real server; files and BFD sessions are not asked, they tell.

    Args:
        block: the real server.
        service: the name of its virtual server.
        server: its own.
        ssl: the certificates that are shown to servers that ask for one.
    """
    for kind, number, one in checkers_of(block):
        probe, patience = _probe(one, block, ssl)
        key = f"{service} {server} {kind} {number}"
        yield _check(one, key=key, server=server, kind=kind, probe=probe, patience=patience)


def checkers_of(block: RealServer) -> Iterator[tuple[str, int, Any]]:
    """The configured checkers of a real server in the order of its checks: keyword, number of its kind, block."""
    for field, kind in _FIELDS.items():
        for number, one in enumerate(getattr(block, field), 1):
            yield kind, number, one


def _check(one: Any, *, key: str, server: str, kind: str, probe: Probe, patience: Duration) -> Check:
    pace = max(one.delay_loop, CHECK_PACE_MIN)
    wait = one.delay_before_retry
    return Check(
        key,
        server,
        kind,
        probe,
        delay_loop=pace,
        warmup=one.delay_loop if one.warmup is None else one.warmup,
        retry=one.retry,
        delay_before_retry=one.delay_loop if wait is None else wait,
        patience=patience,
        alpha=one.alpha,
        log_all_failures=one.log_all_failures,
    )


def _probe(one: Any, block: RealServer, ssl: Ssl | None) -> tuple[Probe, Duration]:
    """What is tried, and how long that may take."""
    match one:
        case MiscCheck():
            patience = one.misc_timeout or max(one.delay_loop, CHECK_PACE_MIN)  # HC-17
            return MiscProbe(program_of(one), one.misc_dynamic), patience
        case HttpGet() | SslGet():
            return _http(one, block, ssl), times(max(1, len(one.url)), one.connect_timeout)
        case SmtpCheck():
            return _smtp(one, block)
        case DnsCheck():
            return DnsProbe(_way(one, block.endpoint), one.type, one.name), one.connect_timeout
        case UdpCheck():
            return _udp(one, block), one.connect_timeout
        case PingCheck():
            return PingProbe(_way(one, block.endpoint)), one.connect_timeout
        case _:
            tcp: TcpCheck = one
            return TcpProbe(_way(tcp, block.endpoint)), tcp.connect_timeout


def _way(one: Any, endpoint: Endpoint) -> Way:
    port = endpoint.port if one.connect_port is None else one.connect_port
    return Way(
        one.connect_ip or endpoint.address, port, one.bindto, one.bind_port or 0, one.bind_if, one.fwmark
    )


def program_of(one: MiscCheck) -> Script:
    """The program that a MISC_CHECK runs, with its account."""
    words = () if one.misc_path is None else one.misc_path.words
    return Script(words, one.user.user, one.user.group)


def _udp(one: UdpCheck, block: RealServer) -> UdpProbe:
    pattern = one.require_reply or ""
    return UdpProbe(
        _way(one, block.endpoint),
        bytes.fromhex(one.payload) or UDP_PAYLOAD,
        reply_needed=one.require_reply is not None,
        reply=bytes.fromhex(pattern.replace("x", "0")),
        mask=bytes.fromhex("".join("0" if digit == "x" else "f" for digit in pattern)),
        least=one.min_reply_length,
        most=one.max_reply_length,
    )


def _smtp(one: SmtpCheck, block: RealServer) -> tuple[SmtpProbe, Duration]:
    """The server itself, or the hosts that are named instead."""
    hosts: tuple[SmtpCheck | SmtpHost, ...] = one.host or (one,)
    patience = sum(host.connect_timeout for host in hosts)
    return SmtpProbe(tuple(_way(host, block.endpoint) for host in hosts), one.helo_name), Duration(patience)


def _http(one: HttpGet | SslGet, block: RealServer, ssl: Ssl | None) -> HttpProbe:
    way = _way(one, block.endpoint)
    name = one.virtualhost or block.virtualhost
    secure = isinstance(one, SslGet)
    given = ssl or Ssl()
    tls = Tls(one.enable_sni, given.ca, given.certificate, given.key, given.password) if secure else None
    closes = one.http_protocol != "1.0"
    pages = tuple(_page(url, way, name) for url in one.url)
    return HttpProbe(way, pages, one.http_protocol.rstrip("Cc"), closes, tls)


def _page(url: HttpUrl | SslUrl, way: Way, name: str) -> Page:
    """Behaviours HC-09 and HC-23: the url's own host, else the nearest one round it, else the address."""
    host = url.virtualhost or name
    codes = {"codes": url.status_code} if url.status_code else {}
    compliant = isinstance(url, SslUrl) and url.tls_compliant
    return Page(
        url.path,
        host or _authority(way),
        host,
        digest=url.digest,
        pattern=_pattern(url),
        tls_compliant=compliant,
        **codes,
    )


def _pattern(url: HttpUrl | SslUrl) -> Pattern | None:
    if not url.regex:
        return None
    stack = None if url.regex_stack is None else (url.regex_stack.start, url.regex_stack.most)
    return Pattern(
        url.regex,
        url.regex_options,
        must_match=not url.regex_no_match,
        least_offset=url.regex_min_offset,
        most_offset=url.regex_max_offset,
        stack=stack,
    )


def _authority(way: Way) -> str:
    host = f"[{way.address}]" if way.address.version == 6 else str(way.address)
    return f"{host}:{way.port}" if way.port not in (0, 80) else host
