"""1,000 instances, each with a tracker of its own, and all 1,000 trackers change at once.

Files get a number that means failure; interfaces are taken down. A failure of weight 0 makes each master resign:
its last advert (priority 0) and the removal of its address are what is waited for. A scenario in the manner of the
shared harness, whose labs and reports it uses.
"""

import os
import time

import configs
import scenarios
from bench import main
from capture import Capture
from scenarios import ms
from wide import WideLab, by_instance, instances, wait_masters

from lab import wait

CASES = {
    f"{kind}-{count}": {"kind": kind, "count": count} for kind in ("file", "interface") for count in (1000,)
}
GLOBAL = configs.GLOBAL.replace(
    "}", "    vrrp_netlink_monitor_rcv_bufs 16777216\n    vrrp_netlink_monitor_rcv_bufs_force yes\n}"
)
SETTLED_S = 7  # until all addresses have been announced the second time
PATIENCE_S = 20


def tracking(command, _, kind, count):
    """All masters; then every tracker fails."""
    with WideLab(count, "c") as lab, Capture(lab, routers=["r1"]) as cap:
        blocks, tracks, fail = KINDS[kind](lab, count)
        text = GLOBAL + blocks + instances(count, extra=tracks, interval=0.5, priority=200)
        daemon = lab.daemon("r1", command, text)
        wait_masters(cap, count, 60)
        cap.wait_up("r1", count, 30)
        time.sleep(SETTLED_S)
        used, begin = daemon.cpu(), time.time_ns()
        fail()
        changed = time.time_ns()
        wait(lambda: len(removed(cap, begin)) >= count, PATIENCE_S, "removal of all addresses", 0.1)
        wait(lambda: len(resigned(cap, begin)) >= count, PATIENCE_S, "last adverts of all", 0.1)
        used = daemon.cpu() - used
        last_advert, last_address = max(resigned(cap, begin).values()), max(removed(cap, begin).values())
        return {
            "changing_ms": ms(changed - begin),
            "first_effect_ms": ms(min(resigned(cap, begin).values()) - begin),
            "last_advert_ms": ms(last_advert - begin),
            "last_address_ms": ms(last_address - begin),
            "all_done_ms": ms(max(last_advert, last_address) - begin),
            "cpu_ms": used * 1e3,
        }


def removed(cap, since):
    """Address -> when it was taken away."""
    cap.parse()
    return {x.address: x.time for x in cap.changes if not x.added and x.time > since}


def resigned(cap, since):
    """Instance -> when it said that it leaves."""
    leaving = {
        key: [advert.time for advert in adverts if advert.priority == 0]
        for key, adverts in by_instance(cap, since).items()
    }
    return {key: times[0] for key, times in leaving.items() if times}


def files(lab, count):
    """Each instance tracks a file; a number that is not 0 means failure, since the weight is 0."""
    paths = [lab.path / f"tracked-{n}" for n in range(count)]
    for path in paths:
        path.write_text("0\n")
    blocks = "".join(
        f"vrrp_track_file f{n} {{\n    file {path}\n    weight 0\n}}\n" for n, path in enumerate(paths)
    )

    def fail():
        for descriptor in [os.open(path, os.O_WRONLY) for path in paths]:
            os.write(descriptor, b"1\n")
            os.close(descriptor)  # this is what is heard

    return blocks, lambda n: f"    track_file {{\n        f{n}\n    }}\n", fail


def interfaces(lab, count):
    """Each instance tracks an interface, which is a bridge without ports: no other goes down as fast."""
    made = [(f"link add t{n} type bridge", f"link set t{n} up") for n in range(count)]
    lab.ip("r1", *(order for orders in made for order in orders))

    def fail():
        lab.ip("r1", *(f"link set t{n} down" for n in range(count)))

    return "", lambda n: f"    track_interface {{\n        t{n}\n    }}\n", fail


KINDS = {"file": files, "interface": interfaces}

if __name__ == "__main__":
    scenarios.SCENARIOS["tracking"] = (CASES, tracking, "1,000 trackers that change at once")
    raise SystemExit(main())
