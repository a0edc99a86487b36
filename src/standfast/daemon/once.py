"""The scripts of the daemon itself: one before the children start, one after the last has ended (SCR-13).

The parent waits for them, each within its limit: at these two moments there is nothing else to do.
"""

import asyncio
import signal
from collections.abc import Callable

from standfast.base.times import Duration, between
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.scripts import HostScripts
from standfast.linux.loop import MonotonicClock, new_loop
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.observe.notify import ScriptEnd, outcome_of

Tell = Callable[[object], None]


def run_startup_script(config: Config, tell: Tell) -> None:
    """Run it, if there is one; the start goes on, however it ends."""
    defs = config.global_defs
    if defs.startup_script is not None:
        _run(defs.startup_script, config, defs.startup_script_timeout, of="startup_script", tell=tell)


def run_shutdown_script(config: Config, tell: Tell) -> None:
    """Run it, if there is one; who asks us once more to end must wait for it."""
    defs = config.global_defs
    if defs.shutdown_script is not None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _run(defs.shutdown_script, config, defs.shutdown_script_timeout, of="shutdown_script", tell=tell)


def _run(script: Script, config: Config, limit: Duration, *, of: str, tell: Tell) -> None:
    clock, loop = MonotonicClock(), new_loop()
    scripts = HostScripts(loop)
    scripts.configure(config, Accounts())
    ended: asyncio.Future[ScriptEnd] = loop.create_future()
    since = clock.now()
    scripts.start(script, limit=limit, ended=ended.set_result)
    try:
        end = loop.run_until_complete(ended)
    finally:
        scripts.close()
        loop.close()  # and its threads are over: the parent is about to fork
    tell(outcome_of(end, script, of=of, took=between(since, clock.now()), limit=limit))
