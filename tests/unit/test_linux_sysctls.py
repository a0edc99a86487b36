"""Settings that are changed and put back, on a tree of files."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from standfast.linux.sysctls import Change, Sysctls

IGNORE = "net/ipv4/conf/eth0/arp_ignore"
FILTER = "net/ipv4/conf/eth0.7/arp_filter"


class Host:
    """A tree of settings, and what was recorded and complained of."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.recorded: list[Mapping[str, Change]] = []
        self.complaints: list[str] = []
        self.at_record: list[str | None] = []
        for path in (IGNORE, FILTER):
            self.set(path, "0")
        self.sysctls = Sysctls(self._record, lambda path, _: self.complaints.append(path), root=str(root))

    def set(self, path: str, value: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")

    def get(self, path: str) -> str:
        return (self.root / path).read_text().strip()

    def _record(self, changed: Mapping[str, Change]) -> None:
        self.recorded.append(dict(changed))
        self.at_record.append(self.get(IGNORE))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.mark.behaviour("VM-03")
def test_a_setting_is_recorded_then_changed_then_put_back(host: Host) -> None:
    host.sysctls.keep({IGNORE: "1"})
    between = host.get(IGNORE)
    host.sysctls.keep({})

    assert host.recorded == [{IGNORE: Change("0", "1")}, {}]
    assert host.at_record[0] == "0", "before it is changed"
    assert (between, host.get(IGNORE)) == ("1", "0")
    assert not host.sysctls.changed


def test_what_is_as_wanted_already_is_not_ours_to_put_back(host: Host) -> None:
    host.set(IGNORE, "1")

    host.sysctls.keep({IGNORE: "1"})
    host.sysctls.keep({})

    assert host.get(IGNORE) == "1"


def test_what_somebody_else_changed_meanwhile_stays_his(host: Host) -> None:
    host.sysctls.keep({IGNORE: "1"})
    host.set(IGNORE, "2")

    host.sysctls.keep({})

    assert host.get(IGNORE) == "2"


def test_what_is_wanted_on_stays(host: Host) -> None:
    host.sysctls.keep({IGNORE: "1", FILTER: "1"})

    host.sysctls.keep({FILTER: "1"})

    assert (host.get(IGNORE), host.get(FILTER)) == ("0", "1")
    assert host.sysctls.changed == {FILTER: Change("0", "1")}


def test_a_new_process_puts_back_what_the_old_one_could_not(host: Host) -> None:
    host.set(IGNORE, "1")
    host.set(FILTER, "1")
    host.sysctls.inherit({IGNORE: Change("0", "1"), FILTER: Change("0", "1")})

    host.sysctls.keep({FILTER: "1"})
    host.sysctls.keep({})

    assert (host.get(IGNORE), host.get(FILTER)) == ("0", "0")


def test_a_setting_of_an_interface_that_is_not_there_is_no_trouble(host: Host) -> None:
    host.sysctls.keep({"net/ipv4/conf/none/arp_ignore": "1"})

    assert not host.complaints
    assert not host.sysctls.changed


def test_a_setting_that_cannot_be_changed_is_said(host: Host, tmp_path: Path) -> None:
    (tmp_path / IGNORE).unlink()
    (tmp_path / IGNORE).symlink_to("/proc/version")  # can be read and not written, even by root

    host.sysctls.keep({IGNORE: "1"})

    assert host.complaints == [IGNORE]
    assert not host.sysctls.changed


def test_with_an_interface_what_was_changed_of_it_is_forgotten(host: Host) -> None:
    host.sysctls.keep({IGNORE: "1", FILTER: "1"})
    host.set(FILTER, "0")  # it came back, as new

    host.sysctls.forget("eth0.7")
    host.sysctls.keep({IGNORE: "1", FILTER: "1"})

    assert host.get(FILTER) == "1"


@pytest.mark.behaviour("VM-04")
def test_filters_are_read_as_they_were_before_we_changed_them(host: Host) -> None:
    for name, value in {"all": "1", "default": "0", "eth0": "0"}.items():
        host.set(f"net/ipv4/conf/{name}/rp_filter", value)

    host.sysctls.keep({"net/ipv4/conf/eth0/rp_filter": "1", "net/ipv4/conf/all/rp_filter": "0"})

    assert host.sysctls.rp_filters() == {"all": 1, "default": 0, "eth0": 0}
    assert host.get("net/ipv4/conf/all/rp_filter") == "0"
