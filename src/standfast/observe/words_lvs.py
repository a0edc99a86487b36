"""The words for what virtual servers and their checks tell; first words are those that operators grep for."""

from standfast.base.times import in_seconds
from standfast.core.check.effects import CheckDown, CheckFailed, CheckStale, CheckUp
from standfast.core.lvs.effects import (
    Balances,
    ChecksActive,
    ManyChecksActive,
    QuorumChanged,
    RealServerChanged,
    RealServerWeighed,
    SorryServerChanged,
    TableDiffers,
    TableRefused,
    TableUnreadable,
    VirtualServerGone,
)
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words

# ---- checks


@words(ChecksActive)
def active(fact: ChecksActive) -> Line:
    """Keepalived's words, all three."""
    verb = "Activating" if fact.active else "Deactivating" if fact.resting else "Suspending"
    return line(Level.INFO, f"{verb} healthchecker for service {fact.server} for VS {fact.virtual}")


@words(ManyChecksActive)
def many_active(fact: ManyChecksActive) -> Line:
    """In place of thousands of lines."""
    return line(
        Level.INFO,
        f"Activating healthcheckers for {fact.servers} services of {fact.virtuals} virtual servers",
    )


@words(CheckUp)
def check_up(fact: CheckUp) -> Line:
    """A check is good now."""
    level = Level.DEBUG if fact.first else Level.INFO
    return line(level, f"{fact.kind} on service {fact.server} succeeded", took=f"{in_seconds(fact.took)} s")


@words(CheckDown)
def check_down(fact: CheckDown) -> Line:
    """A check is bad now; why is more than Keepalived says."""
    retries = fact.failures - 1
    after = f" after {retries} retries" if retries else ""
    return line(
        Level.WARNING,
        f"{fact.kind} on service {fact.server} failed{after}",
        reason=fact.outcome.phase,
        detail=fact.outcome.detail,
    )


@words(CheckFailed)
def check_failed(fact: CheckFailed) -> Line:
    """One failure that changes nothing (behaviours HC-21, HC-22)."""
    level = Level.INFO if fact.shown else Level.DEBUG
    return line(
        level,
        f"{fact.kind} on service {fact.server} failed",
        reason=fact.outcome.phase,
        detail=fact.outcome.detail,
        in_a_row=fact.failures,
    )


@words(CheckStale, same=lambda fact: fact.key)
def stale(fact: CheckStale) -> Line:
    """What is believed of a server may not be true any more."""
    return line(
        Level.WARNING,
        f"{fact.kind} on service {fact.server} is overdue: what is known of it is old",
        since=f"{in_seconds(fact.overdue)} s",
    )


# ---- servers


@words(RealServerChanged)
def server_changed(fact: RealServerChanged) -> Line:
    """Adding, Enabling, Removing, Disabling: as Keepalived distinguishes them."""
    if fact.stopping:
        return line(Level.INFO, f"Shutting down service {fact.server} from VS {fact.virtual}")
    if fact.up:
        verb, of = ("Enabling", "of") if fact.inhibit else ("Adding", "to")
        return line(Level.NOTICE, f"{verb} service {fact.server} {of} VS {fact.virtual}", weight=fact.weight)
    verb, of = ("Disabling", "of") if fact.inhibit else ("Removing", "from")
    return line(Level.WARNING, f"{verb} service {fact.server} {of} VS {fact.virtual}", reason=fact.reason)


@words(RealServerWeighed)
def weighed(fact: RealServerWeighed) -> Line:
    """Another share."""
    return line(
        Level.INFO,
        f"Changing weight from {fact.before} to {fact.weight} for service {fact.server} of VS {fact.virtual}",
    )


@words(QuorumChanged)
def quorum(fact: QuorumChanged) -> Line:
    """The arithmetic, as Keepalived writes it."""
    if fact.stopping:
        return line(Level.INFO, f"Shutting down VS {fact.virtual}")
    if fact.up:
        need = fact.quorum + fact.hysteresis
        sums = f"{fact.quorum}+{fact.hysteresis}={need} <= {fact.live}"
        return line(Level.NOTICE, f"Gained quorum {sums} for VS {fact.virtual}")
    begin = "Starting with quorum down" if fact.first else "Lost quorum"
    sums = f"{fact.quorum}-{fact.hysteresis}={fact.quorum - fact.hysteresis} > {fact.live}"
    return line(Level.WARNING, f"{begin} {sums} for VS {fact.virtual}")


@words(SorryServerChanged)
def sorry(fact: SorryServerChanged) -> Line:
    """Who serves while nobody else can."""
    verb, of = ("Adding", "to") if fact.used else ("Removing", "from")
    return line(Level.NOTICE, f"{verb} sorry server {fact.server} {of} VS {fact.virtual}")


@words(VirtualServerGone)
def gone(fact: VirtualServerGone) -> Line:
    """No longer served by us."""
    return line(Level.INFO, f"Removing VS {fact.virtual}", servers=fact.servers)


# ---- the table


@words(Balances)
def balances(fact: Balances) -> Line:
    """Which engine, and why."""
    return line(Level.INFO, f"Balancing by {fact.engine}", why=fact.why)


@words(TableDiffers, same=lambda fact: fact.service)
def differs(fact: TableDiffers) -> Line:
    """Somebody else has a hand in it."""
    return line(
        Level.WARNING,
        f"Somebody has changed the kernel's table of {fact.service}; it is put right",
        differences="; ".join(fact.differences),
    )


@words(TableRefused, same=lambda fact: (fact.service, fact.slug))
def refused(fact: TableRefused) -> Line:
    """What the kernel does not do for us."""
    return line(Level.ERROR, fact.words, retry="once a minute")


@words(TableUnreadable, same=lambda fact: fact.words)
def unreadable(fact: TableUnreadable) -> Line:
    """Nobody knows what the kernel has."""
    return line(Level.ERROR, "Cannot read the kernel's table of virtual servers", why=fact.words)
