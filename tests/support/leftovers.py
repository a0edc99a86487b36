"""What a test run could leave behind on its machine: processes, links, named network namespaces, sysctls.

Looked at once before and once after a run; what is new or different then is the run's fault. Processes are told
from others by a mark in their environment, which they inherit: several runs may go on side by side.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARK: Final = "STANDFAST_TEST_RUN"
_SYSCTLS: Final = ("net/ipv4", "net/ipv6", "net/core", "kernel/sched_rt_runtime_us")


@dataclass(frozen=True, slots=True)
class Traces:
    """What tests could change on a machine."""

    namespaces: frozenset[str]
    links: frozenset[str]
    sysctls: Mapping[str, str]


def look() -> Traces:
    """The machine as it is now."""
    return Traces(_names("/run/netns"), _names("/sys/class/net"), dict(_sysctls()))


def differences(before: Traces, after: Traces) -> list[str]:
    """What is there now and was not, or is not as it was; a sentence each."""
    changed = [
        f"sysctl {name} was {value!r} and is {after.sysctls[name]!r}"
        for name, value in before.sysctls.items()
        if after.sysctls.get(name, value) != value
    ]
    return [
        *(f"network namespace {name} was left" for name in sorted(after.namespaces - before.namespaces)),
        *(f"link {name} was left" for name in sorted(after.links - before.links)),
        *changed,
    ]


def marked_processes(mark: str) -> list[str]:
    """Processes that carry this mark, other than the present one: number and command line."""
    return [
        f"{process.name} {_command(process)}"
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and int(process.name) != os.getpid() and _carries(process, mark)
    ]


def _carries(process: Path, mark: str) -> bool:
    with suppress(OSError):  # it has just ended, or belongs to somebody else
        return f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0")
    return False


_LOOKS = 20_000  # a tenth of a second, more or less


def _command(process: Path) -> str:
    """What the process runs; one that has only just been started has no words yet, and is asked again."""
    with suppress(OSError):
        for _ in range(_LOOKS):
            if words := (process / "cmdline").read_bytes():
                return words.replace(b"\0", b" ").decode(errors="replace").strip()
        return (process / "comm").read_text().strip()
    return "(gone)"


def _names(folder: str) -> frozenset[str]:
    with suppress(OSError):
        return frozenset(entry.name for entry in Path(folder).iterdir())
    return frozenset()


def _sysctls() -> Iterable[tuple[str, str]]:
    root = Path("/proc/sys")
    for place in _SYSCTLS:
        files = (root / place).rglob("*") if (root / place).is_dir() else [root / place]
        for file in files:
            with suppress(OSError, UnicodeDecodeError):  # some can only be written
                if file.is_file():
                    yield str(file.relative_to(root)), file.read_text().strip()
