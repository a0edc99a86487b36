"""VRRP failover by BFD at 10 ms, three missing packets: from the cut of a cable to the backup's first advert.

The master and its gateway keep a session; when the gateway's cable is cut, the master resigns, and the backup
speaks after its skew. The gateway is BIRD for both daemons. A scenario in the manner of the shared harness.
"""

import random
import shutil
import statistics
import time

import configs
import scenarios
from bench import main
from capture import Capture
from scenarios import ms, skew, wait_listening

from lab import ADDRESS, MEASURING, Failure, Lab, cut, wait

CASES = {"10ms-x3": {"interval_ms": 10, "multiplier": 3}}
CUTS = 8
BACKUP_PRIORITY, ADVERT_S = 250, 0.1
UP_AGAIN_S = 15


def cutting(command, _, interval_ms, multiplier):
    """Cut and mend several times."""
    with Lab("r1", "r2", "s", "c") as lab, Capture(lab) as cap:
        bird(lab, [(ADDRESS["r1"], ADDRESS["s"])], interval_ms, multiplier)
        tracked = session("wan", ADDRESS["s"], ADDRESS["r1"], interval_ms, multiplier)
        master = configs.instance("VI_1", 1, [configs.vip(0)], interval=ADVERT_S, priority=253)
        master = master.removesuffix("}\n") + "    track_bfd {\n        wan weight 0\n    }\n}\n"
        lab.daemon("r1", command, configs.GLOBAL + tracked + master)
        cap.wait_masters("r1", 1, UP_AGAIN_S)
        lab.daemon("r2", command, configs.vrrp(1, 1, interval=ADVERT_S, priority=BACKUP_PRIORITY))
        wait_listening(lab, "r2")
        found = [once(lab, cap) for _ in range(CUTS)]
        return {
            "resigned_p50_ms": statistics.median(each[0] for each in found),
            "resigned_max_ms": max(each[0] for each in found),
            "takeover_p50_ms": statistics.median(each[1] for each in found),
            "takeover_max_ms": max(each[1] for each in found),
            "skew_ms": skew(3, ADVERT_S, BACKUP_PRIORITY) * 1e3,
        }


def once(lab, cap):
    """From the cut to the master's last advert, and to the backup's first, in ms."""
    time.sleep(1.5 + random.random() * 0.1)  # noqa: S311 - no secret
    wait(lambda: speaks(cap, "r1"), UP_AGAIN_S, "master on r1 again", 0.1)
    time.sleep(1)
    begin = time.time_ns()
    cut(lab, "s")
    wait(lambda: cap.of("r2", begin), 5, "advert of the backup", 0.05)
    lab.ip("sw", "link set dev s up")
    left = [advert.time for advert in cap.of("r1", begin) if advert.priority == 0]
    if not left:
        raise Failure("the master did not resign")
    return ms(left[0] - begin), ms(cap.of("r2", begin)[0].time - begin)


def speaks(cap, host):
    """Whether the host has sent an advert in the last two intervals, and means to go on."""
    recent = cap.of(host, time.time_ns() - int(2e9 * ADVERT_S))
    return bool(recent) and recent[-1].priority > 0


def session(name, neighbor, source, interval_ms, multiplier):
    """A `bfd_instance`."""
    return (
        f"bfd_instance {name} {{\n    neighbor_ip {neighbor}\n    source_ip {source}\n    min_rx {interval_ms}\n"
        f"    min_tx {interval_ms}\n    multiplier {multiplier}\n}}\n"
    )


def bird(lab, ends, interval_ms, multiplier, *, priority=0):
    """BIRD on the host `s`: a session for each pair of (neighbour, own address)."""
    program = shutil.which("bird", path="/usr/sbin:/usr/bin")
    if not program:
        raise Failure("needs BIRD: apt-get install bird2")
    pace = (
        f"min rx interval {interval_ms} ms; min tx interval {interval_ms} ms; idle tx interval 200 ms; "
        f"multiplier {multiplier};"
    )
    neighbors = "".join(f'    neighbor {theirs} dev "eth0" local {own};\n' for theirs, own in ends)
    file = lab.path / "bird.conf"
    file.write_text(
        f'router id 10.0.0.200;\nlog stderr all;\nprotocol device {{}}\nprotocol bfd {{\n    interface "*" '
        f"{{ {pace} }};\n{neighbors}}}\n"
    )
    words = [
        program,
        "-f",
        "-c",
        str(file),
        "-s",
        str(lab.path / "bird.ctl"),
        "-P",
        str(lab.path / "bird.pid"),
    ]
    chrt = ["chrt", "-r", str(priority)] if priority else []
    return lab.spawn("s", [*chrt, *words], lab.path / "bird.log", cores=MEASURING)


if __name__ == "__main__":
    scenarios.SCENARIOS["cutting"] = (CASES, cutting, "failover by BFD")
    raise SystemExit(main())
