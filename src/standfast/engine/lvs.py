"""Carries out what the balancer asks for, through the ports; decides nothing itself."""

from collections.abc import Iterable, Sequence

from standfast.core.check.effects import AbandonAttempt, StartAttempt
from standfast.core.lvs.effects import BalancerEffect, ChangeTable, FlushTable, ReadTable
from standfast.engine.audience import Audience
from standfast.engine.check_ports import AttemptPort
from standfast.engine.lvs_ports import TablePort
from standfast.engine.ports import Clock, Listener


class BalancerEffects:
    """The interpreter of the balancer's effects."""

    def __init__(
        self, *, attempts: AttemptPort, table: TablePort, listeners: Sequence[Listener], clock: Clock
    ) -> None:
        """Make it.

        Args:
            attempts: tries.
            table: of the kernel.
            listeners: are told the facts.
            clock: of this host.
        """
        self._attempts = attempts
        self._table = table
        self._audience = Audience(listeners, clock)

    def run(self, effects: Iterable[BalancerEffect]) -> None:
        """Do in the order given."""
        for effect in effects:
            match effect:
                case StartAttempt(key, number, probe, deadline):
                    self._attempts.start(key, number, probe, deadline)
                case AbandonAttempt(key, number):
                    self._attempts.abandon(key, number)
                case ChangeTable(commands):
                    self._table.change(commands)
                case ReadTable():
                    self._table.read()
                case FlushTable():
                    self._table.flush()
                case _:
                    self._audience.tell(effect)
