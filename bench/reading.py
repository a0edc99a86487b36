"""How long reading and checking a configuration takes: 50,000 lines, and the start on twenty.

A scenario in the manner of the shared harness, whose labs and reports it uses. Keepalived's side is `-t`; ours is
`standfastd -t` for the long file and `standfast check` for the short one, which is what a person types.
"""

import os
import resource
import select
import time
from pathlib import Path

import configs
import scenarios
from bench import main

from lab import Lab

CASES = {"check-50000": {"lines": 50_000}, "start-20": {"lines": 20}}


def reading(command, _, lines):
    """Check a file without a mistake, on interfaces that are there."""
    with Lab("r1", "c") as lab:
        text = configs.large(lines) if lines > 100 else configs.vrrp(1, 2)
        for number in range(1 + text.count("vrrp_instance") // 255):
            name = f"eth{number}"
            lab.spawn("r1", ["ip", "link", "add", name, "type", "bridge"], lab.path / "ip.log").popen.wait(10)
            lab.spawn("r1", ["ip", "link", "set", name, "up"], lab.path / "ip.log").popen.wait(10)
        file = lab.path / "test.conf"
        file.write_text(text)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        process = lab.spawn("r1", [*judge(command, lines), str(file)], lab.path / "test.log")
        ended(process.popen)
        wall = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {
            "wall_ms": wall * 1e3,
            "cpu_ms": used * 1e3,
            "lines": text.count("\n"),
            "exit": process.popen.returncode,
        }


def ended(popen):
    """Wait for the end; `Popen.wait` with a time looks every 50 ms only."""
    process = os.pidfd_open(popen.pid)
    try:
        select.select([process], [], [], 60)
    finally:
        os.close(process)
    popen.wait(1)


def judge(command, lines):
    """The command that checks a file."""
    program = Path(command[0])
    if program.name == "standfastd" and lines <= 100:
        return [str(program.with_name("standfast")), "check"]
    return [*command, "-t", "-f"]


if __name__ == "__main__":
    scenarios.SCENARIOS["reading"] = (CASES, reading, "time to read and check a configuration")
    raise SystemExit(main())
