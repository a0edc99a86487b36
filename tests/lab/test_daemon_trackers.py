"""Trackers of a real daemon: scripts, files, processes and links decide about its instance."""

import signal

import pytest
from daemon_lab import VIP, child_of, config, master, started

from standfast.lab.capture import Capture
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VRID = 51


def script_block(path: str, more: str = "") -> str:
    return f"""vrrp_script chk {{
        script "{path}"
        interval 0.2
        {more}
    }}
    """


def with_script(path: str, more: str = "") -> str:
    return script_block(path, more) + config(150, more="track_script { chk }")


def says(lab: Lab, daemon: Daemon, words: str, seconds: float = 20.0) -> bool:
    return lab.within(seconds, lambda: words in daemon.log())


def lets_go(lab: Lab, host: Host) -> bool:
    return lab.within(20.0, lambda: not host.holds(VIP))


def advertises(lab: Lab, capture: Capture, priority: int) -> bool:
    return lab.within(20.0, lambda: capture.adverts(VRID)[-1][1].priority == priority)


# ---- scripts


@pytest.mark.behaviour("SCR-11")
def test_a_file_that_must_open(lab: Lab, host: Host) -> None:
    path = host.write("open me", "")
    daemon = master(lab, host, with_script(f"<'{path}'"))

    host.command("mv", path, f"{path}.away")
    failed = says(lab, daemon, "VRRP_Script(chk) failed") and lets_go(lab, host)
    host.command("mv", f"{path}.away", path)

    assert failed
    assert lab.within(20.0, lambda: host.holds(VIP))


@pytest.mark.behaviour("TR-02", "TR-05")
def test_a_script_that_fails_twice_and_succeeds_again(lab: Lab, host: Host) -> None:
    host.write("state", "0")
    check = host.write("check", "#!/bin/sh\nexit $(cat /run/state)\n", mode=0o755)
    daemon = master(lab, host, with_script(check, "fall 2"))

    host.write("state", "3")
    failed = says(lab, daemon, 'VRRP_Script(chk) failed  reason="exit status 3"') and lets_go(lab, host)
    host.write("state", "0")

    assert failed
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert "VRRP_Script(chk) succeeded" in daemon.log()


@pytest.mark.behaviour("TR-03")
def test_a_script_that_hangs_and_ignores_what_it_is_asked(lab: Lab, host: Host) -> None:
    check = host.write(
        "check", "#!/bin/sh\ntrap '' TERM\nsleep 611 & wait\nwhile :; do sleep 612; done\n", mode=0o755
    )

    daemon = started(lab, host, with_script(check, "interval 1\ntimeout 0.3"))

    assert says(lab, daemon, "no end within 0.3 s")
    assert says(lab, daemon, "is still running, so a run is skipped")
    assert lab.within(20.0, lambda: "sleep 612" not in host.command("ps", "-eo", "args"))
    assert not host.holds(VIP)


@pytest.mark.parametrize(
    ("text", "mode", "more", "reason"),
    [
        pytest.param("#!/bin/sh\nkill -9 $$\n", 0o755, "", "killed by signal 9", id="killed"),
        pytest.param("", 0o644, "", "is not executable by root", id="not executable"),
        pytest.param("#!/nowhere\n", 0o755, "", "No such file or directory", id="no interpreter"),
        pytest.param("exit 0\n", 0o755, "user nobodyknows", "no user nobodyknows", id="no such user"),
        pytest.param("exit 0\n", 0o777, "", "writable by everybody", id="others could change it"),
    ],
)
def test_a_script_that_cannot_succeed_keeps_the_instance_from_taking_part(
    lab: Lab, host: Host, text: str, mode: int, more: str, reason: str
) -> None:
    check = host.write("check", text, mode=mode)

    secure = "global_defs {\nenable_script_security\nscript_user root\n}\n"
    daemon = started(lab, host, secure + with_script(check, more))

    assert says(lab, daemon, "VRRP_Script(chk) failed"), daemon.log()
    assert says(lab, daemon, reason)
    assert not host.holds(VIP)


def test_a_script_that_is_missing_counts_as_failed_until_it_is_there(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, with_script("/run/check"))
    missing = says(lab, daemon, "/run/check: No such file or directory")

    host.write("check", "#!/bin/sh\nexit 0\n", mode=0o755)

    assert missing
    assert lab.within(20.0, lambda: host.holds(VIP))


@pytest.mark.behaviour("TR-23")
def test_a_reload_keeps_results_and_runs_another_script_at_once(lab: Lab, host: Host) -> None:
    check = host.write("check", "#!/bin/sh\necho run >>/run/runs\n", mode=0o755)
    text = with_script(check, "interval 60")
    daemon = master(lab, host, text)

    daemon.reload(with_script(check, "interval 61"))
    reloaded = says(lab, daemon, "Reload complete")
    runs = len(host.read("runs").splitlines())
    daemon.reload(with_script(f"{check} again", "interval 61"))

    assert (reloaded, runs) == (True, 1)
    assert lab.within(20.0, lambda: len(host.read("runs").splitlines()) == 2)
    assert daemon.log().count("Entering MASTER STATE") == 1
    assert host.holds(VIP)


