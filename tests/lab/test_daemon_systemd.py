"""The daemon as the service units start it: what systemd would hear, and a life without root."""

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest
from daemon_lab import VIP, config

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab, standfastd
from standfast.lab.processes import Process

NOBODY = 65_534
CAPABILITIES = "+net_admin,+net_raw,+sys_nice,+ipc_lock"  # as in standfast-unprivileged.service


class Systemd:
    """A notification socket in the host's network namespace, and all that it heard."""

    def __init__(self, host: Host, name: str) -> None:
        self._socket = host.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind(f"\0{name}")
        self._heard: list[str] = []

    def close(self) -> None:
        self._socket.close()

    def heard(self) -> list[str]:
        try:
            while True:
                self._heard.append(self._socket.recv(65_536).decode())
        except BlockingIOError:
            return self._heard

    def has(self, *starts: str) -> bool:
        """Whether notices that begin so were heard, in this order."""
        left = iter(self.heard())
        return all(any(notice.startswith(start) for notice in left) for start in starts)


def test_systemd_hears_of_a_start_a_reload_the_state_and_the_end(lab: Lab, host: Host) -> None:
    systemd = Systemd(host, "notify")
    host.write("own.conf", config(255))
    daemon = run(host, "env", "NOTIFY_SOCKET=@notify", "WATCHDOG_USEC=3000000", *standfastd())
    try:
        assert lab.within(20.0, lambda: systemd.has(f"READY=1\nMAINPID={pid(host)}\n"))
        assert lab.within(20.0, lambda: systemd.has("STATUS=1 instance: 1 master; all is well"))
        assert lab.within(20.0, lambda: systemd.has("WATCHDOG=1", "WATCHDOG=1"))
        host.write("own.conf", config(255, [f"{VIP}/24", "10.99.0.110/24"]))
        host.command("kill", "-HUP", str(pid(host)))
        assert lab.within(20.0, lambda: systemd.has("RELOADING=1\nMONOTONIC_USEC=", "READY=1"))

        host.command("kill", "-TERM", str(pid(host)))

        assert daemon.wait() == 0
        assert systemd.has("RELOADING=1", "READY=1", "STOPPING=1")
    finally:
        systemd.close()


def test_without_root_an_address_moves(lab: Lab, host: Host) -> None:
    peer = lab.host("b", "10.99.0.2/24")
    ours, theirs = (unprivileged(each, priority) for each, priority in ((host, 150), (peer, 100)))
    assert lab.within(20.0, lambda: host.holds(VIP) and not peer.holds(VIP))

    host.command("kill", "-TERM", str(pid(host)))

    assert lab.within(20.0, lambda: peer.holds(VIP) and not host.holds(VIP))
    assert ours.wait() == 0
    assert theirs.alive
    assert "cannot" not in ours.log().lower()


def unprivileged(host: Host, priority: int) -> Process:
    """A daemon of nobody's, with the ambient capabilities of the unit."""
    if os.geteuid() != 0:
        pytest.skip("only root can become nobody and keep capabilities")
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("there is no setpriv; install util-linux")
    if not readable_by_nobody():
        pytest.skip(f"an ordinary user may not enter {sys.prefix}")
    host.write("own.conf", config(priority))
    host.command("install", "-d", "-o", str(NOBODY), "-g", str(NOBODY), "/run/own")
    caps = [f"--inh-caps=-all,{CAPABILITIES}", f"--bounding-set=-all,{CAPABILITIES}"]
    caps += [f"--ambient-caps=-all,{CAPABILITIES}"]
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    return run(host, setpriv, *user, *caps, *standfastd())


def run(host: Host, *command: str) -> Process:
    """The daemon in the foreground, with all its files in /run/own."""
    host.command("mkdir", "-p", "/run/own")
    names = {"-p": "own", "-r": "vrrp", "-c": "checkers", "-b": "bfd"}
    files = [word for flag, name in names.items() for word in (flag, f"/run/own/{name}.pid")]
    return host.start(*command, "-n", "-l", "-f", "/run/own.conf", *files)


def pid(host: Host) -> int:
    return int(host.read("own/own.pid") or 0)


def readable_by_nobody() -> bool:
    """Whether the account can enter the directories on the way to our interpreter."""
    prefix = Path(sys.prefix).resolve()
    return all(directory.stat().st_mode & 0o001 for directory in (prefix, *prefix.parents))
