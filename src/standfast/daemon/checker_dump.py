"""The checker child's dump: `keepalived_check.data`, with Keepalived's names and form."""

from standfast.core.lvs.snapshot import BalancerSnapshot
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.daemon.script_accounts import Accounts
from standfast.model.config import Config
from standfast.observe.dump import OURS
from standfast.observe.dump_checks import checks_text
from standfast.observe.dump_globals import globals_text
from standfast.observe.dump_lvs import balancer_text
from standfast.observe.dump_servers import ServersSeen, servers_text
from standfast.observe.dump_track import trackers_text
from standfast.observe.state.moment import Moment


def checker_text(
    snapshot: BalancerSnapshot,
    trackers: TrackersSnapshot,
    moment: Moment,
    *,
    config: Config,
    accounts: Accounts,
) -> str:
    """The state of the virtual servers (behaviour SIG-04).

    Args:
        snapshot: of the virtual servers.
        trackers: what real servers follow.
        moment: when both were taken.
        config: what is configured.
        accounts: that scripts run as.
    """
    defs = config.global_defs
    verdicts = {one.key: one.verdict for one in trackers.trackers}
    seen = ServersSeen(snapshot, verdicts, config, moment, lambda script: accounts.numbers(script, defs))
    ours = balancer_text(snapshot) + trackers_text(trackers)
    return "".join((globals_text(defs), servers_text(seen), checks_text(seen), OURS, ours))
