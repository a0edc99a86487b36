"""The parent: all children together, a start, reloads, and an orderly end."""

from collections.abc import Iterable
from typing import assert_never

from standfast.base.errors import broken
from standfast.base.times import Instant
from standfast.core.supervise import reload as reloading
from standfast.core.supervise.effects import (
    Adopt,
    ChildEnded,
    ChildReady,
    Effects,
    End,
    StartupComplete,
    Stopping,
)
from standfast.core.supervise.events import (
    Answered,
    Begin,
    ChildEvent,
    ChildReport,
    ConfigRead,
    ConfigRefused,
    ConfigSame,
    ConfirmAsked,
    Dismissed,
    Due,
    Ended,
    Event,
    Ready,
    ReloadAsked,
    ReloadEvent,
    ReturnAsked,
    Spawned,
    SpawnFailed,
    StopAsked,
    Took,
    Wanted,
)
from standfast.core.supervise.reload import Asked, Giving, Idle, Reading, Reload
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Absent, Child, Running
from standfast.core.supervise.step import step
from standfast.core.supervise.timing import deadline
from standfast.core.supervise.watch import START_ORDER, STOP_ORDER, Watch


class Parent:
    """The machine of the parent process; does no I/O."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._children: dict[str, Child] = {name: Absent() for name in START_ORDER}
        self._reload: Reload = Idle()
        self._begun = False
        self._complete = False  # the start is over and was told
        self._status: int | None = None  # what to end with; None: we do not stop

    def handle(self, event: Event, now: Instant) -> Effects:
        """What follows from the event, in the order in which it is to be done."""
        effects = self._hear(event, now)
        effects += self._settle(now)
        return effects

    def deadline(self) -> Instant | None:
        """When the parent must be told `Due`; None: it waits for something else."""
        dues = [deadline(self._watch, child) for child in self._children.values()]
        if not self._stops:
            dues.append(reloading.deadline(self._reload))
        return min((due for due in dues if due is not None), default=None)

    def snapshot(self, now: Instant) -> ParentSnapshot:
        """The children at this moment."""
        return ParentSnapshot(
            now,
            self._watch,
            tuple(self._children.items()),
            stopping=self._stops,
            confirm_by=reloading.deadline(self._reload),
            reloading=isinstance(self._reload, Reading | Giving),
        )

    def _hear(self, event: Event, now: Instant) -> Effects:
        match event:
            case Spawned() | SpawnFailed() | Ready() | Answered() | Ended():
                return self._hear_child(event, now)
            case Took():
                return self._hear_taker(event, now)
            case Due():
                undone = () if self._stops else self._move(reloading.due(self._reload, now))
                return self._tell(self._children, event, now) + undone
            case Begin():
                self._begun = True
                return self._startup_told()
            case (
                ReloadAsked() | ConfirmAsked() | ReturnAsked() | ConfigRead() | ConfigSame() | ConfigRefused()
            ):
                return () if self._stops else self._hear_of_reload(event, now)
            case StopAsked(reason):
                return self._stop(0, reason)
            case _:
                assert_never(event)

    # ---- children

    def _hear_child(self, report: ChildReport, now: Instant) -> Effects:
        effects = self._tell((report.child,), report, now)
        match report:
            case Ready() if ChildReady(report.child) in effects:
                return effects + self._startup_told()
            case Ended(child, status) if not self._stops:
                return effects + self._unasked_end(child, status, effects)
            case _:
                return effects

    def _unasked_end(self, child: str, status: int, effects: Effects) -> Effects:
        if ChildEnded(child, status, "ends-daemon") in effects:
            # Killed by a signal under `-R`: there is no status of its own to end with.
            return self._stop(status if status >= 0 else 1, f"{child}-ended")
        if isinstance(self._reload, Giving) and child in self._reload.waiting:
            return self._refuse(child, "it ended while it took the new configuration")
        return ()

    def _startup_told(self) -> Effects:
        if self._complete or not all(_is_ready(self._children[name]) for name in self._watch.needed):
            return ()
        self._complete = True
        return (StartupComplete(),)

    def _tell(self, names: Iterable[str], event: ChildEvent, now: Instant) -> Effects:
        effects: Effects = ()
        for name in tuple(names):
            self._children[name], more = step(self._watch, name, self._children[name], event, now)
            effects += more
        return effects

    # ---- what there should be, from the present facts

    def _settle(self, now: Instant) -> Effects:
        """Start what is needed and end what is not, in order; end ourselves after the last."""
        if not self._begun:
            return ()
        if not self._stops:
            needed = self._watch.needed
            surplus = tuple(name for name in STOP_ORDER if name not in needed)
            wanted = tuple(name for name in START_ORDER if name in needed)
            return self._tell(surplus, Dismissed(), now) + self._tell(wanted, Wanted(), now)
        return self._settle_stop(now)

    def _settle_stop(self, now: Instant) -> Effects:
        effects: Effects = ()
        for name in STOP_ORDER:
            effects += self._tell((name,), Dismissed(), now)
            if not isinstance(self._children[name], Absent):
                return effects  # one after the other
        self._begun = False  # said once
        return (
            *effects,
            End(self._status if self._status is not None else broken("ends without being stopped")),
        )

    @property
    def _stops(self) -> bool:
        return self._status is not None

    def _stop(self, status: int, reason: str) -> Effects:
        if self._stops:
            return ()
        self._status = status
        return (Stopping(reason),)

    # ---- reload

    def _hear_of_reload(self, event: ReloadEvent, now: Instant) -> Effects:
        match event:
            case ReloadAsked(within):
                return self._move(reloading.ask(self._reload, Asked(within)))
            case ConfirmAsked(by):
                return self._move(reloading.confirm(self._reload, by))
            case ReturnAsked(by):
                return self._move(reloading.go_back(self._reload, by))
            case ConfigRefused(words):
                return self._refuse("", words)
            case ConfigRead() | ConfigSame() if not isinstance(self._reload, Reading):
                return ()
            case ConfigRead(watch):
                return self._move(reloading.give(self._reload, watch, self._living(watch), now), watch)
            case ConfigSame():
                return self._move(reloading.same(self._reload))
            case _:
                assert_never(event)

    def _living(self, watch: Watch) -> list[str]:
        """The children that run and are needed on; the others are dismissed, or come later."""
        names = [name for name in START_ORDER if name in watch.needed]
        return [name for name in names if isinstance(self._children[name], Running)]

    def _hear_taker(self, event: Took, now: Instant) -> Effects:
        if self._stops or not isinstance(self._reload, Giving):
            return ()
        if event.refusal:
            return self._refuse(event.child, event.refusal)
        return self._move(reloading.took(self._reload, event.child, now), self._reload.watch)

    def _refuse(self, by: str, words: str) -> Effects:
        if self._stops or not isinstance(self._reload, Reading | Giving):
            return ()
        return self._move(reloading.refuse(self._reload, by, words))

    def _move(self, moved: tuple[Reload, Effects], watch: Watch | None = None) -> Effects:
        self._reload, effects = moved
        if watch is not None and Adopt() in effects:
            self._watch = watch
        return effects


def _is_ready(child: Child) -> bool:
    return isinstance(child, Running) and child.ready
