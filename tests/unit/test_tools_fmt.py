"""`standfast fmt`: one form for every file."""

from pathlib import Path
from textwrap import dedent

import pytest

from standfast.cli.main import main
from standfast.conf.format import formatted


def text(block: str) -> str:
    return dedent(block).lstrip("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a   {\nb  1\n}\n", "a {\n    b 1\n}\n", id="indentation and white space"),
        pytest.param("a\n{\nb\n}\n", "a {\n    b\n}\n", id="a brace joins its keyword"),
        pytest.param("a\n\n{\n}\n", "a {\n}\n", id="also over a blank line"),
        pytest.param("a # c\n{\n}\n", "a  # c\n{\n}\n", id="but not over a comment"),
        pytest.param("a { b 1 }\n", "a {\n    b 1\n}\n", id="one keyword a line"),
        pytest.param("a { b } # c\n", "a {\n    b\n}  # c\n", id="a comment stays behind what it follows"),
        pytest.param("a {\n# c\n}\n", "a {\n    # c\n}\n", id="a comment is indented"),
        pytest.param("! c\n", "! c\n", id="a comment with the other sign"),
        pytest.param("\n\na\n\n\n\nb\n\n", "a\n\nb\n", id="at most one blank line, none at the ends"),
        pytest.param("a {\n\nb\n\n}\n", "a {\n    b\n}\n", id="no blank line beside a brace"),
        pytest.param('a "x  #  y"  z\n', 'a "x  #  y" z\n', id="double quotes keep what they hold"),
        pytest.param("a 'x  y'  z\n", "a 'x  y'  z\n", id="single quotes keep their line"),
        pytest.param('a "x  y\n', 'a "x  y\n', id="an open quote keeps its line"),
        pytest.param(" $A=x   y\n", "$A=x   y\n", id="a definition keeps its value"),
        pytest.param("$A= \\\n b { \\\n  c\nd   e\n", "$A= \\\n b { \\\n  c\nd e\n", id="continued lines stay"),
        pytest.param("a { ${B}  ${_ENV  C} }\n", "a {\n    ${B}  ${_ENV  C}\n}\n", id="uses of definitions stay"),
        pytest.param("  include   a/*.conf\n", "include   a/*.conf\n", id="an include keeps its path"),
        pytest.param("a {\n~SEQ(I, 2) b   $I\n}\n", "a {\n    ~SEQ(I, 2) b   $I\n}\n", id="a repetition stays"),
        pytest.param(
            "@x   a {\n@^x b {\nc\n}\n", "@x   a {\n@^x b {\n    c\n}\n",
            id="alternatives of one block are indented as one",
        ),
        pytest.param("a\r\nb\r\n", "a\nb\n", id="line ends"),
        pytest.param("}\na\n", "}\na\n", id="a brace too many"),
        pytest.param("a", "a\n", id="a line end at the end"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_the_canonical_form_is_reached_and_stays(before: str, after: str) -> None:
    assert formatted(before) == after
    assert formatted(after) == after


GOOD = text(
    """
    vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        virtual_ipaddress {
            10.0.0.1/24
        }
    }
    """
)
UGLY = "".join(f"  {line.strip()}\n" for line in GOOD.splitlines())


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    path = tmp_path / "keepalived.conf"
    path.write_text(UGLY)
    return path


def test_without_an_option_it_is_shown(conf: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["fmt", str(conf)]) == 0
    assert capfdbinary.readouterr().out == GOOD.encode()
    assert conf.read_text() == UGLY


def test_check_names_the_file_and_leaves_it(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(conf)]) == 1
    assert capsys.readouterr().out.startswith(f"{conf}: not canonical")
    assert conf.read_text() == UGLY


def test_write_replaces_the_file_and_keeps_its_mode(conf: Path) -> None:
    conf.chmod(0o640)

    assert main(["fmt", "--write", str(conf)]) == 0

    assert conf.read_text() == GOOD
    assert conf.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in conf.parent.iterdir()] == [conf.name]
    assert main(["fmt", "--check", str(conf)]) == 0


def test_write_follows_a_link_to_the_file(conf: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.conf"
    link.symlink_to(conf)

    assert main(["fmt", "--write", str(link)]) == 0

    assert link.is_symlink()
    assert conf.read_text() == GOOD


def test_a_file_of_another_encoding_keeps_it(conf: Path) -> None:
    conf.write_bytes(b"! caf\xe9\n" + UGLY.encode())

    assert main(["fmt", "--write", str(conf)]) == 0

    assert conf.read_bytes() == b"! caf\xe9\n" + GOOD.encode()


def test_what_would_change_the_meaning_is_refused(
    conf: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standfast.cli.fmt.formatted", lambda text: text.replace("51", "52"))

    assert main(["fmt", "--write", str(conf)]) == 2
    assert "would change what is read" in capsys.readouterr().err
    assert conf.read_text() == UGLY


def test_no_file_is_not_formatted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(tmp_path / "none")]) == 2
    assert "does not exist" in capsys.readouterr().err
