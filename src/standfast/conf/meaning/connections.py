"""The rules of what checkers connect with, and of the answers that they take (behaviours HC-06, HC-13)."""

from typing import Any

from standfast.base.frozen import changed
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.origin import Origin
from standfast.model.complaint import Severity
from standfast.model.virtual_server import RealServer, VirtualServer

Server = Built[VirtualServer]

_FIELDS = ("tcp_check", "ping_check", "udp_check", "http_get", "ssl_get", "dns_check", "smtp_check")


def checkers_can_connect(it: Server, _: Draft) -> None:
    """Addresses of a checker are of one family, and a link-local one says on which link."""
    origins = it.origin.blocks.get("real_servers", [])
    servers = tuple(
        _settled(it, server, origin) for server, origin in zip(it.value.real_servers, origins, strict=True)
    )
    if any(settled is not server for settled, server in zip(servers, it.value.real_servers, strict=True)):
        it.change(real_servers=servers)


def _settled(it: Server, server: RealServer, origin: Origin) -> RealServer:
    for field in _FIELDS:
        checkers = getattr(server, field)
        if not checkers:
            continue
        pairs = zip(checkers, origin.blocks.get(field, ()), strict=True)
        settled = tuple(_checker(it, server, *pair) for pair in pairs)
        if any(one is not before for one, before in zip(settled, checkers, strict=True)):
            server = changed(server, **{field: settled})
    return server


def _checker(it: Server, server: RealServer, checker: Any, origin: Origin) -> Any:
    target = checker.connect_ip or server.endpoint.address
    if checker.bindto is not None and checker.bindto.version != target.version:
        words = f"bindto {checker.bindto} is not of the family of {target}; it is ignored"
        line = origin.fields.get("bindto")
        it.complain("wrong-family", words, line=line, at=1, severity=Severity.ERROR)
        checker = changed(checker, bindto=None)
    if target.version == 6 and target.is_link_local and not checker.bind_if:
        it.complain(
            "link-local",
            f"the check of {target} does not say on which link that address is",
            line=origin.fields.get("connect_ip") or origin.line,
            severity=Severity.ERROR,
            hint="write `bind_if INTERFACE`",
        )
    if getattr(checker, "min_reply_length", 0) > getattr(checker, "max_reply_length", 0):
        words = (
            f"no answer is at least {checker.min_reply_length} and at most {checker.max_reply_length} bytes"
        )
        it.complain("reply-length", f"{words} long: the check always fails", line=origin.line)
    return checker
