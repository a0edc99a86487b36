"""What the kernel's table should be, what we believe it to be, and the way from one to the other.

After a refusal, and once a minute, the table is read back: what differs is put right, and told, for somebody
else has changed it. What is not ours is left alone.
"""

from collections.abc import Iterable, Iterator, Mapping

from standfast.base.limits import READ_BACK_INTERVAL, TABLE_REST
from standfast.base.services import Destination, ServiceKey, endpoint_words
from standfast.base.times import Instant, after
from standfast.core.lvs.delta import delta
from standfast.core.lvs.effects import (
    BalancerEffect,
    BalancerEffects,
    ChangeTable,
    ReadTable,
    RemoveService,
    TableCommand,
    TableDiffers,
    TableRefused,
    TableUnreadable,
    service_of,
)
from standfast.core.lvs.events import TableAnswered
from standfast.core.lvs.table import Balanced, Table, only


class TableKeeper:
    """The table of our services."""

    def __init__(self) -> None:
        self._want: dict[ServiceKey, Balanced] = {}
        self._have: dict[ServiceKey, Balanced] = {}
        self._refused: set[ServiceKey] = set()  # differences of these are the kernel's word, nobody's deed
        self._touched: set[ServiceKey] = set()  # changed while the table is read: the reading may be older
        self._reading = False
        self._read_at: Instant | None = None  # when it was read last, or begun with
        self._doubted_at: Instant | None = None  # since then it may not be what we believe it to be

    @property
    def want(self) -> Table:
        """What the table should be, of what is ours."""
        return self._want

    @property
    def refused(self) -> frozenset[ServiceKey]:
        """Services that the kernel does not have as they should be."""
        return frozenset(self._refused)

    def begin(self, wanted: Table, present: Table, now: Instant) -> BalancerEffects:
        """Begin to want this.

        Args:
            wanted: what the table should be.
            present: what of the kernel's table is ours already, because a former process of ours made it.
            now: this moment.
        """
        self._want, self._have = dict(wanted), dict(present)
        self._read_at = now
        return self._mend({**self._have, **self._want})

    def set(self, wanted: Mapping[ServiceKey, Balanced | None]) -> BalancerEffects:
        """Want these services so from now on, or no longer."""
        keys = dict.fromkeys(wanted)
        for key, entry in wanted.items():
            if entry is None:
                self._want.pop(key, None)
            else:
                self._want[key] = entry
        return self._mend(keys)

    def end(self) -> BalancerEffects:
        """Have nothing of ours (behaviour LV-12)."""
        removals = tuple(RemoveService(key) for key in self._have)
        self._want, self._have, self._read_at, self._doubted_at = {}, {}, None, None
        return (ChangeTable(removals),) if removals else ()

    def _mend(self, keys: Iterable[ServiceKey]) -> BalancerEffects:
        names = tuple(keys)
        commands = delta(only(self._have, names), only(self._want, names))
        for key in dict.fromkeys(map(service_of, commands)):
            if self._reading:
                self._touched.add(key)
            if key in self._want:
                self._have[key] = self._want[key]
            else:
                self._have.pop(key, None)
                self._refused.discard(key)
        return (ChangeTable(commands),) if commands else ()

    # ---- answers

    def answered(self, answer: TableAnswered, now: Instant) -> BalancerEffects:
        """What became of commands: after a refusal or a surprise nobody knows what is there, until it is read."""
        effects: list[BalancerEffect] = []
        fresh = answer.lost or bool(answer.surprises)
        for refusal in answer.refusals:
            key = service_of(refusal.command)
            if key not in self._refused:
                fresh = True
                effects.append(TableRefused(str(key), refusal.slug, refusal.words))
            self._refused.add(key)
        for key, commands in _by_service(answer.surprises).items():
            effects.append(TableDiffers(str(key), tuple(map(_surprise, commands))))
        if fresh and self._doubted_at is None:  # what stays refused is tried again once a minute
            self._doubted_at = now
        return tuple(effects)

    def unread(self, words: str) -> BalancerEffects:
        """The table could not be read; it is tried again when its time comes."""
        self._reading = False
        self._touched.clear()
        return (TableUnreadable(words),)

    # ---- reading back

    def deadline(self) -> Instant | None:
        """When the table is to be read."""
        if self._reading:
            return None
        since = ((self._read_at, READ_BACK_INTERVAL), (self._doubted_at, TABLE_REST))
        return min((after(at, rest) for at, rest in since if at is not None), default=None)

    def due(self, now: Instant) -> BalancerEffects:
        """Read the table, if it is time."""
        at = self.deadline()
        if at is None or now < at:
            return ()
        self._reading = True
        self._read_at, self._doubted_at = now, None
        return (ReadTable(),)

    def read(self, table: Table) -> BalancerEffects:
        """Compare what was read with what should be there, and put right what differs."""
        self._reading = False
        told: list[BalancerEffect] = []
        differing: list[ServiceKey] = []
        for key, wanted in self._want.items():
            there = table.get(key)
            if key in self._touched or there == wanted:
                continue
            differing.append(key)
            if there is None:
                self._have.pop(key, None)
            else:
                self._have[key] = there
            if key not in self._refused:
                told.append(TableDiffers(str(key), tuple(differences(there, wanted))))
        self._refused &= set(differing) | self._touched
        self._touched.clear()
        return (*self._mend(differing), *told)


def differences(there: Balanced | None, wanted: Balanced) -> Iterator[str]:
    """What is not as it should be, in words."""
    if there is None:
        yield "the service is missing"
        return
    if there.service != wanted.service:
        yield "the service has other settings"
    for name, destination in wanted.destinations.items():
        found = there.destinations.get(name)
        if found is None:
            yield f"{destination} is missing"
        elif found != destination:
            yield _differing(found, destination)
    for name in there.destinations:
        if name not in wanted.destinations:
            yield f"{endpoint_words(name)} should not be there"


def _differing(found: Destination, wanted: Destination) -> str:
    if found.weight != wanted.weight:
        return f"{wanted} has weight {found.weight} instead of {wanted.weight}"
    return f"{wanted} has other settings"


def _by_service(commands: Iterable[TableCommand]) -> dict[ServiceKey, list[TableCommand]]:
    found: dict[ServiceKey, list[TableCommand]] = {}
    for command in commands:
        found.setdefault(service_of(command), []).append(command)
    return found


def _surprise(command: TableCommand) -> str:
    """The kernel says that something was there already, or was not there."""
    kind = type(command).__name__
    what = "the service" if kind.endswith("Service") else "a destination"
    return f"{what} was there already" if kind.startswith("Add") else f"{what} was missing"
