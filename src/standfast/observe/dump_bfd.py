"""The text of all BFD sessions, for the dump that a signal asks for (FILE-03)."""

from collections.abc import Iterator

from standfast.base.times import MILLISECOND, Duration, Instant, between, in_seconds
from standfast.core.bfd.snapshot import SessionSnapshot, SessionsSnapshot
from standfast.core.bfd.step import NAMES
from standfast.observe.counters_bfd import SessionCounters
from standfast.observe.words_bfd import diagnostic_words


def sessions_text(snapshot: SessionsSnapshot, counters: SessionCounters) -> str:
    """What every session is, since when, and what was counted of it."""
    lines: list[str] = []
    for one in snapshot.sessions:
        lines.append(f"BFD Instance = {one.session.name}")
        lines += (f"  {row}" for row in _rows(one, snapshot.taken_at))
        counts = sorted(counters.of(one.session.name).items())
        lines += (f"  Counted, {word} = {number}" for word, number in counts)
    lines += (f"Not heard = {words}" for words in snapshot.deaf)
    lines += (f"Counted, for no session here, {word} = {n}" for word, n in sorted(counters.of("").items()))
    return "\n".join(lines) + "\n"


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
