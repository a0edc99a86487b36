"""`keepalived_check.data` beside Keepalived's for the same configuration: who reads one can read the other."""

import shutil
from pathlib import Path
from typing import Final

import pytest
from check_dumps import checks, sections

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab, standfastd

CONFIGURATION: Final = Path(__file__).resolve().parents[1] / "checks-of-every-kind.conf"
DUMP: Final = "keepalived_check.data"
LISTENER: Final = "import socket\ns = socket.create_server(('', 8080))\nwhile True: s.accept()[0].close()"
# Rows of a check that only Keepalived has, that differ from run to run, or whose numbers are none: what is not
# set is the largest number there is, and of a reply that is wanted it always says that it is of no length.
NOT_COMPARED: Final = (
    "Retries iterations",
    "Last ran",
    "Last status",
    "Failed URL",
    "Regex ref count",
    "Reply data len",
    "Delay loop = 18446744073709551615",
    "Warmup = 18446744073709551615",
    "Retries = 4294967295",
    "Delay before retry = 18446744073709551615",
)


@pytest.fixture
def lab(lab: Lab) -> Lab:
    if shutil.which("keepalived", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("needs Debian's keepalived: apt install keepalived")
    return lab


def start(lab: Lab, name: str, command: tuple[str, ...]) -> Host:
    """A host that is alone in its network, with a daemon that has this configuration."""
    host = lab.host(name, "10.0.0.1/8")
    host.separate()
    host.start("/usr/bin/python3", "-IS", "-c", LISTENER)
    host.write("own.conf", CONFIGURATION.read_text())
    files = [word for flag in "pcb" for word in (f"-{flag}", f"/run/{flag}.pid")]
    host.start("env", "TMPDIR=/run", *command, "-n", "-l", "-C", "-f", "/run/own.conf", *files)
    return host


def dump(lab: Lab, host: Host) -> dict[str, list[str]]:
    """What it writes now, section by section."""
    host.command("sh", "-c", f"rm -f /run/{DUMP}; kill -USR1 $(cat /run/p.pid)")
    assert lab.within(20, lambda: "------< Checker track BFDs >------" in host.read(DUMP))
    return sections(host.read(DUMP))


def test_the_dump_has_keepalived_s_headings_rows_and_values(lab: Lab) -> None:
    ours, theirs = start(lab, "ours", standfastd()), start(lab, "theirs", ("keepalived",))
    assert lab.within(60, lambda: ours.read("c.pid") and theirs.read("c.pid"))

    def topology() -> tuple[list[str], list[str]]:
        return dump(lab, ours)["LVS Topology"], dump(lab, theirs)["LVS Topology"]

    assert lab.within(60, lambda: len(set(map(tuple, topology()))) == 1), topology()
    said, wanted = dump(lab, ours), dump(lab, theirs)
    shared = [title for title in said if title in wanted]
    assert shared == list(wanted)
    for title in ("SSL definitions", "LVS Topology", "Checker track files"):
        assert said[title] == wanted[title]
    assert said["Checker track BFDs"][:3] == wanted["Checker track BFDs"][:3]
    title = "Health checkers"
    assert checks(said[title], NOT_COMPARED) == checks(wanted[title], NOT_COMPARED)