@pytest.mark.behaviour("TR-24")
def test_what_nobody_tracks_is_not_run(lab: Lab, host: Host) -> None:
    check = host.write("check", "#!/bin/sh\ntouch /run/ran\n", mode=0o755)

    master(
        lab, host, script_block(check) + "track_file load {\nfile /run/load\ninit_file 1\n}\n" + config(150)
    )

    assert host.read("ran") == ""
    assert host.read("load") == ""


# ---- files


def with_file(weight: int, more: str = "") -> str:
    return f"track_file load {{\nfile /run/load\nweight {weight}\n{more}\n}}\n" + config(
        150, more="track_file { load }"
    )


@pytest.mark.behaviour("TR-08", "TR-09", "TR-11")
def test_the_number_in_a_file_changes_the_priority(lab: Lab, host: Host) -> None:
    with lab.capture() as capture:
        master(lab, host, with_file(2, "init_file 5"))
        assert host.read("load") == "5\n"

        for content, priority in (("5\n", 160), ("-0x20", 86), ("0", 150)):
            host.write("load", content)
            assert advertises(lab, capture, priority)
        host.command("sh", "-c", "echo 7 >/run/new; mv /run/new /run/load")
        moved = advertises(lab, capture, 164)
        host.command("rm", "/run/load")

        assert moved
        assert advertises(lab, capture, 150)


def test_a_file_that_holds_no_number_is_a_fault(lab: Lab, host: Host) -> None:
    host.write("load", "0")
    daemon = master(lab, host, with_file(1))

    host.write("load", "ill")

    assert says(lab, daemon, 'Track_File(load) cannot be used  reason="it holds no number: ill"')
    assert lets_go(lab, host)


# ---- processes


@pytest.mark.behaviour("TR-12")
def test_processes_decide_also_where_the_kernel_does_not_tell_of_them(lab: Lab, host: Host) -> None:
    """The kernel tells of processes only in its first namespaces, which no host of the lab is in."""
    text = "vrrp_track_process nap {\nprocess sleep 613\n}\n" + config(150, more="track_process { nap }")
    daemon = started(lab, host, text)
    assert says(lab, daemon, "VRRP_Track_Process(nap) has no quorum")
    assert "1 running, at least 1 needed" not in daemon.log()

    nap = host.start("sh", "-c", "exec sleep 613")
    assert says(lab, daemon, "VRRP_Track_Process(nap) has its quorum")
    assert says(lab, daemon, "Entering MASTER STATE")
    nap.kill()

    assert lab.within(20.0, lambda: "Entering FAULT STATE" in daemon.log())
    assert lets_go(lab, host)


def test_the_dump_says_how_processes_are_seen(lab: Lab, host: Host) -> None:
    text = "vrrp_track_process nap {\nprocess sleep 613\n}\n" + config(150, more="track_process { nap }")
    files = ("-f", host.write("d.conf", text), "-p", "/run/d.pid", "-r", "/run/d-v.pid")
    daemon = host.start("env", "TMPDIR=/run", *lab.daemon, "-nlGP", *files)
    assert lab.within(20.0, lambda: "VRRP_Track_Process(nap) has no quorum" in daemon.log())
    if "Processes are looked for in /proc" not in daemon.log():
        pytest.skip("the kernel tells of processes here")

    host.command("kill", "-USR1", host.read("d.pid").strip())

    assert lab.within(20.0, lambda: "Tracked process = nap" in host.read("keepalived.data"))
    assert "Seen by = reading /proc every 1 s" in host.read("keepalived.data")


# ---- links


@pytest.mark.behaviour("TR-16")
def test_a_link_that_flaps_within_its_delay_changes_nothing(lab: Lab, host: Host) -> None:
    """The others wait for 2 * 1 s and more, so the delay of 1.5 s is not cut."""
    text = "interface_up_down_delays {\neth0 1.5 0\n}\n" + config(150).replace(
        "advert_int 0.1", "advert_int 1"
    )
    daemon = started(lab, host, text)
    assert lab.within(20.0, lambda: host.holds(VIP))

    for _ in range(3):
        host.unplug()
        host.plug()
    stayed = host.holds(VIP)
    host.unplug()
    gone = lab.within(20.0, lambda: not host.holds(VIP))

    assert stayed
    assert gone
    assert says(lab, daemon, "Entering FAULT STATE")
    assert daemon.log().count("Entering FAULT STATE") == 1


@pytest.mark.behaviour("TR-17")
def test_a_polled_link_that_goes_down_is_a_fault(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, "linkbeat_use_polling\n" + config(150))

    host.unplug()

    assert says(lab, daemon, "Entering FAULT STATE")


def test_a_daemon_with_all_kinds_of_trackers_stops_at_once_and_leaves_nothing(lab: Lab, host: Host) -> None:
    check = host.write("check", "#!/bin/sh\nexec sleep 614\n", mode=0o755)
    text = script_block(check, "timeout 60") + with_file(1).replace(
        "track_file {", "track_script { chk }\ntrack_file {"
    )
    daemon = started(lab, host, text)
    assert lab.within(20.0, lambda: "sleep 614" in host.command("ps", "-eo", "args"))
    assert child_of(host)

    daemon.signal(signal.SIGTERM)

    assert daemon.wait() == 0
    assert lab.within(20.0, lambda: "sleep 614" not in host.command("ps", "-eo", "args"))
