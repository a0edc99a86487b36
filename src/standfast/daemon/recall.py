"""What a messenger that begins anew must know of the time before: the states of the routers."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from standfast.observe.notice import BACKUP, FAULT, MASTER
from standfast.observe.state.instance import Instance

# Of the others there is nothing to tell.
_STATES: Final = {"master": MASTER, "backup": BACKUP, "fault": FAULT}


def states_of(state: Mapping[str, Any]) -> dict[str, str]:
    """The state of each instance that takes part, or would if it could.

    Args:
        state: as the parent gathers it.
    """
    told = msgspec.json.decode(msgspec.json.encode(state["instances"]), type=list[Instance])
    return {one.name: _STATES[one.state] for one in told if one.state in _STATES}
