"""A file is written whole or not at all, and no link that somebody left leads the writing elsewhere."""

from pathlib import Path

import pytest

from standfast.base.addresses import Family, HostAddress, parse_address
from standfast.base.services import Mark
from standfast.daemon.fifo_record import FifoRecord
from standfast.daemon.own_record import Left, MadeLink, OwnRecord
from standfast.daemon.record import AddressRecord
from standfast.daemon.service_record import ServiceRecord
from standfast.daemon.whole_file import write_whole

ADDRESS = HostAddress(parse_address("10.0.0.1"), 24, "eth0")


def test_what_lies_beside_is_replaced_and_a_link_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    (tmp_path / "file.new").symlink_to(theirs)

    assert write_whole(tmp_path / "file", b"ours")

    assert theirs.read_text() == "precious"
    assert (tmp_path / "file").read_bytes() == b"ours"
    assert not (tmp_path / "file").is_symlink()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_link_in_its_own_place_is_replaced(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    (tmp_path / "file").symlink_to(theirs)

    assert write_whole(tmp_path / "file", b"ours")

    assert theirs.read_text() == "precious"


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / "inside").mkdir(parents=True)

    assert not write_whole(place, b"ours")

    assert [one.name for one in tmp_path.iterdir()] == ["place"]
    assert not write_whole(tmp_path / "none" / "file", b"ours")


@pytest.mark.parametrize(
    "sort",
    [
        pytest.param("addresses", id="the addresses that may be ours"),
        pytest.param("interfaces", id="the interfaces that we made"),
        pytest.param("services", id="the services of the kernel's table"),
        pytest.param("fifos", id="the pipes that we made"),
    ],
)
def test_no_record_follows_a_link(tmp_path: Path, sort: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    (tmp_path / f"x.{sort}.new").symlink_to(theirs)
    pid_file = str(tmp_path / "x.pid")

    match sort:
        case "addresses":
            AddressRecord(pid_file).write([ADDRESS])
        case "interfaces":
            OwnRecord(pid_file).write(Left(links={"vrrp.51": MadeLink(1, "macvlan")}))
        case "services":
            ServiceRecord(pid_file).write([Mark(1, Family.IPV4)])
        case _:
            FifoRecord(pid_file).write({"/run/a": (1, 2)})

    assert theirs.read_text() == "precious"
    assert (tmp_path / f"x.{sort}").is_file()
