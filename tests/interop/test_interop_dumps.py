"""The files that signals ask for, beside Keepalived's for the same configuration.

What a tool reads by name, place or type must be there and mean the same; what only we know may stand beside it.
"""

import json
import shutil
import signal
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest
from exporter import Block, blocks, instances, scripts, statistics

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab, standfastd
from standfast.lab.namespaces import lacking

PASSWORD: Final = "geheimni"
CONFIG: Final = f"""
global_defs {{
    router_id here
    script_user root
    enable_script_security
    vrrp_garp_master_repeat 3
}}
vrrp_script good {{
    script "/usr/bin/true a"
    interval 1
    weight 10
    rise 2
}}
vrrp_script bad {{
    script "/usr/bin/false"
    interval 1
    fall 2
}}
bfd_instance wan {{
    neighbor_ip 10.99.0.77
    source_ip 10.99.0.1
    min_rx 50
    min_tx 60
    multiplier 4
    weight 7
}}
vrrp_sync_group G {{
    group {{
        FAULTY
    }}
    notify_master "/usr/bin/true g"
}}
vrrp_instance MASTER {{
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    nopreempt
    garp_master_refresh 30
    authentication {{
        auth_type PASS
        auth_pass {PASSWORD}
    }}
    track_script {{
        good
    }}
    track_bfd {{
        wan
    }}
    virtual_ipaddress {{
        10.99.0.100/24 brd +
        10.99.0.101/24 label eth0:x
        10.99.0.102
    }}
    virtual_ipaddress_excluded {{
        10.99.0.103/32
    }}
    notify "/usr/bin/true 'two words' b"
    notify_backup /usr/bin/true
    notify_deleted /usr/bin/true
    smtp_alert
}}
vrrp_instance FAULTY {{
    interface eth0
    virtual_router_id 52
    version 3
    advert_int 0.5
    garp_master_delay 2
    dont_track_primary
    track_script {{
        bad
    }}
    unicast_src_ip 10.99.0.1
    unicast_peer {{
        10.99.0.77
    }}
    virtual_ipaddress {{
        10.99.0.110/24
    }}
}}
vrrp_instance SIX {{
    interface eth0
    virtual_router_id 53
    version 3
    priority 200
    advert_int 0.5
    virtual_ipaddress {{
        fe80::53/64
        2001:db8::53/64
        2001:db8::54/64 preferred_lft 100
    }}
}}
"""

# Rows of an instance whose values differ from run to run, by design, or are masked.
VOLATILE: Final = {"Last transition", "Read timeout", "Using src_ip", "Password", "Flags", "Result"}
# Rows that only Keepalived has: its descriptors, and choices that we do not have.
THEIRS: Final = {"fd_in 14, fd_out 15", "Unicast checksum compatibility"}
# Ours are others: a process that computes at all for that long is not stopped.
OWN_DEFAULTS: Final = {"VRRP realtime limit", "Checker realtime limit", "BFD realtime limit"}


class Files(NamedTuple):
    """What one daemon wrote."""

    data: str
    bfd: str
    stats: str
    objects: list[dict[str, Any]]


class Both(NamedTuple):
    """Ours and Keepalived's."""

    ours: Files
    theirs: Files


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    if words := lacking():
        pytest.skip(words)
    if shutil.which("keepalived", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("keepalived, the other side, is not installed")
    with Lab() as lab:
        ours, theirs = lab.host("a", "10.99.0.1/24"), lab.host("b", "10.99.0.1/24")
        for host in (ours, theirs):
            host.separate()  # each on its own
        yield Both(run(lab, ours, standfastd()), run(lab, theirs, ("keepalived",)))
        print(lab.log())


def run(lab: Lab, host: Host, daemon: tuple[str, ...]) -> Files:
    """Start it, wait until all is as it stays, and have it write its files."""
    host.write("own.conf", CONFIG)
    argv = ["env", "TMPDIR=/run", *daemon, "-n", "-l", "-P", "-f", "/run/own.conf", "-p", "/run/own.pid"]
    program = host.start(*argv, "-r", "/run/own-vrrp.pid", "-b", "/run/own-bfd.pid")
    log = program.log
    assert lab.within(20.0, lambda: log().count("Entering MASTER") + log().count("Became MASTER") >= 2)
    assert lab.within(20.0, lambda: "FAULT" in log() and host.holds("10.99.0.103") and "150 to 160" in log())
    pid = host.read("own.pid").strip()
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 2):
        host.command("kill", f"-{int(number)}", pid)
    files = "keepalived.data", "keepalived_bfd.data", "keepalived.stats", "keepalived.json"
    assert lab.within(20.0, lambda: all(host.read(file) for file in files) and not writes(host, pid))
    data, bfd, stats, objects = (host.read(file) for file in files)
    return Files(data, bfd, stats, json.loads(objects))


def writes(host: Host, parent: str) -> bool:
    """Whether one of a daemon's processes still has a file of a dump open: Keepalived writes it piece by piece."""
    look = f"ls -l /proc/{parent}/fd $(pgrep -P {parent} | sed 's|.*|/proc/&/fd|') 2>&1 || true"
    return " /run/keepalived" in host.command("sh", "-c", look)


