"""All virtual servers of one process: the machine that the checker child and the simulator drive.

Checks say what they found (`core.check`); the pool of the virtual server that they are about is derived anew
(`pool`), and the table from that (`keeper`). No event costs more than the virtual servers that it is about.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, assert_never

from standfast.base.addresses import IpAddress
from standfast.base.limits import SERVERS_NAMED
from standfast.base.services import ServiceKey
from standfast.base.times import Instant
from standfast.core.check.effects import (
    AbandonAttempt,
    CheckDown,
    CheckEffects,
    CheckUp,
    CheckWeighed,
    StartAttempt,
)
from standfast.core.check.events import Attempted, Due
from standfast.core.check.node import Checks
from standfast.core.lvs.effects import (
    BalancerEffect,
    BalancerEffects,
    BalancerFact,
    Balances,
    ChecksActive,
    FlushTable,
    ManyChecksActive,
    VirtualServerGone,
)
from standfast.core.lvs.events import (
    AddressesPresent,
    BalancerEvent,
    EngineChosen,
    Judged,
    Ordered,
    Stop,
    TableAnswered,
    TableRead,
    TableUnread,
)
from standfast.core.lvs.keeper import TableKeeper
from standfast.core.lvs.legacy import BalancerLegacy, SaidLegacy, VirtualLegacy
from standfast.core.lvs.orders import NO_ORDERS, Order, Orders, by_server
from standfast.core.lvs.parameters import Plan, VirtualServer
from standfast.core.lvs.pool import Pool, amended, desired, pool, standing
from standfast.core.lvs.register import Register, checks_of
from standfast.core.lvs.said import words_of
from standfast.core.lvs.serving import begun, differing, ended
from standfast.core.lvs.snapshot import BalancerSnapshot, VirtualSnapshot
from standfast.core.lvs.table import Balanced, Table, balanced, only
from standfast.core.track.verdict import TrackerKey, Verdict

_COMMANDS: Final = (StartAttempt, AbandonAttempt)
_SETTLING: Final = (CheckDown, CheckUp, CheckWeighed)


class Balancer:
    """The machine of the virtual servers. Give it `start` first."""

    def __init__(self, dice: int = 0) -> None:
        """Make it.

        Args:
            dice: a number that spreads the first checks; another one in each process.
        """
        self._plan = Plan()
        self._register = Register()
        self._pools: dict[str, Pool] = {}
        self._idle: set[str] = set()
        self._orders: Orders = {}
        self._verdicts: dict[TrackerKey, Verdict] = {}
        self._present: frozenset[IpAddress] = frozenset()
        self._checks = Checks(dice)
        self._keeper = TableKeeper()
        self._engine = ""
        self._left: Mapping[str, VirtualLegacy] = {}  # by another process

    # ---- the machine

    def give_legacy(self, legacy: BalancerLegacy) -> None:
        """Before the start: go on where another process stopped; nothing of it is told again."""
        self._left = {one.name: one for one in legacy.virtuals}
        self._idle = {one.name for one in legacy.virtuals if one.idle}
        self._verdicts = {TrackerKey(one.kind, one.name): one.verdict for one in legacy.said}
        self._checks.give_legacy(legacy.checks)

    def bequeath(self) -> BalancerLegacy:
        """What another process needs to go on; from now on this one must change nothing."""
        return BalancerLegacy(
            tuple(VirtualLegacy(name, one.quorum, name in self._idle) for name, one in self._pools.items()),
            self._checks.bequeath(),
            tuple(SaidLegacy(key.kind, key.name, said) for key, said in self._verdicts.items()),
        )

    def start(
        self,
        plan: Plan,
        *,
        table: Table,
        now: Instant,
        former: Collection[ServiceKey] = (),
        flush: bool = False,
        present: frozenset[IpAddress] = frozenset(),
        orders: Iterable[Order] = (),
    ) -> BalancerEffects:
        """Begin.

        Args:
            plan: the virtual servers.
            table: what the kernel has.
            now: this moment.
            former: services that an earlier process of ours may have left; of others only those we want are ours.
            flush: nothing of others' stays (lvs_flush, LV-14).
            present: of the addresses that virtual servers wait for, those that the host has.
            orders: of operators, that stand.
        """
        self._plan, self._present, self._orders = plan, present, by_server(orders)
        facts: list[BalancerFact] = []
        for virtual in plan.servers:
            self._register.take(virtual)
            self._checks.add(checks_of(virtual), now, lenient=False)
            left = self._left.get(virtual.name)
            before = left is not None and left.quorum
            self._pools[virtual.name] = first = self._pool(virtual, before=before)
            if left is None:
                facts += begun(virtual, first, tell_servers=plan.tell_first)
        self._idle &= self._register.virtuals.keys()
        idle = self._rest(now, first=True)
        keys = {*former, *self._register.claims}
        wanted = {key: one for key, one in self._wanted(self._register.claims).items() if one is not None}
        begin = self._keeper.begin(wanted, table if flush else only(table, keys), now)
        activity = tuple(self._activity())
        self._left = {}
        return (*begin, *idle, *facts, *activity)

    def reload(
        self, plan: Plan, now: Instant, *, present: frozenset[IpAddress] = frozenset()
    ) -> BalancerEffects:
        """Go on with this plan; what stays keeps its state (RL-05), additions come first."""
        self._plan, self._present = plan, present
        names = {virtual.name: virtual for virtual in plan.servers}
        gone = [name for name in self._register.virtuals if name not in names]
        fresh = [one for name, one in names.items() if self._register.virtuals.get(name) is not one]
        touched: dict[ServiceKey, None] = {}
        facts: list[BalancerFact] = []
        commands: list[BalancerEffect] = []
        for virtual in fresh:
            commands += self._replace(virtual, now, touched, facts)
        for name in gone:
            commands += self._drop(name, touched, facts)
        self._register.keep(names)
        idle = self._rest(now)
        return (*commands, *idle, *self._keeper.set(self._wanted(touched)), *facts)

    def handle(self, event: BalancerEvent, now: Instant) -> BalancerEffects:
        """What follows from the event, in the order in which it is to be done: commands, then facts."""
        match event:
            case Attempted():
                return self._checked(self._checks.handle(event, now))
            case Due():
                return (*self._checked(self._checks.handle(event, now)), *self._keeper.due(now))
            case Judged(verdicts):
                return self._judged(verdicts)
            case Ordered():
                return self._ordered(event)
            case AddressesPresent(addresses):
                self._present = addresses
                return self._rest(now)
            case EngineChosen(engine, why):
                self._engine = engine
                return (Balances(engine, why),)
            case TableAnswered():
                return self._keeper.answered(event, now)
            case TableRead(table):
                return self._keeper.read(table)
            case TableUnread(words):
                return self._keeper.unread(words)
            case Stop():
                return self._stop(event)
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When it must be told `Due`."""
        check, table = self._checks.deadline(), self._keeper.deadline()
        return table if check is None or (table is not None and table < check) else check

    @property
    def ours(self) -> Collection[ServiceKey]:
        """The services that are ours: what the next process of ours must know if this one is killed."""
        return self._register.claims.keys()

    def snapshot(self, now: Instant) -> BalancerSnapshot:
        """All virtual servers at this moment."""
        return BalancerSnapshot(now, tuple(map(self._shown, self._register.virtuals.values())), self._engine)

    # ---- what checks and trackers say

    def _checked(self, effects: CheckEffects) -> BalancerEffects:
        """Settle the virtual servers whose checks say something else than before."""
        touched: dict[str, set[int]] = {}
        for effect in effects:
            if isinstance(effect, _SETTLING) and not (isinstance(effect, CheckUp) and effect.was_up):
                name, place = self._register.owner_of(effect.key)
                touched.setdefault(name, set()).add(place)
        if not touched:
            return effects
        commands = (one for one in effects if isinstance(one, _COMMANDS))
        told = (one for one in effects if not isinstance(one, _COMMANDS))
        pools = {name: self._amended(name, places) for name, places in touched.items()}
        table, facts = self._settle(pools)
        return (*commands, *table, *told, *facts)

    def _judged(self, verdicts: Mapping[TrackerKey, Verdict]) -> BalancerEffects:
        self._verdicts |= verdicts
        return self._derive(self._register.followers_of(verdicts))

    def _ordered(self, event: Ordered) -> BalancerEffects:
        """Each server is again what the facts and the orders make of it; of those that are not there, nothing."""
        before, self._orders = self._orders, by_server(event.orders)
        return self._derive(
            name
            for name in self._register.virtuals
            if self._orders.get(name, NO_ORDERS) != before.get(name, NO_ORDERS)
        )

    def _derive(self, names: Iterable[str]) -> BalancerEffects:
        """Derive the pools of these virtual servers anew."""
        pools = {
            name: self._pool(self._register.virtuals[name], before=self._pools[name].quorum) for name in names
        }
        table, facts = self._settle(pools)
        return (*table, *facts)

    def _settle(self, pools: Mapping[str, Pool]) -> tuple[BalancerEffects, list[BalancerFact]]:
        """Go over to these pools of virtual servers: what the table should become, and what is told."""
        facts: list[BalancerFact] = []
        keys: dict[ServiceKey, None] = {}
        for name, now in pools.items():
            virtual, before = self._register.virtuals[name], self._pools[name]
            if now == before:
                continue
            self._pools[name] = now
            facts += differing(virtual, before, now, of=virtual.servers)
            keys |= dict.fromkeys(service.key for service in virtual.services)
        return self._keeper.set(self._wanted(keys)), facts

    def _amended(self, name: str, places: Iterable[int]) -> Pool:
        """The pool of a virtual server of whose servers only these have been told something."""
        virtual, orders = self._register.virtuals[name], self._orders.get(name, NO_ORDERS)
        others = {}
        for place in places:
            server = virtual.servers[place]
            said = words_of(server, self._checks.states, self._verdicts)
            others[place] = standing(server, said, orders.get(server.name))
        return amended(virtual, self._pools[name], others)

    def _pool(self, virtual: VirtualServer, *, before: bool) -> Pool:
        states = self._checks.states
        words = [words_of(server, states, self._verdicts) for server in virtual.servers]
        return pool(virtual, words, self._orders.get(virtual.name, NO_ORDERS), before=before)

    def _wanted(self, keys: Iterable[ServiceKey]) -> dict[ServiceKey, Balanced | None]:
        """What these services should be: of several virtual servers of one, the first says how it is balanced."""
        found: dict[ServiceKey, Balanced | None] = {}
        made: dict[str, dict[ServiceKey, Balanced]] = {}
        for key in keys:
            parts = []
            for name in self._register.claims.get(key, ()):
                if name not in made:
                    made[name] = desired(self._register.virtuals[name], self._pools[name])
                parts.append(made[name][key])
            found[key] = _together(parts)
        return found

    # ---- which there are

    def _replace(
        self, virtual: VirtualServer, now: Instant, touched: dict[ServiceKey, None], facts: list[BalancerFact]
    ) -> CheckEffects:
        """Have this virtual server, instead of the one of its name if there is one."""
        name = virtual.name
        before, last = self._register.virtuals.get(name), self._pools.get(name)
        if before == virtual:
            self._register.virtuals[name] = virtual
            return ()
        effects: CheckEffects = ()
        if before is not None:
            self._register.forget(before)
            touched |= dict.fromkeys(service.key for service in before.services)
            kept = {check.key for check in checks_of(virtual)}
            effects = self._checks.remove(one.key for one in checks_of(before) if one.key not in kept)
        self._register.take(virtual)
        self._checks.add(checks_of(virtual), now, lenient=True)
        touched |= dict.fromkeys(service.key for service in virtual.services)
        self._pools[name] = present = self._pool(virtual, before=last is not None and last.quorum)
        if before is None or last is None:
            facts += begun(virtual, present, tell_servers=self._plan.tell_first)
        else:
            facts += differing(virtual, last, present, of=before.servers)
        return effects

    def _drop(self, name: str, touched: dict[ServiceKey, None], facts: list[BalancerFact]) -> CheckEffects:
        virtual = self._register.virtuals[name]
        touched |= dict.fromkeys(service.key for service in virtual.services)
        facts.append(VirtualServerGone(name, len(virtual.servers)))
        self._register.forget(virtual)
        del self._pools[name]
        self._idle.discard(name)
        return self._checks.remove(check.key for check in checks_of(virtual))

    # ---- addresses that are elsewhere (LV-17)

    def _rest(self, now: Instant, *, first: bool = False) -> BalancerEffects:
        """Have the checks rest whose service's address is elsewhere, and the others not."""
        commands: list[BalancerEffect] = []
        facts: list[BalancerFact] = []
        for name in sorted(self._register.waiting | self._idle):
            virtual = self._register.virtuals[name]
            idle = bool(virtual.needs) and virtual.needs.isdisjoint(self._present)
            keys = [check.key for check in checks_of(virtual)]
            if idle:
                awake = [key for key in keys if not self._checks.is_suspended(key)]
                commands += self._checks.suspend(awake)
            else:
                self._checks.resume(keys, now)
            if idle != (name in self._idle):
                checked = (one.name for one in virtual.servers if one.checks)
                facts += (ChecksActive(name, one, not idle, resting=first) for one in checked)
            (self._idle.add if idle else self._idle.discard)(name)
        return (*commands, *facts)

    def _activity(self) -> Iterator[BalancerFact]:
        """What begins, at the start."""
        pairs = [(virtual, one) for virtual in self._register.virtuals.values() for one in virtual.servers]
        checked = [(virtual, one) for virtual, one in pairs if one.checks and virtual.name not in self._left]
        if len(checked) > SERVERS_NAMED:
            yield ManyChecksActive(len(self._register.virtuals), len(checked))
            return
        for virtual, one in checked:
            if virtual.name not in self._idle:
                yield ChecksActive(virtual.name, one.name, active=True)

    # ---- the end

    def _stop(self, event: Stop) -> BalancerEffects:
        effects = self._checks.remove(tuple(self._checks.states))
        table: BalancerEffects = () if event.keep else self._keeper.end()
        if event.flush and not event.keep:
            table = (FlushTable(),)
        facts = (
            fact for one in self._register.virtuals.values() for fact in ended(one, self._pools[one.name])
        )
        told = tuple(facts)
        self._register, self._pools, self._keeper = Register(), {}, TableKeeper()
        return (*table, *effects, *told)

    # ---- what is shown

    def _shown(self, virtual: VirtualServer) -> VirtualSnapshot:
        keys = [service.key for service in virtual.services]
        refused = self._keeper.refused
        return VirtualSnapshot(
            virtual,
            self._pools[virtual.name],
            virtual.name in self._idle,
            tuple(
                tuple(self._checks.snapshot(check.key) for check in server.checks)
                for server in virtual.servers
            ),
            tuple(self._keeper.want[key] for key in keys if key in self._keeper.want),
            tuple(str(key) for key in keys if key in refused),
        )


def _together(parts: list[Balanced]) -> Balanced | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return balanced(parts[0].service, (one for part in parts for one in part.destinations.values()))
