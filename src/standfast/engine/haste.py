"""Whether lateness is a reason to run before others (behaviours PR-10, PR-11)."""

from standfast.base.frozen import frozen
from standfast.base.times import Duration


@frozen
class Haste:
    """How far a process may go to be on time."""

    highest: int  # real-time priority that it may reach by itself; 0 or less: none
    patience: Duration  # lateness that it bears

    def raised(self, priority: int, late: Duration) -> int | None:
        """The priority to have after an alarm that was so late; None: as it is.

        Args:
            priority: the present one; 0: not a real-time process.
            late: how late the alarm rang.
        """
        if late < self.patience or priority >= self.highest:
            return None
        return priority + 1
