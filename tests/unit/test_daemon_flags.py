"""The command line: Keepalived's options, read as getopt_long(3) reads them."""

import re
from pathlib import Path

import pytest

from standfast.daemon.flags import Flags, read_flags
from standfast.daemon.getopt import BadOption
from standfast.daemon.options import OPTIONS, usage

REFERENCE = Path(__file__).parents[3] / "shared/reference/cli-and-signals.md"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("", Flags(), id="nothing: the defaults"),
        pytest.param("-f a.conf", Flags(config="a.conf"), id="an argument in the next word"),
        pytest.param("-fa.conf", Flags(config="a.conf"), id="an argument attached to its letter"),
        pytest.param("--use-file=a.conf", Flags(config="a.conf"), id="an argument behind an equal sign"),
        pytest.param("--use-file a.conf", Flags(config="a.conf"), id="an argument behind a long option"),
        pytest.param("--use a.conf", Flags(config="a.conf"), id="a long option cut short"),
        pytest.param("-nlD", Flags(foreground=True, console=True, detail=1), id="letters behind one dash"),
        pytest.param(
            "-nDDf a.conf", Flags(foreground=True, detail=2, config="a.conf"), id="the last letter takes the word"
        ),
        pytest.param("-t", Flags(test=True), id="a test"),
        pytest.param("-tx.log", Flags(test=True, test_log="x.log"), id="a test with its log attached"),
        pytest.param("--config-test=x.log", Flags(test=True, test_log="x.log"), id="the same, long"),
        pytest.param(
            "-t x.log", Flags(test=True, extra=("x.log",)), id="a log that is not attached is an extra word"
        ),
        pytest.param("-P", Flags(parts=frozenset({"vrrp", "bfd"})), id="only VRRP"),
        pytest.param("-C", Flags(parts=frozenset({"checker", "bfd"})), id="only health checks"),
        pytest.param("-p a -n", Flags(pid_file="a", foreground=True), id="a pid file"),
        pytest.param("-S local3", Flags(facility=19), id="a facility by its name"),
        pytest.param("-S 3", Flags(facility=19), id="a facility by its number"),
        pytest.param("-S user", Flags(facility=1), id="the user facility"),
        pytest.param("-u 022", Flags(umask=0o022), id="a mask in octal"),
        pytest.param("-u 0x12", Flags(umask=0x12), id="a mask in hex"),
        pytest.param("-R -G", Flags(respawn=False, syslog=False), id="no respawn, no syslog"),
        pytest.param("word -n -- -x", Flags(foreground=True, extra=("word", "-x")), id="words are no options"),
        pytest.param("--signum STOP", Flags(show="15"), id="the number of a stop"),
        pytest.param("--signum=RELOAD", Flags(show="1"), id="the number of a reload"),
        pytest.param("--signum DATA", Flags(show="10"), id="the number of a dump"),
        pytest.param("--signum STATS", Flags(show="12"), id="the number of statistics"),
        pytest.param("--signum STATS_CLEAR", Flags(show="63"), id="the number that clears statistics"),
        pytest.param("--signum JSON", Flags(show="36"), id="the number of JSON"),
        pytest.param("-h", Flags(show="help"), id="help"),
        pytest.param("-V", Flags(leave_vrrp=True), id="what the host has stays there"),
        pytest.param("-L", Flags(without_effect=("-L",)), id="an option without effect"),
        pytest.param("-X", Flags(), id="an option that asks for what always is"),
        pytest.param("--all -a -d", Flags(everything=True, tell_addresses=True, dump_config=True), id="more"),
        pytest.param("-M", Flags(core_dump=True, core_pattern="core"), id="core files by their usual pattern"),
        pytest.param("-Mc.%p", Flags(core_dump=True, core_pattern="c.%p"), id="core files by another"),
        pytest.param(
            "--debug=DpE -x", Flags(without_effect=("--debug", "-x")), id="several of them, each is told"
        ),
    ],
)  # fmt: skip
def test_a_command_line_means(line: str, expected: Flags) -> None:
    assert read_flags(line.split()) == expected


def test_a_vrrp_pid_file_leaves_the_others_alone() -> None:
    files = read_flags(["-r", "x"]).child_pid_files

    assert files == Flags().child_pid_files | {"vrrp": "x"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("-Z", "unknown option -Z", id="an unknown letter"),
        pytest.param("-nZ", "unknown option -Z", id="an unknown letter among others"),
        pytest.param("--bogus", "unknown option --bogus", id="an unknown word"),
        pytest.param("-f", "option -f needs an argument", id="an argument that is missing"),
        pytest.param("--pid", "option --pid needs an argument", id="the same, long"),
        pytest.param("--vrrp=1", "option --vrrp takes no argument", id="an argument for nothing"),
        pytest.param(
            "--log", "short for --log-console, --log-detail, --log-facility, --log-file", id="not unique"
        ),
        pytest.param("--signum NONE", "unknown signal NONE", id="an unknown signal"),
        pytest.param("-S mail", "unknown facility mail", id="an unknown facility"),
        pytest.param("-u rwx", "umask rwx is not a number", id="a mask that is none"),
        pytest.param("-u 7777", "not a number from 0 to 0777", id="a mask too large"),
    ],
)
def test_a_bad_command_line(line: str, words: str) -> None:
    with pytest.raises(BadOption, match=re.escape(words)):
        read_flags(line.split())


def test_help_names_every_option() -> None:
    text = usage("standfastd")

    assert all(f"--{option.long}" in text for option in OPTIONS)


def test_every_option_of_keepalived_is_known() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"{REFERENCE} is not here")
    rows = re.findall(r"^\| CLI-\d+ \| (?:-(\w))? *\| --([\w-]+) \|", REFERENCE.read_text(), re.MULTILINE)

    assert {(option.short, option.long) for option in OPTIONS} >= set(rows)
    assert len(rows) == 42
