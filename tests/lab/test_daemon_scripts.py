"""Notify scripts of a real daemon: in order, as who they should be, and never in the way of adverts."""

import signal
from itertools import pairwise
from statistics import median

from daemon_lab import VIP, child_of, config, master, started

from standfast.base.limits import SCRIPTS_AT_STOP
from standfast.base.times import MILLISECOND
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab


def diary(host: Host, name: str, *, before: str = "") -> str:
    """A script that writes what it was told into /run/diary."""
    return host.write(name, f'#!/bin/sh\n{before}\necho {name} "$@" >> /run/diary\n', mode=0o755)


def test_the_script_of_the_state_comes_before_the_one_of_all_and_states_in_order(
    lab: Lab, host: Host
) -> None:
    any_script = diary(host, "any")
    each = {state: diary(host, state, before="sleep 0.1") for state in ("backup", "master", "stop")}
    words = f"notify {any_script}\n" + "\n".join(f"notify_{s} {path}" for s, path in each.items())
    daemon = master(lab, host, config(150, more=words))
    assert lab.within(20.0, lambda: len(host.read("diary").splitlines()) == 4)
    daemon.stop()

    assert host.read("diary").splitlines() == [
        "backup",
        "any INSTANCE VI_1 BACKUP 150",
        "master",
        "any INSTANCE VI_1 MASTER 150",
        "stop",
        "any INSTANCE VI_1 STOP 150",
    ]


def test_a_script_that_hangs_delays_neither_adverts_nor_the_stop(lab: Lab, host: Host) -> None:
    hangs = host.write("hangs", "#!/bin/sh\nexec sleep 600\n", mode=0o755)
    with lab.capture() as capture:
        daemon = master(lab, host, config(255, more=f"notify {hangs}"))
        assert lab.within(20.0, lambda: len(capture.adverts(51)) >= 20)
        asked = daemon.signal(signal.SIGTERM)
        status = daemon.wait()
        adverts = capture.adverts(51)

    gaps = [later[0] - earlier[0] for earlier, later in pairwise(adverts[:-1])]
    assert status == 0
    assert median(gaps) < 110 * MILLISECOND
    assert max(gaps) < 900 * MILLISECOND  # the script lasts longer, and so does no busy machine
    assert adverts[-1][0] - asked < SCRIPTS_AT_STOP / 2, "the goodbye does not wait for a script"
    assert lab.within(20.0, lambda: "sleep 600" not in host.command("ps", "-eo", "args")), (
        "left a script behind"
    )


def test_a_script_that_fails_or_is_missing_is_said(lab: Lab, host: Host) -> None:
    fails = host.write("fails", "#!/bin/sh\necho no such cluster >&2\nexit 7\n", mode=0o755)
    words = f"notify_backup {fails}\nnotify_master /run/none"

    daemon = master(lab, host, config(150, more=words))

    assert lab.within(20.0, lambda: "Script /run/none was not run" in daemon.log())
    assert "state=BACKUP status=7" in daemon.log()
    assert 'stderr="no such cluster"' in daemon.log()


def test_a_script_that_another_user_could_change_does_not_run_as_root(lab: Lab, host: Host) -> None:
    open_to_all = host.write("open", "#!/bin/sh\ntouch /run/ran\n", mode=0o777)
    text = "global_defs { enable_script_security }\n" + config(255, more=f"notify {open_to_all}")

    daemon = master(lab, host, text)

    assert lab.within(20.0, lambda: "was not run" in daemon.log())
    assert "writable by everybody" in daemon.log()
    assert host.read("ran") == ""


def test_scripts_do_not_inherit_what_is_ours(lab: Lab, host: Host) -> None:
    shows = host.write(
        "shows",
        "#!/bin/sh\nls /proc/self/fd | wc -l > /run/fds\nps -o cls= -p $$ > /run/class\numask > /run/mask\n",
        mode=0o755,
    )

    started(lab, host, config(255, more=f"notify_master {shows}"))

    assert lab.within(20.0, lambda: host.read("mask").strip())
    assert int(host.read("fds")) == 4, "0, 1, 2 and the listing's own"
    assert host.read("class").strip() == "TS"
    assert host.read("mask").strip() == "0177"


def test_a_removed_instance_is_told_a_fault(lab: Lab, host: Host) -> None:
    told = diary(host, "told")
    daemon = master(lab, host, config(150, more=f"notify {told}"))
    other = config(150, more=f"notify {told}").replace("VI_1", "VI_2").replace("id 51", "id 52")

    daemon.reload(other.replace(VIP, "10.99.0.110"))

    assert lab.within(20.0, lambda: "told INSTANCE VI_1 FAULT 150" in host.read("diary"))
    assert lab.within(20.0, lambda: "told INSTANCE VI_2 MASTER 150" in host.read("diary"))
    assert child_of(host)
