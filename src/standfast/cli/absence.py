"""What to do when nobody listens: whom else one could ask on this host, and how to start the daemon."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from standfast.base.places import OWN_DIRECTORY, PID_FILE

_OTHERS: Final = ("keepalived_*.sock", "*/keepalived.sock", "*/keepalived_*.sock")
_SHOWN: Final = 5


def remedy(socket: str, *, named: bool) -> str:
    """What a person can do, in words.

    Args:
        socket: path where nobody listens.
        named: the person has named the daemon or the socket; otherwise it is the usual one.
    """
    if not named and (others := list(_others())):
        return f"ask another one that is here: {', or '.join(others[:_SHOWN])}"
    if not named and (pid := _keepalived()):
        return f"Keepalived runs here (process {pid}), not Standfast; stop it before you start standfastd"
    left = f"{socket} is left of a daemon that was killed; " if Path(socket).is_socket() else ""
    return f"{left}start it with `systemctl start standfast` or standfastd; if it does not stay, its log says why"


def _others() -> Iterator[str]:
    """The options that name the other daemons of this host."""
    for pattern in _OTHERS:
        for path in sorted(Path(OWN_DIRECTORY).glob(pattern)):
            namespace = path.parent.name if path.parent != Path(OWN_DIRECTORY) else ""
            instance = path.stem.removeprefix("keepalived").removeprefix("_")
            words = (
                f"--namespace {namespace}" if namespace else "",
                f"--instance {instance}" if instance else "",
            )
            yield " ".join(filter(None, words))


def _keepalived() -> int:
    """The process of Keepalived that has our pid file; 0: there is none."""
    try:
        pid = int(Path(PID_FILE).read_text())
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return 0
    return pid if name == "keepalived" else 0
