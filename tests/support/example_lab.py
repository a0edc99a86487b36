"""The examples in a lab: each node is a machine that has the files of a folder where its page says they go.

A machine is a host of the lab with a name, processes and System V memory of its own, and with an /etc and a /var
that look like this machine's and take changes that nobody else sees. So the daemon runs as an operator runs it,
with its own default files, and Debian's programs run with theirs.

```python
example = Example(lab, "nginx-pair")
node = example.machine("node-1", "192.0.2.1/24")
node.put("check-nginx", "/etc/keepalived/check-nginx")
node.serve()
assert lab.within(PATIENCE, lambda: node.holds("192.0.2.100"))
```
"""

import shutil
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from standfast.base.errors import Refused
from standfast.lab.hosts import INTERFACE, Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"
CONFIG: Final = "/etc/keepalived/keepalived.conf"
PATIENCE: Final = 30.0  # seconds for what a machine at rest does in a few
_PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_COMMAND: Final = 60.0  # seconds that a command may take: some make a whole database
_ANSWER: Final = 1.0  # seconds that a visitor waits
_PIECE: Final = 4096

# The first process of a machine: it makes the machine's world, and takes care of those whose parents are gone.
_WORLD: Final = """
set -e
hostname "$0"
for each in etc var; do
    mkdir -p /run/machine/$each /run/machine/$each.work
    mount -t overlay -o lowerdir=/$each,upperdir=/run/machine/$each,workdir=/run/machine/$each.work $each /$each
done
for each in /dev/shm "$@"; do
    mkdir -p "$each"
    mount -t tmpfs -o mode=755 fresh "$each"
done
chmod 1777 /dev/shm
echo ready >/run/machine/ready
while :; do sleep 1000 & wait $!; done
"""
_WEB: Final = """
import http.server, socket, socketserver, sys
class Server(socketserver.ThreadingTCPServer):
    address_family, allow_reuse_address, daemon_threads = socket.AF_INET6, True, True
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(sys.argv[1].encode())
    def log_message(self, *words):
        pass
Server(("::", int(sys.argv[2])), Page).serve_forever()
"""


