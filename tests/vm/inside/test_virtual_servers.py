"""The daemon with virtual servers on a kernel with IPVS: servers that fail and return, start, reload, stop."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

SERVER = "import socket\ns = socket.create_server(('', 80))\nwhile True: s.accept()[0].close()"
FILES = ("-C", "-c", "/run/checkers.pid")
SERVICE = "-A -t 10.0.0.100:80 -s rr"
ONE, TWO, SORRY = (f"-a -t 10.0.0.100:80 -r 10.0.0.{n}:80 -m -w 1" for n in (2, 3, 9))


class Site:
    """A director, and two hosts that serve port 80."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.director = lab.host("director", "10.0.0.1/24")
        self.hosts = [lab.host("one", "10.0.0.2/24"), lab.host("two", "10.0.0.3/24")]
        self.servers = [self.serve(number) for number in range(2)]
        assert lab.within(20, lambda: all(listens(host) for host in self.hosts))

    def serve(self, number: int) -> Process:
        return self.hosts[number].start("/usr/bin/python3", "-IS", "-c", SERVER)

    def start(self, text: str, *flags: str) -> Daemon:
        daemon = self.director.run(text, *FILES, *flags)
        assert self.lab.within(60, lambda: "Startup complete" in daemon.log()), daemon.log()
        return daemon

    @property
    def table(self) -> list[str]:
        return sorted(self.director.command("ipvsadm", "-S", "-n").splitlines())

    def comes_to(self, *lines: str, seconds: float = 40) -> bool:
        return self.lab.within(seconds, lambda: self.table == sorted(lines))


def listens(host: Host) -> bool:
    return ":80 " in host.command("ss", "-Hltn")


@pytest.fixture
def site() -> Iterator[Site]:
    with Lab() as lab:
        made = Site(lab)
        yield made
        print(made.director.log())


def config(more: str = "", *, servers: tuple[int, ...] = (2, 3), own: str = "", before: str = "") -> str:
    reals = "".join(
        f"""real_server 10.0.0.{number} 80 {{
            weight 1
            {own}
            TCP_CHECK {{
                connect_timeout 1
                delay_loop 1
                warmup 0
                retry 1
                delay_before_retry 1
            }}
        }}
        """
        for number in servers
    )
    return f"""global_defs {{
        script_user root
        {before}
    }}
    virtual_server 10.0.0.100 80 {{
        lvs_sched rr
        lvs_method NAT
        protocol TCP
        {more}
        {reals}
    }}"""


@pytest.fixture
def script(tmp_path: Path) -> tuple[str, Path]:
    """A script that writes down with what it was called, and where."""
    told = tmp_path / "told"
    path = tmp_path / "tell"
    path.write_text(f'#!/bin/sh\necho "$@" >>{told}\n')
    path.chmod(0o755)
    return str(path), told


def lines(told: Path) -> list[str]:
    return told.read_text().splitlines() if told.exists() else []


@pytest.mark.behaviour("LV-08", "HC-07")
def test_a_server_that_is_killed_leaves_the_table_and_returns(site: Site) -> None:
    daemon = site.start(config(), "-D")
    assert site.comes_to(SERVICE, ONE, TWO)
    assert site.lab.within(20, lambda: "service [10.0.0.2]:tcp:80 succeeded" in daemon.log())

    site.servers[0].kill()

    assert site.comes_to(SERVICE, TWO)
    log = daemon.log()
    assert "TCP_CHECK on service [10.0.0.2]:tcp:80 failed after 1 retries" in log
    assert "Removing service [10.0.0.2]:tcp:80 from VS [10.0.0.100]:tcp:80" in log
    site.serve(0)
    assert site.comes_to(SERVICE, ONE, TWO)
    assert "Adding service [10.0.0.2]:tcp:80 to VS [10.0.0.100]:tcp:80" in daemon.log()


@pytest.mark.behaviour("LV-10", "LV-11", "LV-12", "LV-24")
def test_the_sorry_server_takes_over_and_scripts_are_told(site: Site, script: tuple[str, Path]) -> None:
    path, told = script
    more = f'quorum 2\n sorry_server 10.0.0.9 80\n quorum_up "{path} up"\n quorum_down "{path} down"\n omega'
    own = f'notify_down "{path} server down"\n notify_up "{path} server up"'
    daemon = site.start(config(more, own=own))
    assert site.lab.within(20, lambda: lines(told) == ["up"]), daemon.log()

    site.servers[1].kill()

    assert site.comes_to(SERVICE, SORRY)
    assert site.lab.within(20, lambda: sorted(lines(told)) == ["down", "server down", "up"])
    site.serve(1)
    assert site.comes_to(SERVICE, ONE, TWO)
    assert site.lab.within(20, lambda: len(lines(told)) == 5)
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    assert sorted(lines(told)[5:]) == ["down", "server down", "server down"]


