"""100 BFD sessions at 50 ms while both cores are hogged: sessions that went down although the neighbour lives.

The neighbour is BIRD in a real-time class above all others. A scenario in the manner of the shared harness.
"""

import os
import re
import signal
import time

import configs
import scenarios
from bench import main
from cutting import bird, session
from scenarios import hog

from lab import Lab, kill, wait

CASES = {
    "100-50ms": {"count": 100, "interval_ms": 50, "hogged": False},
    "100-50ms-hog": {"count": 100, "interval_ms": 50, "hogged": True},
}
MULTIPLIER = 3
REALTIME = "global_defs {\n    bfd_rt_priority 50\n}\n"
NEIGHBOUR_PRIORITY = 60
UP_S = 30
IDLE_S = 20  # for the CPU of packets alone
ENTERED = re.compile(
    r"\(?(b\d+)\)? Entering (Up|Down|Init) state|\((b\d+)\) Entering (UP|DOWN|INIT) state", re.I
)


def sessions(command, options, count, interval_ms, hogged):
    """Bring them up, hog, count what goes down."""
    seconds = options.seconds or 60
    if not hogged:
        seconds = min(seconds, IDLE_S)
    with Lab("r1", "s") as lab:
        ends = [(f"10.0.1.{n + 1}", f"10.0.2.{n + 1}") for n in range(count)]
        lab.ip("r1", *(f"address add {own}/16 dev eth0" for own, _ in ends))
        lab.ip("s", *(f"address add {theirs}/16 dev eth0" for _, theirs in ends))
        bird(lab, ends, interval_ms, MULTIPLIER, priority=NEIGHBOUR_PRIORITY)
        text = configs.GLOBAL + REALTIME + configs.instance("VI_1", 1, [configs.vip(0)], priority=200)
        text += "".join(
            session(f"b{n}", theirs, own, interval_ms, MULTIPLIER) for n, (own, theirs) in enumerate(ends)
        )
        daemon = lab.daemon("r1", command, text)
        wait(lambda: up(daemon) >= count, UP_S, f"{count} sessions up", 0.2)
        time.sleep(2)
        hogs = hog() if hogged else []
        time.sleep(0.5)
        downs, used, packets = went_down(daemon), daemon.cpu(), sent(lab)
        time.sleep(seconds)
        used, packets = daemon.cpu() - used, sent(lab) - packets
        for pid in hogs:
            kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return {
            "false_downs": went_down(daemon) - downs,
            "still_up": up(daemon),
            "cpu_share": used / seconds,
            "cpu_us_per_packet": used * 1e6 / max(packets, 1),
            "packets_per_s": packets / seconds,
        }


def states(daemon):
    """Every state that sessions entered, in order."""
    return ENTERED.findall(daemon.log.read_text(errors="replace"))


def up(daemon):
    """How many sessions are up, by the log."""
    last = {}
    for name, state, other, shouted in states(daemon):
        last[name or other] = (state or shouted).lower()
    return sum(state == "up" for state in last.values())


def went_down(daemon):
    """How often a session entered Down."""
    return sum((state or shouted).lower() == "down" for _, state, _, shouted in states(daemon))


def sent(lab):
    """Datagrams that the host under test has sent."""
    rows = [line.split() for line in lab.read("r1", "/proc/net/snmp").splitlines() if line.startswith("Udp:")]
    return int(dict(zip(*rows, strict=True))["OutDatagrams"])


if __name__ == "__main__":
    scenarios.SCENARIOS["sessions"] = (CASES, sessions, "100 BFD sessions on hogged cores")
    raise SystemExit(main())
