"""One attempt by itself, for a program that does nothing else."""

from collections.abc import Callable
from contextlib import closing

from standfast.base.errors import broken
from standfast.base.times import Duration, after
from standfast.engine.check_ports import Outcome
from standfast.linux.attempts.deadlines import Deadlines
from standfast.linux.attempts.readiness import Readiness
from standfast.linux.attempts.trial import Attempt, Trial
from standfast.linux.loop import MonotonicClock, new_loop


def once(attempt: Callable[[Trial], Attempt], limit: Duration) -> Outcome:
    """Try, and wait for the outcome."""
    outcomes: list[Outcome] = []
    with closing(new_loop()) as loop, closing(Readiness(loop)) as readiness:

        def over(outcome: Outcome) -> None:
            outcomes.append(outcome)
            loop.stop()

        deadline = after(MonotonicClock().now(), limit)
        trial = Trial(loop, readiness, Deadlines(loop), deadline=deadline, over=over)
        trial.start(attempt(trial))
        loop.run_forever()
        trial.abandon()
    return outcomes[0] if outcomes else broken("an attempt tells how it ends")
