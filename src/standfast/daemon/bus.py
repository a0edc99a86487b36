"""The interface on the system bus, if it is configured: connected, kept connected, and told of changes."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from standfast.base.errors import Refused
from standfast.base.limits import BUS_AGAIN
from standfast.base.times import SECOND
from standfast.daemon import signal_numbers
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe.facts import WorksWithout
from standfast.observe.notice import Subject
from standfast.observe.reporter import Told

if TYPE_CHECKING:
    from standfast.daemon.dbus import BusService, Orders, Place


class Bus:
    """Nothing, until a configuration asks for it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tell: Callable[[object], None],
        *,
        parent: int,
        who: tuple[str, ...] = (),
        announce: Callable[[str], None],
        ended: Callable[[asyncio.Task[None]], None],
    ) -> None:
        """Make it without a connection.

        Args:
            loop: on which it works.
            tell: is told what cannot be had.
            parent: the process that carries orders out, which are signals to it.
            who: names of this daemon among several of the host.
            announce: has the addresses of an instance announced again.
            ended: is called with the task that works here, when it ends.
        """
        self._loop = loop
        self._tell = tell
        self._parent = parent
        self._who = who
        self._announce = announce
        self._ended = ended
        self._task: asyncio.Task[None] | None = None
        self._service: BusService | None = None
        self._instances: tuple[VrrpInstance, ...] = ()
        self._defs = GlobalDefs()
        self._states: dict[str, str] = {}

    def configure(self, config: Config) -> None:
        """Go by this configuration."""
        moved = config.global_defs.dbus_service_name != self._defs.dbus_service_name
        self._defs, self._instances = config.global_defs, config.vrrp_instances
        if self._task is not None and (moved or not self._defs.enable_dbus):
            self.close()
        if self._defs.enable_dbus and self._task is None:
            self._task = self._loop.create_task(self._work())
            self._task.add_done_callback(self._ended)
        elif self._service is not None:
            self._service.have(self._places())

    def put(self, told: Told) -> None:
        """Tell of a change."""
        notice = told.notice
        if notice.subject is not Subject.INSTANCE or not notice.is_change:
            return
        known = self._states.get(notice.name) == notice.state
        self._states[notice.name] = notice.state
        if self._service is not None and not known:
            self._service.change(notice.name, notice.state)

    def recall(self, states: Mapping[str, str]) -> None:
        """Tell of states that were told to an earlier messenger; what was heard meanwhile is newer."""
        for name, state in states.items():
            if name not in self._states:
                self._states[name] = state
                if self._service is not None:
                    self._service.change(name, state)

    def reloaded(self) -> None:
        """Tell of a reload."""
        if self._service is not None:
            self._service.reloaded()

    def stop(self) -> None:
        """Tell that we end."""
        if self._service is not None:
            self._service.stopped()

    def close(self) -> None:
        """Leave the bus."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._service is not None:
            self._service.close()
            self._service = None

    async def _work(self) -> None:
        """Be on the bus; when it goes, come back when it comes back."""
        try:
            from standfast.daemon.dbus import BusService, root_of  # noqa: PLC0415  (an extra)
        except ImportError as error:
            self._tell(WorksWithout("the system bus", str(error), "install standfast[dbus]"))
            return
        while True:
            try:
                service = await BusService.begin(
                    self._defs.dbus_service_name, self._orders(), root_of(*self._who)
                )
            except (Refused, OSError, EOFError, ValueError) as error:
                self._tell(WorksWithout("the system bus", str(error)))
            else:
                self._service = service
                service.have(self._places())
                for name, state in self._states.items():
                    service.change(name, state)
                with suppress(OSError, EOFError):
                    await service.ended()
                self._service = None
            await asyncio.sleep(BUS_AGAIN / SECOND)

    def _places(self) -> "Iterator[Place]":
        from standfast.daemon.dbus import place_of, root_of  # noqa: PLC0415  (an extra)

        without = self._defs.dbus_no_interface_name or "none"
        for one in self._instances:
            yield place_of(
                one.name,
                root=root_of(*self._who),
                interface=one.interface or without,
                vrid=one.virtual_router_id,
                family=f"IPv{one.family}",
            )

    def _orders(self) -> "Orders":
        from standfast.daemon.dbus import Orders  # noqa: PLC0415  (an extra)

        return Orders(
            print_data=lambda: self._order(signal_numbers.STATE),
            print_stats=lambda: self._order(signal_numbers.STATISTICS),
            print_stats_clear=lambda: self._order(signal_numbers.STATISTICS_ONCE),
            reload=lambda: self._order(signal.SIGHUP),
            announce=self._announce,
        )

    def _order(self, number: int) -> None:
        os.kill(self._parent, number)
