"""The manual, completion and grammars know every keyword, and are what their readers take."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standfast.cli.command_line import Operand, verbs
from standfast.cli.completion import SHELLS, script
from standfast.cli.main import VERBS, main
from standfast.cli.man_pages import standfast_page, standfastd_page
from standfast.cli.manual import FILES, FORMS
from standfast.conf.catalogue import pages
from standfast.conf.manual import grammars
from standfast.conf.manual.entry import entry_of
from standfast.conf.manual.language import DESCRIPTION, LANGUAGE, Chapter
from standfast.conf.manual.markdown import reference
from standfast.conf.manual.roff import escaped, manual_page
from standfast.daemon.options import OPTIONS

KEYWORDS = sorted({word for page in pages() for word in page.declaration.by_word})


def test_the_manual_page_and_the_reference_name_every_keyword() -> None:
    roff, markdown = manual_page(), reference()

    assert [word for word in KEYWORDS if escaped(word) not in roff] == []
    assert [word for word in KEYWORDS if word not in markdown] == []


def test_a_part_that_several_blocks_share_is_told_once() -> None:
    page = reference()

    assert page.count("| `connect_ip <IPADDR>` |") == 1
    assert (
        "the same as in [virtual_server/real_server/SMTP_CHECK](#virtual_serverreal_serversmtp_check)" in page
    )


def test_what_keepalived_does_not_have_is_said_in_three_words() -> None:
    row = next(line for line in reference().splitlines() if line.startswith("| `metrics_listen "))

    assert row.endswith("Default: off. Not in Keepalived. |")


def test_the_manual_page_is_sound_roff() -> None:
    known = {".TH", ".SH", ".SS", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi", ".nh", ".ad", ".br", ".I"}
    requests = {line.split()[0] for line in manual_page().splitlines() if re.match(r"[.'](?!\\\")", line)}

    assert requests == known


@pytest.mark.parametrize("page", [manual_page, standfast_page, standfastd_page])
@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not here to format the manual page")
def test_groff_formats_a_manual_page_without_a_warning(page: Callable[[], str]) -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", "-z"],
        input=page(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""


def test_the_pages_of_the_programs_name_every_verb_and_option() -> None:
    person, daemon = standfast_page(), standfastd_page()

    assert [verb.name for verb in verbs() if f".SS {escaped(verb.name)}" not in person] == []
    named = {name for verb in verbs() for option in verb.options for name in option.names}
    assert [name for name in named - {"-h"} if escaped(name) not in person] == []
    assert [option.long for option in OPTIONS if escaped(f"--{option.long}") not in daemon] == []


def test_a_verb_tells_its_words_as_its_help_does() -> None:
    words = {verb.name: verb.words for verb in verbs()}

    assert words["check"] == ("[FILE...]",)
    assert words["diff"] == ("OLD", "NEW")


def test_roff_takes_text_as_it_is() -> None:
    assert escaped(".a") == "\\&.a"
    assert escaped("a-b\\c") == "a\\-b\\ec"


@pytest.mark.parametrize("chapter", [DESCRIPTION, *LANGUAGE], ids=lambda chapter: chapter.title)
def test_the_prose_has_its_backquotes_in_pairs(chapter: Chapter) -> None:
    assert [text for text in chapter.paragraphs if text.count("`") % 2] == []


def test_each_word_has_one_place_in_the_grammars() -> None:
    groups = [grammars.blocks(), grammars.keywords(), grammars.words_of_entries()]
    words = [word for group in groups for word in group]

    assert set(KEYWORDS) <= set(words)
    assert all(re.search(rf"\b{re.escape(word)}\b", grammars.vim_syntax()) for word in words)


def test_the_patterns_of_the_textmate_grammar_can_be_read() -> None:
    patterns = grammars.textmate_grammar()["patterns"]

    found = {one["name"]: re.compile(one.get("match") or one["begin"]) for one in patterns}

    assert found["entity.name.type.keepalived"].search("  virtual_ipaddress {")
    assert not found["entity.name.type.keepalived"].search("my_virtual_ipaddress")
    assert found["keyword.other.keepalived"].search("priority 100")
    assert found["constant.numeric.address.keepalived"].search("fe80::1/64")


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not here to read its syntax file")
def test_vim_reads_its_syntax_file(tmp_path: Path) -> None:
    folder = tmp_path / "syntax"
    folder.mkdir()
    (folder / "keepalived.vim").write_text(grammars.vim_syntax())
    (tmp_path / "x.conf").write_text("vrrp_instance VI_1 {\n    priority 100 # c\n}\n")
    names = ", ".join(f"synIDattr(synID({at}, 1), 'name')" for at in ("1, 1", "2, 5", "2, 18"))
    (tmp_path / "try.vim").write_text(
        f"syntax on\nruntime! syntax/keepalived.vim\ncall writefile([{names}], '{tmp_path}/out')\nqa!\n"
    )

    command = ["vim", "-Nu", "NONE", "-i", "NONE", "-n", "-es", "--cmd", f"set rtp^={tmp_path}"]
    subprocess.run([*command, "x.conf", "-S", "try.vim"], cwd=tmp_path, check=True, timeout=30)

    assert (tmp_path / "out").read_text().split() == [
        "keepalivedBlock",
        "keepalivedKeyword",
        "keepalivedComment",
    ]


# ---- completion


def test_completion_knows_every_verb_with_its_options() -> None:
    found = {verb.name: verb for verb in verbs()}

    assert found.keys() == VERBS.keys()
    assert ("--to",) in {option.names for option in found["convert"].options}
    assert found["convert"].operand is Operand.FILES
    assert found["explain"].operand is Operand.KEYWORDS
    assert found["completion"].choices == tuple(SHELLS)


BASH_TRIAL = """
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _standfast; echo "${{COMPREPLY[*]}}"
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("standfast expl", "explain", id="a verb"),
        pytest.param("standfast check --stri", "--strict", id="an option"),
        pytest.param("standfast convert --to js", "json", id="the value of an option"),
        pytest.param("standfast explain virtual_ipaddress_e", "virtual_ipaddress_excluded", id="a keyword"),
        pytest.param("standfast explain value-r", "value-range", id="a slug"),
        pytest.param("standfast completion z", "zsh", id="a choice"),
    ],
)
@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here to try its completion")
def test_bash_completes(words: str, expected: str) -> None:
    done = subprocess.run(
        ["bash", "-c", script("bash") + BASH_TRIAL.format(words=words)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_their_scripts(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not here to read its completion")

    subprocess.run([program, "-n", "/dev/stdin"], input=script(shell), text=True, check=True, timeout=30)


# ---- the verb


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_written_to_standard_output(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manual", "--form", form]) == 0
    assert capsys.readouterr().out == FILES[FORMS[form]]()


def test_all_files_are_written_below_a_directory(tmp_path: Path) -> None:
    assert main(["manual", "--write", str(tmp_path)]) == 0

    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == FILES.keys()
    for path in tmp_path.rglob("*.json"):
        json.loads(path.read_text())


@pytest.mark.parametrize("verb", [["explain", "priority"], ["fmt", "x.conf"], ["diff", "x.conf", "x.conf"]])
def test_a_verb_starts_without_what_is_heavy(verb: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.conf").write_text("router_id a\n")
    program = (
        "import sys; from standfast.cli.main import main; main(sys.argv[1:]);"
        "heavy = {'asyncio', 'msgspec', 'json', 'subprocess'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *verb], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stderr.splitlines()[-1] == "[]"


def test_what_stands_without_a_word_is_shown_without_one() -> None:
    shown = {entry_of(page, keyword).usage for page in pages() for keyword in page.declaration.keywords}

    assert "[to] <PREFIX> | default" in shown
    assert any(usage.startswith("unicast | local") for usage in shown)
    assert [usage for usage in shown if usage.startswith("destination ")] == []
