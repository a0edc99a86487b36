"""A reload as a transaction: all children run on the new configuration, or all on the old one.

    idle ──> reading ──> giving ──> idle
                  ^        └──> unconfirmed ──> idle
                  └─── the former one ──┘

A child that refuses, or that dies of the new configuration, turns the others back. A configuration that was to be
confirmed and was not goes like any other comes: the former one is given to all children, as a reload of its own.
"""

from collections.abc import Iterable
from dataclasses import replace

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant, after, in_seconds
from standfast.core.supervise.effects import (
    Adopt,
    ConfirmationAwaited,
    Discard,
    Effects,
    ForgetFormer,
    GiveBack,
    GiveConfig,
    KeepFormer,
    ReadConfig,
    RecallFormer,
    ReloadComplete,
    ReloadConfirmed,
    ReloadNotBegun,
    ReloadQueued,
    ReloadRefused,
    ReloadUndone,
)
from standfast.core.supervise.watch import Watch

_UNCONFIRMED = "the reload before it waits to be confirmed: confirm it, or go back, first"


@frozen
class Asked:
    """One reload that somebody asked for."""

    within: Duration | None = None  # in which it must be confirmed; None: it need not be


@frozen
class Idle:
    """No reload runs."""


@frozen
class Reading:
    """The configuration is being read and checked."""

    asked: Asked = Asked()
    again: Asked | None = None  # another reload was asked for meanwhile (behaviour RL-06)


@frozen
class Giving:
    """The children were given the new configuration."""

    watch: Watch  # what it needs
    waiting: frozenset[str]  # have not answered yet
    took: tuple[str, ...] = ()  # run on it
    asked: Asked = Asked()
    again: Asked | None = None


@frozen
class Unconfirmed:
    """The new configuration is in force; the former one comes back unless somebody confirms the new in time."""

    since: Instant
    within: Duration

    @property
    def until(self) -> Instant:
        """When the former one comes back."""
        return after(self.since, self.within)


Reload = Idle | Reading | Giving | Unconfirmed
Step = tuple[Reload, Effects]


def ask(reload: Reload, asked: Asked) -> Step:
    """Begin a reload, or remember that one is to follow."""
    match reload:
        case Idle():
            return Reading(asked), (ReadConfig(),)
        case Unconfirmed():
            # A third configuration would leave nobody who knows which one is the good one.
            return reload, (ReloadNotBegun(_UNCONFIRMED),)
        case Reading() | Giving():
            follows = _both(reload.again, asked)
            return replace(reload, again=follows), (() if reload.again else (ReloadQueued(),))


def _both(first: Asked | None, second: Asked) -> Asked:
    """Two requests that one reload answers: to be confirmed if one of them said so, in the shorter time."""
    times = [one.within for one in (first, second) if one is not None and one.within is not None]
    return Asked(min(times, default=None))


def give(reload: Reading, watch: Watch, living: Iterable[str], now: Instant) -> Step:
    """Hand the new configuration to the living children; those that it needs besides come after."""
    names = tuple(living)
    giving = Giving(watch, frozenset(names), asked=reload.asked, again=reload.again)
    if not names:
        return _complete(giving, now)
    return giving, tuple(GiveConfig(name) for name in names)


def same(reload: Reading) -> Step:
    """Nothing differs: nothing is given, and there is nothing to confirm."""
    return _next(reload.again, (Adopt(), ReloadComplete()))


def took(reload: Giving, child: str, now: Instant) -> Step:
    """One child runs on the new configuration."""
    if child not in reload.waiting:
        return reload, ()
    reload = replace(reload, waiting=reload.waiting - {child}, took=(*reload.took, child))
    return (reload, ()) if reload.waiting else _complete(reload, now)


def refuse(reload: Reading | Giving, by: str, words: str) -> Step:
    """The old configuration stays, for all; children that had taken the new one get the old one back."""
    back = reload.took if isinstance(reload, Giving) else ()
    effects: Effects = (Discard(), *(GiveBack(name) for name in back), ReloadRefused(by, words))
    return _next(reload.again, effects)


def confirm(reload: Reload, by: str) -> Step:
    """The configuration in force stays."""
    if not isinstance(reload, Unconfirmed):
        return reload, ()
    return Idle(), (ForgetFormer(), ReloadConfirmed(by))


def go_back(reload: Reload, by: str) -> Step:
    """The former configuration comes back before its time."""
    return _recall(f"{by} went back") if isinstance(reload, Unconfirmed) else (reload, ())


def due(reload: Reload, now: Instant) -> Step:
    """Nobody has confirmed it, perhaps because nobody can reach this host any more."""
    if not isinstance(reload, Unconfirmed) or now < reload.until:
        return reload, ()
    return _recall(f"nobody confirmed it within {in_seconds(reload.within)} s")


def deadline(reload: Reload) -> Instant | None:
    """When `due` is to be asked; None: never."""
    return reload.until if isinstance(reload, Unconfirmed) else None


def _recall(why: str) -> Step:
    return Reading(), (ReloadUndone(why), RecallFormer())


def _complete(reload: Giving, now: Instant) -> Step:
    within = reload.asked.within
    if within is None:
        return _next(reload.again, (Adopt(), ReloadComplete()))
    effects: Effects = (KeepFormer(), Adopt(), ConfirmationAwaited(within), ReloadComplete())
    if reload.again is not None:
        effects += (ReloadNotBegun(_UNCONFIRMED),)
    return Unconfirmed(now, within), effects


def _next(again: Asked | None, effects: Effects) -> Step:
    return (Idle(), effects) if again is None else (Reading(again), (*effects, ReadConfig()))