def test_an_exporter_sees_the_same_instances(both: Both) -> None:
    assert instances(both.ours.data) == instances(both.theirs.data)


def test_an_exporter_sees_the_same_scripts(both: Both) -> None:
    assert scripts(both.ours.data) == scripts(both.theirs.data)


def test_an_exporter_sees_all_numbers_and_those_of_2_4_besides(both: Both) -> None:
    ours, theirs = statistics(both.ours.stats), statistics(both.theirs.stats)

    assert list(ours) == list(theirs)
    for name, numbers in theirs.items():
        ours_old = [key for key in ours[name] if key[0] != "Authentication Extension Errors"]
        assert ours_old == list(numbers)


def test_sessions_have_keepalived_s_rows_in_its_order(both: Both) -> None:
    ours, theirs = (blocks(each.bfd, "BFD Instance") for each in both)
    bookkeeping = ("fd_out", "thread_", "sands_", "!poll", "remote tx intv", "remote detection time")

    assert list(ours) == list(theirs) == ["wan"]
    rows = [row for row in theirs["wan"].rows if not row.startswith(bookkeeping)]
    assert list(ours["wan"].rows) == rows
    same = [row for row in rows if row not in ("local discriminator", "last_seen")]
    assert {row: ours["wan"].rows[row] for row in same} == {row: theirs["wan"].rows[row] for row in same}


@pytest.mark.parametrize("kind", ["VRRP Instance", "VRRP Script", "VRRP Track BFD"])
def test_the_rows_of_the_state_are_keepalived_s_in_its_order(both: Both, kind: str) -> None:
    ours, theirs = blocks(both.ours.data, kind), blocks(both.theirs.data, kind)

    assert list(ours) == list(theirs)
    for name, block in theirs.items():
        assert _rows(ours[name]) == _rows(block), name


@pytest.mark.parametrize("kind", ["VRRP Instance", "VRRP Script", "VRRP Track BFD"])
def test_their_values_are_the_same(both: Both, kind: str) -> None:
    ours, theirs = blocks(both.ours.data, kind), blocks(both.theirs.data, kind)

    for name, block in theirs.items():
        for row, value in block.rows.items():
            if row in _rows(block) and row not in VOLATILE:
                assert (row, ours[name].rows[row]) == (row, value)
        for row, entries in block.inside.items():
            assert (row, ours[name].inside[row]) == (row, _as_we_say(entries))


def test_the_settings_of_the_daemon_are_said_alike(both: Both) -> None:
    ours, theirs = _globals(both.ours.data), _globals(both.theirs.data)
    shared = ours.keys() & theirs.keys()

    assert len(shared) > 30
    assert ours.keys() <= theirs.keys()
    assert {name: ours[name] for name in shared - OWN_DEFAULTS} == {
        name: theirs[name] for name in shared - OWN_DEFAULTS
    }


def test_the_json_has_keepalived_s_keys_in_its_order(both: Both) -> None:
    for ours, theirs in zip(both.ours.objects, both.theirs.objects, strict=True):
        assert list(ours) == list(theirs)
        assert [key for key in ours["data"] if key in theirs["data"]] == list(theirs["data"])
        assert list(ours["data"]) == list(theirs["data"])
        assert [key for key in ours["stats"] if not key.startswith("auth_ext")] == list(theirs["stats"])


def test_the_json_has_values_of_the_same_types(both: Both) -> None:
    for ours, theirs in zip(both.ours.objects, both.theirs.objects, strict=True):
        for part in ("data", "stats"):
            kinds = {key: _kind(value) for key, value in theirs[part].items()}
            assert {key: _kind(ours[part][key]) for key in kinds} == kinds


def test_the_json_has_the_same_values(both: Both) -> None:
    volatile = {"last_transition", "auth_data", "vips"}
    for ours, theirs in zip(both.ours.objects, both.theirs.objects, strict=True):
        for key in theirs["data"].keys() - volatile:
            assert (key, ours["data"][key]) == (key, theirs["data"][key])
        assert ours["data"]["vips"] == _as_we_say(theirs["data"]["vips"])


def test_no_password_is_in_our_files(both: Both) -> None:
    assert PASSWORD in both.theirs.data, "the test looks for the right word"
    assert PASSWORD not in both.ours.data
    assert PASSWORD not in json.dumps(both.ours.objects)


def _rows(block: Block) -> list[str]:
    return [
        row for row in block.rows if row not in THEIRS and not row.startswith("fd_in") and row != "Result"
    ]


def _as_we_say(entries: list[str]) -> list[str]:
    """Keepalived calls the scope of a link-local address global; the kernel does not."""
    return [
        entry.replace("scope global", "scope link") if entry.startswith("fe80:") else entry
        for entry in entries
    ]


def _globals(data: str) -> dict[str, str]:
    section = data.partition("------< Global definitions >------\n")[2].partition("------<")[0]
    rows = (line.strip().partition(" = ") for line in section.splitlines() if " = " in line)
    return {name: value for name, _, value in rows}


def _kind(value: object) -> str:
    return (
        "number" if isinstance(value, float | int) and not isinstance(value, bool) else type(value).__name__
    )
