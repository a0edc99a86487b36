"""`standfast check` as a person or a program meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.cli.main import main

GOOD = "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress { 10.0.0.1/24 }\n}\n"


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return tmp_path / "keepalived.conf"


def test_a_good_file_is_said_to_be_good(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf.write_text(GOOD)

    assert main(["check", "--offline", str(conf)]) == 0
    assert capsys.readouterr().out == f"{conf}: nothing is wrong\n"


def test_a_mistake_is_shown_with_its_line_and_what_to_do(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(GOOD.replace("interface eth0", "interface eth0\n  priorty 20"))

    assert main(["check", "--offline", str(conf)]) == 2
    assert capsys.readouterr().out == (
        f"{conf}:3:3: error: unknown keyword priorty in vrrp_instance [unknown-keyword]\n"
        "    3 |   priorty 20\n"
        "      |   ^^^^^^^\n"
        "hint: did you mean priority?\n"
        "\n"
        f"{conf}: 1 error\n"
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [pytest.param([], 1, id="a warning"), pytest.param(["--strict"], 2, id="a warning, strictly")],
)
def test_a_warning_has_its_own_exit_code(conf: Path, options: list[str], code: int) -> None:
    conf.write_text(GOOD.replace("interface eth0", "interface eth0\n advert_int 1.5"))

    assert main(["check", "--offline", str(conf), *options]) == code


def test_json_tells_the_same(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf.write_text(GOOD + "foo\n")

    assert main(["check", "--offline", "--json", str(conf)]) == 2
    told = json.loads(capsys.readouterr().out)

    assert (told["form"], told["version"]) == ("standfast-check", 1)
    (problem,) = told["files"][0]["problems"]
    assert (problem["slug"], problem["line"], problem["column"]) == ("unknown-keyword", 6, 1)


@pytest.mark.parametrize(
    ("version", "code"),
    [
        pytest.param("2.2.8", 2, id="an older one does not know what is new"),
        pytest.param("2.4.3", 0, id="a newer one does"),
        pytest.param("2.4.0", 0, id="the one in which it is new, too"),
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("auth_hmac { key 1 0123456789abcdef0123456789abcdef\n active_key 1 }", id="a keyword"),
        pytest.param("priority 9${_ENV NONE}", id="a variable"),
    ],
)
def test_a_target_version_is_held_to_its_keywords(conf: Path, version: str, code: int, line: str) -> None:
    conf.write_text(GOOD.replace("interface eth0", f"interface eth0\n {line}"))

    assert main(["check", "--offline", "--target-version", version, str(conf)]) == code


def test_a_target_version_is_a_version(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--target-version", "new", str(conf)])

    assert "write it like 2.2.8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("missing", id="no file"),
        pytest.param("directory", id="a directory"),
        pytest.param("fifo", id="FIFO"),
    ],
)
def test_what_is_no_file_is_said_and_never_waited_for(
    conf: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "directory":
        conf.mkdir()
    elif kind == "fifo":
        os.mkfifo(conf)

    assert main(["check", "--offline", str(conf)]) == 2
    assert "error: " in capsys.readouterr().out


def test_the_start_imports_nothing_heavy(conf: Path) -> None:
    conf.write_text(GOOD)
    program = (
        "import sys; from standfast.cli.main import main; main(['check', '--offline', sys.argv[1]]);"
        "print(sorted({'asyncio', 'msgspec', 'pyroute2', 'rich', 'json', 'subprocess'} & set(sys.modules)))"
    )

    out = subprocess.run(
        [sys.executable, "-c", program, str(conf)], capture_output=True, text=True, check=True
    )

    assert out.stdout.splitlines()[-1] == "[]"


def test_who_names_no_file_hears_which_one_was_looked_for(
    conf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("standfast.cli.check.CONFIG_FILE", str(conf))

    assert main(["check"]) == 2
    assert capsys.readouterr().out.endswith(
        f"{conf} is where the daemon looks; `standfast check FILE` checks another\n"
    )
