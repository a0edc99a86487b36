"""Health checks of 1,000 and 5,000 real servers: how many a second, CPU for each, and from death to removal.

A scenario in the manner of the shared harness, whose labs and reports it uses. Both daemons run on the same IPVS
that balances nothing (`nowhere.c`), so that no kernel with IPVS is needed. 250 of the servers die at once; the
times until each is removed are compared.
"""

import random
import shutil
import statistics
import time

import configs
import scenarios
from bench import main
from nowhere import REMOVE_DESTINATION, Nowhere
from scenarios import NGINX, accepted, ms

from lab import ADDRESS, MEASURING, Failure, Lab, wait

CASES = {
    f"{check}-{count}-{delay}s": {"check": check, "count": count, "delay": delay}
    for check in ("TCP_CHECK", "HTTP_GET")
    for count in (1000, 5000)
    for delay in (1, 5)
}
DYING = 250  # so many that where each is between two checks plays no part
IN_SERVICE = 50  # real servers of each virtual server


def checking(command, options, check, count, delay):
    """Let the checks run, count them, then let some servers die."""
    seconds = options.seconds or max(6, 2 * delay)
    with Lab("r1", "s") as lab:
        web(lab, 80)
        mortal = web(lab, 8081)
        ipvs = Nowhere(lab)
        servers = [(address(n), 8081 if n % (count // DYING) == 0 else 80) for n in range(count)]
        groups = [servers[at : at + IN_SERVICE] for at in range(0, count, IN_SERVICE)]
        text = configs.GLOBAL + "".join(
            configs.virtual_server(f"10.5.0.{n + 1}", group, check, delay) for n, group in enumerate(groups)
        )
        daemon = lab.daemon("r1", ipvs.under(command), text, "-C")
        wait(lambda: accepted(lab) >= count or not daemon.alive(), 40 + 2 * delay, "first checks", 0.1)
        if not daemon.alive():
            raise Failure("the daemon ended: " + daemon.log.read_text(errors="replace")[-300:])
        time.sleep(delay)
        if wrong := ipvs.count(REMOVE_DESTINATION):
            raise Failure(f"{wrong} servers were removed that live")
        before, used, begin = accepted(lab), daemon.cpu(), time.monotonic()
        time.sleep(seconds)
        done, used = accepted(lab) - before, daemon.cpu() - used
        rate = done / (time.monotonic() - begin)
        memory = daemon.memory()
        time.sleep(random.random() * delay)  # noqa: S311 - no secret
        died = time.time_ns()
        mortal.kill_tree()
        wait(lambda: len(ipvs.removals()) >= DYING, 30 + 4 * delay, "removal of all that died", 0.05)
        after = [ms(at - died) for at in ipvs.removals()[:DYING]]
        return {
            "checks_per_s": rate,
            "share_of_asked": rate * delay / count,
            "cpu_us_per_check": used * 1e6 / max(done, 1),
            "cpu_share": used / seconds,
            "removal_p50_ms": statistics.median(after),
            "removal_max_ms": max(after),
            "removed_wrongly": ipvs.count(REMOVE_DESTINATION) - DYING,
            **memory,
        }


def web(lab, port):
    """A web server on this port of every address of the host `s`."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not nginx:
        raise Failure("needs nginx")
    if port == 80:
        lab.ip("s", "route add local 10.4.0.0/16 dev lo")
        lab.ip("r1", f"route add 10.4.0.0/16 via {ADDRESS['s']}")
    place = lab.path / f"web-{port}"
    place.mkdir()
    (place / "nginx.conf").write_text(NGINX.format(path=place).replace("listen 80 ", f"listen {port} "))
    return lab.spawn("s", [nginx, "-p", str(place), "-c", "nginx.conf"], cores=MEASURING)


def address(number):
    """The address of a real server."""
    return f"10.4.{number // 250}.{number % 250 + 1}"


if __name__ == "__main__":
    scenarios.SCENARIOS["checking"] = (CASES, checking, "health checks, and the removal of what died")
    raise SystemExit(main())
