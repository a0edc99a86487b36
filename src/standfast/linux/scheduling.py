"""How the kernel lets this process run: niceness, processors, descriptors; and how it was before (PR-13)."""

import os
import resource
from contextlib import suppress
from pathlib import Path

from standfast.base.errors import Refused
from standfast.base.frozen import frozen

_LIMITS = (resource.RLIMIT_NOFILE, resource.RLIMIT_RTTIME)  # what we change of ourselves


@frozen
class Ordinary:
    """How a process ran before it was given anything of its own; its scripts run so (behaviour SCR-08)."""

    nice: int
    processors: frozenset[int]
    limits: tuple[tuple[int, int], ...]  # soft and hard, of `_LIMITS`

    def resume_thread(self) -> None:
        """Have this thread, and what is started from it, as it was."""
        with suppress(OSError):  # to be nicer again than one was takes CAP_SYS_NICE
            os.setpriority(os.PRIO_PROCESS, 0, self.nice)
        with suppress(OSError):
            os.sched_setaffinity(0, self.processors)

    def resume_limits(self, process: int) -> None:
        """Give a process that was just started the limits that we had."""
        for kind, limits in zip(_LIMITS, self.limits, strict=True):
            if resource.getrlimit(kind) != limits:
                with suppress(OSError, ValueError):  # it has ended, or runs as another user already
                    resource.prlimit(process, kind, limits)


def ordinary() -> Ordinary:
    """How this process runs now."""
    return Ordinary(
        os.getpriority(os.PRIO_PROCESS, 0),
        frozenset(os.sched_getaffinity(0)),
        tuple(resource.getrlimit(kind) for kind in _LIMITS),
    )


def be_nice(value: int) -> None:
    """Have this niceness, -20 to 19; the real-time class knows none.

    Raises:
        Refused: it is not permitted; `nice`.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, 0, value)
    except OSError as error:
        remedy = "give it CAP_SYS_NICE or LimitNICE="
        raise Refused(
            "nice", f"cannot have the nice value {value}: {error.strerror}", remedy=remedy
        ) from None


def run_on(processors: frozenset[int]) -> None:
    """Run on these processors only.

    Raises:
        Refused: there is none of them, or they may not be used; `processors`.
    """
    try:
        os.sched_setaffinity(0, processors)
    except (OSError, ValueError) as error:
        shown = " ".join(map(str, sorted(processors)))
        why = error.strerror if isinstance(error, OSError) else str(error)
        remedy = "name CPUs that this host and its control group (cpuset) have"
        raise Refused("processors", f"cannot run on the CPUs {shown}: {why}", remedy=remedy) from None


def allow_descriptors(count: int) -> None:
    """Be permitted to have that many files open at once.

    Raises:
        Refused: the hard limit is lower; `descriptors`. As many are allowed as there can be.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(count, hard)))
    except (OSError, ValueError):  # to exceed the hard limit takes CAP_SYS_RESOURCE
        if hard >= count:
            raise
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        words = f"{count} may be needed at once, and the hard limit is {hard} (RLIMIT_NOFILE)"
        raise Refused("descriptors", words, remedy=f"set LimitNOFILE={count}, or ulimit -Hn") from None


def locked_kib() -> int:
    """How much memory this process has locked, in KiB: what is locked and there, not what may come."""
    text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    sizes = {name: int(value.split()[0]) for name, _, value in _fields(text) if name in {"VmLck", "VmRSS"}}
    return min(sizes.values(), default=0)


def _fields(text: str) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in text.splitlines()]
