"""What a process holds of the kernel: its descriptors with the place that made them, its children, its threads."""

import io
import os
import socket
import threading
import tracemalloc
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from standfast.base.frozen import frozen

_OURS: Final = f"{os.sep}standfast{os.sep}"  # in the path of our modules


@frozen
class Ledger:
    """What is held now."""

    descriptors: dict[int, str]  # number: what it is, and who made it where
    children: dict[int, str]  # pid: its command line
    threads: tuple[str, ...]

    def kinds(self) -> dict[str, int]:
        """How many there are of each sort: two ledgers of different moments can be compared by it."""
        held = Counter(f"descriptor {what}" for what in self.descriptors.values())
        held["children"] = len(self.children)
        held["threads"] = len(self.threads)
        return dict(held)

    def beyond(self, before: "Ledger") -> tuple[str, ...]:
        """What is held besides what was held then, a line each."""
        return (
            *(
                f"descriptor {number}: {what}"
                for number, what in sorted(self.descriptors.items())
                if number not in before.descriptors
            ),
            *(
                f"child {pid}: {command}"
                for pid, command in sorted(self.children.items())
                if pid not in before.children
            ),
            *(f"thread {name}" for name in self.threads if name not in before.threads),
        )


def read_ledger(objects: Collection[object]) -> Ledger:
    """What this process holds.

    Args:
        objects: those that live, as the garbage collector knows them; for sockets and files among them the place
            that made them is told, if tracemalloc has seen it.
    """
    names = sorted(thread.name for thread in threading.enumerate() if thread is not threading.main_thread())
    return Ledger(_descriptors(_places(objects)), _children(), tuple(names))


def _places(objects: Collection[object]) -> dict[int, str]:
    """Who made which descriptor; a proxy is judged by its own class: what it stands for may be gone."""
    holders = {kind for kind in set(map(type, objects)) if issubclass(kind, socket.socket | io.FileIO)}
    made: dict[int, str] = {}
    for one in objects:
        if type(one) in holders:
            holder: Any = one
            with suppress(OSError, ValueError):  # it is closed
                made[holder.fileno()] = _place(holder)
    return made


def _place(one: object) -> str:
    traceback = tracemalloc.get_object_traceback(one)
    if traceback is None:
        return ""
    frames = [frame for frame in traceback if _OURS in frame.filename] or list(traceback)
    return f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}"


def _descriptors(places: dict[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  (names are enough)
        with suppress(OSError):  # the listing's own
            what = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115  (of a string)
            kind = what.split(":[")[0] if what.startswith(("socket:", "pipe:")) else what
            found[int(name)] = f"{kind} {places.get(int(name), '')}".strip()
    return found


def _children() -> dict[int, str]:
    found: dict[int, str] = {}
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            for pid in (task / "children").read_text().split():
                found[int(pid)] = _command(int(pid))
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
