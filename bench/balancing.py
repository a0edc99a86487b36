"""37,298 real servers in 2,284 virtual servers: start, reload with one change, memory.

A scenario in the manner of the shared harness, whose labs and reports it uses. Both daemons run on the same IPVS
that balances nothing (`nowhere.c`). Each server has a TCP check once in ten minutes, which a web server answers.
Ours reads the table back once a minute and finds nothing there: a run with `readings` of it says too much.
"""

import time

import configs
import scenarios
from bench import main
from checking import address, web
from nowhere import ADD_DESTINATION, EDIT_DESTINATION, READ_SERVICES, Nowhere
from scenarios import ms

from lab import Lab, wait

CASES = {
    "37298": {"services": 2284, "servers": 37_298},
    "1000": {"services": 100, "servers": 1000},
}
DELAY_S = 600
PATIENCE_S = 900  # Keepalived compares each server with all others when it reads anew


def balancing(command, _, services, servers):
    """Start, wait until all is in the table, change the weight of the last server, reload."""
    with Lab("r1", "s") as lab:
        web(lab, 80)
        ipvs = Nowhere(lab)
        text = config(services, servers)
        daemon = lab.daemon("r1", ipvs.under(command), text, "-C")
        wait(lambda: ipvs.count(ADD_DESTINATION) >= servers, PATIENCE_S, "servers in the table", 0.05)
        start_cpu = daemon.cpu()
        start_ms = ms(ipvs.last(ADD_DESTINATION) - daemon.exec_time)
        time.sleep(5)
        memory = daemon.memory()
        edited, read, used = ipvs.count(EDIT_DESTINATION), ipvs.count(READ_SERVICES), daemon.cpu()
        at = text.rindex("weight 1")
        (lab.path / "r1.conf").write_text(text[:at] + "weight 7" + text[at + len("weight 1") :])
        begin = time.time_ns()
        daemon.signal(1)
        wait(lambda: ipvs.count(EDIT_DESTINATION) > edited, PATIENCE_S, "the change in the table", 0.05)
        reload_ms, reload_cpu = ms(ipvs.last(EDIT_DESTINATION) - begin), daemon.cpu() - used
        return {
            "start_ms": start_ms,
            "start_cpu_ms": start_cpu * 1e3,
            "reload_ms": reload_ms,
            "reload_cpu_ms": reload_cpu * 1e3,
            "edits": ipvs.count(EDIT_DESTINATION) - edited,
            "readings": ipvs.count(READ_SERVICES) - read,
            **memory,
        }


def config(services, servers):
    """Virtual servers that share the servers as evenly as can be."""
    text, number = configs.GLOBAL, 0
    for n in range(services):
        size = servers // services + (n < servers % services)
        group = [(address(number + k), 80) for k in range(size)]
        text += configs.virtual_server(f"10.5.{n // 250}.{n % 250 + 1}", group, "TCP_CHECK", DELAY_S)
        number += size
    return text


if __name__ == "__main__":
    scenarios.SCENARIOS["balancing"] = (CASES, balancing, "37,298 real servers: start, reload, memory")
    raise SystemExit(main())
