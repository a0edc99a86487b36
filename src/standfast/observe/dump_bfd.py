"""The texts of all BFD sessions, for the dump that a signal asks for (FILE-03): Keepalived's, and what we know."""

from collections.abc import Iterator

from standfast.base.addresses import Family
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, between, in_seconds
from standfast.core.bfd.session import Session
from standfast.core.bfd.snapshot import SessionSnapshot, SessionsSnapshot
from standfast.core.bfd.step import NAMES
from standfast.observe.counters_bfd import SessionCounters
from standfast.observe.words_bfd import diagnostic_words


def sessions_text(snapshot: SessionsSnapshot, counters: SessionCounters) -> str:
    """What every session is, since when, and what was counted of it."""
    lines: list[str] = []
    for one in snapshot.sessions:
        lines.append(f"Session = {one.session.name}")
        lines += (f"  {row}" for row in _rows(one, snapshot.taken_at))
        counts = sorted(counters.of(one.session.name).items())
        lines += (f"  Counted, {word} = {number}" for word, number in counts)
    lines += (f"Not heard = {words}" for words in snapshot.deaf)
    lines += (f"Counted, for no session here, {word} = {n}" for word, n in sorted(counters.of("").items()))
    return "\n".join(lines) + "\n"


def topology_text(snapshot: SessionsSnapshot) -> str:
    """The sessions with the rows of Keepalived's `keepalived_bfd.data`, but for its descriptors and threads."""
    lines = ["------< BFD Topology >------"]
    for one in snapshot.sessions:
        lines.append(f" BFD Instance = {one.session.name}")
        lines += (f"   {row}" for row in (*_configured(one.session), *_present(one, snapshot.taken_at)))
    return "\n".join(lines) + "\n"


def _configured(session: Session) -> Iterator[str]:
    yield f"Neighbor IP = {session.neighbor}"
    if session.source is not None:
        yield f"Source IP = {session.source}"
    yield f"Required min RX interval = {session.min_rx} us"
    yield f"Desired min TX interval = {session.min_tx} us"
    yield f"Desired idle TX interval = {session.idle_tx} us"
    yield f"Detection multiplier = {session.multiplier}"
    yield f"{'TTL' if session.family is Family.IPV4 else 'hoplimit'} = {session.ttl}"
    yield f"max_hops = {-1 if session.max_hops is None else session.max_hops}"
    yield f"passive = {'true' if session.passive else 'false'}"
    yield f"send event to VRRP process = {'Yes' if session.tells_vrrp else 'No'}"
    yield f"send event to checker process = {'Yes' if session.tells_checker else 'No'}"


def _present(one: SessionSnapshot, now: Instant) -> Iterator[str]:
    state, remote = one.state, one.state.remote
    yield f"send error = {'true' if one.trouble else 'false'}"
    yield f"local state = {one.phase}"
    yield f"remote state = {'Down' if remote is None else NAMES[remote.state]}"
    yield f"local discriminator = {state.discriminator:#x}"
    yield f"remote discriminator = {0 if remote is None else remote.discriminator:#x}"
    yield f"local diag = {diagnostic_words(state.diagnostic)}"
    yield f"remote diag = {diagnostic_words(0 if remote is None else remote.diagnostic)}"
    yield f"remote min tx intv = {0 if remote is None else remote.min_tx} us"
    yield f"remote min rx intv = {0 if remote is None else remote.min_rx} us"
    yield "local demand = 0"
    yield "remote demand = 0"
    yield f"remote detect multiplier = {0 if remote is None else remote.multiplier}"
    yield f"local tx intv = {one.interval} us"
    yield f"local detection time = {one.detection or 0} us"
    if remote is None:
        yield "last_seen = [never]"
    else:
        yield f"last_seen = {between(remote.heard_at, now) / SECOND:.6f} s ago"


def _rows(one: SessionSnapshot, now: Instant) -> Iterator[str]:
    session, state = one.session, one.state
    yield f"State = {one.phase}"
    yield f"Since = {in_seconds(between(state.since, now))} s"
    yield f"Reason = {one.reason}"
    yield f"Local diagnostic = {diagnostic_words(state.diagnostic)}"
    yield f"Neighbor = {session.neighbor}"
    yield f"Source = {session.source or 'any'}, port {one.port}"
    yield f"Way = {'multihop' if session.multihop else 'single hop'}, TTL at least {session.least_ttl}"
    yield f"Role = {'passive' if session.passive else 'active'}"
    yield f"Local discriminator = {state.discriminator:#010x}"
    yield f"Local multiplier = {session.multiplier}"
    yield f"Interval = {_ms(one.interval)}"
    yield f"Poll = {state.poll.value}"
    if one.trouble:
        yield f"Cannot send = {one.trouble}"
    if (remote := state.remote) is not None and one.detection is not None:
        yield f"Detection time = {_ms(one.detection)}"
        yield f"Remote state = {NAMES[remote.state]}"
        yield f"Remote diagnostic = {diagnostic_words(remote.diagnostic)}"
        yield f"Remote discriminator = {remote.discriminator:#010x}"
        yield f"Remote min_tx = {_ms(remote.min_tx)}, min_rx = {_ms(remote.min_rx)}"
        yield f"Remote multiplier = {remote.multiplier}"
        yield f"Heard = {in_seconds(between(remote.heard_at, now))} s ago"
    if one.deadline is not None:
        yield f"Next deadline in = {in_seconds(between(now, one.deadline))} s"


def _ms(duration: Duration) -> str:
    return f"{duration / MILLISECOND:g} ms"