@pytest.mark.behaviour("LV-12", "LV-14", "LV-15")
def test_a_stop_takes_our_services_away_and_leaves_what_others_have(site: Site) -> None:
    site.director.command("ipvsadm", "-A", "-t", "10.0.0.200:80", "-s", "rr")
    before = site.director.command("ipvsadm", "-L", "--timeout")
    daemon = site.start(config(before="lvs_timeouts tcp 1000 udp 100"))
    assert site.comes_to(SERVICE, ONE, TWO, "-A -t 10.0.0.200:80 -s rr")
    assert "1000" in site.director.command("ipvsadm", "-L", "--timeout")

    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert site.table == ["-A -t 10.0.0.200:80 -s rr"]
    assert site.director.command("ipvsadm", "-L", "--timeout") == before


@pytest.mark.behaviour("LV-14")
@pytest.mark.parametrize(
    ("before", "flags", "left"),
    [
        pytest.param("lvs_flush_on_stop", (), [], id="lvs_flush_on_stop: nothing of anybody's"),
        pytest.param("lvs_flush_on_stop VS", (), ["-A -u 10.0.0.200:80 -s rr"], id="VS: ours"),
        pytest.param("", ("-I",), [SERVICE, "-A -u 10.0.0.200:80 -s rr", ONE, TWO], id="-I: all stays"),
    ],
)
def test_what_a_stop_leaves(site: Site, before: str, flags: tuple[str, ...], left: list[str]) -> None:
    site.director.command("ipvsadm", "-A", "-u", "10.0.0.200:80", "-s", "rr")
    daemon = site.start(config(before=before), *flags)

    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert site.table == sorted(left)


@pytest.mark.behaviour("LV-13", "LV-14")
def test_what_a_killed_daemon_leaves_is_adopted(site: Site) -> None:
    first = site.start(config())
    assert site.comes_to(SERVICE, ONE, TWO)
    first.kill()
    assert site.table == sorted([SERVICE, ONE, TWO])
    site.servers[0].kill()

    second = site.start(config(servers=(3,)).replace("10.0.0.100", "10.0.0.101"))

    other = [line.replace("10.0.0.100", "10.0.0.101") for line in (SERVICE, TWO)]
    assert site.comes_to(*other)
    assert "Somebody" not in second.log()


def test_a_child_that_is_killed_is_replaced_and_no_server_leaves_the_table(site: Site) -> None:
    daemon = site.start(config())
    child = int(site.director.read("checkers.pid"))
    site.director.command("kill", "-KILL", str(child))

    assert site.lab.within(20, lambda: site.director.read("checkers.pid").strip() not in ("", str(child)))
    assert site.table == sorted([SERVICE, ONE, TWO])
    site.servers[0].kill()
    assert site.comes_to(SERVICE, TWO), daemon.log()


@pytest.mark.behaviour("RL-05", "LV-27")
def test_a_reload_keeps_what_is_known_and_adds_what_is_new(site: Site) -> None:
    daemon = site.start(config())
    site.servers[0].kill()
    assert site.comes_to(SERVICE, TWO)

    daemon.reload(config("persistence_timeout 9"))
    edited = site.comes_to(f"{SERVICE} -p 9", f"{TWO}")
    daemon.reload(config(servers=(3, 4)))

    assert edited, daemon.log()
    assert site.comes_to(SERVICE, TWO, TWO.replace("0.3:80", "0.4:80")), daemon.log()
    daemon.reload("")
    assert site.comes_to(), daemon.log()


