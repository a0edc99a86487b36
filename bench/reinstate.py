"""How long an address, a route or a rule is away that somebody removes by hand from a master (behaviour TR-21).

    python bench/reinstate.py [--runs N]

Needs root and Linux. `ip -ts monitor` says when the kernel had it no longer, and when it had it again. A daemon
that does not put it back within two seconds has `never` in its row.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Final, NamedTuple

from standfast.lab.clock import within
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

CONFIG: Final = """vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 200
    advert_int 1
    virtual_ipaddress {
        10.99.0.100/24
    }
    virtual_routes {
        10.1.0.0/16 via 10.99.0.2 dev eth0
    }
    virtual_rules {
        from 10.1.0.0/16 table 100 preference 500
    }
}
"""
PATIENCE_S: Final = 2.0
STAMP: Final = re.compile(r"^\[(\S+)\] (Deleted )?(.*)$")


class Thing(NamedTuple):
    """What is removed, and how the monitor shows it."""

    name: str
    remove: str
    shown: str


THINGS: Final = (
    Thing("address", "address delete 10.99.0.100/24 dev eth0", "inet 10.99.0.100/24"),
    Thing("route", "route delete 10.1.0.0/16", "10.1.0.0/16 via"),
    Thing("rule", "rule delete preference 500", "from 10.1.0.0/16"),
)


def main() -> int:
    """Print a table: milliseconds away, the median of all runs and the longest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    print("| away, ms (median, longest) | " + " | ".join(thing.name for thing in THINGS) + " |")
    print("| --- |" + " --- |" * len(THINGS))
    for name, start in (("standfast", _standfast), ("keepalived", _keepalived)):
        row = [_row(_measured(start, thing, runs)) for thing in THINGS]
        print(f"| {name} | " + " | ".join(row) + " |")
    return 0


def _standfast(host: Host) -> Daemon:
    return host.run(CONFIG)


def _keepalived(host: Host) -> Daemon:
    return host.keepalived(CONFIG)


def _measured(start: Callable[[Host], Daemon], thing: Thing, runs: int) -> list[float | None]:
    with Lab() as lab:
        host = lab.host("a", "10.99.0.1/24")
        start(host)
        if not within(10.0, lambda: "500:" in host.command("ip", "rule")):
            raise SystemExit(f"no master: {lab.log()}")
        monitor = host.start("stdbuf", "-oL", "ip", "-ts", "monitor", "address", "route", "rule")
        time.sleep(0.5)
        found: list[float | None] = []
        while len(found) < runs and None not in found:
            found.append(_once(host, monitor, thing))
            time.sleep(1.1)  # so that a limit of how often it is put back plays no part
        return found


def _once(host: Host, monitor: Process, thing: Thing) -> float | None:
    """Milliseconds; None: it stayed away."""
    before = len(monitor.log())
    host.command("ip", *thing.remove.split())
    within(PATIENCE_S, lambda: len(_events(monitor.log()[before:], thing.shown)) > 1)
    return _away(_events(monitor.log()[before:], thing.shown))


def _events(log: str, shown: str) -> list[tuple[float, bool]]:
    """When it went and came (True), in order."""
    lines = (STAMP.match(line) for line in log.splitlines())
    return [
        (datetime.fromisoformat(line[1]).timestamp(), not line[2])
        for line in lines
        if line and shown in line[3]
    ]


def _away(events: list[tuple[float, bool]]) -> float | None:
    gone = next((at for at, there in events if not there), None)
    back = next((at for at, there in events if there and gone is not None and at >= gone), None)
    return None if gone is None or back is None else (back - gone) * 1000


def _row(found: list[float | None]) -> str:
    measured = [each for each in found if each is not None]
    return f"{median(measured):.2f}, {max(measured):.2f}" if len(measured) == len(found) else "never"


if __name__ == "__main__":
    sys.exit(main())
