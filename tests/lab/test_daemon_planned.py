"""A reload at a time that a file says, with the files that go with it, by a real daemon."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from daemon_lab import VIP, config, master, status

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

OTHER = "10.99.0.101"
SETTINGS = """global_defs {
    reload_time_file /run/when
    reload_file
    reload_check_config /run/check.log
    config_save_dir /run/saved
}
"""


def there(host: Host, *paths: str) -> list[str]:
    """Those of the paths that there are, and what stands in the saved ones' folder."""
    look = "import os, sys; print(*[p for p in sys.argv[1:] if os.path.exists(p)], *os.listdir('/run/saved'))"
    return host.command(sys.executable, "-c", look, *paths).split()


@pytest.mark.behaviour("RL-09", "RL-07")
def test_a_planned_reload_comes_at_its_time_and_its_files_go(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, SETTINGS + config(200))
    host.write(
        "standfastd.conf", SETTINGS + "vrrp_instance X {\n}\n" + config(200, [f"{VIP}/24", f"{OTHER}/24"])
    )
    at = datetime.now(tz=UTC) + timedelta(seconds=6)

    host.write("when", f"{at:%Y-%m-%d %H:%M:%S}Z\n")
    planned = lab.within(20.0, lambda: "A reload is planned for" in daemon.log())
    before = host.holds(OTHER)
    refused = lab.within(20.0, lambda: "Reload refused" in daemon.log())
    host.write("standfastd.conf", SETTINGS + config(200, [f"{VIP}/24", f"{OTHER}/24"]))
    again = datetime.now(tz=UTC) + timedelta(seconds=5)
    host.write("when", f"{again:%H:%M:%S}Z\n")

    assert (planned, before, refused) == (True, False, True)
    assert "X" in host.read("check.log")
    assert lab.within(20.0, lambda: host.holds(OTHER)), daemon.log()
    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())
    files = there(host, "/run/when", "/run/keepalived.reload")
    assert {name.partition(".")[0] for name in files} == {"keepalived", "standfast"}
    assert not {"/run/when", "/run/keepalived.reload"} & set(files)


def test_the_time_stands_in_the_status(lab: Lab, host: Host) -> None:
    host.write("when", "23:59:59\n")
    daemon = master(lab, host, SETTINGS + config(200))

    told = status(host)

    assert told["configuration"]["reload_at"] > told["taken"], daemon.log()
