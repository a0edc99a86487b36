"""Hosts of one group on which Standfast and Keepalived run, each as the test says."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from standfast.base.times import Instant
from standfast.lab.capture import Capture
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.packets import Advert

STANDFAST: Final = "standfast"
KEEPALIVED: Final = "keepalived"
VIP: Final = "10.99.0.100"


def instance(
    priority: int,
    *,
    name: str = "VI_1",
    vrid: int = 51,
    interface: str = "eth0",
    addresses: Sequence[str] = (VIP,),
    version: int = 3,
    interval: str = "0.5",
    more: str = "",
) -> str:
    """A router with 0.5 s between adverts; of version 2 it is a second."""
    held = "\n".join(f"{address}/24" for address in addresses)
    return f"""vrrp_instance {name} {{
        interface {interface}
        virtual_router_id {vrid}
        version {version}
        priority {priority}
        advert_int {1 if version == 2 else interval}
        virtual_ipaddress {{\n{held}\n}}
        {more}
    }}
    """


class Party(NamedTuple):
    """A host, and what runs on it."""

    host: Host
    daemon: Daemon


def join(lab: Lab, host: Host, program: str, config: str) -> Party:
    """Run the program on the host."""
    run = host.run if program == STANDFAST else host.keepalived
    return Party(host, run(config))


def holders(hosts: Collection[Host], address: str = VIP) -> list[str]:
    """The names of the hosts that hold the address."""
    return [host.name for host in hosts if host.holds(address)]


def speakers(capture: Capture, hosts: Collection[Host], *, since: Instant = Instant(0)) -> list[str]:
    """Who spoke as master, in order; who goes on speaking stands there once."""
    names = {host.mac(): host.name for host in hosts}
    said = [
        names.get(packet.sender, "?")
        for packet in capture
        if isinstance(packet.content, Advert) and packet.content.priority and packet.at >= since
    ]
    return [name for at, name in enumerate(said) if at == 0 or said[at - 1] != name]
