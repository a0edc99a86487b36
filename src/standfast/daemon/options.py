"""The options of `standfastd`: those of Keepalived (CLI-01 to CLI-42), each declared once."""

from enum import Enum
from typing import Final

from standfast.base.frozen import frozen


class Takes(Enum):
    """Whether an option has an argument, as getopt_long(3) sees it."""

    NOTHING = "nothing"
    VALUE = "value"  # attached, or the next word
    PERHAPS = "perhaps"  # only attached: `-tFILE`, `--config-test=FILE`


@frozen
class Option:
    """One option."""

    short: str  # one letter; empty: only the long name
    long: str
    words: str  # what it does, for `--help`
    takes: Takes = Takes.NOTHING
    value: str = ""  # the argument's name in `--help`
    built: bool = True  # False: accepted, and said to have no effect in this version

    @property
    def shown(self) -> str:
        """The option as a person writes it."""
        return f"-{self.short}" if self.short else f"--{self.long}"


_LATER: Final = False  # for `built`

OPTIONS: Final = (
    Option("f", "use-file", "Read this configuration; may be a pattern", Takes.VALUE, "FILE"),
    Option("P", "vrrp", "Run only VRRP"),
    Option("C", "check", "Run only health checks"),
    Option("B", "no_bfd", "Do not run BFD"),
    Option("", "all", "Run all parts, needed or not"),
    Option("l", "log-console", "Log to standard error too"),
    Option("D", "log-detail", "Log in more detail; twice: still more"),
    Option("S", "log-facility", "Syslog facility", Takes.VALUE, "0-7|local0-local7|user|daemon"),
    Option("g", "log-file", "Log to a file too", Takes.PERHAPS, "FILE", built=_LATER),
    Option("", "flush-log-file", "Flush the log file after each line", built=_LATER),
    Option("G", "no-syslog", "Log nothing to syslog"),
    Option("u", "umask", "File creation mask", Takes.VALUE, "NUMBER"),
    Option("X", "release-vips", "Drop addresses when a signal changes the state: so it always is"),
    Option("V", "dont-release-vrrp", "Leave addresses, routes and rules in place at stop"),
    Option("I", "dont-release-ipvs", "Leave virtual servers in place at stop"),
    Option("R", "dont-respawn", "End when a child dies"),
    Option("n", "dont-fork", "Stay in the foreground"),
    Option("d", "dump-conf", "Log the configuration at start, without its secrets"),
    Option("p", "pid", "Pid file of the parent", Takes.VALUE, "FILE"),
    Option("r", "vrrp_pid", "Pid file of the VRRP process", Takes.VALUE, "FILE"),
    Option("c", "checkers_pid", "Pid file of the health checks", Takes.VALUE, "FILE"),
    Option("b", "bfd_pid", "Pid file of the BFD process", Takes.VALUE, "FILE"),
    Option("a", "address-monitoring", "Log every change of an address that is not our own doing"),
    Option("x", "snmp", "Turn SNMP on", built=_LATER),
    Option("A", "snmp-agent-socket", "Socket of the SNMP agent", Takes.VALUE, "ADDRESS", built=_LATER),
    Option("s", "namespace", "Run in this network namespace", Takes.VALUE, "NAME"),
    Option("m", "core-dump", "Lift the limit of core files"),
    Option("M", "core-dump-pattern", "As -m, and name core files so", Takes.PERHAPS, "PATTERN"),
    Option("e", "all-config", "A file that is missing is an error"),
    Option("i", "config-id", "Identity for lines with @", Takes.VALUE, "ID"),
    Option("", "ignore-sigint", "Do not end on SIGINT"),
    Option("", "single", "One process in the foreground, for containers; whatever dies in it ends it"),
    Option("", "signum", "Print the number of this signal and exit", Takes.VALUE, "NAME"),
    Option("t", "config-test", "Check the configuration and exit", Takes.PERHAPS, "FILE"),
    Option("", "config-fd", "Internal to Keepalived", Takes.VALUE, "NUMBER", built=_LATER),
    Option("T", "genhash", "Act as genhash; must be the first word"),
    Option("", "perf", "Profile the VRRP process", Takes.PERHAPS, "WHEN", built=_LATER),
    Option("", "debug", "Debugging output", Takes.PERHAPS, "LETTERS", built=_LATER),
    Option("", "no-mem-check", "No check of memory", built=_LATER),
    Option("L", "mem-check-log", "Log allocations", built=_LATER),
    Option("O", "openssl-mem-check", "Check allocations of OpenSSL", built=_LATER),
    Option("", "debug-memory", "Count what each process holds: at reloads, on SIGRTMIN+4, and at the stop"),
    Option("v", "version", "Show the version and exit"),
    Option("h", "help", "Show this text and exit"),
)


def usage(program: str) -> str:
    """The text of `--help`."""
    lines = [f"Usage: {program} [OPTION...]", ""]
    for option in OPTIONS:
        short = f"-{option.short}, " if option.short else "    "
        value = {Takes.NOTHING: "", Takes.VALUE: f"={option.value}", Takes.PERHAPS: f"[={option.value}]"}
        name = f"  {short}--{option.long}{value[option.takes]}"
        note = "" if option.built else " (accepted; no effect in this version)"
        lines.append(f"{name:<42} {option.words}{note}")
    return "\n".join(lines) + "\n"
