"""Who is believed: netlink of the kernel alone, no number of a dead child, a script only as it is when it runs."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from daemon_lab import config, master

from standfast.core.supervise.events import Ended, Event
from standfast.daemon.channel import Channel
from standfast.daemon.nursery import Nursery
from standfast.daemon.poll import PollLoop
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.linux.netlink import NetlinkSocket
from standfast.wire.netlink import encode_message
from standfast.wire.rtnetlink_link import DEL_LINK

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to send a netlink message to a process")


@pytest.fixture
def pair() -> Iterator[tuple[NetlinkSocket, socket.socket]]:
    """Our socket, and one of somebody else on this machine."""
    ours = NetlinkSocket()
    theirs = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
    theirs.bind((0, 0))
    yield ours, theirs
    ours.close()
    theirs.close()


@root_only
def test_a_message_of_another_process_that_looks_like_the_kernels_is_not_believed(
    pair: tuple[NetlinkSocket, socket.socket],
) -> None:
    """All links are gone, says a process that may send netlink messages."""
    ours, theirs = pair

    theirs.sendto(encode_message(DEL_LINK, 0, bytes(16)), (ours.port, 0))

    assert ours.receive() == []
    assert ours.receive() is None


def test_after_its_end_no_signal_goes_to_the_number_of_a_child() -> None:
    """The number may belong to somebody else by then."""
    loop, heard = PollLoop(), list[Event]()

    def hear(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Ended):
            loop.stop()

    nursery = Nursery(loop, hear, let_go=lambda: None, handled=frozenset({signal.SIGCHLD}))
    loop.on_signal(signal.SIGCHLD, nursery.reap)
    sent: list[int] = []

    def work(_: Channel) -> int:
        return 0

    nursery.spawn("vrrp", work)
    loop.run()
    loop.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "kill", lambda pid, _: sent.append(pid))
        nursery.signal("vrrp", signal.SIGKILL)
        nursery.signal_all(signal.SIGUSR1)

    assert heard[-1] == Ended("vrrp", 0)
    assert nursery.pids == {}
    assert sent == []


def test_a_script_that_became_writable_after_its_first_run_does_not_run_again(lab: Lab) -> None:
    host: Host = lab.host("a", "10.99.0.1/24")
    script = host.write("told", "#!/bin/sh\necho run >> /run/runs\n", mode=0o755)
    text = "global_defs {\nenable_script_security\nscript_user root\n}\n" + config(
        150, more=f"notify {script}"
    )
    daemon = master(lab, host, text)
    assert lab.within(20.0, lambda: len(host.read("runs").splitlines()) == 2)

    host.command("chmod", "0777", script)
    host.unplug()

    assert lab.within(20.0, lambda: "was not run" in daemon.log())
    assert "writable by everybody" in daemon.log()
    assert len(host.read("runs").splitlines()) == 2


def test_a_script_that_was_replaced_by_a_link_to_what_others_can_change_does_not_run(lab: Lab) -> None:
    host: Host = lab.host("a", "10.99.0.1/24")
    script = host.write("told", "#!/bin/sh\necho run >> /run/runs\n", mode=0o755)
    text = "global_defs {\nenable_script_security\nscript_user root\n}\n" + config(
        150, more=f"notify {script}"
    )
    daemon = master(lab, host, text)
    assert lab.within(20.0, lambda: len(host.read("runs").splitlines()) == 2)

    theirs = host.write("theirs", "#!/bin/sh\necho theirs >> /run/runs\n", mode=0o755)
    host.command("chown", "65534", theirs)
    host.command("ln", "-sf", theirs, script)
    host.unplug()

    assert lab.within(20.0, lambda: "belongs to user 65534" in daemon.log())
    assert "theirs" not in host.read("runs")


def test_what_scripts_are_given_names_no_service_manager(lab: Lab) -> None:
    """Where to send readiness, and the watchdog's time, are for us alone (docs/security.md, P8)."""
    host: Host = lab.host("a", "10.99.0.1/24")
    script = host.write("told", "#!/bin/sh\nenv > /run/env.new && mv /run/env.new /run/env\n", mode=0o755)

    master(lab, host, config(255, more=f"notify_master {script}"))

    assert lab.within(20.0, lambda: bool(host.read("env")))
    names = {line.partition("=")[0] for line in host.read("env").splitlines()}
    assert "STANDFAST_CONTEXT" in names
    assert not {name for name in names if name.startswith(("LD_", "NOTIFY_SOCKET", "WATCHDOG_", "LISTEN_"))}
