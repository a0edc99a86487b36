"""The pid file of a child: taken when it does the work, and let go of when somebody else does."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from standfast.base.limits import CHILD_WAIT
from standfast.base.times import MILLISECOND, SECOND
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.pidfile import AlreadyHeld, PidFile, Unwritable, hold
from standfast.observe.facts import WorksWithout

_LOOK_AGAIN_S: Final = 20 * MILLISECOND / SECOND

Tell = Callable[[object], None]


class ChildPid:
    """A pid file that may not be ours yet; where the disk takes none, that is said, and no router stops for it."""

    def __init__(self, path: str | None, tell: Tell) -> None:
        """Make it.

        Args:
            path: of the file; None: this child has none.
            tell: is told why there is none.
        """
        self._path = path
        self._tell = tell
        self._held: PidFile | None = None

    def take(self) -> None:
        """Write our pid into it, as soon as nobody else holds it.

        Raises:
            EndWith: its holder does not end.
        """
        if self._path is None:
            return
        try:
            self._held = _hold_when_free(self._path)
            self._held.write()
        except Unwritable as why:
            self._tell(WorksWithout("its pid file", why.words))

    def let_go(self) -> None:
        """Leave the file to who takes it next."""
        if self._held is not None:
            with suppress(OSError):
                self._held.close()
            self._held = None

    def remove(self) -> None:
        """Remove it, if it is ours."""
        if self._held is not None:
            self._held.remove()
            self._held = None


def _hold_when_free(path: str) -> PidFile:
    """Take the pid file; an earlier child whose parent died may still be releasing its addresses.

    Raises:
        EndWith: its holder does not end.
    """
    patience = time.monotonic() + CHILD_WAIT / SECOND
    while True:
        try:
            return hold(path)
        except AlreadyHeld as other:
            if time.monotonic() > patience:
                words = f"{other}; end that process, or name another file with -r"
                raise EndWith(Exit.FATAL, words) from None
        time.sleep(_LOOK_AGAIN_S)
