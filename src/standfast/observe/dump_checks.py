"""The checks of real servers in the form of Keepalived's `keepalived_check.data` (FILE-03)."""

import time
from collections.abc import Iterator
from typing import Any, Final

from standfast.base.times import SECOND
from standfast.core.check.configured import checkers_of, program_of
from standfast.core.check.parameters import Check
from standfast.core.check.probes import (
    DnsProbe,
    HttpProbe,
    MiscProbe,
    Page,
    PingProbe,
    SmtpProbe,
    TcpProbe,
    UdpProbe,
    Way,
)
from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.check.state import Suspended
from standfast.core.lvs.parameters import RealServer
from standfast.core.track.verdict import TrackerKey, TrackerKind
from standfast.model.checkers import MiscCheck, UrlKeywords
from standfast.observe import dump_words as words
from standfast.observe.dump_servers import ServersSeen, virtual_name

_OTHER_DELAYS: Final = {"HTTP_GET": 3 * SECOND, "SSL_GET": 3 * SECOND, "DNS_CHECK": 0}  # before a retry


def checks_text(seen: ServersSeen) -> str:
    """The sections of the checks, and of the files and sessions that real servers follow."""
    lines = ["------< Health checkers >------"]
    for block, one in seen.virtuals:
        service = virtual_name(block, one)
        for server, run, checks in zip(block.real_servers, one.virtual.servers, one.checks, strict=True):
            title = f" {service} -> {run.name}"
            for (_, _, checker), check in zip(checkers_of(server), checks, strict=True):
                lines += [title, *(f"   {row}" for row in _check(checker, check, seen))]
            lines += _followed(run, title, seen)
    return "\n".join([*lines, *_files(seen), *_sessions(seen)]) + "\n"


def _check(checker: Any, one: CheckSnapshot, seen: ServersSeen) -> Iterator[str]:
    check, state = one.check, one.state
    yield f"Enabled = {words.yes(not isinstance(state.phase, Suspended))}"
    yield f"Up = {words.yes(state.up)}"
    yield f"Has run = {words.yes(state.last is not None)}"
    yield f"Current weight = {state.weight or 0}"
    yield f"Alpha = {words.yes(check.alpha)}"
    yield f"Delay loop = {check.delay_loop} us"
    yield f"Warmup = {check.warmup} us"
    yield f"Retries = {check.retry}"
    if check.retry:
        yield f"Delay before retry = {check.delay_before_retry} us"
        yield f"Retries iterations = {state.failures}"
    yield f"Default delay before retry = {_OTHER_DELAYS.get(check.kind, SECOND)} us"
    yield f"Log all failures = {words.yes(check.log_all_failures)}"
    yield from _connection(check)
    yield from _kind(checker, one, seen)


def _connection(check: Check) -> Iterator[str]:
    probe = check.probe
    if isinstance(probe, MiscProbe):
        return
    way = probe.ways[0] if isinstance(probe, SmtpProbe) else probe.way
    yield "Connection"
    yield f"  Dest = [{way.address}]:{way.port}"
    yield from _source(way)
    pages = len(probe.pages) if isinstance(probe, HttpProbe) else 1
    yield f"  Timeout = {check.patience / max(pages, 1) / SECOND:.6f}"


def _source(way: Way) -> Iterator[str]:
    if way.source is not None or way.source_port:
        yield f"  Bind to = [{way.source or ''}]:{way.source_port}"
    if way.interface:
        yield f"  Bind i/f = {way.interface}"
    if way.mark:
        yield f"  Mark = {way.mark}"


def _kind(checker: Any, one: CheckSnapshot, seen: ServersSeen) -> Iterator[str]:
    """What is special about each kind of check."""
    check, probe = one.check, one.check.probe
    version = f", http protocol {checker.http_protocol}" if isinstance(probe, HttpProbe) else ""
    yield f"Keepalive method = {check.kind}{version}"
    match probe:
        case HttpProbe():
            yield f"Enable SNI {_set(checker.enable_sni)}"
            yield f"Fast recovery {_set(checker.fast_recovery)}"
            for url, page in zip(checker.url, probe.pages, strict=True):
                yield from _page(url, page)
        case SmtpProbe():
            yield f"helo = {probe.helo}"
        case DnsProbe():
            yield f"Type = {probe.kind}"
            yield f"Name = {probe.name}"
        case UdpProbe():
            yield from _datagrams(probe)
        case MiscProbe():
            yield from _program(checker, one, seen)
        case TcpProbe() | PingProbe():
            return


