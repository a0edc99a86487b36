"""A host of the lab: a network of its own with interfaces on switches, and the programs that run there."""

import socket
from collections.abc import Sequence
from ipaddress import ip_interface
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of, parse_address
from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, Duration, Instant, times
from standfast.lab.addresses import AddressWatch, Interface, read_addresses
from standfast.lab.capture import BUFFER, Capture
from standfast.lab.daemons import Daemon
from standfast.lab.namespaces import Namespaces
from standfast.lab.probe import ECHO_PROTOCOL, Probe
from standfast.lab.processes import Process

INTERFACE: Final = "eth0"  # the first one of every host
_PROBE_EVERY: Final = times(2, MILLISECOND)
_FAMILIES: Final = {Family.IPV4: socket.AF_INET, Family.IPV6: socket.AF_INET6}


class Host:
    """One host; made by `Lab.host`."""

    def __init__(self, namespaces: Namespaces, name: str, *, number: int, daemon: Sequence[str]) -> None:
        self.namespaces = namespaces
        self.name = name
        self._number = number  # 1 to 255; later hosts have higher Ethernet and link-local addresses
        self._daemon = tuple(daemon)
        self._path = namespaces.network(name)
        self._programs: list[Process] = []
        self._links: list[str] = []
        self._netlink = namespaces.socket(name, socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._netlink.bind((0, 0))

    def close(self) -> None:
        """Let go of what this process holds of the host."""
        self._netlink.close()
        for program in self._programs:
            program.close()

    # ---- links

    def connect(self, link: str, switch: str, addresses: Sequence[str]) -> None:
        """Lay a cable from a new interface `link` to a switch, and give it addresses."""
        port, mac = self._port(link), f"02:00:00:00:{self._number:02x}:{len(self._links):02x}"
        made = f"link add {port} type veth peer name {link} address {mac} netns {self._path}\n"
        command(self.namespaces, "", ["ip", "-batch", "-"], f"{made}link set {port} master {switch} up\n")
        given = "".join(f"address add {each} dev {link}\n" for each in addresses)
        self.command("ip", "-batch", "-", text=f"link set {link} up\n{given}")
        self._links.append(link)

    def unplug(self, link: str = INTERFACE) -> Instant:
        """Pull the cable out, at the switch: the host sees its carrier go; when that was done."""
        return self.namespaces.set_link("", self._port(link), up=False)

    def plug(self, link: str = INTERFACE) -> Instant:
        """Put the cable back; when that was done."""
        return self.namespaces.set_link("", self._port(link), up=True)

    def separate(self, link: str = INTERFACE) -> None:
        """Have the switch drop all frames of and for this host; the host's carrier stays."""
        self._forward(link, "disabled")

    def rejoin(self, link: str = INTERFACE) -> None:
        """Have the switch forward frames of and for this host again."""
        self._forward(link, "forwarding")

    def _forward(self, link: str, state: str) -> None:
        argv = ["bridge", "link", "set", "dev", self._port(link), "state", state]
        command(self.namespaces, "", argv)

    def _port(self, link: str) -> str:
        return f"{self.name}-{link}"

    # ---- addresses

    def addresses(self) -> frozenset[Interface]:
        """All addresses that the host has."""
        return read_addresses(self._netlink)

    def holds(self, address: str | IpAddress) -> bool:
        """Whether the host has this address; one with a prefix length must have that as well."""
        if "/" in str(address):
            return ip_interface(str(address)) in self.addresses()
        return parse_address(str(address)) in {each.ip for each in self.addresses()}

    def address_events(self) -> AddressWatch:
        """Note the address changes of the host from now on."""
        return AddressWatch(
            self.namespaces.socket(
                self.name, socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE, buffer=BUFFER
            )
        )

    # ---- the wire

    def capture(self, link: str = INTERFACE) -> Capture:
        """Take the packets that this host sends and gets from now on."""
        made = self.namespaces.socket(self.name, socket.AF_PACKET, socket.SOCK_RAW, buffer=BUFFER)
        return Capture(made, link)

    def probe(self, address: str | IpAddress, *, every: Duration = _PROBE_EVERY) -> Probe:
        """Ask an address for an echo every so often from now on."""
        asked = parse_address(str(address))
        family = family_of(asked)
        kind = _FAMILIES[family], socket.SOCK_DGRAM, ECHO_PROTOCOL[family]
        return Probe(self.namespaces.socket(self.name, *kind, buffer=BUFFER), asked, every=every)

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A socket of this host, to do with as a test likes; the caller closes it."""
        return self.namespaces.socket(self.name, family, kind, protocol, buffer=BUFFER)

    def mac(self, link: str = INTERFACE) -> bytes:
        """The Ethernet address of an interface."""
        with self.socket(socket.AF_PACKET, socket.SOCK_RAW) as packet:
            packet.bind((link, 0))
            mac: bytes = packet.getsockname()[4]
        return mac

    # ---- programs

    def run(self, config: str, *flags: str, name: str = "standfastd") -> Daemon:
        """Start the lab's VRRP daemon with this configuration."""
        return self._daemon_of(self._daemon, config, flags, name)

    def direct(self, config: str, *flags: str, name: str = "standfastd") -> Daemon:
        """Start the lab's daemon with this configuration and with all its parts: virtual servers, too."""
        return self._daemon_of(self._daemon, config, flags, name, parts=())

    def keepalived(self, config: str, *flags: str, name: str = "keepalived") -> Daemon:
        """Start Keepalived with this configuration, as a peer."""
        return self._daemon_of(["keepalived"], config, flags, name)

    def _daemon_of(
        self,
        argv: Sequence[str],
        config: str,
        flags: Sequence[str],
        name: str,
        *,
        parts: Sequence[str] = ("-P",),
    ) -> Daemon:
        daemon = Daemon(self.namespaces, self.name, argv, config=config, flags=flags, name=name, parts=parts)
        self._programs.append(daemon)
        return daemon

    def start(self, *argv: str, text: str = "") -> Process:
        """Start any program; `text` is its standard input."""
        program = Process(self.namespaces, self.name, argv, text=text)
        self._programs.append(program)
        return program

    def command(self, *argv: str, text: str = "") -> str:
        """Run a program to its end and give what it wrote.

        Raises:
            Refused: it ended with another status than 0.
        """
        return command(self.namespaces, self.name, argv, text)

    def power_off(self) -> Instant:
        """The host is gone in a moment, with all its programs and its links; when that was.

        The cables go first: after this moment nothing of the host is heard. Its kernel, which here outlives its
        programs, would go on answering for the addresses that nobody took away.
        """
        dead_at = max(self.unplug(link) for link in self._links)
        for program in self._programs:
            program.kill()
        return dead_at

    def log(self) -> str:
        """What all its programs wrote."""
        return "\n".join(f"---- {self.name}: {' '.join(p.argv)}\n{p.log()}" for p in self._programs)

    # ---- files

    def write(self, file: str, text: str, *, mode: int = 0o644) -> str:
        """Write a file that only this host sees, under its /run; its path there."""
        self.namespaces.write(self.name, file, text, mode)
        return f"/run/{file}"

    def read(self, file: str) -> str:
        """Read a file under the host's /run; empty if there is none."""
        try:
            return self.namespaces.read(self.name, file)
        except Refused:
            return ""


def command(namespaces: Namespaces, host: str, argv: Sequence[str], text: str = "") -> str:
    """Run a program on a host (an empty name: beside the switches) and give what it wrote.

    Raises:
        Refused: it ended with another status than 0.
    """
    process = Process(namespaces, host, argv, text=text)
    try:
        status, output = process.wait(), process.log()
    finally:
        process.close()
    if status:
        raise Refused("command-failed", f"{' '.join(argv)} ended with {status}: {output.strip() or text}")
    return output
