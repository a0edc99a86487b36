"""What is told of the configuration: what came of reading it, and of the reloads since."""

from collections.abc import Callable

import msgspec

from standfast.base.times import SECOND, Duration
from standfast.conf.read import Reading
from standfast.core.supervise.effects import (
    ConfirmationAwaited,
    ReloadComplete,
    ReloadConfirmed,
    ReloadNotBegun,
    ReloadQueued,
    ReloadRefused,
    ReloadUndone,
)
from standfast.daemon.proposal import Proposal, errors_of, planned
from standfast.model.complaint import Severity
from standfast.observe.facts import ConfigUnchanged, ReloadAppointed, ReloadNotAppointed
from standfast.observe.state.configuration import Configuration, Planned, Reload

_WITHOUT_EFFECT = "no-effect-yet"
_SHOWN = 50  # complaints; the log and `standfast check` have all


class ConfigState:
    """Follows the configuration; a listener of the parent's facts."""

    def __init__(self, path: str, reading: Reading | None, wall: Callable[[], float]) -> None:
        """Make it.

        Args:
            path: of the configuration.
            reading: what the daemon started with.
            wall: the time of day.
        """
        self._wall = wall
        self._changed = True
        first = Configuration(path=path, generation=1, since=round(wall(), 3))
        self.now = first if reading is None else _with(first, reading)
        self._next = self.now
        self._errors: tuple[str, ...] = ()  # of what was read last
        self._plan: tuple[Planned, ...] = ()
        self._within: Duration | None = None  # in which what comes into force next must be confirmed
        self._former: Configuration | None = None  # what comes back if it is not
        self._undone = ""  # why the former one comes back

    def read(self, proposal: Proposal) -> None:
        """It was read once more; whether that comes into force is not known yet."""
        self._changed = True
        self._next = _with(self.now, proposal.reading)
        self._errors = errors_of(proposal.reading)[:_SHOWN]
        self._plan = planned(proposal.differences)
        self.now = msgspec.structs.replace(self.now, reloading=True)

    def tell(self, fact: object) -> None:
        """See what became of a reload."""
        match fact:
            case ConfigUnchanged():
                self._changed = False
            case ConfirmationAwaited(within):
                self._within, self._former = within, self.now
            case ReloadComplete():
                self.now = self._adopted()
                self._within, self._undone = None, ""
            case ReloadConfirmed():
                self._former = None
                done = self.now.reload and msgspec.structs.replace(self.now.reload, confirm_by=None)
                self.now = msgspec.structs.replace(self.now, reload=done, confirm_by=None)
            case ReloadUndone(why):
                self._recall(why)
            case ReloadNotBegun(words):
                done = Reload(at=self._at(), ok=False, words=words)
                self.now = msgspec.structs.replace(self.now, reload=done, reloading=False)
            case ReloadRefused(by, words):
                said = f"the {by} process: {words}" if by else words
                self._undone = ""
                done = Reload(at=self._at(), ok=False, words=said, problems=self._errors, plan=self._plan)
                self.now = msgspec.structs.replace(self.now, reload=done, reloading=False)
            case ReloadAppointed(moment=at):
                self.now = msgspec.structs.replace(self.now, reload_at=at)
            case ReloadNotAppointed():
                self.now = msgspec.structs.replace(self.now, reload_at=None)
            case ReloadQueued():
                self.now = msgspec.structs.replace(self.now, reloading=True)
            case _:
                pass

    def _adopted(self) -> Configuration:
        at, within = self._at(), self._within
        confirm_by = None if within is None else round(at + within / SECOND, 3)
        done = Reload(
            at=at,
            ok=not self._undone,
            changed=self._changed,
            words=self._undone,
            plan=self._plan,
            confirm_by=confirm_by,
            undone=bool(self._undone),
        )
        if not self._changed:
            return msgspec.structs.replace(self.now, reload=done, reloading=False)
        return msgspec.structs.replace(
            self._next,
            generation=self.now.generation + 1,
            since=done.at,
            reload=done,
            reloading=False,
            confirm_by=confirm_by,
            reload_at=self.now.reload_at,
        )

    def _recall(self, why: str) -> None:
        """The former configuration is about to come back."""
        former, self._former = self._former or self.now, None
        self._changed, self._undone, self._next = True, why, former
        self._errors, self._plan = (), ()
        self.now = msgspec.structs.replace(self.now, reloading=True, confirm_by=None)

    def _at(self) -> float:
        return round(self._wall(), 3)


def _with(base: Configuration, reading: Reading) -> Configuration:
    problems = reading.problems
    without = dict.fromkeys(one.words.split(" ", 1)[0] for one in problems if one.slug == _WITHOUT_EFFECT)
    complaints = [one for one in problems if one.severity is not Severity.NOTICE]
    return msgspec.structs.replace(
        base,
        errors=sum(one.severity is Severity.ERROR for one in complaints),
        warnings=sum(one.severity is Severity.WARNING for one in complaints),
        without_effect=tuple(without),
        complaints=tuple(f"{one.place}: {one.words}" for one in complaints[:_SHOWN]),
    )
