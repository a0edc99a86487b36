"""Notices to the service manager (systemd): datagrams to the socket that `NOTIFY_SOCKET` names, sd_notify(3).

Nothing depends on them: where nobody listens, or nobody reads, the daemon works as without.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from standfast.base.times import Duration

_SOCKET: Final = "NOTIFY_SOCKET"
_WATCHDOG: Final = "WATCHDOG_USEC"
_WATCHED: Final = "WATCHDOG_PID"


class ServiceManager:
    """Tells the service manager, if there is one."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Make it.

        Args:
            environment: of this process.
        """
        name = environment.get(_SOCKET, "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name  # unix(7): abstract
        self.watchdog = _watchdog(environment) if name else None

    @property
    def listens(self) -> bool:
        """Whether somebody wants to be told."""
        return self._address != ""

    def tell(self, **assignments: str | int) -> None:
        """Send one notice, in the order given; a value has no line feeds."""
        if not self.listens:
            return
        text = "\n".join(f"{name}={value}" for name, value in assignments.items())
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)  # a manager that does not read must not make us wait
            sender.sendto(text.encode(errors="replace"), self._address)


def _watchdog(environment: Mapping[str, str]) -> Duration | None:
    """How long the manager waits for a sign of life; None: it does not, or not for this process."""
    watched = environment.get(_WATCHED, "")
    if watched and watched != str(os.getpid()):
        return None
    text = environment.get(_WATCHDOG, "")
    return Duration(int(text)) if text.isdecimal() and int(text) > 0 else None
