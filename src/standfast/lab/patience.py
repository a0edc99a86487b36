"""How long what the protocol prescribes may take on a busy machine."""

from collections.abc import Callable
from typing import Final

from standfast.base.errors import Refused
from standfast.base.times import SECOND
from standfast.lab.clock import within
from standfast.lab.timeline import Rules

_MORE: Final = 20.0  # seconds


def expect(rules: Rules, condition: Callable[[], object], reason: str, otherwise: str) -> None:
    """Wait as long as the protocol prescribes for a failover, and some more.

    Args:
        rules: what the waiting host was told.
        condition: what is to come true.
        reason: slug of the refusal.
        otherwise: what did not happen, for people.

    Raises:
        Refused: it did not come true.
    """
    patience = rules.master_down / SECOND + _MORE
    if not within(patience, condition):
        raise Refused(reason, f"{otherwise} within {patience:.0f} s")