class Machine:
    """A node of an example; made by `Example.machine`."""

    def __init__(self, lab: Lab, folder: Path, host: Host, *, fresh: Sequence[str]) -> None:
        self.lab = lab
        self.host = host
        self.name = host.name
        self._folder = folder
        self._fresh = tuple(fresh)
        self._begin()

    def _begin(self) -> None:
        kinds = ("--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc")
        first = self.host.start("unshare", *kinds, "sh", "-c", _WORLD, self.name, *self._fresh)
        if not self.lab.within(PATIENCE, lambda: self.host.read("machine/ready") or not first.alive):
            pytest.fail(f"{self.name} did not begin: {first.log()}")
        if not first.alive:
            pytest.skip(f"this machine does not let a test have an /etc of its own: {first.log().strip()}")
        spaces = f"--pid=/proc/{first.pid}/ns/pid_for_children"
        self._inside = ("nsenter", "--target", str(first.pid), "--mount", "--uts", "--ipc", spaces)

    # ---- files

    def put(self, file: str, place: str) -> None:
        """Install a file of the example's folder; one that begins with `#!` can be run."""
        text = (self._folder / file).read_text()
        self.write(place, text, mode=0o755 if text.startswith("#!") else 0o644)

    def write(self, place: str, text: str, *, mode: int = 0o644) -> None:
        """Write any file of this machine, with the folders above it."""
        self.command("install", "-D", "-m", f"{mode:o}", "/dev/stdin", place, text=text)

    # ---- programs

    def serve(self, file: str = "", *flags: str) -> Process:
        """Start the daemon with a file of the folder in the usual place; its own files are there, too.

        Args:
            file: in the example's folder; the one of this machine's own folder if empty.
            flags: more flags of Keepalived's.
        """
        self.put(file or f"{self.name}/keepalived.conf", CONFIG)
        return self.start(*self.lab.daemon, "-n", "-l", "-D", *flags)

    def start(self, *argv: str, text: str = "") -> Process:
        """Start a program of this machine; `kill` reaches it, a signal must be sent by `command`."""
        return self.host.start(*self._inside, *argv, text=text)

    def command(self, *argv: str, text: str = "") -> str:
        """Run a program of this machine to its end and give what it wrote.

        Raises:
            Refused: it ended with another status than 0.
        """
        program = self.start(*argv, text=text)
        status, said = program.wait(_COMMAND), program.log()
        if status:
            raise Refused("command-failed", f"{' '.join(argv)} ended with {status}: {said.strip()}")
        return said

    def script_user(self) -> None:
        """Make the account that scripts run as, as the pages of the examples say."""
        words = ("--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "keepalived_script")
        self.command("useradd", *words)

    def standfast(self, *words: str) -> str:
        """What `standfast` answers here."""
        return self.command(str(Path(sys.executable).with_name("standfast")), *words)

    def stop(self) -> None:
        """Stop the daemon in order."""
        self.command("sh", "-c", "kill -TERM $(cat /run/keepalived.pid)")
        assert self.lab.within(PATIENCE, lambda: not self.host.read("keepalived.pid")), "it did not stop"

    def kill(self, name: str) -> None:
        """Kill every process of this name, on this machine only."""
        self.command("pkill", "-KILL", "-x", name)

    def power_off(self) -> None:
        """Gone in a moment, with its links."""
        self.host.power_off()

    # ---- addresses

    def holds(self, *addresses: str) -> bool:
        """Whether it has all of these addresses."""
        return all(self.host.holds(each) for each in addresses)


class Example:
    """A folder of examples/, whose nodes are put up in a lab."""

    def __init__(self, lab: Lab, name: str) -> None:
        self.lab = lab
        self.folder = EXAMPLES / name
        self.machines: list[Machine] = []

    def machine(self, name: str, *addresses: str, fresh: Sequence[str] = ()) -> Machine:
        """A machine whose `eth0` is on the lab's switch.

        Args:
            name: its host name, at most 10 letters.
            addresses: of `eth0`, with their prefix lengths.
            fresh: folders that are empty in it, whatever this machine has there.
        """
        machine = Machine(self.lab, self.folder, self.lab.host(name, *addresses), fresh=fresh)
        self.machines.append(machine)
        return machine

    def holders(self, *addresses: str) -> list[str]:
        """The names of the machines that have all of these addresses."""
        return [machine.name for machine in self.machines if machine.holds(*addresses)]

    def moves_to(self, machine: Machine, *addresses: str) -> bool:
        """Whether this machine, and no other, comes to have these addresses."""
        return self.lab.within(
            PATIENCE,
            lambda: machine.holds(*addresses) and self.holders(addresses[0]) == [machine.name],
        )


def needs(*programs: str) -> None:
    """Skip a test if one of these programs is not installed."""
    for program in programs:
        if shutil.which(program, path=_PLACES) is None:
            pytest.skip(f"{program} is not installed")


def web(host: Host | Machine, words: str, *, port: int = 80) -> Process:
    """A web server that answers everything with these words, over both families."""
    return host.start(sys.executable, "-I", "-c", _WEB, words, str(port))


def lay(host: Host | Machine, switch: str, *addresses: str) -> None:
    """Lay the cable of a host's `eth0` to another switch, and give it addresses there."""
    host = host.host if isinstance(host, Machine) else host
    host.command("ip", "link", "delete", INTERFACE)
    host.connect(INTERFACE, switch, addresses)


def fetch(client: Host, address: str, *, port: int = 80, path: str = "/") -> str:
    """The page that a visitor is shown; empty if nobody shows him one within a second."""
    return visit(client, address, port=port, path=path)[1]


def visit(client: Host, address: str, *, port: int = 80, path: str = "/") -> tuple[str, str]:
    """The head and the body of the answer to a visitor; empty if nobody answers, or if it is not 200."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with suppress(OSError), client.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(_ANSWER)
        one.connect((address, port))
        one.sendall(f"GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
        text = b""
        while piece := one.recv(_PIECE):
            text += piece
        head, _, body = text.decode().partition("\r\n\r\n")
        if " 200 " in head.partition("\r\n")[0]:
            return head, body.strip()
    return "", ""
