"""How long a daemon is deaf after its VRRP child was killed: until the replacement speaks or listens again.

A scenario in the manner of the shared harness, whose labs and reports it uses.
"""

import signal
import time

import configs
import scenarios
from bench import main
from capture import Capture

from lab import Failure, Lab, descendants, kill, wait

CASES = {"owner": {"priority": 255, "state": "MASTER"}, "backup": {"priority": 100, "state": "BACKUP"}}


def listening(lab, host):
    """Whether a raw socket of protocol 112 is open in the host's namespace."""
    return any(line.split()[1].endswith(":0070") for line in lab.read(host, "/proc/net/raw").splitlines()[1:])


def respawn(command, _, priority, state):
    """Kill the child and time the replacement: its first advert (owner), or its socket (backup)."""
    with Lab("r1", "c") as lab, Capture(lab, routers=["r1"]) as cap:
        text = configs.vrrp(1, 1, interval=1, priority=priority, state=state)
        daemon = lab.daemon("r1", command, text)
        if priority == 255:
            cap.wait_masters("r1", 1, 15)
        else:
            wait(lambda: listening(lab, "r1"), 15, "listening")
        time.sleep(1.3)
        children = descendants(daemon.pid)
        if not children:
            raise Failure("the daemon has no child")
        begin = time.time_ns()
        for child in children:
            kill(child, signal.SIGKILL)
        if priority == 255:
            wait(lambda: cap.of("r1", begin), 10, "advert of the replacement", 0.001)
            return {"back_ms": (cap.of("r1", begin)[0].time - begin) / 1e6}
        wait(lambda: not listening(lab, "r1"), 5, "end of the old socket", 0.0005)
        wait(lambda: listening(lab, "r1"), 10, "socket of the replacement", 0.0005)
        return {"back_ms": (time.time_ns() - begin) / 1e6}


if __name__ == "__main__":
    scenarios.SCENARIOS["respawn"] = (CASES, respawn, "time without a VRRP child after it was killed")
    raise SystemExit(main())
