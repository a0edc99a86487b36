"""What asking does: adverts under ten scrapes a second, and a status of 1,000 instances on busy cores.

A scenario in the manner of the shared harness, whose labs and reports it uses. Keepalived has nothing that could
be asked like this; of it only the adverts are measured.
"""

import os
import signal
import statistics
import sys
import time
from pathlib import Path

import configs
import scenarios
from bench import main
from capture import Capture
from scenarios import hog, percentile
from wide import WideLab, instances, punctuality, wait_masters

from lab import MEASURING, kill

CASES = {
    "scrapes-250": {"count": 250, "verb": "metrics", "pause": 0.1, "hogged": False},
    "status-1000-hog": {"count": 1000, "verb": "status", "pause": 0.5, "hogged": True},
}
ANNOUNCED_S = 7  # until all addresses have been announced the second time
HOGGED_S = 20  # long enough for a median of answers
SOCKET = "standfastd.sock"

ASK = """
import socket, sys, time
path, verb, pause, until = sys.argv[1], sys.argv[2], float(sys.argv[3]), time.monotonic() + float(sys.argv[4])
while time.monotonic() < until:
    began = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(path)
        asking.sendall(b'{"verb":"%s"}\\n' % verb.encode())
        data = bytearray()
        while not data.endswith(b"\\n"):
            more = asking.recv(1 << 20)
            if not more:
                sys.exit("the daemon hung up")
            data += more
    print((time.perf_counter() - began) * 1e3, flush=True)
    time.sleep(pause)
"""


def asking(command, options, count, verb, pause, hogged):
    """The adverts' punctuality, first with nobody asking, then with somebody."""
    seconds = options.seconds or 20
    if hogged:
        seconds = min(seconds, HOGGED_S)
    with WideLab(count, "c") as lab, Capture(lab, routers=["r1"]) as cap:
        text = configs.GLOBAL + instances(count, interval=1, priority=255, state="MASTER")
        ours = Path(command[-1]).name.startswith(("standfast", "sfd"))
        if ours:
            text = text.replace("}", f"    control_socket {lab.path / SOCKET}\n}}", 1)
        daemon = lab.daemon("r1", command, text)
        wait_masters(cap, count, 60)
        time.sleep(ANNOUNCED_S)
        hogs = hog() if hogged else []
        quiet = during(cap, daemon, seconds)
        found = {"quiet_p99_ms": quiet["p99_ms"], "cpu_share_quiet": quiet["cpu_share"]}
        if ours:
            words = [sys.executable, "-c", ASK, str(lab.path / SOCKET), verb, str(pause), str(seconds)]
            asker = lab.spawn("r1", words, lab.path / "asked.log", cores=MEASURING)
            busy = during(cap, daemon, seconds)
            asker.popen.wait(30)
            found |= {
                "asked_p99_ms": busy["p99_ms"],
                "asked_more_p99_ms": busy["p99_ms"] - quiet["p99_ms"],
                "asked_longest_gap_intervals": busy["longest_gap_intervals"],
                "cpu_share_asked": busy["cpu_share"],
                **of_answers([float(line) for line in asker.log.read_text().split()]),
            }
        for pid in hogs:
            kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return found


def of_answers(answers):
    """How long answers took, and how many there were."""
    return {
        "answers": len(answers),
        "answer_p50_ms": statistics.median(answers),
        "answer_p99_ms": percentile(answers, 0.99),
    }


def during(cap, daemon, seconds):
    """The punctuality of some seconds."""
    begin, used = time.time_ns(), daemon.cpu()
    time.sleep(seconds)
    return {**punctuality(cap, begin, 1), "cpu_share": (daemon.cpu() - used) / seconds}


if __name__ == "__main__":
    scenarios.SCENARIOS["asking"] = (CASES, asking, "adverts while somebody asks; answers on busy cores")
    raise SystemExit(main())
