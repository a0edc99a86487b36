"""Work whose objects will live: while it is done, nobody looks for garbage among them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from standfast.base.limits import COLLECT_AFTER


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without collections meanwhile.

    Reading 37,000 real servers makes a million objects and no garbage; looking for it doubled the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def keep() -> None:
    """Let no collection look at what lives now; what garbage there is stays, and no time is lost."""
    gc.freeze()


def settle() -> None:
    """Let no collection look again at what lives now, and few at what comes; a full collection is first."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
