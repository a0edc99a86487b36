"""The interpreter of the balancer: each effect goes to its port, in the order given."""

from collections.abc import Sequence

from lvs_director import Director, real, web

from standfast.base.times import Instant
from standfast.core.check.effects import AbandonAttempt, StartAttempt
from standfast.core.check.probes import Probe
from standfast.core.lvs.effects import (
    BalancerEffect,
    ChangeTable,
    FlushTable,
    ReadTable,
    SorryServerChanged,
    TableCommand,
    VirtualServerGone,
)
from standfast.engine.lvs import BalancerEffects


class World:
    """All ports and one listener: writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def start(self, key: str, number: int, probe: Probe, deadline: Instant) -> None:
        self.asked.append(StartAttempt(key, number, probe, deadline))

    def abandon(self, key: str, number: int) -> None:
        self.asked.append(AbandonAttempt(key, number))

    def change(self, commands: Sequence[TableCommand]) -> None:
        self.asked.append(ChangeTable(tuple(commands)))

    def read(self) -> None:
        self.asked.append(ReadTable())

    def flush(self) -> None:
        self.asked.append(FlushTable())

    def wants(self, kind: type) -> bool:
        return kind is not VirtualServerGone

    def tell(self, fact: object, now: Instant) -> None:
        assert now == 7
        self.asked.append(fact)

    def now(self) -> Instant:
        return Instant(7)


def test_each_effect_goes_to_its_port() -> None:
    director = Director(web(real(2)))
    director.run(0.5)
    (commands,) = director.batches
    effects: list[BalancerEffect] = [
        AbandonAttempt("web one", 3),
        ChangeTable(commands),
        SorryServerChanged("web", "one", used=True),
        VirtualServerGone("web", 1),
        ReadTable(),
        FlushTable(),
    ]
    world = World()

    BalancerEffects(attempts=world, table=world, listeners=(world,), clock=world).run(effects)

    assert world.asked == [effect for effect in effects if not isinstance(effect, VirtualServerGone)]
