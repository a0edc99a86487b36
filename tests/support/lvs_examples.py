"""The worked examples with virtual servers, played with the very files of their folders.

What directors and web servers are told is what stands in the folder (`director-N/keepalived.conf`,
`director-setup`, `real-server-setup`); the hosts round them, routers and clients, are as its page draws them. An
example that both engines can balance is a story here: it is played on this kernel, and on a virtual machine's.
"""

import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Final, Self

from example_lab import EXAMPLES

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

PATIENCE: Final = 60.0  # seconds; on a machine at rest it is a few
SERVICE: Final = "192.0.2.100"
CUSTOMERS: Final = tuple(f"198.51.100.{number}" for number in range(1, 121))
_ANSWER: Final = 1.0  # seconds that a visitor waits
_TURNS: Final = 6  # visits that show who answers
_WEB: Final = """\
import http.server, sys, threading
name, *broken = sys.argv[1:]
class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(503 if self.headers.get("Host") in broken else 200)
        self.send_header("Content-Length", str(len(name)))
        self.end_headers()
        self.wfile.write(name.encode())
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer.request_queue_size = 128
for port in 80, 443:
    server = http.server.ThreadingHTTPServer(("", port), Page)
    threading.Thread(target=server.serve_forever).start()
"""


class Connection:
    """A visitor's connection, which lasts from one request to the next; a context manager."""

    def __init__(self, client: Host, address: str = SERVICE, *, port: int = 80, source: str = "") -> None:
        """Open it.

        Raises:
            OSError: nobody answers.
        """
        self._socket = client.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.settimeout(_ANSWER)
        try:
            self._socket.bind((source, 0))
            self._socket.connect((address, port))
        except OSError:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, body: bytes = b"", *, patience: float = _ANSWER) -> str:
        """Send a request, and say who answers it.

        Raises:
            OSError: nobody does.
        """
        self._socket.settimeout(patience)
        head = f"POST / HTTP/1.1\r\nHost: www.example\r\nContent-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        with HTTPResponse(self._socket) as response:
            response.begin()
            return response.read().decode()


class Balanced:
    """One example in a lab: its directors, its web servers, a visitor."""

    def __init__(self, lab: Lab, name: str) -> None:
        self.lab = lab
        self.directors: list[Host] = []
        self.daemons: list[Daemon] = []
        self.client: Host
        self._folder = EXAMPLES / name
        self._servers: dict[str, Host] = {}
        self._webs: dict[str, Process] = {}

    # ---- putting it up

    def direct(self, host: Host) -> None:
        """This host is the next director; its daemon is started by `begin`."""
        self.directors.append(host)
        self._set_up(host, "director-setup")

    def serve(self, host: Host, *broken: str) -> None:
        """This host is a web server, at work from now on; a site that is broken there is answered with 503."""
        self._servers[host.name] = host
        self._set_up(host, "real-server-setup")
        self.start(host.name, *broken)

    def start(self, name: str, *broken: str) -> None:
        """Start the program of a web server."""
        self._webs[name] = self._servers[name].start(sys.executable, "-I", "-c", _WEB, name, *broken)

    def kill(self, name: str) -> None:
        """Kill the program of a web server."""
        self._webs[name].kill()

    def begin(self) -> None:
        """Start the daemons; the first director is master before the second one begins."""
        for number, director in enumerate(self.directors, start=1):
            text = (self._folder / f"director-{number}" / "keepalived.conf").read_text()
            self.daemons.append(director.direct(text))
            assert self.lab.within(PATIENCE, self._has_begun), self.daemons[-1].log()

    def _has_begun(self) -> bool:
        return "Startup complete" in self.daemons[-1].log() and self.directors[0].holds(SERVICE)

    def _set_up(self, host: Host, script: str) -> None:
        if (self._folder / script).exists():
            host.command("sh", str(self._folder / script))

    # ---- visits

    def ask(self, address: str = SERVICE, *, port: int = 80, source: str = "") -> str:
        """Who answers a visitor that comes anew; empty if nobody does."""
        with (
            suppress(OSError, HTTPException),
            Connection(self.client, address, port=port, source=source) as connection,
        ):
            return connection.ask()
        return ""

    def answered_by(self, *names: str, address: str = SERVICE, sources: Iterable[str] = ()) -> bool:
        """Whether it comes to pass that these answer, each of them and nobody else."""
        visitors = tuple(sources) or ("",) * _TURNS
        wanted = set(names)
        return self.lab.within(
            PATIENCE, lambda: {self.ask(address, source=one) for one in visitors} == wanted
        )

    def lose_a_director(self) -> None:
        """Cut the power of the first director, and wait until the second one has the address."""
        self.directors[0].power_off()
        assert self.lab.within(PATIENCE, lambda: self.directors[1].holds(SERVICE)), self.daemons[1].log()


