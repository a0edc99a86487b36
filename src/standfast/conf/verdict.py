"""Keepalived's exit code for a configuration, from our problems (`-t`; EX-10 to EX-14, EX-20)."""

from typing import Final

from standfast.conf.read import Reading
from standfast.model.complaint import ErrorClass

ACCEPTED: Final = 0
MISSING_ARGUMENT: Final = 2  # reading stopped there
UNUSABLE: Final = 4
WITH_ERRORS: Final = 5  # would run without the bad parts
INSECURE: Final = 6  # scripts run without script security, or an include check failed


def exit_code(reading: Reading, *, all_config: bool = False) -> int:
    """What `keepalived -t` would exit with.

    Args:
        reading: what came of reading the file.
        all_config: `-e` was given, so a missing top file is an error (EX-10).
    """
    worst = reading.worst
    if not reading.files:
        return UNUSABLE if all_config else ACCEPTED
    if worst is ErrorClass.NONE:
        return ACCEPTED
    if worst is ErrorClass.MISSING_ARGUMENT:
        return MISSING_ARGUMENT
    if worst in (ErrorClass.SECURITY, ErrorClass.INCLUDE_CHECK):
        return INSECURE
    return UNUSABLE if worst <= ErrorClass.FATAL else WITH_ERRORS
