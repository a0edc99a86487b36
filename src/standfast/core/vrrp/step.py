"""What one virtual router does: its state machine (RFC 9568, section 6.4; RFC 3768, section 6.4).

    init ──> backup <──> master         any ──> fault ──> backup (or master, as at the start)
      └────────────────────^            any ──> init, when it is stopped

One function a state, one case a rule, one door into each state. It leaves to others whether an advert counts
(`accept`), when something is due (`timing`) and what all routers of a process do together (`node`). The words
master and backup are those of behaviours SM-*; RFC 9568 says Active and Backup.
"""

from dataclasses import replace
from typing import Final, assert_never

from standfast.base.limits import ANSWERS_PER_INTERVAL
from standfast.base.priorities import LEAVING
from standfast.base.times import CENTISECOND, Instant, after, between, in_seconds, times
from standfast.core.vrrp.announce import (
    Announcing,
    Cause,
    announcement_due,
    elsewhere_due,
    in_a_batch,
    next_elsewhere,
    next_part,
    rounds_of,
)
from standfast.core.vrrp.causes import cause_of, has_further
from standfast.core.vrrp.effects import (
    Announce,
    Effect,
    Effects,
    HoldAddresses,
    Overslept,
    OwnersConflict,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
    WeakerHeard,
)
from standfast.core.vrrp.events import (
    Due,
    Faulted,
    GroupYields,
    Heard,
    Recovered,
    RouterEvent,
    Started,
    Stopped,
)
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State, name_of
from standfast.core.vrrp.timing import advert_due, overslept, silence_ends

Step = tuple[State, Effects]

EDGES: Final = frozenset(  # every way from one state to another that the functions below can take
    {
        ("init", "backup"),
        ("init", "master"),
        ("init", "fault"),
        ("backup", "master"),
        ("backup", "fault"),
        ("backup", "init"),
        ("master", "backup"),
        ("master", "fault"),
        ("master", "init"),
        ("fault", "fault"),
        ("fault", "backup"),
        ("fault", "master"),
        ("fault", "init"),
    }
)


def step(router: Router, state: State, event: RouterEvent, now: Instant) -> Step:
    """The state after the event, and what follows from it, in the order in which it is to be done."""
    match state:
        case Init():
            return _init(router, state, event, now)
        case Backup():
            return _backup(router, state, event, now)
        case Master():
            return _master(router, state, event, now)
        case Fault():
            return _fault(router, state, event, now)
        case _:
            assert_never(state)


def _init(router: Router, state: Init, event: RouterEvent, now: Instant) -> Step:
    match event:
        case Started(not_before):
            return _take_part(router, state, "started", now, not_before)
        case Faulted(reasons):
            return _enter_fault(router, state, reasons)
        case Heard() | Due() | Recovered() | GroupYields() | Stopped():
            return state, ()
        case _:
            assert_never(event)


def _backup(router: Router, state: Backup, event: RouterEvent, now: Instant) -> Step:
    match event:
        case Heard() if event.advert.priority == LEAVING:
            return _heed(router, state, event, now, left=True), ()
        case Heard() if event.advert.priority >= router.priority or not router.preempt:
            return _heed(router, state, event, now), ()
        case Heard():
            return _hear_weaker_as_backup(router, state, event, now)
        case Due(since):
            return _end_silence(router, state, max(since, silence_ends(router, state)), now)
        case Faulted(reasons):
            return _enter_fault(router, state, reasons)
        case Stopped():
            return _enter_init(router, state)
        case Started() | Recovered() | GroupYields():
            return state, ()
        case _:
            assert_never(event)