def _page(url: UrlKeywords, page: Page) -> Iterator[str]:
    yield f"Checked url = {page.path}"
    if page.digest:
        yield f"  digest = {page.digest}"
    yield "  HTTP Status Code(s)"
    yield from (f"    {one.low if one.low == one.high else one}" for one in page.codes)
    if url.virtualhost:
        yield f"  Virtual host = {url.virtualhost}"
    if page.pattern is not None:
        yield f'  Regex = "{page.pattern.text}"'
        yield " ".join(("  Regex options:", *page.pattern.options))


def _set(on: bool) -> str:
    return "set" if on else "unset"


def _datagrams(probe: UdpProbe) -> Iterator[str]:
    yield f"Payload len = {len(probe.payload)}"
    yield f"Require reply = {words.yes(probe.reply_needed)}"
    if probe.reply_needed:
        yield f"  Min reply length = {probe.least}"
        yield f"  Max reply length = {probe.most}"
        yield f"  Reply data len = {len(probe.reply)}"


def _program(checker: MiscCheck, one: CheckSnapshot, seen: ServersSeen) -> Iterator[str]:
    state, script = one.state, program_of(checker)
    yield f"script = {words.command(script)}"
    yield f"timeout = {words.whole_seconds(checker.misc_timeout)}"
    yield f"dynamic = {'YES' if checker.misc_dynamic else 'NO'}"
    yield f"uid:gid = {seen.account(script)}"
    yield f"Last ran = {_moment(0.0 if state.last_at is None else seen.moment.at(state.last_at))}"
    yield f"Last status = {int(state.last is not None and not state.last.ok)}"


def _moment(at: float) -> str:
    """A time of day: here the fraction stands behind the year."""
    seconds, micro = int(at), f"{round(at % 1 * 1e6):06d}"
    return f"{seconds}.{micro} ({time.strftime(f'%a %b %e %H:%M:%S %Y.{micro}', time.localtime(seconds))})"


# ---- files and sessions


def _followed(run: RealServer, title: str, seen: ServersSeen) -> Iterator[str]:
    for followed in run.follows:
        verdict = seen.verdict(followed.key)
        rows = [
            "Enabled = yes",
            f"Up = {words.yes(verdict.up)}",
            "Has run = yes",
            f"Current weight = {(followed.multiplier or 0) * verdict.value}",
        ]
        if followed.key.kind is TrackerKind.FILE:
            rows += ["Log all failures = no", "Keepalive method = FILE_CHECK"]
            rows += [f"  Tracked file = {followed.key.name}", "  Reloaded = No"]
        else:
            rows += [f"Alpha = {words.yes(followed.alpha)}", f"Default delay before retry = {SECOND} us"]
            rows += ["Log all failures = no"]
            rows += ["Keepalive method = BFD_CHECK", f"Name = {followed.key.name}"]
            rows += [f"Alpha is {'ON' if followed.alpha else 'OFF'}"]
        yield title
        yield from (f"   {row}" for row in rows)


def _files(seen: ServersSeen) -> Iterator[str]:
    followers: dict[str, list[str]] = {}
    for block, one in seen.virtuals:
        for run in one.virtual.servers:
            for followed in run.follows:
                if followed.key.kind is TrackerKind.FILE:
                    follower = f"{virtual_name(block, one)} -> {run.name}, weight {followed.multiplier}"
                    followers.setdefault(followed.key.name, []).append(follower)
    if followers:
        yield "------< Checker track files >------"
    for file in seen.config.track_files:
        if file.name in followers:
            yield f" Track file = {file.name}"
            yield f"   File = {file.file}"
            yield f"   Status = {seen.verdict(TrackerKey(TrackerKind.FILE, file.name)).value}"
            yield f"   Weight = {file.weight.value}{' reverse' * file.weight.reverse}"
            yield "   Tracking instances :"
            yield from (f"     {each}" for each in followers[file.name])


def _sessions(seen: ServersSeen) -> Iterator[str]:
    followers: dict[str, list[str]] = {}
    for _, one in seen.virtuals:
        for run in one.virtual.servers:
            for followed in run.follows:
                if followed.key.kind is TrackerKind.BFD:
                    followers.setdefault(followed.key.name, []).append(run.name)
    if followers:
        yield "------< Checker track BFDs >------"
    for name, names in followers.items():
        yield f" Checker Track BFD = {name}"
        yield "   Tracking RS :"
        yield from (f"   {each}" for each in names)
