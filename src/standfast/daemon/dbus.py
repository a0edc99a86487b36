"""The objects on the system bus, with Keepalived's names (DBUS-01 to DBUS-06); imported only when wanted."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Final

from dbus_fast import BusType, DBusError, PropertyAccess, RequestNameReply
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusSignature
from dbus_fast.constants import ErrorType
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.observe.notice import BACKUP, DELETED, FAULT, MASTER, STOP

_ROOT: Final = "/org/keepalived/Vrrp1"
_WHOLE: Final = "org.keepalived.Vrrp1.Vrrp"
_PART: Final = "org.keepalived.Vrrp1.Instance"
_NOT_IN_A_PATH: Final = re.compile(r"[^A-Za-z0-9_]")
_NUMBERS: Final = {"": 0, BACKUP: 1, MASTER: 2, FAULT: 3, STOP: 4, DELETED: 5}  # behaviour DBUS-05
_WORDS: Final = ("Init", "Backup", "Master", "Fault", "Stop", "Deleted")

OneString = Annotated[tuple[str], DBusSignature("(s)")]
NumberAndWord = Annotated[tuple[int, str], DBusSignature("(us)")]
Number = Annotated[int, DBusSignature("u")]


@frozen
class Orders:
    """What somebody with the right can ask for."""

    print_data: Callable[[], None]
    print_stats: Callable[[], None]
    print_stats_clear: Callable[[], None]
    reload: Callable[[], None]
    announce: Callable[[str], None]  # the addresses of an instance


@frozen
class Place:
    """An instance, and where its object is."""

    name: str
    path: str


def root_of(*who: str) -> str:
    """Beneath what our objects are: with the names of namespace and instance of the daemon, if any (DBUS-02)."""
    return "/".join((_ROOT, *(_NOT_IN_A_PATH.sub("_", one) for one in who if one)))


def place_of(name: str, *, root: str, interface: str, vrid: int, family: str) -> Place:
    """Where an instance is (behaviour DBUS-04).

    Args:
        name: of the instance.
        root: beneath what our objects are.
        interface: that it runs on, or the word for none.
        vrid: its number.
        family: IPv4, IPv6 or None.
    """
    return Place(name, f"{root}/Instance/{_NOT_IN_A_PATH.sub('_', interface)}/{vrid}/{family}")


class _Whole(ServiceInterface):
    """The daemon."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(_WHOLE)
        self._orders = orders

    @dbus_method(name="PrintData")
    def print_data(self) -> None:
        self._orders.print_data()

    @dbus_method(name="PrintStats")
    def print_stats(self) -> None:
        self._orders.print_stats()

    @dbus_method(name="PrintStatsClear")
    def print_stats_clear(self) -> None:
        self._orders.print_stats_clear()

    @dbus_method(name="ReloadConfig")
    def reload(self) -> None:
        self._orders.reload()

    @dbus_signal(name="VrrpStarted")
    def started(self) -> None:
        """The daemon is on the bus."""

    @dbus_signal(name="VrrpReloaded")
    def reloaded(self) -> None:
        """It runs on another configuration."""

    @dbus_signal(name="VrrpStopped")
    def stopped(self) -> None:
        """It ends."""


class _Instance(ServiceInterface):
    """One instance."""

    def __init__(self, name: str, orders: Orders) -> None:
        super().__init__(_PART)
        self._name = name
        self._orders = orders
        self._state = 0

    def change(self, state: str) -> None:
        """It is in another state now."""
        self._state = _NUMBERS[state]
        self.changed()

    @dbus_method(name="SendGarp")
    def send_garp(self) -> None:
        if self._state != _NUMBERS[MASTER]:
            raise DBusError(ErrorType.FAILED, f"{self._name} is not master, and announces nothing")
        self._orders.announce(self._name)

    @dbus_signal(name="VrrpStatusChange")
    def changed(self) -> Number:
        return self._state

    @dbus_property(access=PropertyAccess.READ, name="Name")
    def name_property(self) -> OneString:
        return (self._name,)

    @dbus_property(access=PropertyAccess.READ, name="State")
    def state_property(self) -> NumberAndWord:
        return (self._state, _WORDS[self._state])


class BusService:
    """Our name on the bus, and the objects behind it."""

    def __init__(self, bus: MessageBus, orders: Orders, root: str) -> None:
        self._bus = bus
        self._orders = orders
        self._whole = _Whole(orders)
        self._instances: dict[str, tuple[str, _Instance]] = {}  # path and object, by name
        bus.export(f"{root}/Vrrp", self._whole)

    @classmethod
    async def begin(cls, service: str, orders: Orders, root: str) -> "BusService":
        """Connect and take the name.

        Raises:
            Refused: somebody has the name, or may not give it to us.
            OSError: there is no bus.
        """
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        made = cls(bus, orders, root)
        try:
            reply = await bus.request_name(service)
        except DBusError as error:
            bus.disconnect()
            remedy = "install share/dbus-1/system.d/org.keepalived.Vrrp1.conf"
            raise Refused(
                "bus-name", f"the bus refuses the name {service}: {error.text}", remedy=remedy
            ) from error
        if reply is not RequestNameReply.PRIMARY_OWNER:
            bus.disconnect()
            raise Refused("bus-name", f"somebody else has the name {service} on the bus")
        made._whole.started()
        return made

    def have(self, places: Iterable[Place]) -> None:
        """Have exactly these instances."""
        wanted = {place.name: place.path for place in places}
        for name, (path, one) in tuple(self._instances.items()):
            if wanted.get(name) != path:
                self._bus.unexport(path, one)
                del self._instances[name]
        for name, path in wanted.items():
            if name not in self._instances:
                self._instances[name] = path, _Instance(name, self._orders)
                self._bus.export(path, self._instances[name][1])

    def change(self, name: str, state: str) -> None:
        """An instance is in another state."""
        if name in self._instances and state in _NUMBERS:
            self._instances[name][1].change(state)

    def reloaded(self) -> None:
        """Tell that the daemon runs on another configuration."""
        self._whole.reloaded()

    def stopped(self) -> None:
        """Tell that the daemon ends."""
        self._whole.stopped()

    async def ended(self) -> None:
        """Return when the bus has gone."""
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Leave the bus."""
        self._bus.disconnect()
