"""A director on the nftables engine, real servers and a client, all in network namespaces, and their traffic."""

import socket
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, Self

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIP: Final = {4: "10.99.0.100", 6: "fd99::100"}
PORT: Final = 80
_FAMILY: Final = {4: socket.AF_INET, 6: socket.AF_INET6}
PATIENCE: Final = 30.0  # seconds; on a machine at rest it is tenths of one


def server_address(number: int, family: int = 4) -> str:
    """Of a real server."""
    return f"10.99.0.{10 + number}" if family == 4 else f"fd99::{10 + number}"


class Server:
    """Answers everything with its name; a context manager that is up while it lasts."""

    def __init__(self, host: Host, *, family: int = 4, kind: int = socket.SOCK_STREAM) -> None:
        self.name = host.name
        self.clients: list[str] = []  # the addresses that it was asked from
        self._stream = kind == socket.SOCK_STREAM
        self._socket = host.socket(_FAMILY[family], kind)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("0.0.0.0" if family == 4 else "::", PORT))
        if self._stream:
            self._socket.listen(128)
        self._opened: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept if self._stream else self._reply, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._opened:
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one, (client, *_) = self._socket.accept()
                self.clients.append(client)
                self._opened.append(one)
                threading.Thread(target=self._talk, args=(one,), daemon=True).start()

    def _talk(self, one: socket.socket) -> None:
        with suppress(OSError):
            while one.recv(100):
                one.sendall(self.name.encode())

    def _reply(self) -> None:
        with suppress(OSError):
            while True:
                said, client = self._socket.recvfrom(100)
                if not said:
                    return  # closed
                self.clients.append(client[0])
                self._socket.sendto(self.name.encode(), client)


class Stage:
    """One switch: a director, servers s1, s2 …, and a client."""

    def __init__(self, lab: Lab, servers: int = 2) -> None:
        self.lab = lab
        self.director = lab.host("director", "10.99.0.1/24", "fd99::1/64")
        self.servers = [
            lab.host(f"s{number}", f"{server_address(number)}/24", f"{server_address(number, 6)}/64")
            for number in range(1, servers + 1)
        ]
        self.client = lab.host("client", "10.99.0.9/24", "fd99::9/64")
        for address in ("10.99.0.100/24", "fd99::100/64 nodad"):
            self.director.command("ip", "address", "add", *address.split(), "dev", "eth0")
        forward(self.director)

    def serve(self, config: str) -> Daemon:
        """Start the director's daemon, and wait until nft has the services."""
        daemon = self.director.direct(engine() + config)
        assert self.lab.within(PATIENCE, lambda: "standfast_lvs" in rules(self.director)), daemon.log()
        return daemon

    def ask(self, family: int = 4, *, port: int = PORT, kind: int = socket.SOCK_STREAM) -> str:
        """Who answers a client that comes anew; empty if nobody does."""
        try:
            with self.open(family, port=port, kind=kind, patience=5.0) as one:
                return say(one)
        except OSError:
            return ""

    def open(
        self,
        family: int = 4,
        *,
        port: int = PORT,
        kind: int = socket.SOCK_STREAM,
        patience: float = PATIENCE,
    ) -> socket.socket:
        """A connection to the virtual server, on which nothing is waited for longer than so many seconds."""
        one = self.client.socket(_FAMILY[family], kind)
        one.settimeout(patience)
        try:
            one.connect((VIP[family], port))
        except OSError:
            one.close()
            raise
        return one

    def answers(self, count: int, family: int = 4, kind: int = socket.SOCK_STREAM) -> Counter[str]:
        """How often who answered so many clients."""
        assert self.lab.within(PATIENCE, lambda: self.ask(family, kind=kind)), rules(self.director)
        return Counter(self.ask(family, kind=kind) for _ in range(count))


def say(one: socket.socket) -> str:
    """Say something on an open connection; who answers."""
    one.send(b"who")
    return one.recv(100).decode()


def forward(host: Host) -> None:
    """Let a host pass packets on."""
    host.command("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")


def rules(host: Host) -> str:
    """All rules of nftables of a host."""
    return host.command("nft", "list", "ruleset")


def engine() -> str:
    """The settings of all these tests."""
    return "global_defs {\n lvs_engine nftables\n}\n"


def virtual(
    servers: Iterable[str],
    *,
    sched: str = "rr",
    family: int = 4,
    protocol: str = "TCP",
    service: str = "",
    more: str = "",
    method: str = "NAT",
) -> str:
    """A virtual server over these blocks."""
    inner = "\n".join(servers)
    protocol_line = "" if service.startswith("fwmark") else f"protocol {protocol}"
    return f"""virtual_server {service or f"{VIP[family]} {PORT}"} {{
        delay_loop 0.2
        lvs_sched {sched}
        lvs_method {method}
        {protocol_line}
        {more}
        {inner}
    }}
    """


def real(number: int, family: int = 4, *, weight: int = 1, more: str = "") -> str:
    """A real server."""
    return f"real_server {server_address(number, family)} {PORT} {{\nweight {weight}\n{more}\n}}"


CHECKED: Final = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\n}"
