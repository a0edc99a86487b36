"""What the command line asks for, as one value."""

import signal
from collections.abc import Callable, Sequence
from typing import Final

from standfast.base.frozen import changed, field, frozen
from standfast.base.places import CONFIG_FILE, PID_FILE, RUN_DIRECTORY
from standfast.daemon import signal_numbers
from standfast.daemon.getopt import BadOption, read_options
from standfast.daemon.options import Option

DAEMON_FACILITY: Final = 3  # RFC 3164, table 1
_USER_FACILITY: Final = 1
_LOCAL0: Final = 16

SIGNALS: Final = {  # CLI-32, SIG-01 to SIG-07
    "STOP": signal.SIGTERM,
    "RELOAD": signal.SIGHUP,
    "DATA": signal_numbers.STATE,
    "STATS": signal_numbers.STATISTICS,
    "STATS_CLEAR": signal_numbers.STATISTICS_ONCE,
    "JSON": signal_numbers.JSON,
}


@frozen
class Flags:
    """The command line, all defaults filled in."""

    config: str = CONFIG_FILE
    parts: frozenset[str] = frozenset()  # run only these children; empty: all that are needed
    bfd: bool = True  # False: not even if sessions are configured
    foreground: bool = False
    console: bool = False
    syslog: bool = True
    facility: int = DAEMON_FACILITY
    detail: int = 0  # how often `-D` was given
    respawn: bool = True
    single: bool = False  # one process with a thread for each child
    pid_file: str = PID_FILE
    child_pid_files: dict[str, str] = field(
        default_factory=lambda: {
            "vrrp": f"{RUN_DIRECTORY}/vrrp.pid",
            "checker": f"{RUN_DIRECTORY}/checkers.pid",
            "bfd": f"{RUN_DIRECTORY}/bfd.pid",
        }
    )
    config_id: str = ""  # empty: the node's name up to its first dot
    ignore_sigint: bool = False
    leave_vrrp: bool = False  # at the stop, the host keeps addresses, routes and rules
    umask: int | None = None  # None: as the configuration says
    core_dump: bool = False
    core_pattern: str = ""  # for the kernel, while we run; empty: as it is
    dump_config: bool = False  # into the log, at the start
    everything: bool = False  # run all parts, needed or not
    tell_addresses: bool = False  # log every change of an address
    debug_memory: bool = False
    keep_services: bool = False  # the virtual servers stay when we stop
    namespace: str = ""  # of the network; empty: as the configuration says, or the present one
    instance: str = ""  # what the configuration calls this daemon among several
    test: bool = False
    test_log: str = ""  # empty: standard error
    all_config: bool = False
    show: str = ""  # help, version or a signal: print and exit
    without_effect: tuple[str, ...] = ()  # options that do nothing in this version
    extra: tuple[str, ...] = ()  # words that are no options; reported and ignored


Meaning = Callable[[Flags, str], Flags]


def read_flags(words: Sequence[str]) -> Flags:
    """The flags of a command line without its program.

    Raises:
        BadOption: it is not one that we know.
    """
    given, extra = read_options(words)
    flags = Flags(extra=tuple(extra))
    for option, value in given:
        flags = _with(flags, option, value)
    return flags


def _with(flags: Flags, option: Option, value: str) -> Flags:
    if not option.built:
        flags = changed(flags, without_effect=(*flags.without_effect, option.shown))
    meaning = _MEANING.get(option.long)
    return flags if meaning is None else meaning(flags, value)


def _part(name: str) -> Meaning:
    return lambda flags, _: changed(flags, parts=flags.parts | {name, "bfd"})


def _child_pid(name: str) -> Meaning:
    return lambda flags, value: changed(flags, child_pid_files=flags.child_pid_files | {name: value})


def _facility(word: str) -> int:
    """Behaviour CLI-08: a number is that of a local facility."""
    names = {"user": _USER_FACILITY, "daemon": DAEMON_FACILITY}
    names |= {f"{prefix}{n}": _LOCAL0 + n for prefix in ("", "local") for n in range(8)}
    if word not in names:
        raise BadOption(f"unknown facility {word}; use 0 to 7, local0 to local7, user or daemon")
    return names[word]


def _umask(word: str) -> int:
    try:
        mask = int(word, 8 if word.isdigit() and word.startswith("0") else 0)  # as C reads numbers
    except ValueError:
        mask = -1
    if not 0 <= mask <= 0o777:
        raise BadOption(f"umask {word} is not a number from 0 to 0777")
    return mask


def _signal(name: str) -> int:
    if name not in SIGNALS:
        raise BadOption(f"unknown signal {name}; use {', '.join(SIGNALS)}")
    return int(SIGNALS[name])


_MEANING: Final[dict[str, Meaning]] = {
    "use-file": lambda flags, value: changed(flags, config=value),
    "vrrp": _part("vrrp"),
    "check": _part("checker"),
    "no_bfd": lambda flags, _: changed(flags, bfd=False),
    "log-console": lambda flags, _: changed(flags, console=True),
    "log-detail": lambda flags, _: changed(flags, detail=flags.detail + 1),
    "log-facility": lambda flags, value: changed(flags, facility=_facility(value)),
    "no-syslog": lambda flags, _: changed(flags, syslog=False),
    "dont-release-vrrp": lambda flags, _: changed(flags, leave_vrrp=True),
    "umask": lambda flags, value: changed(flags, umask=_umask(value)),
    "dont-respawn": lambda flags, _: changed(flags, respawn=False),
    "dont-release-ipvs": lambda flags, _: changed(flags, keep_services=True),
    "dont-fork": lambda flags, _: changed(flags, foreground=True),
    "pid": lambda flags, value: changed(flags, pid_file=value),
    "vrrp_pid": _child_pid("vrrp"),
    "checkers_pid": _child_pid("checker"),
    "bfd_pid": _child_pid("bfd"),
    "namespace": lambda flags, value: changed(flags, namespace=value),
    "debug-memory": lambda flags, _: changed(flags, debug_memory=True),
    "core-dump": lambda flags, _: changed(flags, core_dump=True),
    "core-dump-pattern": lambda flags, value: changed(flags, core_dump=True, core_pattern=value or "core"),
    "dump-conf": lambda flags, _: changed(flags, dump_config=True),
    "all": lambda flags, _: changed(flags, everything=True),
    "address-monitoring": lambda flags, _: changed(flags, tell_addresses=True),
    "all-config": lambda flags, _: changed(flags, all_config=True),
    "config-id": lambda flags, value: changed(flags, config_id=value),
    "single": lambda flags, _: changed(flags, single=True, foreground=True, respawn=False),
    "ignore-sigint": lambda flags, _: changed(flags, ignore_sigint=True),
    "signum": lambda flags, value: changed(flags, show=str(_signal(value))),
    "config-test": lambda flags, value: changed(flags, test=True, test_log=value),
    "help": lambda flags, _: changed(flags, show="help"),
    "version": lambda flags, _: changed(flags, show="version"),
}
