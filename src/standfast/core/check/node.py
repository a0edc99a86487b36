"""All checks of one process: their states, and who is due next.

No event costs more than the checks that it is about. Which servers they are about, and what their verdicts mean
there, is the business of who drives it.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from standfast.base.agenda import Agenda
from standfast.base.limits import CHECKS_A_TURN
from standfast.base.times import Instant
from standfast.core.check.effects import AbandonAttempt, CheckEffect, CheckEffects
from standfast.core.check.events import Attempted, Due
from standfast.core.check.legacy import CheckLegacy, legacy_of
from standfast.core.check.parameters import Check
from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.check.state import CheckState, Suspended, Trying, first_state
from standfast.core.check.step import resume, step, suspend
from standfast.core.check.timing import deadline, first_attempt


class Checks:
    """The checks by their keys."""

    def __init__(self, dice: int = 0) -> None:
        """Have none.

        Args:
            dice: a number that spreads the first attempts; another one in each process.
        """
        self._dice = dice
        self._checks: dict[str, Check] = {}
        self._states: dict[str, CheckState] = {}
        self._agenda = Agenda()
        self._left: dict[str, CheckLegacy] = {}  # by another process

    def __len__(self) -> int:
        return len(self._checks)

    # ---- which there are

    def give_legacy(self, legacy: Iterable[CheckLegacy]) -> None:
        """Of what is added from now on, go on with those that another process left."""
        self._left = {one.key: one for one in legacy}

    def bequeath(self) -> tuple[CheckLegacy, ...]:
        """What another process needs to go on."""
        return tuple(legacy_of(key, state) for key, state in self._states.items())

    def add(self, checks: Iterable[Check], now: Instant, *, lenient: bool) -> None:
        """Have these, too; one whose key is known keeps its state, whatever else differs (RL-05)."""
        for check in checks:
            self._checks[check.key] = check
            state, left = self._states.get(check.key), self._left.pop(check.key, None)
            if state is None and left is not None:
                state = left.as_state()
            elif state is None:
                state = first_state(check, first_attempt(check, self._dice, now), lenient=lenient)
            self._put(check, state)

    def remove(self, keys: Iterable[str]) -> CheckEffects:
        """Have these no more (HC-26)."""
        effects: list[CheckEffect] = []
        for key in keys:
            state = self._states.pop(key)
            del self._checks[key]
            self._agenda.set(key, None)
            if isinstance(state.phase, Trying):
                effects.append(AbandonAttempt(key, state.number))
        return tuple(effects)

    def suspend(self, keys: Iterable[str]) -> CheckEffects:
        """Have these not try for now; what they said stands."""
        effects: list[CheckEffect] = []
        for key in keys:
            state, more = suspend(self._checks[key], self._states[key])
            self._put(self._checks[key], state)
            effects += more
        return tuple(effects)

    def resume(self, keys: Iterable[str], now: Instant) -> None:
        """Have these try again, spread over their warm-up as at a start."""
        for key in keys:
            check = self._checks[key]
            self._put(check, resume(self._states[key], first_attempt(check, self._dice, now)))

    # ---- what happens

    def handle(self, event: Attempted | Due, now: Instant) -> CheckEffects:
        """What follows from the event; of those that are due, some at a time."""
        match event:
            case Attempted(key):
                return self._step(key, event, now) if key in self._states else ()
            case Due():
                due = self._agenda.due(now, CHECKS_A_TURN)
                return tuple(effect for key in due for effect in self._step(key, event, now))
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When it must be told `Due`."""
        return self._agenda.first()

    # ---- what they say

    def state(self, key: str) -> CheckState:
        """One check's."""
        return self._states[key]

    def snapshot(self, key: str) -> CheckSnapshot:
        """One check."""
        check, state = self._checks[key], self._states[key]
        return CheckSnapshot(check, state, deadline(check, state))

    @property
    def states(self) -> Mapping[str, CheckState]:
        """All of them by key."""
        return self._states

    def is_suspended(self, key: str) -> bool:
        """Whether it does not try."""
        return isinstance(self._states[key].phase, Suspended)

    def _step(self, key: str, event: Attempted | Due, now: Instant) -> CheckEffects:
        check = self._checks[key]
        state, effects = step(check, self._states[key], event, now)
        self._put(check, state)
        return effects

    def _put(self, check: Check, state: CheckState) -> None:
        self._states[check.key] = state
        self._agenda.set(check.key, deadline(check, state))
