"""A daemon that is reloaded again and again: its processes hold at the end what they held near the beginning.

It runs with `--debug-memory`, whose census each process writes beside the pid file.
"""

import signal
from collections.abc import Mapping
from typing import Final

import msgspec

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.base.priorities import OWNER
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

Counts = Mapping[str, int]
PROCESSES: Final = ("parent", "vrrp", "checker", "bfd", "messenger")
_VIP: Final = "10.99.0.100"
_REMOVED: Final = "Removing service [10.99.0.78]:tcp:80"  # what every reload leaves as it is
_WARM: Final = 8  # reloads before the first count: caches are full, pools have their size
_PATIENCE: Final = 60.0  # seconds for a count; the machine may be busy
_AGAIN: Final = 3  # counts at the end, if the first one differs
_RELOAD_S: Final = 20.0  # seconds that one reload may take
_MEMORY: Final = signal.SIGRTMIN + 4

# What differs from one moment to the next while nothing grows: a check is under way or rests, a line is said.
_PASSING: Final = (
    "core.check.state.",
    "core.check.probes.",
    "linux.attempts.",
    "observe.",
    "queue base.agenda.",
    "descriptor socket sockets:",
    "object base.services.",
    "object core.lvs.table.",
    "queue daemon.serving.Serving._known",  # an entry for each child, once it has answered
    "queue engine.audience.Audience._wanting",  # an entry for each class of facts, once it was told
    "object linux.present.",  # what the kernel told last, a bounded number: each reload changes its addresses
)

# Runs on the host: writes one configuration after the other, and waits for the answer to each reload.
_DRIVER: Final = """
import json, socket, sys
texts, count = json.load(sys.stdin), int(sys.argv[1])
for number in range(count):
    with open("/run/standfastd.conf", "w") as file:
        file.write(texts[(number + 1) % len(texts)])
    client = socket.socket(socket.AF_UNIX)
    client.connect("/run/standfastd.sock")
    client.sendall(b'{"verb":"reload"}\\n')
    answer = json.loads(client.makefile().readline())
    client.close()
    if not answer["ok"]:
        sys.exit(f"reload {number}: {answer}")
"""

# A process keeps what it told last until it is asked again, which it is by its parent two seconds after a change.
_ASKER: Final = """
import socket
client = socket.socket(socket.AF_UNIX)
client.connect("/run/standfastd.sock")
client.sendall(b'{"verb":"status"}\\n')
client.makefile().readline()
"""


@frozen
class Soaked:
    """What the processes held after the first reloads, and after the last."""

    before: Mapping[str, Counts]  # by process
    after: Mapping[str, Counts]
    resident_kib: Mapping[str, tuple[int, int]]  # by process, then and at the end
    left: tuple[str, ...]  # said at the stop

    @property
    def grown(self) -> list[str]:
        """What there is more or less of than before, a line each."""
        return _grown(self.before, self.after)


