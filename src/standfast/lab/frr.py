"""FRR's vrrpd as a peer.

It speaks from a macvlan with the virtual MAC (RFC 9568, section 7.3) and puts up no addresses: they stand on
that link all the time, and the link is held down while it is backup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, Duration
from standfast.lab.clock import within
from standfast.lab.hosts import INTERFACE, Host
from standfast.lab.processes import Process

_STARTS_WITHIN: Final = 30.0  # seconds
_ZEBRA: Final = "/run/frr/zserv.api"  # where zebra tells the others of links and addresses
_GROUPS: Final = {Family.IPV4: 1, Family.IPV6: 2}  # the fifth byte of the virtual MAC


@dataclass(frozen=True, slots=True)
class FrrRouter:
    """One virtual router of FRR's, of one family."""

    vrid: int
    version: int  # 2 or 3
    priority: int
    interval: Duration
    addresses: Sequence[IpAddress]
    prefix: int

    @property
    def family(self) -> Family:
        """Of all its addresses."""
        return family_of(self.addresses[0])

    @property
    def link(self) -> str:
        """The name of its macvlan."""
        return f"vrrp{self.family}-{self.vrid}"

    def lines(self) -> str:
        """Its lines of FRR's configuration."""
        word = "ip" if self.family is Family.IPV4 else "ipv6"
        head = f" vrrp {self.vrid}"
        return "\n".join(
            [
                f"{head} version {self.version}",
                f"{head} priority {self.priority}",
                f"{head} advertisement-interval {self.interval // MILLISECOND}",
                *(f"{head} {word} {address}" for address in self.addresses),
            ]
        )


def run_frr(host: Host, routers: Sequence[FrrRouter]) -> list[Process]:
    """Start zebra and vrrpd on a host, with these routers on its first interface.

    They run as a user of their own, which a user namespace does not have: only root can.

    Raises:
        Refused: FRR is not installed, or we are not root.
    """
    for router in routers:
        _make_link(host, router)
    config = "\n".join(["interface " + INTERFACE, *(router.lines() for router in routers), "exit", ""])
    return [start_zebra(host), start_of_frr(host, "vrrpd", config)]


def start_zebra(host: Host) -> Process:
    """Start the daemon of FRR's that the others need, and wait until it listens to them.

    Raises:
        Refused: FRR is not installed, or we are not root.
    """
    host.command("install", "-d", "-o", "frr", "-g", "frr", "/run/frr")
    host.command("rm", "-f", "/run/frr/zebra.pid", _ZEBRA)
    zebra = start_of_frr(host, "zebra", "\n")
    if not within(
        _STARTS_WITHIN, lambda: host.command("sh", "-c", f"test -S {_ZEBRA} && echo there || true")
    ):
        raise Refused("no-frr", f"zebra does not listen: {zebra.log().strip()}")
    return zebra


def start_of_frr(host: Host, program: str, config: str, *flags: str) -> Process:
    """Start one of FRR's daemons with this configuration."""
    path, places = host.write(f"{program}.conf", config), f"-i /run/frr/{program}.pid --vty_socket /run/frr"
    words = " ".join((f"{program} -f {path} {places} -P 0 --log stdout", *flags))
    # They would leave their crash logs on the disk of this machine.
    return host.start("sh", "-c", f"mount -t tmpfs none /var/tmp && exec /usr/lib/frr/{words}")


def _make_link(host: Host, router: FrrRouter) -> None:
    mac = f"00:00:5e:00:{_GROUPS[router.family]:02x}:{router.vrid:02x}"
    made = f"link add {router.link} link {INTERFACE} address {mac} type macvlan mode bridge\n"
    quiet = f"link set {router.link} addrgenmode random\n"
    given = "".join(f"address add {each}/{router.prefix} dev {router.link}\n" for each in router.addresses)
    host.command("ip", "-batch", "-", text=f"{made}{quiet}{given}link set {router.link} up\n")
