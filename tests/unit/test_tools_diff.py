"""`standfast diff`: what differs in meaning, and what a reload would do about it."""

import json
from pathlib import Path

import pytest
from written import instance_text

from standfast.cli.main import main

VIP = "virtual_ipaddress { 10.0.0.1 }"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.conf", tmp_path / "new.conf"
    old.write_text(instance_text(f"priority 9\n{VIP}"))
    new.write_text(instance_text("priority 10\nvirtual_ipaddress { 10.0.0.2 }"))
    return str(old), str(new)


def test_a_person_reads_it(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *pair]) == 1
    assert capsys.readouterr().out == (
        "vrrp_instance VI_1: changed\n"
        "    priority: 9 -> 10  (taken over live)\n"
        "    virtual_ipaddress:  (taken over live)\n"
        "      - 10.0.0.1/32\n"
        "      + 10.0.0.2/32\n"
        "on a reload: 2 taken over live\n"
    )


def test_a_program_reads_it(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--json", *pair]) == 1

    told = json.loads(capsys.readouterr().out)
    assert (told["form"], told["version"], told["same"], told["need"]) == ("standfast-diff", 1, False, "live")
    assert [change["keyword"] for change in told["differences"][0]["changes"]] == [
        "priority",
        "virtual_ipaddress",
    ]


def test_the_same_file_differs_in_nothing(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", pair[0], pair[0]]) == 0
    assert capsys.readouterr().out == "nothing differs; a reload would do nothing\n"


def test_no_file_is_trouble(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", pair[0], pair[1] + "x"]) == 2
    assert "does not exist" in capsys.readouterr().err
