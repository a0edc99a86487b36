"""What a check is told to be: replaced whole by a reload, never changed."""

from standfast.base.frozen import frozen
from standfast.base.times import SECOND, Duration
from standfast.core.check.probes import Probe


@frozen
class Check:
    """One checker of one real server (behaviours HC-01 to HC-05)."""

    key: str  # no other check of the process has it; the same after a reload
    server: str  # whom it is about, as people know it
    kind: str  # the keyword: TCP_CHECK
    probe: Probe
    delay_loop: Duration = Duration(60 * SECOND)  # between the beginnings of two attempts
    warmup: Duration = Duration(60 * SECOND)  # longest wait before the first
    retry: int = 1  # further failures that are let pass while it is up
    delay_before_retry: Duration = SECOND  # from the end of such a failure to the next attempt
    patience: Duration = Duration(5 * SECOND)  # from the beginning of an attempt to its deadline
    alpha: bool = False  # failed until it has succeeded
    log_all_failures: bool = False