def play_nat(lab: Lab) -> None:
    """lvs-nat: web servers are killed and return, then a director's power is cut."""
    example = Balanced(lab, "lvs-nat")
    _put_up_inside(example, {"web-1": 11, "web-2": 12, "sorry": 20})
    example.client = lab.host("client", "192.0.2.9/24")
    example.begin()
    assert example.answered_by("web-1", "web-2")

    example.kill("web-1")

    assert example.answered_by("web-2")
    example.kill("web-2")
    assert example.answered_by("sorry")
    example.start("web-1")
    example.start("web-2")
    assert example.answered_by("web-1", "web-2")
    example.lose_a_director()
    assert example.answered_by("web-1", "web-2")
    assert example.directors[1].holds("10.0.0.1/24")


def play_many_services(lab: Lab) -> None:
    """many-services: one customer's application, some web servers, at last a director."""
    example = Balanced(lab, "many-services")
    _put_up_inside(
        example, {"web-1": 11, "web-2": 12, "web-3": 13, "sorry": 20}, broken="customer-105.example"
    )
    _put_client_beyond(example)
    shared, own, broken = CUSTOMERS[6], CUSTOMERS[103], CUSTOMERS[104]
    example.begin()
    assert all(example.directors[0].holds(each) for each in CUSTOMERS)
    assert example.answered_by("web-1", "web-2", "web-3", address=shared)
    assert example.answered_by("web-1", "web-2", "web-3", address=own)
    assert example.answered_by("web-2", "web-3", address=broken)
    assert {bool(example.ask(each)) for each in CUSTOMERS} == {True}
    assert len({example.ask(shared, port=443) for _ in range(3)} - {""}) == 1

    example.kill("web-2")

    assert example.answered_by("web-1", "web-3", address=shared)
    assert example.answered_by("web-1", "web-3", address=own)
    assert example.answered_by("sorry", address=broken)  # one of three: no quorum
    example.start("web-2")
    assert example.answered_by("web-1", "web-2", "web-3", address=shared)
    example.lose_a_director()
    assert example.answered_by("web-1", "web-2", "web-3", address=own)
    assert {bool(example.ask(each)) for each in CUSTOMERS} == {True}
    assert example.answered_by("web-2", "web-3", address=broken)


def _put_up_inside(example: Balanced, servers: dict[str, int], broken: str = "") -> None:
    """Directors between two networks, web servers in the inner one; at web-1 one site may be broken."""
    lab = example.lab
    lab.switch("inside")
    for number in (1, 2):
        director = lab.host(f"director-{number}", f"192.0.2.{number}/24")
        director.connect("eth1", "inside", [f"10.0.0.{number + 1}/24"])
        example.direct(director)
    for name, last in servers.items():
        server = lab.host(name)
        server.unplug()
        server.connect("eth1", "inside", [f"10.0.0.{last}/24"])
        example.serve(server, *[broken] * bool(broken and name == "web-1"))


def _put_client_beyond(example: Balanced) -> None:
    """The visitor is beyond a router, which sends the customers' addresses to the pair's own."""
    router = put_router(example.lab, {"eth1": ("beyond", "203.0.113.254/24")})
    send(router, "198.51.100.0/25", SERVICE)
    example.client = put_behind(example.lab, "client", "beyond", "203.0.113.9/24")
    send(example.client, "default", "203.0.113.254")


def put_router(lab: Lab, links: dict[str, tuple[str, str]]) -> Host:
    """A router at 192.0.2.254 with further interfaces, each to a new switch."""
    router = lab.host("router", "192.0.2.254/24")
    for link, (switch, address) in links.items():
        lab.switch(switch)
        router.connect(link, switch, [address])
    # Answers come by another way than requests went (lvs-tun): no reverse path filter.
    for link in ("all", "eth0", *links):
        router.command("sysctl", "-qw", f"net.ipv4.conf.{link}.rp_filter=0")
    router.command("sysctl", "-qw", "net.ipv4.ip_forward=1")
    return router


def put_behind(lab: Lab, name: str, switch: str, address: str) -> Host:
    """A host that is on another switch than the directors."""
    host = lab.host(name)
    host.unplug()
    host.connect("eth1", switch, [address])
    return host


def send(host: Host, destination: str, gateway: str) -> None:
    """Have a host send what is for a destination to a gateway."""
    host.command("ip", "route", "add", destination, "via", gateway)
