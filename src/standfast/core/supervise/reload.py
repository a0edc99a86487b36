"""A reload as a transaction: all children run on the new configuration, or all on the old one.

    idle ──> reading ──> giving ──> idle

A child that refuses, or that dies of the new configuration, turns the others back.
"""

from collections.abc import Iterable
from dataclasses import replace

from standfast.base.frozen import frozen
from standfast.core.supervise.effects import (
    Adopt,
    Discard,
    Effects,
    GiveBack,
    GiveConfig,
    ReadConfig,
    ReloadComplete,
    ReloadQueued,
    ReloadRefused,
)
from standfast.core.supervise.watch import Watch


@frozen
class Idle:
    """No reload runs."""


@frozen
class Reading:
    """The configuration is being read and checked."""

    again: bool = False  # another reload was asked for meanwhile (behaviour RL-06)


@frozen
class Giving:
    """The children were given the new configuration."""

    watch: Watch  # what it needs
    waiting: frozenset[str]  # have not answered yet
    took: tuple[str, ...] = ()  # run on it
    again: bool = False


Reload = Idle | Reading | Giving
Step = tuple[Reload, Effects]


def ask(reload: Reload) -> Step:
    """Begin a reload, or remember that one is to follow."""
    if isinstance(reload, Idle):
        return Reading(), (ReadConfig(),)
    return replace(reload, again=True), (() if reload.again else (ReloadQueued(),))


def give(reload: Reading, watch: Watch, living: Iterable[str]) -> Step:
    """Hand the new configuration to the living children; those that it needs besides come after."""
    names = tuple(living)
    giving = Giving(watch, frozenset(names), again=reload.again)
    if not names:
        return _complete(giving)
    return giving, tuple(GiveConfig(name) for name in names)


def took(reload: Giving, child: str) -> Step:
    """One child runs on the new configuration."""
    if child not in reload.waiting:
        return reload, ()
    reload = replace(reload, waiting=reload.waiting - {child}, took=(*reload.took, child))
    return (reload, ()) if reload.waiting else _complete(reload)


def refuse(reload: Reading | Giving, by: str, words: str) -> Step:
    """The old configuration stays, for all; children that had taken the new one get the old one back."""
    back = reload.took if isinstance(reload, Giving) else ()
    effects: Effects = (Discard(), *(GiveBack(name) for name in back), ReloadRefused(by, words))
    return _next(reload.again, effects)


def _complete(reload: Giving) -> Step:
    return _next(reload.again, (Adopt(), ReloadComplete()))


def _next(again: bool, effects: Effects) -> Step:
    return (Reading(), (*effects, ReadConfig())) if again else (Idle(), effects)
