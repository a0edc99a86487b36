"""The logs of our processes: where each one's lines go (behaviours LOG-01, LOG-02, CLI-06 to CLI-11)."""

import locale
import time
from contextlib import suppress
from typing import Final

from standfast.daemon.flags import Flags
from standfast.daemon.naming import ident_of
from standfast.observe.console import ConsoleSink
from standfast.observe.line import Level
from standfast.observe.log import Log
from standfast.observe.outlet import Outlet, Sink
from standfast.observe.syslog import SystemSink, system_socket

PARENT: Final = "Keepalived"
IDENTS: Final = {
    "checker": "Keepalived_healthcheckers",
    "vrrp": "Keepalived_vrrp",
    "bfd": "Keepalived_bfd",
    "messenger": "Keepalived_messenger",
}


def make_log(flags: Flags, ident: str) -> Log:
    """The log of one process."""
    return Log(
        [Outlet(sink, time.time) for sink in _sinks(flags, ident)],
        wall=time.time,
        least=Level.DEBUG if flags.detail else Level.INFO,
    )


def on_console(flags: Flags) -> bool:
    """Whether the log goes to standard error, too (behaviour CLI-06: that needs both)."""
    return flags.console and flags.foreground


def _sinks(flags: Flags, ident: str) -> list[Sink]:
    sinks: list[Sink] = []
    if on_console(flags):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_TIME, "")
        sinks.append(ConsoleSink())
    if flags.syslog:
        sinks.append(SystemSink(system_socket(), ident_of(flags, ident), flags.facility))
    return sinks
