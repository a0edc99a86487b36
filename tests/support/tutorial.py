"""The tutorial as a program: what a reader types, and what he is told that he will see.

Files are blocks with a title (```` ```conf title="node1.conf" ````), commands are the lines with a prompt in
blocks of the console. Times, numbers and pids differ from run to run, so `alike` does not look at them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_BLOCK: Final = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.M | re.S
)
_PROMPT: Final = "$ "
_MARK: Final = "\x1e"  # between what two commands say

# What is different in each run, and what stands for it; the first ones first.
_MASKS: Final = (
    (re.compile(r"\s+"), " "),  # columns are as wide as what stands in them, and the last one is wrapped
    (re.compile(r"\b\d{4}-\d\d-\d\d "), ""),  # the day, if it was not today
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "TIME"),
    (re.compile(r"= [\d./]+ ms"), "= N ms"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|min|s|h)\b( \d+ (s|min))?"), "SPAN"),
    (re.compile(r"\bpid \d+"), "pid N"),
    (re.compile(r"\d+ heard, \d+ sent"), "N heard, N sent"),
    (re.compile(r"standfastd +\S+ on \S+,"), "standfastd VERSION on HOST,"),
    (re.compile(r"@if\d+"), "@ifN"),
    (re.compile(r", late by SPAN, at its worst SPAN"), ""),  # only on a busy host
)


class File(NamedTuple):
    """A file that the reader writes."""

    name: str
    text: str


class Command(NamedTuple):
    """A command that the reader types."""

    text: str
    output: str  # that the page shows


Step = File | Command


def steps(page: str) -> Iterator[Step]:
    """What the reader does, in order."""
    for block in _BLOCK.finditer(page):
        if block["title"]:
            yield File(block["title"], block["text"])
        elif block["kind"] == "console":
            yield from _commands(block["text"])


def _commands(text: str) -> Iterator[Command]:
    command, output = "", ""
    for line in text.splitlines(keepends=True):
        if not line.startswith(_PROMPT):
            output += line
            continue
        if command:
            yield Command(command, output)
        command, output = line.removeprefix(_PROMPT).rstrip("\n"), ""
    yield Command(command, output)


def script(todo: Iterable[Step]) -> str:
    """All of it for bash; what each command says stands behind a mark."""
    lines = ["exec 2>&1"]
    for step in todo:
        match step:
            case File(name, text):
                lines.append(f"cat > {name} <<'END OF FILE'\n{text}END OF FILE")
            case Command(text):
                lines.append(f"printf '\\036'\n{text}")
    return "\n".join([*lines, "printf '\\036'", ""])


def said(log: str) -> list[str]:
    """What each command said, out of what the script said."""
    return log.split(_MARK)[1:-1]


def alike(printed: str, real: str) -> bool:
    """Whether a command said what the page shows."""
    return _masked(printed) == _masked(real)


def _masked(text: str) -> str:
    for pattern, stands_for in _MASKS:
        text = pattern.sub(stands_for, text)
    return text.strip()
