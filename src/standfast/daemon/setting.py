"""What a child runs on: all that its parent read, checked and looked up for it."""

from standfast.base.frozen import frozen
from standfast.daemon.host_record import Former
from standfast.model.config import Config
from standfast.wire.ipc import Order, ScriptAccount


@frozen
class Setting:
    """A configuration with what belongs to it on this host."""

    config: Config
    accounts: tuple[ScriptAccount, ...] = ()
    orders: tuple[Order, ...] = ()  # of operators, that stand
    former: Former = Former()  # what an earlier process of ours may have left behind