def _master(router: Router, state: Master, event: RouterEvent, now: Instant) -> Step:
    match event:
        case Heard() if _outranks(router, event):
            return _yield_to(router, state, event, now)
        case Heard() if overslept(router, state, now):
            return _wake_hearing(router, state, event, now)
        case Heard() if event.advert.priority == LEAVING:
            return _answer_leaving(router, state, now)
        case Heard():
            return _answer_weaker(router, state, event, now)
        case Due() if overslept(router, state, now):
            return _wake(router, state, now)
        case Due() if now >= advert_due(router, state):
            return _beat(router, state, now)
        case Due():
            return _announce(router, state, now)
        case GroupYields():
            return _follow(router, state, event, now)
        case Faulted(reasons):
            return _enter_fault(router, state, reasons)
        case Stopped():
            return _enter_init(router, state)
        case Started() | Recovered():
            return state, ()
        case _:
            assert_never(event)


def _fault(router: Router, state: Fault, event: RouterEvent, now: Instant) -> Step:
    match event:
        case Recovered(not_before):
            return _take_part(router, state, "recovered", now, not_before)
        case Faulted(reasons) if has_further(reasons, state.reasons):
            return _enter_fault(router, state, reasons)
        case Faulted(reasons) if reasons != state.reasons:
            return Fault(reasons), ()
        case Stopped():
            return _enter_init(router, state)
        case Heard() | Due() | Started() | Faulted() | GroupYields():
            return state, ()
        case _:
            assert_never(event)


# ---- what a backup does


def _heed(router: Router, state: Backup, heard: Heard, now: Instant, *, left: bool = False) -> Backup:
    """The advert counts: silence starts again, at the pace of the master (RFC 9568, section 6.4.2).

    One that came before the present silence began, and is read only now, shortens it by nothing. One that is read
    an interval late or more is not the last word: a receive buffer keeps the beginning of a long sleep, and what
    came behind it may have found no room. So at least one more interval is left to listen.
    """
    learns = router.version == 3 and not left  # one that leaves may announce any interval
    interval = times(heard.advert.interval_cs, CENTISECOND) if learns else state.interval
    interval = interval if router.version == 3 else router.interval
    late = between(heard.at, now) >= interval
    since = Instant(now - times(router.down_timer_adverts - 1, interval)) if late else heard.at
    return Backup(
        quiet_since=max(heard.at, since, state.quiet_since),
        interval=interval,
        master=heard.sender,
        master_priority=heard.advert.priority,
        master_left=left and not late,
    )


def _hear_weaker_as_backup(router: Router, state: Backup, heard: Heard, now: Instant) -> Step:
    """A weaker master: our silence keeps running, after preempt_delay if there is one (behaviours SM-10, SM-24).

    The first advert behind the delay shows that the master lived when it ended; from there the silence counts.
    """
    first = state.weaker_since is None
    since = max(heard.at, state.quiet_since) if state.weaker_since is None else state.weaker_since
    effects = (WeakerHeard(router.name, heard.sender, heard.advert.priority),) if first else ()
    delay_ends = after(since, router.preempt_delay)
    if router.preempt_delay and state.quiet_since < delay_ends:
        heeded = _heed(router, state, heard, now)
        quiet_since = min(heeded.quiet_since, delay_ends)
        return replace(heeded, quiet_since=quiet_since, weaker_since=since), effects
    return replace(state, weaker_since=since), effects


def _end_silence(router: Router, state: Backup, due: Instant, now: Instant) -> Step:
    """The master has been silent too long; or did we only sleep too long to hear it?"""
    if now < due:
        return state, ()
    late = between(due, now)
    if late >= state.interval and not state.doubted:
        # What came in while we slept has been given, but a receive buffer holds only so much of a long sleep.
        # One more interval of listening costs little; a second master costs more.
        heard_by = Instant(now - times(router.down_timer_adverts - 1, state.interval))
        doubting = replace(state, quiet_since=heard_by, master_left=False, doubted=True)
        return doubting, (Overslept(router.name, late, "listens"),)
    if state.master_left:
        return _enter_master(router, state, "master-left", now, f"{state.master} said so")
    if state.weaker_since is not None:
        reign = in_seconds(between(state.weaker_since, now))
        return _enter_master(router, state, "preempts", now, f"a weaker master for {reign} s")
    if state.master is None:
        return _enter_master(router, state, "nobody-heard", now)
    quiet = in_seconds(between(state.quiet_since, now))
    became, taking_over = _enter_master(
        router, state, "master-down", now, f"{state.master} silent for {quiet} s"
    )
    return replace(became, displaced=state.master), taking_over


