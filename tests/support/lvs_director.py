"""A balancer for tests, with a kernel that is a dictionary and servers that answer as they are told."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from written import config_of

from standfast.base.addresses import IpAddress
from standfast.base.services import Destination, DestinationKey, Service, ServiceKey, endpoint_words
from standfast.base.times import SECOND, Duration, Instant, after, seconds
from standfast.core.check.effects import AbandonAttempt, StartAttempt
from standfast.core.check.events import Attempted, Due
from standfast.core.check.outcome import Outcome
from standfast.core.lvs.configured import Planner
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    BalancerEffect,
    ChangeTable,
    EditDestination,
    EditService,
    FlushTable,
    ReadTable,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.core.lvs.events import BalancerEvent, Judged, TableRead
from standfast.core.lvs.node import Balancer
from standfast.core.lvs.orders import Order
from standfast.core.lvs.table import Table, balanced, table_of
from standfast.core.track.verdict import TrackerKey, Verdict

Fact = TypeVar("Fact")

GOOD = Outcome(ok=True)
REFUSED = Outcome(ok=False, phase="connect", detail="refused")


class Kernel:
    """A table that does what it is told, and refuses what a kernel would refuse."""

    def __init__(self, table: Table | None = None) -> None:
        self.rows: dict[ServiceKey, tuple[Service, dict[DestinationKey, Destination]]] = {
            key: (entry.service, dict(entry.destinations)) for key, entry in (table or {}).items()
        }

    @property
    def table(self) -> Table:
        return table_of(balanced(service, found.values()) for service, found in self.rows.values())

    def carry_out(self, commands: Iterable[TableCommand]) -> None:
        for command in commands:
            match command:
                case AddService(service):
                    assert service.key not in self.rows
                    self.rows[service.key] = service, {}
                case EditService(service):
                    self.rows[service.key] = service, self.rows[service.key][1]
                case RemoveService(key):
                    del self.rows[key]
                case AddDestination(key, destination):
                    assert destination.key not in self.rows[key][1]
                    self.rows[key][1][destination.key] = destination
                case EditDestination(key, destination):
                    assert destination.key in self.rows[key][1]
                    self.rows[key][1][destination.key] = destination
                case RemoveDestination(key, name):
                    del self.rows[key][1][name]


class Director:
    """A balancer on a configuration, its kernel, the attempts that are under way, and all that was told."""

    def __init__(
        self,
        text: str,
        *,
        table: Table | None = None,
        former: tuple[ServiceKey, ...] = (),
        flush: bool = False,
        present: Iterable[IpAddress] = (),
        orders: Iterable[Order] = (),
    ) -> None:
        self.now = Instant(0)
        self.kernel = Kernel(table)
        self.under_way: dict[str, StartAttempt] = {}
        self.began: list[tuple[Instant, str]] = []
        self.told: list[BalancerEffect] = []
        self.batches: list[tuple[TableCommand, ...]] = []
        self.readings = 0
        self.planner = Planner()
        self.balancer = Balancer()
        self._do(
            self.balancer.start(
                self.planner.plan(config_of(text)),
                table=self.kernel.table,
                now=self.now,
                former=former,
                flush=flush,
                present=frozenset(present),
                orders=orders,
            )
        )

    # ---- what is done to it

    def reload(self, text: str, present: Iterable[IpAddress] = ()) -> None:
        plan = self.planner.plan(config_of(text))
        self._do(self.balancer.reload(plan, self.now, present=frozenset(present)))

    def give(self, event: BalancerEvent) -> None:
        self._do(self.balancer.handle(event, self.now))

    def judge(self, key: TrackerKey, verdict: Verdict) -> None:
        self.give(Judged({key: verdict}))

    def read_back(self) -> None:
        """The kernel's table is read, as it is."""
        self.give(TableRead(self.kernel.table))

    def run(self, amount: float, outcomes: Mapping[str, Outcome] | None = None) -> None:
        """Let time pass; each attempt ends at once, well unless its server (by its words) is told otherwise."""
        until = after(self.now, seconds(amount))
        while (due := self.balancer.deadline()) is not None and due <= until:
            self.now = max(due, self.now)
            self.give(Due())
            self.answer(outcomes or {})
        self.now = until

    def answer(self, outcomes: Mapping[str, Outcome]) -> None:
        """End all attempts that are under way."""
        for key, attempt in tuple(self.under_way.items()):
            del self.under_way[key]
            outcome = next((one for word, one in outcomes.items() if word in key), GOOD)
            self.give(Attempted(key, attempt.number, outcome))

    # ---- what it shows

    def facts(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.told if isinstance(fact, kind)]

    @property
    def served(self) -> dict[str, dict[str, int]]:
        """The kernel's table: weights by destination, by service, all in words."""
        return {
            str(key): {endpoint_words(name): one.weight for name, one in found.items()}
            for key, (_, found) in self.kernel.rows.items()
        }

    def times(self, word: str) -> list[float]:
        """When the checks with this word in their key began an attempt, in seconds."""
        return [at / SECOND for at, key in self.began if word in key]

    def _do(self, effects: Iterable[BalancerEffect]) -> None:
        for effect in effects:
            match effect:
                case StartAttempt(key):
                    assert key not in self.under_way
                    self.under_way[key] = effect
                    self.began.append((self.now, key))
                case AbandonAttempt(key, number):
                    assert self.under_way.pop(key).number == number
                case ChangeTable(commands):
                    self.batches.append(commands)
                    self.kernel.carry_out(commands)
                case FlushTable():
                    self.kernel.rows.clear()
                case ReadTable():
                    self.readings += 1
                case _:
                    self.told.append(effect)


def later(director: Director, amount: float) -> Instant:
    """A moment from now."""
    return after(director.now, Duration(seconds(amount)))


def web(servers: str, more: str = "", address: str = "10.0.0.100 80") -> str:
    """A virtual server over these real servers."""
    return f"""virtual_server {address} {{
        lvs_sched rr
        lvs_method NAT
        protocol TCP
        delay_loop 10
        {more}
        {servers}
    }}
    """


def real(number: int, more: str = "", check: str = "warmup 0") -> str:
    """A real server 10.0.0.NUMBER that is checked by TCP."""
    check_text = f"TCP_CHECK {{\n{check}\n}}" if check else ""
    return f"""real_server 10.0.0.{number} 80 {{
        weight 1
        {more}
        {check_text}
    }}
    """
