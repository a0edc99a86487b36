"""The tutorial does what it says: its commands are run as they are printed, on a machine of their own."""

import pytest
from example_lab import Machine
from importing import ROOT
from tutorial import Command, alike, said, script, steps

from standfast.lab.lab import Lab

STEPS = tuple(steps((ROOT / "docs" / "tutorial.md").read_text()))
COMMANDS = [step for step in STEPS if isinstance(step, Command)]
LIMIT = 100.0  # seconds; a reader has ten minutes
LOOK = (
    "ls -A /run/keepalived /run/netns; ls -d /tmp/standfast-tutorial 2>/dev/null;"
    " cat /proc/[0-9]*/comm | grep standfast; printf '\\036'\n"
)


@pytest.mark.timeout(150)
def test_each_command_says_what_the_page_shows_and_nothing_is_left(lab: Lab) -> None:
    fresh = () if ROOT.is_relative_to("/tmp") else ("/tmp",)  # a fresh one would hide the checkout
    machine = Machine(lab, ROOT, lab.host("desk"), fresh=fresh)

    shell = machine.start("bash", "-c", f"export COLUMNS=80; cd {ROOT}\n{script(STEPS)}{LOOK}")
    shell.wait(LIMIT)

    *outputs, left = said(shell.log())
    for command, output in zip(COMMANDS, outputs, strict=True):
        if not alike(command.output, output):
            pytest.fail(f"$ {command.text}\n{output}\n---- the page shows\n{command.output}", pytrace=False)
    assert left == "/run/keepalived:\n\n/run/netns:\n"


def test_the_page_has_commands_and_shows_what_they_say() -> None:
    assert len(COMMANDS) > 40
    assert sum(bool(command.output) for command in COMMANDS) > 15


@pytest.mark.parametrize(
    ("printed", "real", "same"),
    [
        pytest.param("at 10:00:01, pid 7", "at 23:59:59, pid 4711", True, id="times and pids may differ"),
        pytest.param("a   b\n", "a b", True, id="columns may be wider"),
        pytest.param("MASTER", "BACKUP", False, id="a word may not"),
        pytest.param("one\ntwo", "one", False, id="a line may not be missing"),
    ],
)
def test_what_may_differ_from_run_to_run(printed: str, real: str, same: bool) -> None:
    assert alike(printed, real) is same
