"""MISC_CHECK: a program that says how a server is, by its exit status (behaviours HC-16, HC-17)."""

from collections.abc import Callable, Sequence
from typing import Final

from standfast.base.errors import Refused, broken
from standfast.base.times import Duration
from standfast.engine.check_ports import MiscProbe, Script
from standfast.linux.accounts import Account
from standfast.linux.attempts.failure import Failed
from standfast.linux.attempts.trial import Trial
from standfast.linux.scripts import Outcome, Run, Scripts

_LEAST_WEIGHT_STATUS: Final = 2  # status 2 asks for weight 0 (HC-16)

Programs = Callable[[Script], tuple[Sequence[str], Account]]  # raises Refused: behaviours SE-03 to SE-07


async def attempt(trial: Trial, probe: MiscProbe, scripts: Scripts, programs: Programs) -> int | None:
    """Run it; the weight that it asks for.

    Whether it may run is looked at each time: files and accounts can change. At the deadline it gets TERM, and
    KILL a little later, with all that it has started.
    """
    trial.where = lambda: str(probe.script)
    trial.missing = "no end of the program"
    try:
        words, account = programs(probe.script)
    except Refused as refusal:
        raise Failed("cannot-run", str(refusal)) from refusal
    running: list[Run | None] = []

    def start(ended: Callable[[object], None]) -> None:
        running.append(scripts.start(words, account, limit=Duration(trial.left), ended=ended))

    outcome = None
    try:
        outcome = await trial.told(start)
    finally:
        if outcome is None and running and running[0] is not None:
            running[0].end(kill=False)
    if not isinstance(outcome, Outcome):
        broken("scripts tell how they end, and nothing else")
    return weight_of(probe, outcome)


def weight_of(probe: MiscProbe, outcome: Outcome) -> int | None:
    """The weight that a program asks for by its end.

    Raises:
        Failed: `script` or `cannot-run`; `timeout` if it had to be ended.
    """
    if outcome.refusal:
        raise Failed("cannot-run", outcome.refusal)
    said = f": {outcome.stderr}" if outcome.stderr else ""
    if outcome.timed_out:
        raise Failed("timeout", f"{probe.script}: no end of the program in time{said}")
    if probe.dynamic and outcome.status >= _LEAST_WEIGHT_STATUS:
        return outcome.status - _LEAST_WEIGHT_STATUS
    if outcome.status < 0:
        raise Failed("script", f"{probe.script}: killed by signal {-outcome.status}{said}")
    if outcome.status:
        raise Failed("script", f"{probe.script}: exit status {outcome.status}{said}")
    return None
