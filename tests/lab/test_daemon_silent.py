"""A child that does not answer: its stack is in the log, it is ended, and another takes its place.

All four sorts of children are stopped at once, so that the waiting is done once.
"""

import re
import signal

import pytest
from daemon_lab import VIP, config

from standfast.base.limits import HELLO_INTERVAL, HELLO_MISSES
from standfast.base.times import SECOND
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

CHILDREN = ("vrrp", "checker", "bfd", "messenger")
NOTICED_WITHIN = (HELLO_MISSES + 1) * HELLO_INTERVAL / SECOND + 25.0  # and the machine may be busy

CONFIG = f"""
global_defs {{
    lvs_engine nftables
    notify_fifo /run/notices
}}
bfd_instance neighbour {{
    neighbor_ip 10.99.0.2
    source_ip 10.99.0.1
}}
virtual_server 10.99.0.200 80 {{
    protocol TCP
    lb_algo rr
    lb_kind NAT
    real_server 10.99.0.20 80 {{
        TCP_CHECK {{
            connect_timeout 1
        }}
    }}
}}
{config(150)}
"""


@pytest.mark.behaviour("PR-04")
def test_a_child_that_stands_still_is_replaced_and_its_stack_is_told(lab: Lab) -> None:
    host = lab.host("a", "10.99.0.1/24")
    daemon = host.direct(CONFIG)
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    assert lab.within(20.0, lambda: host.holds(VIP))
    before = pids(daemon.log())

    daemon.signal(signal.SIGSTOP, *before.values())

    def replaced() -> bool:
        return all(pids(daemon.log())[child] != before[child] for child in CHILDREN)

    assert lab.within(NOTICED_WITHIN, replaced)
    for child in CHILDREN:
        assert f"The {child} process does not answer" in daemon.log()
        assert re.search(rf"The {child} process stood here +where=\"\w+\.py:\d+ \w+ < ", daemon.log()), child
        assert f'The {child} process was killed by SIGABRT  answer="restart at once"' in daemon.log()
    assert lab.within(20.0, lambda: daemon.log().count("Entering MASTER") == 2 and host.holds(VIP))
    assert daemon.stop() == 0


def test_without_respawn_a_silent_child_ends_the_daemon(lab: Lab) -> None:
    host: Host = lab.host("a", "10.99.0.1/24")
    daemon = host.run(config(150), "-R")
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())

    daemon.signal(signal.SIGSTOP, pids(daemon.log())["vrrp"])

    assert daemon.wait(NOTICED_WITHIN) == 1
    assert "the daemon ends" in daemon.log()


def pids(log: str) -> dict[str, int]:
    """The latest pid of each child."""
    return {child: int(pid) for child, pid in re.findall(r"tarted the (\w+) process +pid=(\d+)", log)}
