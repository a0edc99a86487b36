"""What the start of the daemon needs, and the one clear line and the status that it ends with otherwise."""

from daemon_lab import CHILD_PID_FILE, PID_FILE, VIP, child_of, config, master, started

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

FILES = ("-f", "/run/x.conf", "-p", "/run/x.pid", "-r", "/run/x-vrrp.pid")


def ends(lab: Lab, host: Host, text: str, *before: str, flags: tuple[str, ...] = ()) -> tuple[int, str]:
    """How a start in the foreground ends that should not get far, and what it says."""
    host.write("x.conf", text)
    program = host.start(*before, *lab.daemon, "-n", "-G", *FILES, *flags)
    return program.wait(), program.log()


def test_pid_files_say_who_runs_and_go_with_them(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, config())

    parent, child = int(host.read(PID_FILE)), child_of(host)
    tree = set(daemon.tree())
    status = daemon.stop()

    assert parent == daemon.pid
    assert {parent, child} <= tree
    assert status == 0
    assert host.read(PID_FILE) == host.read(CHILD_PID_FILE) == ""


def test_a_second_daemon_on_the_same_pid_file_ends_politely(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255))
    entered = daemon.log().count(" Entering ")

    second = host.start(*lab.daemon, "-n", "-l", "-f", "/run/standfastd.conf", "-p", f"/run/{PID_FILE}")
    status = second.wait()

    assert status == 0
    assert "daemon is already running" in second.log()
    assert str(daemon.pid) in second.log()
    assert daemon.alive
    assert host.holds(VIP)
    assert daemon.log().count(" Entering ") == entered
    assert f"pid={second.pid}" not in daemon.log()
    assert int(host.read(PID_FILE)) == daemon.pid


def test_a_pid_file_that_a_dead_daemon_left_behind_stops_nobody(lab: Lab, host: Host) -> None:
    host.write(PID_FILE, "4194303\n")

    daemon = started(lab, host, config())

    assert int(host.read(PID_FILE)) == daemon.pid


def test_a_vrrp_pid_file_that_another_daemon_holds_ends_the_start(lab: Lab, host: Host) -> None:
    started(lab, host, config())
    host.write("x.conf", config())

    other = host.start(
        *lab.daemon, "-n", "-l", "-G", "-f", "/run/x.conf", "-p", "/run/x.pid", "-r", f"/run/{CHILD_PID_FILE}"
    )

    assert other.wait() == 1
    assert f"/run/{CHILD_PID_FILE} is held by process {child_of(host)}" in other.log()
    assert "-r" in other.log()


def test_a_missing_configuration_is_said_and_ends_with_6(lab: Lab, host: Host) -> None:
    program = host.start(*lab.daemon, "-n", "-G", "-f", "/run/none.conf", "-p", "/run/x.pid")

    assert program.wait() == 6
    assert "/run/none.conf does not exist" in program.log()
    assert host.read("x.pid") == ""


def test_a_missing_interface_is_said_and_ends_with_2(lab: Lab, host: Host) -> None:
    status, said = ends(lab, host, config(interface="eth9"))

    assert status == 2
    assert "no interface eth9 of vrrp_instance VI_1" in said
    assert len(said.splitlines()) == 1
    assert host.read("x.pid") == ""


def test_with_dynamic_interfaces_a_missing_one_is_a_fault_until_it_comes(lab: Lab, host: Host) -> None:
    text = "global_defs { dynamic_interfaces }\n" + config(255, interface="eth9")
    daemon = started(lab, host, text)
    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log())

    host.connect("eth9", "switch", ["10.98.0.1/24"])

    assert lab.within(20.0, lambda: host.holds(VIP))


def test_without_its_capabilities_it_says_which_and_ends_with_4(lab: Lab, host: Host) -> None:
    drop = ("setpriv", "--bounding-set=-net_admin,-net_raw", "--inh-caps=-net_admin,-net_raw")

    status, said = ends(lab, host, config(), *drop)

    assert status == 4
    assert "CAP_NET_ADMIN" in said
    assert "CAP_NET_RAW" in said
    assert len(said.splitlines()) == 1


def test_an_unknown_option_ends_with_1(lab: Lab, host: Host) -> None:
    status, said = ends(lab, host, config(), flags=("-Z",))

    assert status == 1
    assert "unknown option -Z" in said


def test_options_without_effect_are_accepted_and_said(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, config(), "-x", "-L", "-c", "/run/c.pid")

    assert "Option -x is accepted" in daemon.log()
    assert "Option -L is accepted" in daemon.log()


def test_in_the_background_the_start_returns_and_the_daemon_goes_on(lab: Lab, host: Host) -> None:
    host.write("x.conf", config(255))

    launcher = host.start(*lab.daemon, "-G", *FILES)

    assert launcher.wait() == 0
    assert lab.within(20.0, lambda: host.holds(VIP))
    pid = int(host.read("x.pid"))
    assert pid != launcher.pid
    host.command("kill", "-TERM", str(pid))
    assert lab.within(20.0, lambda: not host.holds(VIP))
    assert lab.within(20.0, lambda: host.read("x.pid") == "")


def test_a_config_test_starts_nothing(lab: Lab, host: Host) -> None:
    status, said = ends(lab, host, config(), flags=("-t",))

    assert (status, said) == (0, "")
    assert host.read("x.pid") == ""


def test_a_config_test_counts_an_interface_that_this_host_lacks(lab: Lab, host: Host) -> None:
    status, said = ends(lab, host, config(interface="eth9"), flags=("-t",))

    assert status == 5
    assert "eth9" in said


def test_a_config_test_counts_scripts_that_run_as_root_unchecked(lab: Lab, host: Host) -> None:
    status, said = ends(lab, host, config(more='notify "/bin/true"'), flags=("-t/run/t.log",))

    assert status == 6
    assert said == ""
    assert "enable_script_security" in host.read("t.log")
