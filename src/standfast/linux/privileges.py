"""What a child asks the kernel for beyond the ordinary: a real-time class, locked memory, news of its parent.

Each function does one thing, or raises `Refused` with words that name what is missing and how to give it. None of
them is needed to work; all of them are needed to be on time.
"""

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import REALTIME_PATIENCE, REALTIME_RUN_MAX
from standfast.base.times import Duration

CAP_NET_ADMIN: Final = 12
CAP_NET_RAW: Final = 13
CAP_IPC_LOCK: Final = 14
_CAPABILITY_NAMES: Final = {CAP_NET_ADMIN: "CAP_NET_ADMIN", CAP_NET_RAW: "CAP_NET_RAW"}

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
_NAME_MAX: Final = 15  # TASK_COMM_LEN less its end mark

_libc = ctypes.CDLL(None, use_errno=True)


def capabilities() -> frozenset[int]:
    """The numbers of the capabilities that this process can use now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            mask = int(line.split()[1], 16)
            return frozenset(number for number in range(mask.bit_length()) if mask >> number & 1)
    return frozenset()


def require_network() -> None:
    """Look whether this process may hold addresses and speak VRRP.

    Raises:
        Refused: it may not; `capabilities`.
    """
    have = capabilities()
    missing = [name for number, name in _CAPABILITY_NAMES.items() if number not in have]
    if missing:
        words = " and ".join(missing)
        raise Refused(
            "capabilities",
            f"cannot hold addresses and send adverts: this process lacks {words}",
            remedy="run it as root, by a unit with AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW, or, in a "
            "container, with --cap-add NET_ADMIN --cap-add NET_RAW",
        )


def become_realtime(priority: int, *, run: Duration = REALTIME_PATIENCE) -> None:
    """Run before all ordinary processes (SCHED_RR); what this process starts does not inherit it.

    A real-time process that never sleeps would starve the machine. After `run` microseconds without a sleep the
    kernel sends SIGXCPU, which is ignored unless the caller handles it (it is told each further second); after
    `REALTIME_RUN_MAX` it kills the process, and the parent starts a new one.

    Args:
        priority: 1 to 99.
        run: behaviour PR-12.

    Raises:
        Refused: it is not permitted; `realtime`.
    """
    try:
        _limit_run(run)
        parameters = os.sched_param(priority)
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, parameters)
    except (OSError, ValueError) as error:
        raise Refused(
            "realtime",
            f"cannot run with real-time priority {priority}: {_says(error)}",
            remedy="give it CAP_SYS_NICE or LimitRTPRIO=; where CONFIG_RT_GROUP_SCHED is set, give its "
            "control group a share of real time (cpu.rt_runtime_us)",
        ) from error


def be_ordinary() -> None:
    """Run like all other processes again."""
    os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))


def lock_memory(*, at_once: bool = False) -> None:
    """Keep in memory what has been used once: a page that must be read from disk first is 10 ms late.

    Args:
        at_once: also what has not been used yet, as far as it is there now.

    Raises:
        Refused: it is not permitted; `memory`. Nothing is locked then.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    remedy = "give it CAP_IPC_LOCK or LimitMEMLOCK=infinity"
    if soft != resource.RLIM_INFINITY and CAP_IPC_LOCK not in capabilities():
        # Locked up to a limit, the process would die when it reaches it.
        words = f"cannot lock memory: the limit is {soft // 1024} KiB (RLIMIT_MEMLOCK)"
        raise Refused("memory", words, remedy=remedy)
    if (at_once and _libc.mlockall(_MCL_CURRENT) != 0) or _libc.mlockall(
        _MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT
    ) != 0:
        raise Refused("memory", f"cannot lock memory: {os.strerror(ctypes.get_errno())}", remedy=remedy)


def die_with_parent(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Get this signal when the parent ends (behaviour PR-03); at once if it has ended already.

    Args:
        parent: the process that should be our parent.
        by: the signal.
    """
    _prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        signal.raise_signal(by)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has ended (behaviour PR-03)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_process_name(name: str) -> None:
    """Be shown under this name, its first 15 bytes, by `ps -e` and `top`."""
    _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()[:_NAME_MAX]))


def _limit_run(run: Duration) -> None:
    """RLIMIT_RTTIME: by default SIGXCPU would end the process, so it is ignored unless somebody handles it."""
    if signal.getsignal(signal.SIGXCPU) is signal.SIG_DFL:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    _, hardest = resource.getrlimit(resource.RLIMIT_RTTIME)
    hard = max(run, REALTIME_RUN_MAX)
    if hardest != resource.RLIM_INFINITY:
        hard = min(hard, Duration(hardest))
    resource.setrlimit(resource.RLIMIT_RTTIME, (min(run, hard), hard))


def _prctl(option: int, argument: object) -> None:
    if _libc.prctl(option, argument, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "prctl")


def _says(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
