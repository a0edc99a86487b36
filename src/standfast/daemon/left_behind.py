"""What the vrrp child may leave on the host: the parent writes it down for who comes after a killed one."""

from collections.abc import Callable

from standfast.core.supervise.events import Ended, Event, Ready, Took
from standfast.core.supervise.watch import VRRP
from standfast.daemon import configuration
from standfast.daemon.clearing import clear_away
from standfast.daemon.flags import Flags
from standfast.daemon.host_record import Former, HostRecord
from standfast.daemon.own_record import OwnRecord
from standfast.daemon.settings import Settings
from standfast.model.config import Config
from standfast.observe.facts import HostTrouble


class LeftBehind:
    """Knows it, from the birth of a child to its end."""

    def __init__(self, flags: Flags, settings: Settings, tell: Callable[[object], None]) -> None:
        """Make it.

        Args:
            flags: the command line.
            settings: what the daemon runs on.
            tell: is told what is wrong on the host.
        """
        self._flags, self._settings, self._tell = flags, settings, tell
        self._record = HostRecord(flags.pid_file)
        self._orderly = True  # the last vrrp child that ended took its addresses along

    def clear_away(self) -> None:
        """Without an instance there is no vrrp child that would take away what a killed one left."""
        if VRRP in configuration.needed(self._flags, self._settings.config):
            return
        own = OwnRecord(self._flags.pid_file)
        if clear_away(self._record.read(), own, lambda words: self._tell(HostTrouble(words))):
            self._record.remove()

    def spawn(self, child: str) -> Former:
        """A child is about to be made: what it may find on the host."""
        former = self._record.read()
        if child == VRRP:
            self._record.add(self._settings.config)
        return former

    def give(self, config: Config) -> None:
        """A child is about to be given this configuration, and may be killed while it changes over."""
        self._record.add(config)

    def hear(self, event: Event) -> None:
        """A child speaks, or has ended: then what it leaves is known again."""
        match event:
            case Ready(child=child) if child == VRRP:
                self._record.write(self._settings.config)
            case Took(child=child, refusal="") if child == VRRP:
                self._record.write(self._settings.candidate.config)
            case Ended(child=child, status=status) if child == VRRP:
                self._orderly = status == 0
            case _:
                pass

    def end(self) -> None:
        """All is over: nothing is left, unless it was to stay or nobody could take it away."""
        if self._orderly and not self._flags.leave_vrrp:
            self._record.remove()
