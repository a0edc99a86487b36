"""Runs the kernel's threads that synchronise connections, as the configuration and an instance's state ask.

The process that knows the state runs them: the vrrp child those of an instance, the checker those of none. It
hears of a change as everybody does who is told facts, which is after the adverts have left.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from typing import Any, Final

from standfast.base.errors import Refused
from standfast.base.times import Instant
from standfast.core.lvs.connection_sync import ConnectionSync
from standfast.core.vrrp.effects import RouterChanged
from standfast.linux.ipvs import Ipvs
from standfast.linux.network_namespace import path_of
from standfast.model.config import Config
from standfast.wire.ipvs_daemon import SyncDaemon, SyncPart

_AT_FIRST: Final = "init"


class SyncThreads:
    """A listener of facts that runs the threads."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, complain: Callable[[str], None], *, place: str | None = None
    ) -> None:
        """Make it; nothing is asked of the kernel yet.

        Args:
            loop: that late answers of the kernel are waited for on.
            complain: gets words about what the kernel refuses.
            place: the file of IPVS's network namespace; None: that which the process runs in.
        """
        self._place = place
        self._loop = loop
        self._complain = complain
        self._sync: ConnectionSync | None = None
        self._states: dict[str, str] = {}  # of all instances: a reload may choose another one
        self._running: tuple[SyncDaemon, ...] = ()

    def configure(self, sync: ConnectionSync | None) -> None:
        """Synchronise like this from now on; None: not at all."""
        self._sync = sync
        self._settle()

    def wants(self, kind: type) -> bool:
        """Whether facts of this class matter."""
        return kind is RouterChanged

    def tell(self, fact: Any, now: Instant) -> None:  # noqa: ARG002  (it is done at once, at any time)
        """An instance has changed."""
        self._states[fact.router] = fact.new
        if self._sync is not None and fact.router == self._sync.instance:
            self._settle()

    def recall(self, fact: object) -> None:
        """Before it is configured: know of a change that was told in another life."""
        if isinstance(fact, RouterChanged):
            self._states[fact.router] = fact.new

    def stop(self) -> None:
        """End the threads that are ours."""
        self.configure(None)

    def _settle(self) -> None:
        sync = self._sync
        wanted = () if sync is None else sync.parts(self._states.get(sync.instance, _AT_FIRST))
        if wanted == self._running:
            return
        try:
            with closing(Ipvs(self._loop, place=self._place)) as ipvs:
                self._carry_out(ipvs, wanted)
        except Refused as refusal:
            self._complain(f"connections are not synchronised: {refusal}")

    def _carry_out(self, ipvs: Ipvs, wanted: Collection[SyncDaemon]) -> None:
        """End what is not wanted, which a killed process of ours may have left; then begin what is.

        Raises:
            Refused: the kernel does not start a thread; it is tried again at the next change.
        """
        self._running = ()
        for part in set(SyncPart) - _parts(wanted):
            ipvs.stop_daemon(part)
        for thread in wanted:
            ipvs.start_daemon(thread)
        self._running = tuple(wanted)


def _parts(threads: Iterable[SyncDaemon]) -> set[SyncPart]:
    return {thread.part for thread in threads}


def ipvs_place(config: Config) -> str | None:
    """The file of IPVS's network namespace; None: that which we are in. Without a name the first one (PR-15)."""
    return None if config.net_namespace_ipvs is None else path_of(config.net_namespace_ipvs)
