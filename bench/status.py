"""How long a status takes with many instances, and what asking does to the adverts.

    python bench/status.py [--instances N] [--seconds S]

Needs root and Linux. The instances are masters by themselves, 255 to an interface; they take over in groups, since
their priorities differ. `busy` is with a program that only computes on every core. The adverts are those of the
first interface, with and without ten scrapes a second; their jitter is the distance from the second.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import Final

from standfast.base.times import SECOND, between
from standfast.lab.clock import within
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

ON_ONE: Final = 250  # instances to an interface
START_S: Final = 120.0

ASK: Final = """
import socket, sys, time
verb, pause, until = sys.argv[1], float(sys.argv[2]), time.monotonic() + float(sys.argv[3])
while time.monotonic() < until:
    began = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect("/run/standfastd.sock")
        asking.sendall(b'{"verb":"%s"}\\n' % verb.encode())
        data = bytearray()
        while not data.endswith(b"\\n"):
            data += asking.recv(1 << 20)
    print((time.perf_counter() - began) * 1e3)
    time.sleep(pause)
"""


def main() -> int:
    """Print two tables: milliseconds of an answer, and of the adverts' jitter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--instances", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    with Lab() as lab:
        host = lab.host("a", "10.99.0.1/24")
        for number in range(1, -(-given.instances // ON_ONE)):
            _make_interface(host, number)
        daemon = host.run(config(given.instances))
        if not within(START_S, lambda: daemon.log().count("Entering MASTER STATE") >= given.instances):
            print("not all have become master", file=sys.stderr)
            return 1
        time.sleep(10)  # until all is announced
        _print_answers(host, given.seconds)
        _print_jitter(lab, host, given.seconds)
    return 0


def config(instances: int) -> str:
    """Masters of one address each, whose adverts come once a second."""
    return "".join(
        f"vrrp_instance VI_{n} {{\n interface eth{n // ON_ONE}\n virtual_router_id {n % ON_ONE + 1}\n version 3\n"
        f" priority {n % 200 + 50}\n virtual_ipaddress {{ 10.{100 + n // ON_ONE}.{n % ON_ONE}.1/32 }}\n}}\n"
        for n in range(instances)
    )


def _make_interface(host: Host, number: int) -> None:
    name = f"eth{number}"
    host.command("ip", "link", "add", name, "type", "veth", "peer", "name", f"p{number}")
    host.command("ip", "address", "add", f"10.99.{number}.1/24", "dev", name)
    for link in (name, f"p{number}"):
        host.command("ip", "link", "set", link, "up")


def _print_answers(host: Host, seconds: float) -> None:
    print("| status, ms | median | p99 |\n| --- | --- | --- |")
    print(_row("idle", _answers(host, seconds)))
    busy = [host.start(sys.executable, "-c", "while True: pass") for _ in range(os.cpu_count() or 1)]
    print(_row("busy", _answers(host, seconds)))
    for each in busy:
        each.kill()


def _answers(host: Host, seconds: float) -> list[float]:
    asking = _asking(host, "status", 0.1, seconds)
    asking.wait(seconds + 30)
    return [float(line) for line in asking.log().splitlines()]


def _asking(host: Host, verb: str, pause: float, seconds: float) -> Process:
    return host.start(sys.executable, "-c", ASK, verb, str(pause), str(seconds))


def _print_jitter(lab: Lab, host: Host, seconds: float) -> None:
    print("\n| adverts' jitter, ms | median | p99 |\n| --- | --- | --- |")
    print(_row("nobody asks", _jitter(lab, seconds)))
    asking = _asking(host, "metrics", 0.1, seconds + 1)
    print(_row("10 scrapes a second", _jitter(lab, seconds)))
    asking.wait(seconds + 30)


def _jitter(lab: Lab, seconds: float) -> list[float]:
    with lab.capture() as capture:
        time.sleep(seconds)
        sent = [[at for at, _ in capture.adverts(vrid)] for vrid in range(1, ON_ONE)]
    gaps = [between(*pair) for each in sent for pair in pairwise(each)]
    return [abs(gap - SECOND) / 1e3 for gap in gaps]


def _row(name: str, values: Sequence[float]) -> str:
    if len(values) < 2:
        return f"| {name} | none | none |"
    return f"| {name} | {median(values):.1f} | {quantiles(values, n=100)[-1]:.1f} |"


if __name__ == "__main__":
    sys.exit(main())
