"""What the lab tests of the daemon share: one configuration, and how its processes are found."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP = "10.99.0.100"
PID_FILE = "standfastd.pid"  # under the host's /run; `Host.run` names them
RECORD = "standfastd.addresses"
CHILD_PID_FILE = "standfastd-vrrp.pid"
FILE = "/run/standfastd.conf"
SOCKET = "/run/standfastd.sock"
STANDFAST = str(Path(sys.executable).with_name("standfast"))
CALM = "0.5"  # seconds between adverts that a master may miss for 1.5 s and more
PATIENCE = 30.0  # seconds for what a machine at rest does in one


def config(
    priority: int = 150,
    addresses: Sequence[str] = (f"{VIP}/24",),
    more: str = "",
    interface: str = "eth0",
    *,
    interval: str = "0.1",
) -> str:
    """One version 3 router with 0.1 s between adverts: master after 3 * 0.1 s and its skew, or at once if 255.

    Where one of two hosts must stay master the whole time, `CALM` is the interval: a machine may stand still for a
    moment, and after 0.36 s without adverts the other one would be right to take over.
    """
    return f"""vrrp_instance VI_1 {{
        interface {interface}
        virtual_router_id 51
        version 3
        priority {priority}
        {"state MASTER" if priority == 255 else ""}
        advert_int {interval}
        virtual_ipaddress {{
            {" ".join(f"{address}{chr(10)}" for address in addresses)}
        }}
        {more}
    }}"""


def master(lab: Lab, host: Host, text: str, *flags: str) -> Daemon:
    """A daemon on this host that has become master."""
    daemon = started(lab, host, text, *flags)
    assert lab.within(PATIENCE, lambda: "Entering MASTER STATE" in daemon.log())
    assert lab.within(PATIENCE, lambda: host.holds(VIP))
    return daemon


def started(lab: Lab, host: Host, text: str, *flags: str) -> Daemon:
    """A daemon on this host whose start is complete."""
    daemon = host.run(text, *flags)
    assert lab.within(PATIENCE, lambda: "Startup complete" in daemon.log())
    return daemon


def child_of(host: Host) -> int:
    """The pid of the vrrp child, as its pid file says; 0 if there is none."""
    return int(host.read(CHILD_PID_FILE) or 0)


def cli(
    host: Host, *words: str, as_: Sequence[str] = (), path: str = SOCKET, patience: float = PATIENCE
) -> tuple[int, str]:
    """The exit code of a verb that asks this host's daemon, and all that it wrote."""
    process = host.start(*as_, STANDFAST, *words, "--socket", path)
    return process.wait(patience), process.log()


def status(host: Host, *names: str) -> dict[str, Any]:
    """What this host's daemon tells of its state, of all or of these."""
    decoded: dict[str, Any] = msgspec.json.decode(cli(host, "status", "--json", *names)[1])
    return decoded