@pytest.mark.behaviour("LV-17")
def test_a_service_whose_address_is_elsewhere_is_not_checked(site: Site) -> None:
    site.servers[0].kill()
    daemon = site.start(config("ha_suspend"))
    resting = "Deactivating healthchecker for service [10.0.0.2]:tcp:80"
    assert site.lab.within(20, lambda: resting in daemon.log())
    assert not site.comes_to(SERVICE, TWO, seconds=3)

    site.director.command("ip", "addr", "add", "10.0.0.100/32", "dev", "eth0")

    assert site.comes_to(SERVICE, TWO)
    site.director.command("ip", "addr", "del", "10.0.0.100/32", "dev", "eth0")
    assert site.lab.within(20, lambda: "Suspending healthchecker" in daemon.log())


def test_a_dump_shows_servers_and_checks(site: Site) -> None:
    daemon = site.start(config())
    site.servers[0].kill()
    assert site.comes_to(SERVICE, TWO)

    daemon.signal(signal.SIGUSR1)

    assert site.lab.within(20, lambda: "the state of the virtual servers" in daemon.log())
    (path,) = {
        word for line in daemon.log().splitlines() for word in line.split() if "keepalived_check" in word
    }
    text = Path(path.partition("=")[2].strip('"')).read_text()
    assert "Virtual server = [10.0.0.100]:tcp:80" in text
    assert "Real server = [10.0.0.2]:tcp:80, weight 1, down: connect: " in text


def test_a_drained_server_keeps_its_place_and_its_connections_are_counted(site: Site) -> None:
    site.start(config())
    assert site.comes_to(SERVICE, ONE, TWO)
    standfast = str(Path(sys.executable).with_name("standfast"))
    drain = ("rs", "drain", "10.0.0.100", "10.0.0.2", "--wait-conns", "0", "--socket", "/run/standfastd.sock")

    said = site.director.command(standfast, *drain)

    assert said.splitlines() == [
        "drain of [10.0.0.2]:tcp:80 of [10.0.0.100]:tcp:80: on",
        "active connections: 0",
    ]
    assert site.comes_to(SERVICE, ONE.replace("-w 1", "-w 0"), TWO)


KEEP = (
    str(Path(sys.executable).with_name("standfast")),
    "restart",
    "--keep",
    "--socket",
    "/run/standfastd.sock",
)


def timeouts(site: Site) -> list[int]:
    """Of TCP, after a FIN, and of UDP, in seconds."""
    words = site.director.command("ipvsadm", "-L", "--timeout").split(":")[1].split()
    return [int(word) for word in words]


@pytest.mark.behaviour("LV-15")
@pytest.mark.parametrize("then", ["lvs_timeouts udp 200", ""])
def test_a_killed_daemon_does_not_make_its_timeouts_those_of_before(site: Site, then: str) -> None:
    site.director.command("ipvsadm", "--set", "901", "121", "301")
    first = site.start(config(before="lvs_timeouts tcp 1000 udp 100"))
    assert timeouts(site) == [1000, 121, 100]
    first.kill()
    assert timeouts(site) == [1000, 121, 100]

    second = site.start(config(before=then))

    assert timeouts(site) == ([901, 121, 200] if then else [901, 121, 301])
    second.signal(signal.SIGTERM)
    assert second.wait() == 0
    assert timeouts(site) == [901, 121, 301]


@pytest.mark.behaviour("LV-15")
def test_timeouts_of_before_outlive_a_killed_child_and_a_restart(site: Site) -> None:
    site.director.command("ipvsadm", "--set", "901", "121", "301")
    daemon = site.start(config(before="lvs_timeouts tcp 1000 udp 100"))
    child = site.director.read("checkers.pid")
    site.director.command("kill", "-KILL", child.strip())
    assert site.lab.within(20, lambda: site.director.read("checkers.pid") not in ("", child))
    child = site.director.read("checkers.pid")
    asking = site.director.start(*KEEP)
    assert asking.wait(60.0) == 0, asking.log()
    assert site.lab.within(20, lambda: site.director.read("checkers.pid") not in ("", child))
    assert timeouts(site) == [1000, 121, 100]

    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert timeouts(site) == [901, 121, 301]


def test_a_service_that_somebody_removed_is_put_back_soon_after_it_is_missed(site: Site) -> None:
    """It is missed at its next change; once a minute it would be in any case."""
    daemon = site.start(config())
    assert site.comes_to(SERVICE, ONE, TWO)
    site.director.command("ipvsadm", "-D", "-t", "10.0.0.100:80")

    site.servers[0].kill()

    assert site.comes_to(SERVICE, TWO), daemon.log()
    assert "Somebody has changed the kernel's table of tcp 10.0.0.100:80; it is put right" in daemon.log()
