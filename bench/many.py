"""250 and 1,000 masters on one host: start, punctuality, CPU for an advert, memory.

A scenario in the manner of the shared harness, whose labs and reports it uses.
"""

import time

import configs
import scenarios
from bench import main
from capture import Capture
from scenarios import ms
from wide import WideLab, instances, punctuality, wait_masters

CASES = {
    "250-1s": {"count": 250, "interval": 1},
    "1000-1s": {"count": 1000, "interval": 1},
    "1000-100ms": {"count": 1000, "interval": 0.1},
}
ANNOUNCED_S = 7  # until all addresses have been announced the second time


def many(command, options, count, interval):
    """Owners, who speak as soon as they can."""
    seconds = options.seconds or 10
    with WideLab(count, "c") as lab, Capture(lab, routers=["r1"]) as cap:
        text = configs.GLOBAL + instances(count, interval=interval, priority=255, state="MASTER")
        daemon = lab.daemon("r1", command, text)
        firsts = wait_masters(cap, count, 60)
        cap.wait_up("r1", count, 30)
        time.sleep(ANNOUNCED_S)
        begin, used = time.time_ns(), daemon.cpu()
        time.sleep(seconds)
        used = daemon.cpu() - used
        found = punctuality(cap, begin, interval)
        return {
            "first_advert_ms": ms(firsts[0] - daemon.exec_time),
            "last_first_advert_ms": ms(firsts[-1] - daemon.exec_time),
            "last_address_ms": ms(max(cap.up("r1").values()) - daemon.exec_time),
            **{name: value for name, value in found.items() if name != "adverts"},
            "adverts_share": found["adverts"] / (count * seconds / interval),
            "cpu_us_per_advert": used * 1e6 / found["adverts"],
            **daemon.memory(),
        }


if __name__ == "__main__":
    scenarios.SCENARIOS["many"] = (CASES, many, "250 and 1,000 masters")
    raise SystemExit(main())
