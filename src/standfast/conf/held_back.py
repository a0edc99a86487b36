"""What a reload leaves as it is, because only a restart of the daemon brings it into effect (behaviour RL-08)."""

from typing import Any

from standfast.base.frozen import changed
from standfast.conf.diff import differing
from standfast.model.config import Config
from standfast.model.declare import Reload


def held_back(running: Config, new: Config) -> Config:
    """The new configuration, in which what needs a restart has the value that it has now.

    Only keywords of the top level and of global_defs need one. A later reload finds the same difference again, so
    it is told again until the daemon was restarted.
    """
    defs = changed(new.global_defs, **_kept(running.global_defs, new.global_defs))
    return changed(new, **{**_kept(running, new), "global_defs": defs})


def _kept(running: Any, new: Any) -> dict[str, Any]:
    """The values of now of all keywords that differ and need a restart."""
    needing = (keyword for keyword in differing(running, new) if keyword.reload is Reload.DAEMON)
    return {keyword.field: getattr(running, keyword.field) for keyword in needing}
