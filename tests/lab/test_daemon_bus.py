"""The interface on the system bus, with a bus of the host's own."""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest
from daemon_lab import VIP, config, started

from standfast.base.addresses import parse_address
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

STANDFAST: Final = str(Path(sys.executable).with_name("standfast"))
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
  </policy>
  <include>{policy}</include>
</busconfig>
"""
INSTANCE = "/org/keepalived/Vrrp1/Instance/eth0/51/IPv4"
WHOLE = "/org/keepalived/Vrrp1/Vrrp"


@pytest.fixture
def host(lab: Lab, pytestconfig: pytest.Config) -> Host:
    """A host with a system bus, on which the policy that we ship holds."""
    if shutil.which("dbus-daemon") is None or shutil.which("dbus-send") is None:
        pytest.skip("dbus-daemon or dbus-send is not installed")
    made = lab.host("a", "10.99.0.1/24")
    made.command("mkdir", "-p", "/run/dbus")
    policy = pytestconfig.rootpath / "share" / "dbus-1" / "system.d" / "org.keepalived.Vrrp1.conf"
    bus = made.write("bus.conf", BUS.format(policy=policy))
    made.start("dbus-daemon", f"--config-file={bus}", "--nofork", "--nopidfile")
    assert lab.within(20.0, lambda: "system_bus_socket" in made.command("ls", "/run/dbus"))
    return made


def call(host: Host, path: str, method: str, *words: str, user: str = "") -> str:
    """The bus's answer, or its error."""
    send = ["dbus-send", "--system", "--print-reply", "--dest=org.keepalived.Vrrp1", path, method, *words]
    become = ["setpriv", f"--reuid={user}", "--clear-groups"] if user else []
    return host.command("sh", "-c", '"$@" 2>&1 || true', "sh", *become, *send)


def state(host: Host) -> str:
    words = ("string:org.keepalived.Vrrp1.Instance", "string:State")
    return " ".join(call(host, INSTANCE, "org.freedesktop.DBus.Properties.Get", *words).split())


def test_the_bus_knows_the_instances_and_hears_what_becomes_of_them(lab: Lab, host: Host) -> None:
    monitor = host.start(
        "dbus-monitor", "--system", "type='signal',interface='org.keepalived.Vrrp1.Instance'"
    )
    assert lab.within(20.0, lambda: monitor.log() != "")  # it listens

    daemon = started(lab, host, "global_defs {\nenable_dbus\n}\n" + config(150))

    assert lab.within(20.0, lambda: 'uint32 2 string "Master"' in state(host))
    assert lab.within(20.0, lambda: "VrrpStatusChange" in monitor.log())
    assert daemon.stop() == 0


@pytest.mark.behaviour("PR-16")
def test_an_instance_of_several_daemons_has_objects_of_its_own(lab: Lab, host: Host) -> None:
    """DBUS-02: the path has the daemon's name."""
    started(lab, host, "instance one-1\nglobal_defs {\nenable_dbus\n}\n" + config(150))

    own = INSTANCE.replace("Vrrp1/", "Vrrp1/one_1/")
    words = ("string:org.keepalived.Vrrp1.Instance", "string:State")
    method = "org.freedesktop.DBus.Properties.Get"

    assert lab.within(20.0, lambda: "Master" in call(host, own, method, *words))
    assert "Error" in call(host, INSTANCE, method, *words)


def test_the_bus_carries_orders(lab: Lab, host: Host) -> None:
    text = "global_defs {\nenable_dbus\n}\n" + config(150)
    daemon = started(lab, host, text)
    assert lab.within(20.0, lambda: "Master" in state(host))
    host.write("standfastd.conf", text.replace(VIP, "10.99.0.101"))

    call(host, WHOLE, "org.keepalived.Vrrp1.Vrrp.ReloadConfig")

    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())
    assert lab.within(20.0, lambda: host.holds("10.99.0.101"))


@pytest.mark.behaviour("DBUS-04")
def test_the_bus_has_a_master_announce_its_addresses_again(lab: Lab, host: Host) -> None:
    once = config(150, more="garp_master_delay 0")
    daemon = started(lab, host, "global_defs {\nenable_dbus\n}\n" + once)
    assert lab.within(20.0, lambda: "Master" in state(host))

    with lab.capture() as capture:
        answer = call(host, INSTANCE, "org.keepalived.Vrrp1.Instance.SendGarp")
        announced = lab.within(20.0, lambda: bool(capture.announcements(parse_address(VIP))))

    assert "Error" not in answer
    assert announced, daemon.log()


def test_who_is_no_master_announces_nothing(lab: Lab, host: Host) -> None:
    started(lab, host, "global_defs {\nenable_dbus\n}\n" + config(150))
    assert lab.within(20.0, lambda: "Master" in state(host))
    host.command("ip", "link", "set", "eth0", "down")
    assert lab.within(20.0, lambda: "Fault" in state(host))

    answer = call(host, INSTANCE, "org.keepalived.Vrrp1.Instance.SendGarp")

    assert "VI_1 is not master" in answer


def test_a_messenger_that_begins_anew_tells_the_states_again(lab: Lab, host: Host) -> None:
    started(lab, host, "global_defs {\nenable_dbus\n}\n" + config(150))
    assert lab.within(20.0, lambda: "Master" in state(host))
    monitor = host.start(
        "dbus-monitor", "--system", "type='signal',interface='org.keepalived.Vrrp1.Instance'"
    )
    assert lab.within(20.0, lambda: monitor.log() != "")

    host.command("kill", "-KILL", str(messenger_of(host)))

    assert lab.within(20.0, lambda: "VrrpStatusChange" in monitor.log())
    assert lab.within(20.0, lambda: 'uint32 2 string "Master"' in state(host))


def messenger_of(host: Host) -> int:
    """The pid of the messenger child."""
    told = host.command(STANDFAST, "status", "--json", "--socket", "/run/standfastd.sock")
    return int(next(one["pid"] for one in json.loads(told)["processes"] if one["name"] == "messenger"))


def test_nobody_but_root_may_give_orders(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, "global_defs {\nenable_dbus\n}\n" + config(150))
    assert lab.within(20.0, lambda: "Master" in state(host))

    answer = call(host, WHOLE, "org.keepalived.Vrrp1.Vrrp.ReloadConfig", user="65534")

    assert "AccessDenied" in answer
    assert "Reload" not in daemon.log()


def test_without_a_bus_the_daemon_works_and_says_so(lab: Lab) -> None:
    host = lab.host("b", "10.99.0.2/24")

    daemon = started(lab, host, "global_defs {\nenable_dbus\n}\n" + config(150))

    assert lab.within(20.0, lambda: "Works without the system bus" in daemon.log())
    assert lab.within(20.0, lambda: "Entering MASTER STATE" in daemon.log())
