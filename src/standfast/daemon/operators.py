"""What operators can order by the control socket: a reload, a restart, and orders that stand.

Each verb is carried out elsewhere; here stands what it needs of the parent.
"""

import os
from collections.abc import Callable

from standfast.core.supervise.events import ConfirmAsked, ReloadAsked, ReturnAsked
from standfast.daemon.control import Reply, Verb
from standfast.daemon.dry_start import DryStart
from standfast.daemon.incarnation import Incarnation
from standfast.daemon.nursery import Nursery
from standfast.daemon.order_file import OrderFile
from standfast.daemon.orders import Orders
from standfast.daemon.parent_signals import HANDLED
from standfast.daemon.poll import PollLoop
from standfast.daemon.reloads import Reloads
from standfast.daemon.restarts import Restarts, Standing
from standfast.daemon.roles import Role
from standfast.daemon.router_orders import RouterOrderVerb
from standfast.daemon.server_orders import ServerOrderVerb
from standfast.daemon.serving import Serving, history_path
from standfast.daemon.settings import Settings
from standfast.linux.loop import MonotonicClock
from standfast.observe.state.protocol import Request

Serve = Callable[[Request, Reply], None]


class Operators:
    """Serves all verbs that order something."""

    def __init__(
        self,
        loop: PollLoop,
        serving: Serving,
        *,
        incarnation: Incarnation,
        settings: Settings,
        nursery: Nursery,
        give: Callable[[ReloadAsked | ConfirmAsked | ReturnAsked], None],
        hindrance: Callable[[], str],
        tell: Callable[[object], None],
    ) -> None:
        """Make it, and have the verbs served.

        Args:
            loop: that everything is waited for on.
            serving: gets the verbs, and gathers the state that some of them look at.
            incarnation: which life of the daemon this is.
            settings: what it runs on.
            nursery: the children.
            give: tells the parent's machine what is asked for.
            hindrance: why the program cannot be replaced at this moment; empty: it can.
            tell: is told what happens.
        """
        self._serving, self._settings = serving, settings
        self._pid_file = incarnation.pid_file
        self._reloads = Reloads(propose=settings.propose, give=give, stand=lambda: settings.state.now)
        clock = MonotonicClock()
        file = OrderFile(history_path(incarnation.pid_file.path, os.environ))
        self.orders = Orders(file, loop.alarm(), clock, send=nursery.send_orders, tell=tell)
        self._dry_start = DryStart(loop, loop.alarm(), clock, incarnation.program)
        restarts = Restarts(
            incarnation.program,
            self._dry_start,
            hindrance=hindrance,
            unfit=settings.hindrance,
            children=lambda: nursery.living,
            standing=self._standing,
            tell=tell,
            handled=HANDLED,
        )
        verbs = {"reload": self._reloads.serve, "restart": restarts.serve, **self._standing_orders()}
        serving.verbs |= {name: Verb(Role.WRITE, serve) for name, serve in verbs.items()}

    def _standing_orders(self) -> dict[str, Serve]:
        """The verbs that change which orders stand."""
        gather, config = self._serving.gather, lambda: self._settings.config
        return {
            "maintenance": RouterOrderVerb("maintenance", self.orders, gather=gather, config=config).serve,
            "failover": RouterOrderVerb("failover", self.orders, gather=gather, config=config).serve,
            "rs": ServerOrderVerb(self.orders, gather=gather, config=config).serve,
        }

    def _standing(self) -> Standing:
        """What of the parent the next program gets."""
        file = self._pid_file
        return Standing(self._settings.config, file.fileno(), file.path, self._serving.listening)

    def reading(self) -> None:
        """The configuration is read now, for all who have asked for it."""
        self._reloads.read()

    def tell(self, fact: object) -> None:
        """See what became of a reload."""
        self._reloads.tell(fact)

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._dry_start.leave()