# ---- what a master does


def _outranks(router: Router, heard: Heard) -> bool:
    """Whether the sender has more right to be master; addresses decide between equals (RFC 9568, 6.4.3)."""
    if heard.advert.priority != router.priority:
        return heard.advert.priority > router.priority
    return int(heard.sender) > int(heard.ours)


def _yield_to(router: Router, state: Master, heard: Heard, now: Instant) -> Step:
    """Let the stronger one be.

    One whose silence had made us master did not hear us, either: the network was split. Hosts on our side have
    learnt that the addresses are ours, and it cannot know. One last advert makes it announce them anew; but who
    overslept gave it the right to be master, and says nothing.
    """
    effects: Effects = ()
    if router.owner and heard.advert.priority == router.priority:
        effects += (OwnersConflict(router.name, heard.sender),)
    was_split = heard.sender == state.displaced and not overslept(router, state, now)
    if router.says_goodbye_to_stronger or was_split:
        effects += (SendAdvert(router.name, router.priority),)
    waiting = _heed(router, _silent(router, heard.at), heard, now)
    detail = f"{heard.sender} has priority {heard.advert.priority}, ours is {router.priority}"
    after_, entering = _enter_backup(router, state, waiting, "stronger-heard", detail)
    return after_, effects + entering


def _follow(router: Router, state: Master, yields: GroupYields, now: Instant) -> Step:
    """The sync group lets another be master (behaviour SG-03); who waits for us need not wait long."""
    goodbye = SendAdvert(router.name, LEAVING)
    detail = f"{yields.member}: {yields.detail}" if yields.detail else yields.member
    waiting, effects = _enter_backup(router, state, _silent(router, now), "sync-group", detail)
    return waiting, (goodbye, *effects)


def _answer_leaving(router: Router, state: Master, now: Instant) -> Step:
    """Somebody else gives up: say at once that we are there, and count from here (RFC 9568, 6.4.3)."""
    if state.answers >= ANSWERS_PER_INTERVAL:
        return state, ()
    spoken = replace(state, beat=now, answers=state.answers + 1)
    return spoken, (SendAdvert(router.name, router.priority),)


def _answer_weaker(router: Router, state: Master, heard: Heard, now: Instant) -> Step:
    """Speak at once, so that a weaker master yields now, and mend what hosts learnt (behaviour SM-15)."""
    effects: Effects = (WeakerHeard(router.name, heard.sender, heard.advert.priority, router.priority),)
    if router.owner and heard.advert.priority == router.priority:
        effects += (OwnersConflict(router.name, heard.sender),)
    if state.answers >= ANSWERS_PER_INTERVAL:
        return state, effects
    if router.answers_weaker:
        effects = (SendAdvert(router.name, router.priority), *effects)
    announcing = state.announcing
    if rounds_of(router, Cause.WEAKER).repeat and not in_a_batch(router, announcing, now):
        announcing = Announcing(Cause.WEAKER, now)
    return replace(state, announcing=announcing, answers=state.answers + 1), effects


def _beat(router: Router, state: Master, now: Instant) -> Step:
    """The next advert of the grid; one for all that were due."""
    passed = between(state.beat, now) // router.interval
    beat = after(state.beat, times(passed, router.interval))
    spoken = Master(state.since, beat, state.announcing, displaced=state.displaced, elsewhere=state.elsewhere)
    return spoken, (SendAdvert(router.name, router.priority),)


def _wake(router: Router, state: Master, now: Instant) -> tuple[Backup, Effects]:
    """Who overslept the others' silence listens before it speaks."""
    waiting = _silent(router, now)
    detail = f"no advert of ours for {in_seconds(between(state.beat, now))} s"
    _, effects = _enter_backup(router, state, waiting, "overslept", detail)
    late = between(advert_due(router, state), now)
    return waiting, (Overslept(router.name, late, "yields"), *effects)


