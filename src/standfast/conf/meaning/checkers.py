"""The rules of checkers: they have what they need (CF-08), and name what is there."""

from collections.abc import Callable
from typing import Any, Final

from standfast.base.frozen import changed
from standfast.base.nearest import nearest
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.origin import Origin
from standfast.model.complaint import Severity
from standfast.model.virtual_server import RealServer, VirtualServer

Server = Built[VirtualServer]

# Each sort of checkers with a required part: its field, its keyword, the part.
_PARTS: Final = (
    ("http_get", "HTTP_GET", "url"),
    ("ssl_get", "SSL_GET", "url"),
    ("misc_check", "MISC_CHECK", "misc_path"),
    ("file_check", "FILE_CHECK", "track_file"),
    ("bfd_check", "BFD_CHECK", "name"),
)

# The names that such a part can have.
_NAMES: Final[dict[str, Callable[[Draft], frozenset[str]]]] = {
    "track_file": lambda draft: draft.tracked_files,
    "name": lambda draft: draft.told_sessions,
}


def checkers_are_complete(it: Server, draft: Draft) -> None:
    """Leave out checkers that lack their required part or name what is not there; the server stays."""
    servers = []
    origins = it.origin.blocks.get("real_servers", [])
    for server, origin in zip(it.value.real_servers, origins, strict=True):
        kept = _with_complete_urls(it, server, origin)
        for field, keyword, part in _PARTS:
            if getattr(kept, field):
                judge = _judge(it, kept, keyword, part, draft)
                kept = _without(kept, field, origin, judge)
        servers.append(kept)
    if any(kept is not server for kept, server in zip(servers, it.value.real_servers, strict=True)):
        it.change(real_servers=tuple(servers))


def _with_complete_urls(it: Server, server: RealServer, origin: Origin) -> RealServer:
    """Leave out urls without a path."""
    for field in ("http_get", "ssl_get"):
        if all(url.path for checker in getattr(server, field) for url in checker.url):
            continue
        checkers = []
        for checker, where in zip(getattr(server, field), origin.blocks.get(field, []), strict=True):
            urls = tuple(url for url in checker.url if url.path)
            if len(urls) < len(checker.url):
                words = f"a url of {server.endpoint.address} needs a path; it is left out"
                it.complain(
                    "checker-part", words, line=where.line, severity=Severity.ERROR, hint="write `path /`"
                )
            checkers.append(checker if len(urls) == len(checker.url) else changed(checker, url=urls))
        server = changed(server, **{field: tuple(checkers)})
    return server


def _judge(
    it: Server,
    server: RealServer,
    keyword: str,
    part: str,
    draft: Draft,
) -> Callable[[Any, Origin], bool]:
    names = _NAMES[part](draft) if part in _NAMES else None

    def good(checker: Any, origin: Origin) -> bool:
        value = getattr(checker, part)
        if not value:
            words = f"{keyword} of {server.endpoint.address} needs a {part}; it is left out"
            hint = f"write {part} into it, or remove the checker"
            it.complain("checker-part", words, line=origin.line, severity=Severity.ERROR, hint=hint)
            return False
        if names is not None and value not in names:
            what = "track_file" if part == "track_file" else "bfd_instance"
            words = f"there is no {what} {value}; the {keyword} of {server.endpoint.address} is left out"
            place, hint = origin.fields.get(part), nearest(value, names) or f"define {what} {value}"
            if part == "name" and any(bfd.value.name == value for bfd in draft.bfd_instances if bfd.usable):
                words = f"bfd_instance {value} tells instances only; the {keyword} is left out"
                hint = f"write checker into bfd_instance {value}, too"
            it.complain("checker-unknown", words, line=place, at=1, severity=Severity.ERROR, hint=hint)
            return False
        return True

    return good


def _without(
    server: RealServer, field: str, origin: Origin, good: Callable[[Any, Origin], bool]
) -> RealServer:
    checkers, places = getattr(server, field), origin.blocks.get(field, [])
    pairs = [(one, where) for one, where in zip(checkers, places, strict=True) if good(one, where)]
    if len(pairs) == len(checkers):
        return server
    origin.blocks[field] = [where for _, where in pairs]
    return changed(server, **{field: tuple(one for one, _ in pairs)})
