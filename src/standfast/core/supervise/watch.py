"""What the parent is told to look after: the parameters of its machine."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.limits import CHILD_WAIT
from standfast.base.times import Duration

VRRP: Final = "vrrp"
CHECKER: Final = "checker"
BFD: Final = "bfd"
MESSENGER: Final = "messenger"

START_ORDER: Final = (MESSENGER, CHECKER, VRRP, BFD)  # behaviour PR-01
# Give the addresses away before the virtual servers behind them go, and let BFD be heard until then. The messenger
# carries out what the others say last.
STOP_ORDER: Final = (VRRP, CHECKER, BFD, MESSENGER)

# Between these the parent makes socket pairs: bfd tells the others what its sessions say (behaviour BF-04).
LINKS: Final = {BFD: (VRRP, CHECKER), VRRP: (BFD,), CHECKER: (BFD,), MESSENGER: ()}

FATAL_EXITS: Final = frozenset({1, 2, 4})  # a child that ends so would only do it again (PR-05, EX-23)


@frozen
class Watch:
    """Which children there should be, and how the parent treats them."""

    needed: frozenset[str] = frozenset()  # names out of START_ORDER
    respawn: bool = True  # False: a child that dies ends the daemon (`-R`)
    child_wait: Duration = CHILD_WAIT  # from TERM to KILL at stop (behaviour PR-06)