def _grown(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> list[str]:
    return [
        f"{process}: {what} was {was}, is {now}"
        for process, counts in before.items()
        for what in sorted(counts.keys() | after[process].keys())
        if (was := counts.get(what, 0)) != (now := after[process].get(what, 0))
        and not any(each in what for each in _PASSING)
    ]


def soak(lab: Lab, reloads: int) -> Soaked:
    """Reload a daemon with all its processes so often.

    Raises:
        Refused: a reload failed, or a process did not count.
    """
    host = lab.host("a", "10.99.0.1/24")
    daemon = host.direct(_texts()[0], "--debug-memory", "-G", "-b/run/bfd.pid")
    if not lab.within(_PATIENCE, lambda: "Startup complete" in daemon.log()):
        raise Refused("soak", f"the daemon does not start: {daemon.log()}")
    host.start("sh", "-c", "while :; do cat /run/all.fifo; sleep 1; done > /dev/null 2>&1")  # or it fills up
    _reload(host, _WARM)
    before, resident = _count(lab, host, daemon), _resident(host, daemon)
    _reload(host, reloads - reloads % len(_texts()))
    after, at_end = _count(lab, host, daemon), _resident(host, daemon)
    # A script may just have been running: what has grown is there at the next look, too.
    for _ in range(_AGAIN):
        if not _grown(before, after):
            break
        after = _count(lab, host, daemon)
    daemon.signal(signal.SIGTERM)
    daemon.wait(_PATIENCE)
    left = tuple(line for line in daemon.log().splitlines() if "Left at the stop" in line)
    return Soaked(before, after, {name: (resident[name], at_end[name]) for name in resident}, left)


def _reload(host: Host, count: int) -> None:
    """Reload so often; the configuration is the first one again if that is a multiple of their number."""
    process = host.start("python3", "-c", _DRIVER, str(count), text=msgspec.json.encode(_texts()).decode())
    status = process.wait(_RELOAD_S * count)
    if status:
        raise Refused("soak", process.log())


def _count(lab: Lab, host: Host, daemon: Daemon) -> dict[str, Counts]:
    files = {name: f"standfastd.memory.{name}" for name in PROCESSES}
    if not lab.within(_PATIENCE, lambda: host.holds(_VIP)):
        raise Refused("soak", "the router is not master of the first configuration")
    if not lab.within(_PATIENCE, lambda: _REMOVED in daemon.log()):
        raise Refused("soak", "the server that nobody answers at stays in the table")
    host.command("python3", "-c", _ASKER)
    host.command("rm", "-f", *(f"/run/{file}" for file in files.values()))
    host.command("kill", f"-{_MEMORY}", str(daemon.pid))
    if not lab.within(_PATIENCE, lambda: all(host.read(file) for file in files.values())):
        raise Refused("soak", "a process does not count what it holds")
    return {name: msgspec.json.decode(host.read(file))["counts"] for name, file in files.items()}


def _resident(host: Host, daemon: Daemon) -> dict[str, int]:
    """KiB of memory that each process has."""
    found = {}
    for pid in daemon.tree():
        status = host.command("cat", f"/proc/{pid}/status")
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        found[fields["Name"].strip()] = int(fields["VmRSS"].split()[0])
    return found


def _texts() -> tuple[str, ...]:
    """Configurations that differ in all that a reload can change while the processes stay."""
    return (
        _text(),
        _text(priority=200, more="10.99.0.101/24\n10.99.0.102/24"),
        _text(vrid=52, servers=(78, 79), delay=2),
        _text(priority=150, servers=(), session=False, script="true"),
    )


def _text(
    *,
    vrid: int = 51,
    priority: int = OWNER,
    more: str = "",
    servers: tuple[int, ...] = (78,),
    delay: int = 1,
    session: bool = True,
    script: str = "false",
) -> str:
    reals = "\n".join(
        f"real_server 10.99.0.{each} 80 {{\nTCP_CHECK {{\nconnect_timeout 1\n}}\n}}" for each in servers
    )
    neighbor = 77 if session else 76
    return f"""global_defs {{
    lvs_engine nftables
    script_user root
    enable_script_security
    notify_fifo /run/all.fifo
}}
vrrp_script chk {{
    script "/usr/bin/{script}"
    interval 3600
    weight 10
}}
vrrp_instance VI_1 {{
    interface eth0
    state {"MASTER" if priority == OWNER else "BACKUP"}
    virtual_router_id {vrid}
    version 3
    priority {priority}
    virtual_ipaddress {{
        {_VIP}/24
        {more}
    }}
    track_script {{
        chk
    }}
}}
bfd_instance wan {{
    neighbor_ip 10.99.0.{neighbor}
    source_ip 10.99.0.1
}}
virtual_server 10.99.0.200 80 {{
    delay_loop {delay}
    lvs_sched rr
    lvs_method NAT
    protocol TCP
    {reals}
}}
"""
