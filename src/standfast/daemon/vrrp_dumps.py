"""The vrrp child's dumps: `keepalived.data`, `.stats` and `.json`, with Keepalived's names and form."""

from collections.abc import Callable, Mapping

from standfast.core.track.snapshot import TrackersSnapshot
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Link
from standfast.daemon import dumps
from standfast.daemon.script_accounts import Accounts
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.observe.counters import Counters
from standfast.observe.dump import OURS, node_text, statistics_text
from standfast.observe.dump_globals import globals_text
from standfast.observe.dump_json import json_text
from standfast.observe.dump_scripts import tracked_text
from standfast.observe.dump_track import trackers_text
from standfast.observe.dump_vrrp import Seen, topology_text
from standfast.observe.state.moment import Moment


class VrrpDumps:
    """Makes the texts and has them written."""

    def __init__(
        self,
        node: Node,
        counters: Counters,
        *,
        trackers: Callable[[], TrackersSnapshot],
        links: Callable[[], Mapping[str, Link]],
        moment: Callable[[], Moment],
        write: Callable[[str, str], None],
    ) -> None:
        """Make it.

        Args:
            node: the routers.
            counters: what was counted.
            trackers: gives what is tracked.
            links: gives the host's interfaces.
            moment: gives this moment.
            write: writes a text as one sort of dump.
        """
        self._node = node
        self._counters = counters
        self._trackers = trackers
        self._links = links
        self._moment = moment
        self._write = write
        self._config = Config()
        self._accounts = Accounts()

    def configure(self, config: Config, accounts: Accounts) -> None:
        """Go by this configuration."""
        self._config, self._accounts = config, accounts

    def state(self) -> None:
        """Behaviour SIG-04."""
        seen, trackers = self._seen(), self._trackers()
        ours = node_text(seen.snapshot, self._counters) + trackers_text(trackers)
        sections = (globals_text(self._config.global_defs), topology_text(seen), tracked_text(seen, trackers))
        self._write(dumps.ROUTERS, "".join((*sections, OURS, ours)))

    def statistics(self) -> None:
        """Behaviour SIG-05."""
        names = [one.router.name for one in self._seen().snapshot.routers]
        self._write(dumps.STATISTICS, statistics_text(self._counters, names))

    def statistics_once(self) -> None:
        """Behaviour SIG-06: the next ones begin at zero."""
        self.statistics()
        self._counters.clear()

    def json(self) -> None:
        """Behaviour SIG-07; without instances nothing is written (FILE-06)."""
        if text := json_text(self._seen(), self._counters, self._trackers()):
            self._write(dumps.JSON, text)

    def _seen(self) -> Seen:
        moment = self._moment()
        return Seen(
            self._node.snapshot(moment.now), self._config, self._links(), moment, account=self._account
        )

    def _account(self, script: Script) -> str:
        return self._accounts.numbers(script, self._config.global_defs)