def _wake_hearing(router: Router, state: Master, heard: Heard, now: Instant) -> Step:
    """What came while we slept is given before our own alarm.

    To answer it and to lie down at the alarm would silence both sides: it yields to our answer.
    """
    waiting, effects = _wake(router, state, now)
    heeding, more = _backup(router, waiting, heard, now)
    return heeding, effects + more


def _announce(router: Router, state: Master, now: Instant) -> Step:
    due = announcement_due(router, state.announcing)
    if due is None or now < due:
        return _announce_elsewhere(router, state, now)
    part, announcing = next_part(router, state.announcing, due)
    return replace(state, announcing=announcing), (Announce(part),)


def _announce_elsewhere(router: Router, state: Master, now: Instant) -> Step:
    due = elsewhere_due(router, state.elsewhere)
    if state.elsewhere is None or due is None or now < due:
        return state, ()
    part, elsewhere = next_elsewhere(router, state.elsewhere, due)
    return replace(state, elsewhere=elsewhere), (Announce(part),)


# ---- the doors


def _take_part(router: Router, old: State, reason: str, now: Instant, not_before: Instant) -> Step:
    """Start, or start again (RFC 9568, section 6.4.1; behaviours SM-01 to SM-05, SM-25, SM-29)."""
    if router.owner and router.starts_as_master and now >= not_before:
        return _enter_master(router, old, "owner", now)
    return _enter_backup(router, old, _silent(router, max(now, not_before)), reason)


def _silent(router: Router, now: Instant) -> Backup:
    """A backup that has heard nobody yet."""
    return Backup(quiet_since=now, interval=router.interval)


def _enter_backup(router: Router, old: State, waiting: Backup, reason: str, detail: str = "") -> Step:
    changed = RouterChanged(router.name, name_of(old), "backup", reason, router.priority, detail)
    return waiting, (*_released(router, old), changed)


def _enter_master(
    router: Router, old: State, reason: str, now: Instant, detail: str = ""
) -> tuple[Master, Effects]:
    """Become master: speak, then hold and announce part by part, then tell (behaviour SM-19).

    The first round of announcements goes with the addresses, so that the first of a thousand is reachable
    before the last is held.
    """
    effects: list[Effect] = [SendAdvert(router.name, router.priority)]
    announces = router.announcements.takeover.repeat > 0
    for part in router.parts:
        effects.append(HoldAddresses(part))
        if announces:
            effects.append(Announce(part))
    effects.append(RouterChanged(router.name, name_of(old), "master", reason, router.priority, detail))
    done = len(router.parts) if announces else 0
    state = Master(
        since=now,
        beat=now,
        announcing=Announcing(Cause.MASTER, now, done),
        elsewhere=Announcing(Cause.ELSEWHERE, now) if router.elsewhere else None,
    )
    return state, tuple(effects)


def _enter_fault(router: Router, old: State, reasons: tuple[str, ...]) -> Step:
    """Stop taking part; a master says so first (behaviour SM-18, once: RFC 9568 knows one such advert)."""
    goodbye = (SendAdvert(router.name, LEAVING),) if isinstance(old, Master) else ()
    slug, detail = cause_of(reasons)
    changed = RouterChanged(router.name, name_of(old), "fault", slug, router.priority, detail)
    return Fault(reasons), (*goodbye, *_released(router, old), changed)


def _enter_init(router: Router, old: State) -> Step:
    """End: a master that stops says so with priority 0; a backup says nothing (RFC 9568, 6.4.2, 6.4.3)."""
    goodbye = (SendAdvert(router.name, LEAVING),) if isinstance(old, Master) else ()
    changed = RouterChanged(router.name, name_of(old), "init", "stopped", router.priority)
    return Init(), (*goodbye, *_released(router, old), changed)


def _released(router: Router, old: State) -> Effects:
    holding = isinstance(old, Master) and router.held
    return (ReleaseAddresses(router.name, router.held),) if holding else ()
