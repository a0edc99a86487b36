"""`track_group`: instances that need the static addresses, routes and rules of the host."""

from standfast.model.declare import Reload, Repeat, argument, block, kw
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.names import Word


@block("track_group", reload=Reload.LIVE)
class TrackGroup:
    """Instances that are at fault when a static address, route or rule cannot be kept."""

    name: str = argument(Word("NAME"), doc="Name that static entries use.")
    group: tuple[str, ...] = kw(
        Entries(Word("VRRP_INSTANCE"), several=True), default=(), repeat=Repeat.FIRST, doc="The instances."
    )
